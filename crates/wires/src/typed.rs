//! Typed events on `/ws`: `{"type":"join_chat","chat_id":123}`. Rooms and people go by their number.

use hubbub_protocol::{
    ClientId, Code, Event, Message, MessageId, MessageText, Person, Presence, RoomId, Signal, Status,
    Timestamp, User, UserId,
};
use serde::Serialize;

use crate::asked::{Asked, Place};
use crate::fields::Fields;
use crate::frame::{Frame, text};
use crate::problem::Problem;
use crate::told::{News, Piece, Told, What};

/// Each is told with the time at which it is told.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Typed<'a> {
    Connected {
        user_id: UserId,
        timestamp: Timestamp,
    },
    Pong {
        timestamp: Timestamp,
    },
    JoinedChat {
        chat_id: RoomId,
        users: Vec<Member<'a>>,
        timestamp: Timestamp,
    },
    NewMessage {
        chat_id: RoomId,
        message: Line<'a>,
        timestamp: Timestamp,
    },
    MessageUpdated {
        chat_id: RoomId,
        message_id: MessageId,
        content: &'a MessageText,
        timestamp: Timestamp,
    },
    MessageDeleted {
        chat_id: RoomId,
        message_id: MessageId,
        timestamp: Timestamp,
    },
    Typing {
        chat_id: RoomId,
        user_id: UserId,
        is_typing: bool,
        timestamp: Timestamp,
    },
    UserStatus {
        user_id: UserId,
        status: Presence,
        timestamp: Timestamp,
    },
    UserOffline {
        user_id: UserId,
        timestamp: Timestamp,
    },
    MessagesRead {
        chat_id: RoomId,
        user_id: UserId,
        message_id: MessageId,
        timestamp: Timestamp,
    },
    Error {
        code: Code,
        message: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        field: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        limit: Option<u64>,
        timestamp: Timestamp,
    },
}

#[derive(Serialize)]
struct Member<'a> {
    user_id: UserId,
    username: &'a str,
    status: Presence,
}

#[derive(Serialize)]
struct Line<'a> {
    id: MessageId,
    content: &'a MessageText,
    sender_id: UserId,
    sender_name: &'a str,
    created_at: Timestamp,
    message_type: &'static str,
    /// For its author alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<ClientId>,
}

pub(crate) fn decode(json: &str) -> Result<Asked, Problem> {
    let fields = Fields::parse(json)?;
    let asked = fields.string("type")?;
    let room = || fields.room_id("chat_id").map(Place::Numbered);
    Ok(match asked {
        "ping" => Asked::Ping,
        "join_chat" => Asked::Join { room: room()?, name: None, history: 0 },
        "leave_chat" => Asked::Leave { room: room()? },
        "typing" => Asked::Typing { room: room()?, on: fields.boolean("is_typing")? },
        "status" => Asked::Appear { status: status(fields.string("status")?)? },
        "read_messages" => Asked::Read { room: room()?, up_to: fields.optional_message("message_id")? },
        "send_message" => Asked::Post {
            room: room()?,
            text: fields.string("content")?.to_owned(),
            client_id: fields.optional_client_id("client_id")?,
        },
        other => return Err(Problem::unknown("type", other)),
    })
}

fn status(text: &str) -> Result<Status, Problem> {
    match text {
        "online" => Ok(Status::Online),
        "away" => Ok(Status::Away),
        "busy" => Ok(Status::Busy),
        "offline" | "invisible" => Ok(Status::Invisible),
        _ => Err(Problem::invalid("status", "online, away, busy or offline")),
    }
}

pub(crate) fn encode(told: &Told<'_>, me: &User, timestamp: Timestamp) -> Vec<Frame> {
    let what = match told {
        Told::Hello { .. } => Typed::Connected { user_id: me.id, timestamp },
        Told::Joined { room, people, .. } => {
            let there = people.iter().filter(|person| person.presence != Presence::Offline);
            Typed::JoinedChat { chat_id: room.id, users: there.map(member).collect(), timestamp }
        }
        Told::Again { id, message, .. } => match &message.text {
            Some(words) => Typed::NewMessage { chat_id: *id, message: line(message, words, true), timestamp },
            None => Typed::MessageDeleted { chat_id: *id, message_id: message.id, timestamp },
        },
        Told::Pong => Typed::Pong { timestamp },
        Told::Refused(problem) => Typed::Error {
            code: problem.code,
            message: &problem.message,
            field: problem.field.as_deref(),
            limit: problem.limit,
            timestamp,
        },
        // The one who has posted hears the message itself; who leaves hears nothing more. The rest nobody can ask for.
        Told::Left { .. } | Told::Posted { .. } | Told::History { .. } | Told::Users { .. } => {
            return Vec::new();
        }
    };
    vec![text(&what)]
}

pub(crate) fn prepare(news: &News<'_>) -> Vec<Piece> {
    let (chat_id, timestamp) = (news.id, news.now);
    let all = |what: Typed<'_>| vec![Piece::All(text(&what))];
    match news.what {
        What::Event(Event::Posted(message)) => {
            let Some(words) = &message.text else { return Vec::new() };
            let said = |own| {
                let message = line(message, words, own);
                Some(text(&Typed::NewMessage { chat_id, message, timestamp }))
            };
            vec![Piece::Split { user: message.author.id, own: said(true), others: said(false) }]
        }
        What::Event(Event::Edited(edited)) => match &edited.text {
            Some(content) => {
                all(Typed::MessageUpdated { chat_id, message_id: edited.message_id, content, timestamp })
            }
            None => Vec::new(),
        },
        What::Event(Event::Deleted(deleted)) => {
            all(Typed::MessageDeleted { chat_id, message_id: deleted.message_id, timestamp })
        }
        What::Signal(Signal::Typing { user, on }) => {
            let typing = Typed::Typing { chat_id, user_id: user.id, is_typing: *on, timestamp };
            vec![Piece::Split { user: user.id, own: None, others: Some(text(&typing)) }]
        }
        What::Signal(Signal::Read(mark)) => match news.about {
            Some(message) => {
                all(Typed::MessagesRead { chat_id, user_id: mark.user, message_id: message.id, timestamp })
            }
            None => Vec::new(),
        },
        What::Event(_) | What::Signal(_) => Vec::new(),
    }
}

pub(crate) fn notice(user: &User, presence: Presence, timestamp: Timestamp) -> Frame {
    let user_id = user.id;
    let what = match presence {
        Presence::Offline => Typed::UserOffline { user_id, timestamp },
        status => Typed::UserStatus { user_id, status, timestamp },
    };
    text(&what)
}

fn member(person: &Person) -> Member<'_> {
    Member { user_id: person.user.id, username: person.user.name.as_str(), status: person.presence }
}

fn line<'a>(message: &'a Message, text: &'a MessageText, own: bool) -> Line<'a> {
    Line {
        id: message.id,
        content: text,
        sender_id: message.author.id,
        sender_name: message.author.name.as_str(),
        created_at: message.at,
        message_type: "text",
        client_id: own.then_some(message.client_id),
    }
}
