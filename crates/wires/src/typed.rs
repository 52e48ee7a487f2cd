//! Typed events on `/ws`: `{"type":"join_chat","chat_id":123}`. Rooms and users are identified by id.

use hubbub_protocol::{
    ClientId, Code, Event, Message, MessageId, MessageText, Person, Presence, RoomId, Signal, Status,
    Timestamp, User, UserId,
};
use serde::Serialize;

use crate::fields::Fields;
use crate::file::{FileUrls, WireFile, wire_files};
use crate::frame::{Frame, text};
use crate::inbound_request::{InboundRequest, RoomSelector};
use crate::outbound::{AddressedFrame, Addressee, OutboundMessage, RoomUpdate, UpdateKind};
use crate::problem::Problem;

/// An event to the client. `timestamp` is the time of sending.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum TypedEvent<'a> {
    Connected {
        user_id: UserId,
        timestamp: Timestamp,
    },
    Pong {
        timestamp: Timestamp,
    },
    JoinedChat {
        chat_id: RoomId,
        users: Vec<TypedMember<'a>>,
        timestamp: Timestamp,
    },
    NewMessage {
        chat_id: RoomId,
        message: TypedMessage<'a>,
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
struct TypedMember<'a> {
    user_id: UserId,
    username: &'a str,
    status: Presence,
}

#[derive(Serialize)]
struct TypedMessage<'a> {
    id: MessageId,
    content: &'a MessageText,
    sender_id: UserId,
    sender_name: &'a str,
    created_at: Timestamp,
    message_type: &'static str,
    /// The first attachment.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<WireFile<'a>>,
    /// All attachments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<WireFile<'a>>,
    /// Sent to the author only.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<ClientId>,
}

pub(crate) fn decode(json: &str) -> Result<InboundRequest, Problem> {
    let fields = Fields::parse(json)?;
    let request = fields.string("type")?;
    let room = || fields.room_id("chat_id").map(RoomSelector::Numbered);
    Ok(match request {
        "ping" => InboundRequest::Ping,
        "join_chat" => InboundRequest::Join { room: room()?, name: None, history: 0 },
        "leave_chat" => InboundRequest::Leave { room: room()? },
        "typing" => InboundRequest::Typing { room: room()?, on: fields.boolean("is_typing")? },
        "status" => InboundRequest::Appear { status: status(fields.string("status")?)? },
        "read_messages" => {
            InboundRequest::Read { room: room()?, up_to: fields.optional_message("message_id")? }
        }
        "send_message" => InboundRequest::Post {
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

pub(crate) fn encode(outbound: &OutboundMessage<'_>, to: Addressee<'_>) -> Vec<Frame> {
    let timestamp = to.now;
    let what = match outbound {
        OutboundMessage::Hello { .. } => TypedEvent::Connected { user_id: to.me.id, timestamp },
        OutboundMessage::Joined { room, people, .. } => {
            let there = people.iter().filter(|person| person.presence != Presence::Offline);
            TypedEvent::JoinedChat { chat_id: room.id, users: there.map(member).collect(), timestamp }
        }
        OutboundMessage::Again { id, message, .. } => match &message.text {
            Some(words) => TypedEvent::NewMessage {
                chat_id: *id,
                message: line(message, words, true, to.urls),
                timestamp,
            },
            None => TypedEvent::MessageDeleted { chat_id: *id, message_id: message.id, timestamp },
        },
        OutboundMessage::Pong => TypedEvent::Pong { timestamp },
        OutboundMessage::Refused(problem) => TypedEvent::Error {
            code: problem.code,
            message: &problem.message,
            field: problem.field.as_deref(),
            limit: problem.limit,
            timestamp,
        },
        // The author receives the message itself, and a leave has no answer. This wire has no requests
        // that the other messages could answer.
        OutboundMessage::Left { .. }
        | OutboundMessage::Posted { .. }
        | OutboundMessage::FileSent { .. }
        | OutboundMessage::History { .. }
        | OutboundMessage::Users { .. } => {
            return Vec::new();
        }
    };
    vec![text(&what)]
}

pub(crate) fn prepare(update: &RoomUpdate<'_>) -> Vec<AddressedFrame> {
    let (chat_id, timestamp) = (update.id, update.now);
    let all = |what: TypedEvent<'_>| vec![AddressedFrame::All(text(&what))];
    match update.what {
        UpdateKind::Event(Event::Posted(message)) => {
            let Some(words) = &message.text else { return Vec::new() };
            let said = |own| {
                let message = line(message, words, own, update.urls);
                Some(text(&TypedEvent::NewMessage { chat_id, message, timestamp }))
            };
            vec![AddressedFrame::Split { user: message.author.id, own: said(true), others: said(false) }]
        }
        UpdateKind::Event(Event::Edited(edited)) => match &edited.text {
            Some(content) => {
                all(TypedEvent::MessageUpdated { chat_id, message_id: edited.message_id, content, timestamp })
            }
            None => Vec::new(),
        },
        UpdateKind::Event(Event::Deleted(deleted)) => {
            all(TypedEvent::MessageDeleted { chat_id, message_id: deleted.message_id, timestamp })
        }
        UpdateKind::Signal(Signal::Typing { user, on }) => {
            let typing = TypedEvent::Typing { chat_id, user_id: user.id, is_typing: *on, timestamp };
            vec![AddressedFrame::Split { user: user.id, own: None, others: Some(text(&typing)) }]
        }
        UpdateKind::Signal(Signal::Read(mark)) => match update.about {
            Some(message) => all(TypedEvent::MessagesRead {
                chat_id,
                user_id: mark.user,
                message_id: message.id,
                timestamp,
            }),
            None => Vec::new(),
        },
        UpdateKind::Event(_) | UpdateKind::Signal(_) => Vec::new(),
    }
}

pub(crate) fn notice(user: &User, presence: Presence, timestamp: Timestamp) -> Frame {
    let user_id = user.id;
    let what = match presence {
        Presence::Offline => TypedEvent::UserOffline { user_id, timestamp },
        status => TypedEvent::UserStatus { user_id, status, timestamp },
    };
    text(&what)
}

fn member(person: &Person) -> TypedMember<'_> {
    TypedMember { user_id: person.user.id, username: person.user.name.as_str(), status: person.presence }
}

fn line<'a>(message: &'a Message, text: &'a MessageText, own: bool, urls: &dyn FileUrls) -> TypedMessage<'a> {
    TypedMessage {
        id: message.id,
        content: text,
        sender_id: message.author.id,
        sender_name: message.author.name.as_str(),
        created_at: message.at,
        message_type: if message.files.is_empty() { "text" } else { "file" },
        file: message.files.first().map(|file| WireFile::new(file, urls)),
        files: wire_files(&message.files, urls),
        client_id: own.then_some(message.client_id),
    }
}
