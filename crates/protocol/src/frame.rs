//! The frames of the native wire: one JSON object in one text frame.

mod decode;

use serde::{Deserialize, Serialize};

use crate::{
    Appearance, Command, Epoch, Event, MessageId, MessageText, Person, ReadMark, Refusal, RequestId, RoomId,
    RoomName, Seq, Signal, Timestamp, Topic, User,
};

/// What a client sends: a numbered request, `{"id":7,"do":{"post":{...}}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientFrame {
    /// Comes back in the answer.
    pub id: RequestId,
    /// What is asked.
    #[serde(rename = "do")]
    pub command: Command,
}

/// What a server sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerFrame {
    /// The first frame on every connection.
    Hello(Hello),
    /// Yes: the answer to a request.
    Reply {
        /// The request.
        id: RequestId,
        /// What came of it.
        answer: Answer,
    },
    /// No: to a request, or to a frame whose request id could not be read.
    Refusal {
        /// The request, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<RequestId>,
        /// Why not.
        refusal: Refusal,
    },
    /// Something has happened in a joined room.
    Event(RoomEvent),
    /// Something is happening in a joined room.
    Signal(RoomSignal),
    /// A batch of what was missed.
    CatchUp(CatchUp),
    /// Too much was missed: forget the room's messages and begin with this page.
    StartOver(StartOver),
    /// Something about oneself has changed, on whichever device. It comes to all connections of the user.
    Mine(Mine),
}

/// Who one is and whom one talks to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The version of the native wire.
    pub protocol: u32,
    /// The server program's version with the build of its site (`0.1.0+5f2c…`): the version of the page it serves.
    pub server: String,
    /// The database: under another epoch, cursors are void.
    pub epoch: Epoch,
    /// Who one is.
    pub user: User,
    /// How one appears to others.
    pub appearance: Appearance,
    /// The server closes a connection that was silent for so many seconds: ping in time.
    pub idle_timeout_seconds: u32,
    /// Largest frame it takes, in bytes.
    pub max_frame_bytes: u32,
    /// Longest message text, in characters.
    pub max_text_chars: u32,
    /// Longest message text, in bytes of UTF-8.
    pub max_text_bytes: u32,
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// One is in the room; a catch-up or a fresh page follows.
    Joined(Joined),
    /// One is a member of the room no longer.
    Left {
        /// The room.
        room: RoomName,
    },
    /// The message is stored.
    Posted(Posted),
    /// The change is stored, now or before.
    Done {
        /// The room.
        room: RoomName,
        /// The position of the event that made the change.
        seq: Seq,
    },
    /// Up to where one has read is stored.
    Read(ReadState),
    /// The sign of writing was passed on.
    Typed {},
    /// A page of history.
    History(Page),
    /// What a message said before.
    Edits(Edits),
    /// The rooms one is a member of, by name.
    Rooms {
        /// The rooms.
        rooms: Vec<MyRoom>,
    },
    /// Public rooms.
    Browsed(Browsed),
    /// How one appears to others from now on.
    Appearance(Appearance),
    /// The server is there.
    Pong {},
}

/// A room as one finds it on coming in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The room.
    pub room: Room,
    /// Its members, oneself included, those who are there first: at most `MAX_PEOPLE_LISTED`.
    pub people: Vec<Person>,
    /// How many people are there.
    pub count: u32,
    /// How many members it has.
    pub members: u32,
    /// Up to where one has read.
    pub read: Seq,
    /// Up to where others have read, in rooms of at most `MAX_READERS_SHOWN` members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<ReadMark>,
    /// Who is writing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub typing: Vec<User>,
}

/// Which room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Unique on this server.
    pub id: RoomId,
    /// Its name.
    pub name: RoomName,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Topic::is_empty")]
    pub topic: Topic,
}

/// A room one is a member of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyRoom {
    /// The room.
    pub room: Room,
    /// Up to where one has read, and what is not read.
    pub read: ReadState,
    /// When something was last said there, or when one became a member.
    pub active_at: Timestamp,
}

/// Up to where one has read a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadState {
    /// The room.
    pub room: RoomName,
    /// The position.
    pub seq: Seq,
    /// How many messages of others stand behind it, those taken back not counted; at most
    /// `MAX_UNREAD_COUNTED`.
    pub unread: u32,
    /// The newest position of the room when they were counted.
    pub head: Seq,
}

/// A room that anybody may join.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicRoom {
    /// The room.
    pub room: Room,
    /// How many members it has.
    pub members: u32,
    /// Whether one is a member.
    pub joined: bool,
}

/// Part of the list of public rooms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Browsed {
    /// The rooms, by name.
    pub rooms: Vec<PublicRoom>,
    /// Whether there are further ones.
    pub more: bool,
}

/// What one of one's own messages said before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edits {
    /// Which message.
    pub message_id: MessageId,
    /// The former texts, the oldest first.
    pub versions: Vec<Version>,
}

/// A former text of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Version {
    /// What it said.
    pub text: MessageText,
    /// Since when it said so.
    pub at: Timestamp,
}

/// Something about oneself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mine {
    /// One became a member of a room.
    Joined(MyRoom),
    /// One is a member of a room no longer.
    Left {
        /// The room.
        room: RoomName,
    },
    /// Up to where one has read.
    Read(ReadState),
    /// How one appears to others.
    Appearance(Appearance),
}

/// Where a post was stored, now or when it was first sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// The room.
    pub room: RoomName,
    /// The message.
    pub message_id: MessageId,
    /// Its position.
    pub seq: Seq,
    /// When it was stored.
    pub at: Timestamp,
}

/// A run of what has a line in the room, the oldest first: nothing that has one is missing in between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The room.
    pub room: RoomName,
    /// The messages, as they are now, and the notices between them.
    pub events: Vec<Event>,
    /// Whether there is something before the first of these.
    pub older: bool,
    /// Whether there is something after the last of these.
    #[serde(default, skip_serializing_if = "is_false")]
    pub newer: bool,
}

/// An event and its room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomEvent {
    /// The room.
    pub room: RoomName,
    /// What happened.
    pub what: Event,
}

/// A signal and its room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSignal {
    /// The room.
    pub room: RoomName,
    /// What is happening.
    pub what: Signal,
}

/// Part of what was missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatchUp {
    /// The room.
    pub room: RoomName,
    /// The events after the cursor, in order.
    pub events: Vec<Event>,
    /// Whether another batch follows.
    pub more: bool,
}

/// A fresh beginning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartOver {
    /// The newest page.
    pub page: Page,
    /// The cursor from here on: the room's newest position when the page was read.
    pub cursor: Seq,
}

impl ClientFrame {
    /// The frame as JSON.
    #[must_use]
    pub fn encode(&self) -> String {
        encode(self)
    }
}

impl ServerFrame {
    /// The frame as JSON.
    #[must_use]
    pub fn encode(&self) -> String {
        encode(self)
    }

    /// Reads a frame from the server.
    ///
    /// # Errors
    /// The reason as serde gives it; a client that cannot read its server should load the page again.
    pub fn decode(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// Serialising fails only for maps with keys that are not strings, and frames have no maps.
fn encode<T: Serialize>(frame: &T) -> String {
    serde_json::to_string(frame).unwrap_or_default()
}
