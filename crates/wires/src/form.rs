//! The web form protocol on `/ws/chat/{room_id}/{user_id}`: text in, JSON out.

use hubbub_protocol::{Event, MessageId, Presence, Timestamp, User};
use serde::Serialize;

use crate::file::text_with_files;
use crate::frame::{Frame, text};
use crate::inbound_request::{InboundRequest, RoomSelector};
use crate::outbound::{AddressedFrame, OutboundMessage, RoomUpdate, UpdateKind};
use crate::problem::Problem;

#[derive(Serialize)]
struct FormMessage<'a> {
    text: &'a str,
    is_self: bool,
    username: &'a str,
    id: MessageId,
    timestamp: Timestamp,
}

#[derive(Serialize)]
struct FormNotice {
    text: String,
    is_self: bool,
    system: bool,
}

#[derive(Serialize)]
struct FormError<'a> {
    error: &'a Problem,
}

/// Decodes every text as a message. `Connection` checks the text.
#[expect(clippy::unnecessary_wraps, reason = "every wire has this shape")]
pub(crate) fn decode(text: &str) -> Result<InboundRequest, Problem> {
    Ok(InboundRequest::Post { room: RoomSelector::Here, text: text.to_owned(), client_id: None })
}

pub(crate) fn encode(outbound: &OutboundMessage<'_>) -> Vec<Frame> {
    match outbound {
        OutboundMessage::Left { room } => {
            vec![text(&FormError { error: &Problem::left_elsewhere("room_id", room) })]
        }
        OutboundMessage::Refused(problem) => vec![text(&FormError { error: problem })],
        // Clients of this wire receive new events only. The wire has no requests that these messages could
        // answer.
        OutboundMessage::Hello { .. }
        | OutboundMessage::Joined { .. }
        | OutboundMessage::Posted { .. }
        | OutboundMessage::FileSent { .. }
        | OutboundMessage::Again { .. }
        | OutboundMessage::History { .. }
        | OutboundMessage::Users { .. }
        | OutboundMessage::Pong => Vec::new(),
    }
}

pub(crate) fn prepare(update: &RoomUpdate<'_>) -> Vec<AddressedFrame> {
    let UpdateKind::Event(Event::Posted(message)) = update.what else { return Vec::new() };
    let Some(words) = &message.text else { return Vec::new() };
    let words = text_with_files(words.as_str(), &message.files, update.urls);
    let line = |is_self| {
        let username = message.author.name.as_str();
        Some(text(&FormMessage { text: &words, is_self, username, id: message.id, timestamp: message.at }))
    };
    vec![AddressedFrame::Split { user: message.author.id, own: line(true), others: line(false) }]
}

pub(crate) fn notice(user: &User, presence: Presence) -> Frame {
    let what = if presence == Presence::Offline { "left" } else { "joined" };
    system(format!("{} {what} the chat", user.name))
}

fn system(words: String) -> Frame {
    text(&FormNotice { text: words, is_self: false, system: true })
}
