//! The frames of the native wire: one JSON object in one text frame.

mod decode;

use serde::{Deserialize, Serialize};

use crate::{Command, Epoch, Event, Message, MessageId, Refusal, RequestId, RoomId, RoomName, Seq, Signal};
use crate::{Timestamp, User};

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
}

/// Who one is and whom one talks to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The version of the native wire.
    pub protocol: u32,
    /// The server program's version, which is the version of the page it serves.
    pub server: String,
    /// The database: under another epoch, cursors are void.
    pub epoch: Epoch,
    /// Who one is.
    pub user: User,
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
    /// One is out of the room.
    Left {
        /// The room.
        room: RoomName,
    },
    /// The message is stored.
    Posted(Posted),
    /// A page of history.
    History(Page),
    /// The server is there.
    Pong {},
}

/// A room as one finds it on coming in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The room.
    pub room: Room,
    /// Who is there, oneself included: at most `MAX_PEOPLE_LISTED`.
    pub people: Vec<User>,
    /// How many people are there.
    pub count: u32,
}

/// Which room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Unique on this server.
    pub id: RoomId,
    /// Its name.
    pub name: RoomName,
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

/// A run of messages without gaps, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The room.
    pub room: RoomName,
    /// The messages.
    pub messages: Vec<Message>,
    /// Whether there are messages before the first of these.
    pub older: bool,
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

/// Serialising fails only for maps with keys that are not strings, and frames have no maps.
fn encode<T: Serialize>(frame: &T) -> String {
    serde_json::to_string(frame).unwrap_or_default()
}
