//! JSON actions on `/`: `{"action":"join","room":"general"}`.

use hubbub_protocol::{
    DEFAULT_PAGE_MESSAGES, Event, Message, MessageId, MessageText, Presence, RoomName, Seq, Signal,
    Timestamp, User,
};
use serde::Serialize;

use crate::fields::Fields;
use crate::file::{FileUrls, WireFile, wire_files};
use crate::frame::{Frame, text};
use crate::inbound_request::{InboundFile, InboundRequest, RoomSelector};
use crate::outbound::{AddressedFrame, Addressee, OutboundMessage, RoomUpdate, UpdateKind};
use crate::problem::Problem;

#[derive(Serialize)]
#[serde(tag = "action", rename_all = "snake_case")]
enum ActionEvent<'a> {
    Joined {
        room: &'a RoomName,
        user: &'a str,
        users: Vec<&'a str>,
        history: Vec<ActionMessage<'a>>,
    },
    Left {
        room: &'a RoomName,
    },
    Message(ActionMessage<'a>),
    Edited(ActionMessage<'a>),
    Deleted {
        room: &'a RoomName,
        id: MessageId,
    },
    UserJoined {
        room: &'a RoomName,
        user: &'a str,
    },
    UserLeft {
        room: &'a RoomName,
        user: &'a str,
    },
    Typing {
        room: &'a RoomName,
        user: &'a str,
    },
    Users {
        room: &'a RoomName,
        users: Vec<&'a str>,
    },
    History {
        room: &'a RoomName,
        messages: Vec<ActionMessage<'a>>,
    },
    FileSent {
        room: &'a RoomName,
        id: MessageId,
        file: WireFile<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        client_id: Option<hubbub_protocol::ClientId>,
    },
    Error(&'a Problem),
}

/// A message, alone or in a list.
#[derive(Serialize)]
struct ActionMessage<'a> {
    room: &'a RoomName,
    id: MessageId,
    seq: Seq,
    user: &'a str,
    text: &'a MessageText,
    timestamp: Timestamp,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<WireFile<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edited_at: Option<Timestamp>,
    /// Sent to the author only.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<hubbub_protocol::ClientId>,
}

impl<'a> ActionMessage<'a> {
    fn new(room: &'a RoomName, message: &'a Message, text: &'a MessageText, urls: &dyn FileUrls) -> Self {
        Self {
            room,
            id: message.id,
            seq: message.seq,
            user: message.author.name.as_str(),
            text,
            timestamp: message.at,
            files: wire_files(&message.files, urls),
            edited_at: message.edited_at,
            client_id: None,
        }
    }

    fn with_client_id(self, message: &Message) -> Self {
        Self { client_id: Some(message.client_id), ..self }
    }
}

fn lines<'a>(room: &'a RoomName, messages: &'a [Message], to: Addressee<'_>) -> Vec<ActionMessage<'a>> {
    let line = |message: &'a Message| {
        let line = ActionMessage::new(room, message, message.text.as_ref()?, to.urls);
        Some(if message.author.id == to.me.id { line.with_client_id(message) } else { line })
    };
    messages.iter().filter_map(line).collect()
}

pub(crate) fn decode(json: &str) -> Result<InboundRequest, Problem> {
    let fields = Fields::parse(json)?;
    let action = fields.string("action")?;
    let room = || fields.string("room").map(|room| RoomSelector::Named(room.to_owned()));
    Ok(match action {
        "join" => InboundRequest::Join {
            room: room()?,
            name: fields.optional_string("user")?.map(str::to_owned),
            history: fields.messages("history", 0, DEFAULT_PAGE_MESSAGES)?,
        },
        "leave" => InboundRequest::Leave { room: room()? },
        "message" => InboundRequest::Post {
            room: room()?,
            text: fields.string("text")?.to_owned(),
            client_id: fields.optional_client_id("client_id")?,
        },
        "send_file" => InboundRequest::SendFile {
            room: room()?,
            file: InboundFile {
                name: fields.string("filename")?.to_owned(),
                content: fields.content("data", false)?,
            },
            text: fields.optional_string("text")?.unwrap_or_default().to_owned(),
            client_id: fields.optional_client_id("client_id")?,
        },
        "history" => InboundRequest::History {
            room: room()?,
            before: fields.optional_message("before")?,
            limit: fields.messages("limit", 1, DEFAULT_PAGE_MESSAGES)?,
        },
        "typing" => InboundRequest::Typing { room: room()?, on: true },
        "users" => InboundRequest::Users { room: room()? },
        other => return Err(Problem::unknown("action", other)),
    })
}

