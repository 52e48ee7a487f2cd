//! Plain text on `/chat/{room}`: `username :: message`, one frame a message.

use hubbub_protocol::{Event, Message, Presence, User};

use crate::asked::{Asked, Place};
use crate::frame::Frame;
use crate::problem::Problem;
use crate::told::{News, Piece, Told, What};

/// Every text is a message; what is wrong with one, the chat says.
#[expect(clippy::unnecessary_wraps, reason = "every wire has this shape")]
pub(crate) fn decode(text: &str) -> Result<Asked, Problem> {
    Ok(Asked::Post { room: Place::Here, text: text.to_owned(), client_id: None })
}

pub(crate) fn encode(told: &Told<'_>, me: &User) -> Vec<Frame> {
    match told {
        Told::Hello { .. } | Told::Posted { .. } | Told::Again { .. } | Told::Pong => Vec::new(),
        Told::Joined { room, history, .. } => {
            let hello = system(&format!("you are {} in {}", me.name, room.name));
            std::iter::once(hello).chain(history.iter().filter_map(line)).collect()
        }
        Told::Left { room } => vec![error(&Problem::left_elsewhere("room", room))],
        // Nobody can ask for these here.
        Told::History { .. } | Told::Users { .. } => Vec::new(),
        Told::Refused(problem) => vec![error(problem)],
    }
}

pub(crate) fn prepare(news: &News<'_>) -> Vec<Piece> {
    let frame = match (news.what, news.about) {
        (What::Event(Event::Posted(message)), _) => line(message),
        (What::Event(Event::Edited(edited)), Some(message)) => {
            let said = |text| Frame::Text(format!("{} :: {text} (edited)", message.author.name));
            edited.text.as_ref().map(said)
        }
        (What::Event(Event::Deleted(_)), Some(message)) => {
            Some(system(&format!("a message by {} was deleted", message.author.name)))
        }
        (What::Event(_) | What::Signal(_), _) => None,
    };
    frame.map(Piece::All).into_iter().collect()
}

pub(crate) fn notice(user: &User, presence: Presence) -> Frame {
    let what = if presence == Presence::Offline { "left" } else { "joined" };
    system(&format!("{} {what}", user.name))
}

fn line(message: &Message) -> Option<Frame> {
    let text = message.text.as_ref()?;
    let edited = if message.edited_at.is_some() { " (edited)" } else { "" };
    Some(Frame::Text(format!("{} :: {text}{edited}", message.author.name)))
}

fn system(words: &str) -> Frame {
    Frame::Text(format!("system :: {words}"))
}

fn error(problem: &Problem) -> Frame {
    system(&format!("error: {}", problem.message))
}
