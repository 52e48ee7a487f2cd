//! Socket.IO events on `/socket.io/`: `join_room` with `{"room":"general"}`.

use hubbub_protocol::{
    ClientId, DEFAULT_PAGE_MESSAGES, Event, Message, MessageId, MessageText, Person, Presence, RoomName,
    Timestamp, User,
};
use serde::Serialize;

use crate::fields::Fields;
use crate::file::{FileUrls, WireFile, wire_files};
use crate::frame::{Frame, json};
use crate::inbound_request::{InboundFile, InboundRequest, RoomSelector};
use crate::outbound::{AddressedFrame, Addressee, OutboundMessage, PostedMessage, RoomUpdate, UpdateKind};
use crate::problem::Problem;

#[derive(Serialize)]
struct ConnectedPayload<'a> {
    sid: &'a str,
    username: &'a str,
}

#[derive(Serialize)]
struct JoinedPayload<'a> {
    room: &'a RoomName,
    username: &'a str,
    users: Vec<MemberPayload<'a>>,
    history: Vec<MessagePayload<'a>>,
}

#[derive(Serialize)]
struct LeftPayload<'a> {
    room: &'a RoomName,
}

#[derive(Serialize)]
struct MovedPayload<'a> {
    room: &'a RoomName,
    username: &'a str,
}

#[derive(Serialize)]
struct SentPayload<'a> {
    room: &'a RoomName,
    id: MessageId,
    timestamp: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<ClientId>,
}

#[derive(Serialize)]
struct MessagePayload<'a> {
    room: &'a RoomName,
    id: MessageId,
    username: &'a str,
    text: &'a MessageText,
    timestamp: Timestamp,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<WireFile<'a>>,
}

#[derive(Serialize)]
struct FilePayload<'a> {
    room: &'a RoomName,
    id: MessageId,
    username: &'a str,
    file: WireFile<'a>,
    timestamp: Timestamp,
}

#[derive(Serialize)]
struct FileSentPayload<'a> {
    room: &'a RoomName,
    id: MessageId,
    file: WireFile<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<ClientId>,
}

#[derive(Serialize)]
struct MemberPayload<'a> {
    username: &'a str,
    online: bool,
}

#[derive(Serialize)]
struct UsersPayload<'a> {
    room: &'a RoomName,
    users: Vec<MemberPayload<'a>>,
}

pub(crate) fn decode(name: &str, payload: &str, has_attachment: bool) -> Result<InboundRequest, Problem> {
    if !matches!(name, "join_room" | "leave_room" | "send_message" | "send_file" | "get_room_users") {
        return Err(Problem::unknown("event", name));
    }
    let fields = Fields::parse(payload)?;
    let room = RoomSelector::Named(fields.string("room")?.to_owned());
    Ok(match name {
        "join_room" => InboundRequest::Join {
            room,
            name: fields.optional_string("username")?.map(str::to_owned),
            history: fields.messages("history", 0, DEFAULT_PAGE_MESSAGES)?,
        },
        "leave_room" => InboundRequest::Leave { room },
        "send_message" => InboundRequest::Post {
            room,
            text: fields.string("text")?.to_owned(),
            client_id: fields.optional_client_id("client_id")?,
        },
        "get_room_users" => InboundRequest::Users { room },
        _ => InboundRequest::SendFile {
            room,
            file: InboundFile {
                name: fields.string("filename")?.to_owned(),
                content: fields.content("data", has_attachment)?,
            },
            text: fields.optional_string("text")?.unwrap_or_default().to_owned(),
            client_id: fields.optional_client_id("client_id")?,
        },
    })
}

pub(crate) fn encode(outbound: &OutboundMessage<'_>, to: Addressee<'_>) -> Vec<Frame> {
    vec![match outbound {
        OutboundMessage::Hello { sid } => {
            emit("connected", &ConnectedPayload { sid, username: to.me.name.as_str() })
        }
        OutboundMessage::Joined { room, people, history } => {
            let history = history.iter().filter_map(|message| line(&room.name, message, to.urls)).collect();
            let (username, users) = (to.me.name.as_str(), members(people));
            emit("joined_room", &JoinedPayload { room: &room.name, username, users, history })
        }
        OutboundMessage::Left { room } => emit("left_room", &LeftPayload { room }),
        OutboundMessage::Posted { room, message: PostedMessage { id, at }, client_id } => {
            emit("message_sent", &SentPayload { room, id: *id, timestamp: *at, client_id: *client_id })
        }
        OutboundMessage::FileSent { room, message, file, client_id } => {
            let file = WireFile::new(file, to.urls);
            emit("file_sent", &FileSentPayload { room, id: message.id, file, client_id: *client_id })
        }
        OutboundMessage::Users { room, people } => {
            emit("room_users", &UsersPayload { room, users: members(people) })
        }
        OutboundMessage::Refused(problem) => emit("error", problem),
        // `message_sent` already answered the repeated message. This wire has no requests that the other
        // messages could answer.
        OutboundMessage::Again { .. } | OutboundMessage::History { .. } | OutboundMessage::Pong => {
            return Vec::new();
        }
    }]
}

pub(crate) fn prepare(update: &RoomUpdate<'_>) -> Vec<AddressedFrame> {
    let UpdateKind::Event(Event::Posted(message)) = update.what else { return Vec::new() };
    let (room, urls) = (update.room, update.urls);
    // Clients that know only one of the two events miss neither a text nor a file.
    let said = line(room, message, urls).filter(|line| !line.text.is_empty());
    let said = said.map(|line| emit("new_message", &line));
    let username = message.author.name.as_str();
    let files = message.files.iter().map(|file| {
        let file = WireFile::new(file, urls);
        emit("new_file", &FilePayload { room, id: message.id, username, file, timestamp: message.at })
    });
    said.into_iter().chain(files).map(AddressedFrame::All).collect()
}

pub(crate) fn notice(room: &RoomName, user: &User, presence: Presence) -> Frame {
    let moved = MovedPayload { room, username: user.name.as_str() };
    emit(if presence == Presence::Offline { "user_left_room" } else { "user_joined_room" }, &moved)
}

fn line<'a>(room: &'a RoomName, message: &'a Message, urls: &dyn FileUrls) -> Option<MessagePayload<'a>> {
    let text = message.text.as_ref()?;
    let username = message.author.name.as_str();
    let files = wire_files(&message.files, urls);
    Some(MessagePayload { room, id: message.id, username, text, timestamp: message.at, files })
}

fn members(people: &[Person]) -> Vec<MemberPayload<'_>> {
    let member = |person: &'_ Person| person.presence != Presence::Offline;
    people
        .iter()
        .map(|person| MemberPayload { username: person.user.name.as_str(), online: member(person) })
        .collect()
}

fn emit<T: Serialize>(name: &'static str, payload: &T) -> Frame {
    Frame::Event { name, json: json(payload) }
}
