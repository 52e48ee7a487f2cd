//! JSON actions on `/`: `{"action":"join","room":"general"}`.

use hubbub_protocol::{
    DEFAULT_PAGE_MESSAGES, Event, Message, MessageId, MessageText, Presence, RoomName, Seq, Signal,
    Timestamp, User, UserId,
};
use serde::Serialize;

use crate::asked::{Asked, Place};
use crate::fields::Fields;
use crate::frame::{Frame, text};
use crate::problem::Problem;
use crate::told::{News, Piece, Told, What};

#[derive(Serialize)]
#[serde(tag = "action", rename_all = "snake_case")]
enum Action<'a> {
    Joined { room: &'a RoomName, user: &'a str, users: Vec<&'a str>, history: Vec<Line<'a>> },
    Left { room: &'a RoomName },
    Message(Line<'a>),
    Edited(Line<'a>),
    Deleted { room: &'a RoomName, id: MessageId },
    UserJoined { room: &'a RoomName, user: &'a str },
    UserLeft { room: &'a RoomName, user: &'a str },
    Typing { room: &'a RoomName, user: &'a str },
    Users { room: &'a RoomName, users: Vec<&'a str> },
    History { room: &'a RoomName, messages: Vec<Line<'a>> },
    Error(&'a Problem),
}

/// A message, alone or in a list.
#[derive(Serialize)]
struct Line<'a> {
    room: &'a RoomName,
    id: MessageId,
    seq: Seq,
    user: &'a str,
    text: &'a MessageText,
    timestamp: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    edited_at: Option<Timestamp>,
    /// For its author alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<hubbub_protocol::ClientId>,
}

impl<'a> Line<'a> {
    fn new(room: &'a RoomName, message: &'a Message, text: &'a MessageText) -> Self {
        Self {
            room,
            id: message.id,
            seq: message.seq,
            user: message.author.name.as_str(),
            text,
            timestamp: message.at,
            edited_at: message.edited_at,
            client_id: None,
        }
    }

    fn own(self, message: &Message) -> Self {
        Self { client_id: Some(message.client_id), ..self }
    }
}

fn lines<'a>(room: &'a RoomName, messages: &'a [Message], me: UserId) -> Vec<Line<'a>> {
    let line = |message: &'a Message| {
        let line = Line::new(room, message, message.text.as_ref()?);
        Some(if message.author.id == me { line.own(message) } else { line })
    };
    messages.iter().filter_map(line).collect()
}

pub(crate) fn decode(json: &str) -> Result<Asked, Problem> {
    let fields = Fields::parse(json)?;
    let action = fields.string("action")?;
    let room = || fields.string("room").map(|room| Place::Named(room.to_owned()));
    Ok(match action {
        "join" => Asked::Join {
            room: room()?,
            name: fields.optional_string("user")?.map(str::to_owned),
            history: fields.messages("history", 0, DEFAULT_PAGE_MESSAGES)?,
        },
        "leave" => Asked::Leave { room: room()? },
        "message" => Asked::Post {
            room: room()?,
            text: fields.string("text")?.to_owned(),
            client_id: fields.optional_client_id("client_id")?,
        },
        "history" => Asked::History {
            room: room()?,
            before: fields.optional_message("before")?,
            limit: fields.messages("limit", 1, DEFAULT_PAGE_MESSAGES)?,
        },
        "typing" => Asked::Typing { room: room()?, on: true },
        "users" => Asked::Users { room: room()? },
        other => return Err(Problem::unknown("action", other)),
    })
}

pub(crate) fn encode(told: &Told<'_>, me: &User) -> Vec<Frame> {
    let action = match told {
        // The one who has posted hears the message itself.
        Told::Hello { .. } | Told::Pong | Told::Posted { .. } => return Vec::new(),
        Told::Joined { room, people, history } => Action::Joined {
            room: &room.name,
            user: me.name.as_str(),
            users: there(people),
            history: lines(&room.name, history, me.id),
        },
        Told::Left { room } => Action::Left { room },
        Told::Again { room, message, .. } => match &message.text {
            Some(text) => Action::Message(Line::new(room, message, text).own(message)),
            None => Action::Deleted { room, id: message.id },
        },
        Told::History { room, messages } => Action::History { room, messages: lines(room, messages, me.id) },
        Told::Users { room, people } => Action::Users { room, users: there(people) },
        Told::Refused(problem) => Action::Error(problem),
    };
    vec![text(&action)]
}

fn there(people: &[hubbub_protocol::Person]) -> Vec<&str> {
    let there = people.iter().filter(|person| person.presence != Presence::Offline);
    there.map(|person| person.user.name.as_str()).collect()
}

pub(crate) fn prepare(news: &News<'_>) -> Vec<Piece> {
    let room = news.room;
    match news.what {
        What::Event(Event::Posted(message)) => {
            let Some(words) = &message.text else { return Vec::new() };
            let line = || Line::new(room, message, words);
            vec![Piece::Split {
                user: message.author.id,
                own: Some(text(&Action::Message(line().own(message)))),
                others: Some(text(&Action::Message(line()))),
            }]
        }
        What::Event(Event::Edited(edited)) => match (news.about, &edited.text) {
            (Some(message), Some(words)) => {
                let line = Line { edited_at: Some(edited.at), ..Line::new(room, message, words) };
                vec![Piece::All(text(&Action::Edited(line)))]
            }
            _ => Vec::new(),
        },
        What::Event(Event::Deleted(deleted)) => {
            vec![Piece::All(text(&Action::Deleted { room, id: deleted.message_id }))]
        }
        What::Signal(Signal::Typing { user, on: true }) => {
            let typing = text(&Action::Typing { room, user: user.name.as_str() });
            vec![Piece::Split { user: user.id, own: None, others: Some(typing) }]
        }
        What::Event(_) | What::Signal(_) => Vec::new(),
    }
}

pub(crate) fn notice(room: &RoomName, user: &User, presence: Presence) -> Frame {
    let user = user.name.as_str();
    text(&match presence {
        Presence::Offline => Action::UserLeft { room, user },
        Presence::Online | Presence::Busy | Presence::Away => Action::UserJoined { room, user },
    })
}