pub(crate) fn encode(outbound: &OutboundMessage<'_>, to: Addressee<'_>) -> Vec<Frame> {
    let action = match outbound {
        // The author receives the stored message itself instead of an answer.
        OutboundMessage::Hello { .. } | OutboundMessage::Pong | OutboundMessage::Posted { .. } => {
            return Vec::new();
        }
        OutboundMessage::Joined { room, people, history } => ActionEvent::Joined {
            room: &room.name,
            user: to.me.name.as_str(),
            users: there(people),
            history: lines(&room.name, history, to),
        },
        OutboundMessage::Left { room } => ActionEvent::Left { room },
        OutboundMessage::Again { room, message, .. } => match &message.text {
            Some(text) => {
                ActionEvent::Message(ActionMessage::new(room, message, text, to.urls).with_client_id(message))
            }
            None => ActionEvent::Deleted { room, id: message.id },
        },
        OutboundMessage::History { room, messages } => {
            ActionEvent::History { room, messages: lines(room, messages, to) }
        }
        OutboundMessage::FileSent { room, message, file, client_id } => ActionEvent::FileSent {
            room,
            id: message.id,
            file: WireFile::new(file, to.urls),
            client_id: *client_id,
        },
        OutboundMessage::Users { room, people } => ActionEvent::Users { room, users: there(people) },
        OutboundMessage::Refused(problem) => ActionEvent::Error(problem),
    };
    vec![text(&action)]
}

fn there(people: &[hubbub_protocol::Person]) -> Vec<&str> {
    let there = people.iter().filter(|person| person.presence != Presence::Offline);
    there.map(|person| person.user.name.as_str()).collect()
}

pub(crate) fn prepare(update: &RoomUpdate<'_>) -> Vec<AddressedFrame> {
    let room = update.room;
    match update.what {
        UpdateKind::Event(Event::Posted(message)) => {
            let Some(words) = &message.text else { return Vec::new() };
            let line = || ActionMessage::new(room, message, words, update.urls);
            vec![AddressedFrame::Split {
                user: message.author.id,
                own: Some(text(&ActionEvent::Message(line().with_client_id(message)))),
                others: Some(text(&ActionEvent::Message(line()))),
            }]
        }
        UpdateKind::Event(Event::Edited(edited)) => match (update.about, &edited.text) {
            (Some(message), Some(words)) => {
                let line = ActionMessage {
                    edited_at: Some(edited.at),
                    ..ActionMessage::new(room, message, words, update.urls)
                };
                vec![AddressedFrame::All(text(&ActionEvent::Edited(line)))]
            }
            _ => Vec::new(),
        },
        UpdateKind::Event(Event::Deleted(deleted)) => {
            vec![AddressedFrame::All(text(&ActionEvent::Deleted { room, id: deleted.message_id }))]
        }
        UpdateKind::Signal(Signal::Typing { user, on: true }) => {
            let typing = text(&ActionEvent::Typing { room, user: user.name.as_str() });
            vec![AddressedFrame::Split { user: user.id, own: None, others: Some(typing) }]
        }
        UpdateKind::Event(_) | UpdateKind::Signal(_) => Vec::new(),
    }
}

pub(crate) fn notice(room: &RoomName, user: &User, presence: Presence) -> Frame {
    let user = user.name.as_str();
    text(&match presence {
        Presence::Offline => ActionEvent::UserLeft { room, user },
        Presence::Online | Presence::Busy | Presence::Away => ActionEvent::UserJoined { room, user },
    })
}
