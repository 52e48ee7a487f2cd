//! What the script of a web form speaks on `/ws/chat/{room_id}/{user_id}`: text in, JSON out.

use hubbub_protocol::{Event, MessageId, MessageText, Presence, Timestamp, User};
use serde::Serialize;

use crate::asked::{Asked, Place};
use crate::frame::{Frame, text};
use crate::problem::Problem;
use crate::told::{News, Piece, Told, What};

#[derive(Serialize)]
struct Line<'a> {
    text: &'a MessageText,
    is_self: bool,
    username: &'a str,
    id: MessageId,
    timestamp: Timestamp,
}

#[derive(Serialize)]
struct Notice {
    text: String,
    is_self: bool,
    system: bool,
}

#[derive(Serialize)]
struct Error<'a> {
    error: &'a Problem,
}

/// Every text is a message; what is wrong with one, the chat says.
#[expect(clippy::unnecessary_wraps, reason = "every wire has this shape")]
pub(crate) fn decode(text: &str) -> Result<Asked, Problem> {
    Ok(Asked::Post { room: Place::Here, text: text.to_owned(), client_id: None })
}

pub(crate) fn encode(told: &Told<'_>) -> Vec<Frame> {
    match told {
        Told::Left { room } => vec![text(&Error { error: &Problem::left_elsewhere("room_id", room) })],
        Told::Refused(problem) => vec![text(&Error { error: problem })],
        // Who comes in hears what happens from now on; the rest nobody can ask for here.
        Told::Hello { .. }
        | Told::Joined { .. }
        | Told::Posted { .. }
        | Told::Again { .. }
        | Told::History { .. }
        | Told::Users { .. }
        | Told::Pong => Vec::new(),
    }
}

pub(crate) fn prepare(news: &News<'_>) -> Vec<Piece> {
    let What::Event(Event::Posted(message)) = news.what else { return Vec::new() };
    let Some(words) = &message.text else { return Vec::new() };
    let line = |is_self| {
        let username = message.author.name.as_str();
        Some(text(&Line { text: words, is_self, username, id: message.id, timestamp: message.at }))
    };
    vec![Piece::Split { user: message.author.id, own: line(true), others: line(false) }]
}

pub(crate) fn notice(user: &User, presence: Presence) -> Frame {
    let what = if presence == Presence::Offline { "left" } else { "joined" };
    system(format!("{} {what} the chat", user.name))
}

fn system(words: String) -> Frame {
    text(&Notice { text: words, is_self: false, system: true })
}
