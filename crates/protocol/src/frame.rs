//! The frames of the native wire: one JSON object in each text frame.

mod decode;

use serde::{Deserialize, Serialize};

use crate::{
    Appearance, Command, Epoch, Event, MessageId, MessageText, Person, ReadMark, Refusal, RequestId, RoomId,
    RoomName, Seq, Signal, Timestamp, Topic, User,
};

/// A frame of a client: a command with a request id, `{"id":7,"do":{"post":{...}}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientFrame {
    /// Request id, repeated in the answer.
    pub id: RequestId,
    /// Command to execute.
    #[serde(rename = "do")]
    pub command: Command,
}

/// A frame of the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerFrame {
    /// The first frame on every connection.
    Hello(Hello),
    /// The positive answer to a request.
    Reply {
        /// Id of the request.
        id: RequestId,
        /// Result of the command.
        answer: Answer,
    },
    /// The negative answer to a request, or to a frame whose request id could not be read.
    Refusal {
        /// Id of the request, if it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<RequestId>,
        /// Reason of the refusal.
        refusal: Refusal,
    },
    /// A stored event in a joined room.
    Event {
        /// Room name.
        room: RoomName,
        /// Event.
        what: Event,
    },
    /// A transient notice in a joined room.
    Signal {
        /// Room name.
        room: RoomName,
        /// Signal.
        what: Signal,
    },
    /// A batch of missed events.
    CatchUp(CatchUp),
    /// The client missed too many events: it discards the room's messages and continues from this page.
    StartOver(StartOver),
    /// A change that concerns the user, sent to all connections of the user.
    #[serde(rename = "mine")]
    UserEvent(UserEvent),
}

/// The user, the server and its limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Version of the native wire.
    pub protocol: u32,
    /// Version of the server with the build of its site (`0.1.0+5f2c…`): the version of the page that it
    /// serves.
    pub server: String,
    /// Id of the database. A different epoch makes all cursors invalid.
    pub epoch: Epoch,
    /// User of this connection.
    pub user: User,
    /// How other users see this user.
    pub appearance: Appearance,
    /// Seconds of silence after which the server closes the connection. Clients ping before that.
    pub idle_timeout_seconds: u32,
    /// Largest frame that the server accepts, in bytes.
    pub max_frame_bytes: u32,
    /// Longest message text, in characters.
    pub max_text_chars: u32,
    /// Longest message text, in bytes of UTF-8.
    pub max_text_bytes: u32,
}

/// The result of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The connection has joined the room; a catch-up or a fresh page follows.
    Joined(Joined),
    /// The user is no longer a member of the room.
    Left {
        /// Room name.
        room: RoomName,
    },
    /// The message is stored.
    Posted(Posted),
    /// The change is stored, by this request or an earlier one.
    Done {
        /// Room name.
        room: RoomName,
        /// Position of the event that made the change.
        seq: Seq,
    },
    /// The read position is stored.
    Read(ReadState),
    /// The typing indicator was forwarded.
    Typed {},
    /// A page of history.
    History(Page),
    /// The former texts of a message.
    Edits(Edits),
    /// The rooms of which the user is a member, sorted by name.
    Rooms {
        /// Rooms of the user.
        rooms: Vec<MyRoom>,
    },
    /// A part of the list of public rooms.
    Browsed(Browsed),
    /// How other users see the user now.
    Appearance(Appearance),
    /// The answer to a ping.
    Pong {},
}

/// The state of a room when a connection joins it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// Room that was joined.
    pub room: Room,
    /// Members with their presence, including the user, online members first: at most `MAX_PEOPLE_LISTED`.
    pub people: Vec<Person>,
    /// Number of users who are present.
    pub count: u32,
    /// Number of members.
    pub members: u32,
    /// Read position of the user.
    pub read: Seq,
    /// Read positions of other members, in rooms of at most `MAX_READERS_SHOWN` members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<ReadMark>,
    /// Users who are typing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub typing: Vec<User>,
}

/// Id, name and topic of a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Room id, unique on this server.
    pub id: RoomId,
    /// Room name, unique on this server.
    pub name: RoomName,
    /// Topic; omitted if it is empty.
    #[serde(default, skip_serializing_if = "Topic::is_empty")]
    pub topic: Topic,
}

/// A room of which the user is a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyRoom {
    /// Room.
    pub room: Room,
    /// Read position and number of unread messages.
    pub read: ReadState,
    /// Time of the newest message, or of the user's joining if it is later.
    pub active_at: Timestamp,
}

/// The user's read position in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadState {
    /// Room name.
    pub room: RoomName,
    /// Position of the last event that the user has read.
    pub seq: Seq,
    /// Number of messages of other users after `seq`, without deleted ones; at most `MAX_UNREAD_COUNTED`.
    pub unread: u32,
    /// Newest position of the room when the messages were counted.
    pub head: Seq,
}

/// A room that any user may join.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicRoom {
    /// Room.
    pub room: Room,
    /// Number of members.
    pub members: u32,
    /// Whether the user is a member.
    pub joined: bool,
}

/// A part of the list of public rooms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Browsed {
    /// Rooms, sorted by name.
    pub rooms: Vec<PublicRoom>,
    /// Whether the list continues after these rooms.
    pub more: bool,
}

/// The former texts of one of the user's own messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edits {
    /// Id of the message.
    pub message_id: MessageId,
    /// Former texts, oldest first.
    pub versions: Vec<Version>,
}

/// A former text of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Version {
    /// Former text.
    pub text: MessageText,
    /// Time at which the message received this text.
    pub at: Timestamp,
}

/// A change that concerns the user on all devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserEvent {
    /// The user became a member of a room.
    Joined(MyRoom),
    /// The user ceased to be a member of a room.
    Left {
        /// Room name.
        room: RoomName,
    },
    /// The user's read position changed.
    Read(ReadState),
    /// The user's status, or whether the user shares read positions, changed.
    Appearance(Appearance),
}

/// The place of a stored post, also if an earlier request stored it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// Room name.
    pub room: RoomName,
    /// Id of the message.
    pub message_id: MessageId,
    /// Position of the message.
    pub seq: Seq,
    /// Time at which the server stored the message.
    pub at: Timestamp,
}

/// A contiguous part of a room's timeline, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Room name.
    pub room: RoomName,
    /// Messages in their current state, and the notices between them.
    pub events: Vec<Event>,
    /// Whether there are older events before this page.
    pub older: bool,
    /// Whether there are newer events after this page.
    #[serde(default, skip_serializing_if = "is_false")]
    pub newer: bool,
}

/// A batch of missed events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatchUp {
    /// Room name.
    pub room: RoomName,
    /// Events after the client's cursor, in order.
    pub events: Vec<Event>,
    /// Whether another batch follows.
    pub more: bool,
}

/// A fresh page that replaces the client's copy of the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartOver {
    /// Newest page of the room.
    pub page: Page,
    /// New cursor: the room's newest position when the page was read.
    pub cursor: Seq,
}

impl ClientFrame {
    /// Returns the frame as JSON.
    #[must_use]
    pub fn encode(&self) -> String {
        encode(self)
    }
}

impl ServerFrame {
    /// Returns the frame as JSON.
    #[must_use]
    pub fn encode(&self) -> String {
        encode(self)
    }

    /// Decodes a frame of the server.
    ///
    /// # Errors
    /// The reason from serde. A client that cannot decode its server's frames should reload the page.
    pub fn decode(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// Encodes a frame. Serialization fails only for maps with keys that are not strings, and frames have no
/// maps.
fn encode<T: Serialize>(frame: &T) -> String {
    serde_json::to_string(frame).unwrap_or_default()
}
