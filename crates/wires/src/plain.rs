//! Plain text on `/chat/{room}`: `username :: message`, one message in each frame.

use std::borrow::Cow;

use hubbub_protocol::{Event, Message, Presence, User, UserName};

use crate::file::{FileUrls, text_with_files};
use crate::frame::Frame;
use crate::inbound_request::{InboundRequest, RoomSelector};
use crate::outbound::{AddressedFrame, Addressee, OutboundMessage, RoomUpdate, UpdateKind};
use crate::problem::Problem;

/// Decodes every text as a message. `Connection` checks the text.
#[expect(clippy::unnecessary_wraps, reason = "every wire has this shape")]
pub(crate) fn decode(text: &str) -> Result<InboundRequest, Problem> {
    Ok(InboundRequest::Post { room: RoomSelector::Here, text: text.to_owned(), client_id: None })
}

pub(crate) fn encode(outbound: &OutboundMessage<'_>, to: Addressee<'_>) -> Vec<Frame> {
    match outbound {
        OutboundMessage::Hello { .. }
        | OutboundMessage::Posted { .. }
        | OutboundMessage::FileSent { .. }
        | OutboundMessage::Again { .. }
        | OutboundMessage::Pong => Vec::new(),
        OutboundMessage::Joined { room, history, .. } => {
            let hello =
                system(&format!("you are {} in {}", shown(&to.me.name), one_line(room.name.as_str())));
            std::iter::once(hello)
                .chain(history.iter().filter_map(|message| line(message, to.urls)))
                .collect()
        }
        OutboundMessage::Left { room } => vec![error(&Problem::left_elsewhere("room", room))],
        // This wire has no requests that these messages could answer.
        OutboundMessage::History { .. } | OutboundMessage::Users { .. } => Vec::new(),
        OutboundMessage::Refused(problem) => vec![error(problem)],
    }
}

pub(crate) fn prepare(update: &RoomUpdate<'_>) -> Vec<AddressedFrame> {
    let frame = match (update.what, update.about) {
        (UpdateKind::Event(Event::Posted(message)), _) => line(message, update.urls),
        (UpdateKind::Event(Event::Edited(edited)), Some(message)) => {
            let said = |text| {
                let text = text_with_files(&format!("{text} (edited)"), &message.files, update.urls);
                Frame::Text(format!("{} :: {text}", shown(&message.author.name)))
            };
            edited.text.as_ref().map(said)
        }
        (UpdateKind::Event(Event::Deleted(_)), Some(message)) => {
            Some(system(&format!("a message by {} was deleted", shown(&message.author.name))))
        }
        (UpdateKind::Event(_) | UpdateKind::Signal(_), _) => None,
    };
    frame.map(AddressedFrame::All).into_iter().collect()
}

pub(crate) fn notice(user: &User, presence: Presence) -> Frame {
    let what = if presence == Presence::Offline { "left" } else { "joined" };
    system(&format!("{} {what}", shown(&user.name)))
}

fn line(message: &Message, urls: &dyn FileUrls) -> Option<Frame> {
    let edited = if message.edited_at.is_some() { " (edited)" } else { "" };
    let text = text_with_files(&format!("{}{edited}", message.text.as_ref()?), &message.files, urls);
    Some(Frame::Text(format!("{} :: {text}", shown(&message.author.name))))
}

/// Returns a name that cannot be mistaken for a separator or a notice. Names from older versions may contain
/// `::` or be `system`; they are changed as little as possible.
fn shown(name: &UserName) -> Cow<'_, str> {
    let letters = name.as_str().chars().filter(|character| character.is_alphanumeric());
    let is_reserved = letters.map(|letter| letter.to_ascii_lowercase()).eq("system".chars());
    if !is_reserved && UserName::parse(name.as_str()).as_ref() == Ok(name) {
        return Cow::Borrowed(name.as_str());
    }
    let name = one_line(name.as_str()).replace("::", ": :");
    Cow::Owned(if is_reserved { format!("\"{name}\"") } else { name })
}

/// Replaces control characters and line breaks, which names from older versions may contain: what follows them
/// would look like another notice.
fn one_line(text: &str) -> String {
    let breaks = |character: char| character.is_control() || matches!(character, '\u{2028}' | '\u{2029}');
    text.replace(breaks, "\u{fffd}")
}

fn system(words: &str) -> Frame {
    Frame::Text(format!("system :: {words}"))
}

fn error(problem: &Problem) -> Frame {
    system(&format!("error: {}", one_line(&problem.message)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_stored_names_that_the_rules_refuse() {
        for (stored, expected) in [
            ("ivan", "ivan"),
            ("a :: b", "a : : b"),
            ("a\nsystem :: b", "a\u{fffd}system : : b"),
            ("System", "\"System\""),
            ("system\u{fe0f}", "\"system\u{fe0f}\""),
            ("", ""),
        ] {
            assert_eq!(shown(&UserName::from_stored(stored)), expected, "{stored:?}");
        }
    }
}
