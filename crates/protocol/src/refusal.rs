//! Refusals: typed negative answers to requests.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Reason of a refusal. The codes are part of the protocol, and clients translate them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The frame is not JSON, or not an object of the protocol.
    NotUnderstood,
    /// The command does not exist.
    UnknownCommand,
    /// A required field is missing.
    Missing,
    /// A field is empty.
    Empty,
    /// A field exceeds its limit.
    TooLong,
    /// A field has a wrong type or an invalid value.
    Invalid,
    /// The connection has not joined the room.
    NotJoined,
    /// The connection has joined the maximum number of rooms.
    TooManyRooms,
    /// The user already posted another message with this `client_id`.
    ClientIdTaken,
    /// The room or message does not exist, or no longer exists.
    NotFound,
    /// Only the author of a message may do this.
    NotYours,
    /// The maximum number of these items is reached.
    TooMany,
    /// The rate limit of the user or the address is exceeded.
    TooFast,
    /// The server cannot store or read data at the moment.
    Unavailable,
    /// A file exceeds the limit of its size.
    TooLarge,
    /// The space for files of the user or of the server is used up.
    StorageFull,
}

/// The field that a refusal concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The whole frame, if no single field is wrong.
    Frame,
    /// Request id.
    Id,
    /// Command of a frame.
    Do,
    /// Room name.
    Room,
    /// User name.
    Name,
    /// Message text.
    Text,
    /// Id that the client gives to a message.
    ClientId,
    /// Position of the last event that the client has received.
    Cursor,
    /// Position before which a page ends.
    Before,
    /// Position after which a page starts.
    After,
    /// Position around which a page lies.
    Around,
    /// Number of messages in a page.
    Limit,
    /// Message id.
    MessageId,
    /// Id of the message to which a message replies.
    ReplyTo,
    /// Emoji of a reaction.
    Emoji,
    /// Topic of a room.
    Topic,
    /// Position of the last read event.
    Seq,
    /// Search text.
    Query,
    /// Status that other users see.
    Status,
    /// Whether other users may see the user's read positions.
    ShareReads,
    /// Position of the first unread event.
    UnreadFrom,
    /// Room id.
    RoomId,
    /// Ids of uploaded files.
    Files,
    /// Content of a file.
    File,
    /// Name of a file.
    Filename,
    /// Kind of files.
    Kind,
    /// The whole request body, if no single field is wrong.
    Body,
}

impl Field {
    /// Returns the name of the field on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Frame => "frame",
            Self::Id => "id",
            Self::Do => "do",
            Self::Room => "room",
            Self::Name => "name",
            Self::Text => "text",
            Self::ClientId => "client_id",
            Self::Cursor => "cursor",
            Self::Before => "before",
            Self::After => "after",
            Self::Around => "around",
            Self::Limit => "limit",
            Self::MessageId => "message_id",
            Self::ReplyTo => "reply_to",
            Self::Emoji => "emoji",
            Self::Topic => "topic",
            Self::Seq => "seq",
            Self::Query => "query",
            Self::Status => "status",
            Self::ShareReads => "share_reads",
            Self::UnreadFrom => "unread_from",
            Self::RoomId => "room_id",
            Self::Files => "files",
            Self::File => "file",
            Self::Filename => "filename",
            Self::Kind => "kind",
            Self::Body => "body",
        }
    }

    /// Parses the name of a field.
    #[must_use]
    pub fn from_wire(name: &str) -> Option<Self> {
        const ALL: [Field; 27] = [
            Field::Frame,
            Field::Id,
            Field::Do,
            Field::Room,
            Field::Name,
            Field::Text,
            Field::ClientId,
            Field::Cursor,
            Field::Before,
            Field::After,
            Field::Around,
            Field::Limit,
            Field::MessageId,
            Field::ReplyTo,
            Field::Emoji,
            Field::Topic,
            Field::Seq,
            Field::Query,
            Field::Status,
            Field::ShareReads,
            Field::UnreadFrom,
            Field::RoomId,
            Field::Files,
            Field::File,
            Field::Filename,
            Field::Kind,
            Field::Body,
        ];
        ALL.into_iter().find(|field| field.as_str() == name)
    }
}

/// Whether a retry of the same request can succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// The same request will be refused again.
    Never,
    /// The same request may succeed later.
    Later,
}

/// A negative answer to a request. The connection stays open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Reason, for programs.
    pub code: Code,
    /// Reason, as an English sentence for people.
    pub message: String,
    /// Field concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Field>,
    /// Limit that was exceeded, in the unit that `message` names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// Whether a retry can succeed.
    pub retry: Retry,
    /// Milliseconds until the same request can succeed, if known. Earlier requests are refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

impl Refusal {
    fn never(code: Code, field: Field, message: String) -> Self {
        Self { code, message, field: Some(field), limit: None, retry: Retry::Never, retry_after_ms: None }
    }

    /// Refuses a frame that is not a frame of the protocol.
    #[must_use]
    pub fn not_understood(message: impl Into<String>) -> Self {
        Self::never(Code::NotUnderstood, Field::Frame, message.into())
    }

    /// Refuses an unknown command.
    #[must_use]
    pub fn unknown_command(message: impl Into<String>) -> Self {
        Self::never(Code::UnknownCommand, Field::Do, message.into())
    }

    /// Refuses a request in which `field` is missing.
    #[must_use]
    pub fn missing(field: Field) -> Self {
        Self::never(Code::Missing, field, format!("{} is missing", field.as_str()))
    }

    /// Refuses an empty `field`.
    #[must_use]
    pub fn empty(field: Field) -> Self {
        Self::never(Code::Empty, field, format!("{} must not be empty", field.as_str()))
    }

    /// Refuses a `field` that exceeds its limit, counted in `unit`.
    #[must_use]
    pub fn too_long(field: Field, limit: usize, unit: &str) -> Self {
        let message = format!("{} must be at most {limit} {unit}", field.as_str());
        Self { limit: u64::try_from(limit).ok(), ..Self::never(Code::TooLong, field, message) }
    }

    /// Refuses an invalid value of `field`; `rule` is a sentence that describes the valid values.
    #[must_use]
    pub fn invalid(field: Field, rule: impl Into<String>) -> Self {
        Self::never(Code::Invalid, field, rule.into())
    }

    /// Refuses a command in a room that the connection has not joined.
    #[must_use]
    pub fn not_joined(room: &str) -> Self {
        Self::never(Code::NotJoined, Field::Room, format!("not in room {room}; join it first"))
    }

    /// Refuses a connection to join more than `limit` rooms.
    #[must_use]
    pub fn too_many_rooms(limit: usize) -> Self {
        let message = format!("a connection can join at most {limit} rooms; leave one first");
        Self { limit: u64::try_from(limit).ok(), ..Self::never(Code::TooManyRooms, Field::Room, message) }
    }

    /// Refuses a `client_id` that the user gave to another message.
    #[must_use]
    pub fn client_id_taken() -> Self {
        Self::never(
            Code::ClientIdTaken,
            Field::ClientId,
            "client_id was already used for another message".to_owned(),
        )
    }

    /// Refuses a request whose `field` refers to a room or message that does not exist.
    #[must_use]
    pub fn not_found(field: Field) -> Self {
        let message = match field {
            Field::Room | Field::RoomId => "the room does not exist".to_owned(),
            Field::Files => {
                "files: each must be an uploaded file of yours in this room that no message has".to_owned()
            }
            _ => format!("{}: the message does not exist in this room or was deleted", field.as_str()),
        };
        Self::never(Code::NotFound, field, message)
    }

    /// Refuses a change of another user's message.
    #[must_use]
    pub fn not_yours() -> Self {
        Self::never(Code::NotYours, Field::MessageId, "only the author of a message may do this".to_owned())
    }

    /// Refuses to add an item, because the maximum number `limit` is reached. `things` names the items.
    #[must_use]
    pub fn too_many(field: Field, limit: usize, things: &str) -> Self {
        let message = format!("{}: limit of {limit} {things} reached", field.as_str());
        Self { limit: u64::try_from(limit).ok(), ..Self::never(Code::TooMany, field, message) }
    }

    /// Refuses a file of more than `limit` bytes.
    #[must_use]
    pub fn too_large(field: Field, limit: u64) -> Self {
        let message = format!("{} must have at most {limit} bytes", field.as_str());
        Self { limit: Some(limit), ..Self::never(Code::TooLarge, field, message) }
    }

    /// Refuses a file, because `limit` bytes of space are used up. `whose` names the space.
    #[must_use]
    pub fn storage_full(limit: u64, whose: &str) -> Self {
        let message = format!("file: the space for files of {whose}, {limit} bytes, is used up");
        let refusal = Self::never(Code::StorageFull, Field::File, message);
        Self { limit: Some(limit), retry: Retry::Later, ..refusal }
    }

    /// Refuses a request because storage is unavailable at the moment.
    #[must_use]
    pub fn unavailable() -> Self {
        Self {
            code: Code::Unavailable,
            message: "storage is unavailable, nothing was stored or read; try again in a few seconds"
                .to_owned(),
            field: None,
            limit: None,
            retry: Retry::Later,
            retry_after_ms: None,
        }
    }

    /// Refuses a request over the rate limit; it can succeed in `wait_ms` milliseconds.
    #[must_use]
    pub fn too_fast(wait_ms: u64) -> Self {
        let seconds = wait_ms.div_ceil(1_000).max(1);
        Self {
            code: Code::TooFast,
            message: format!("rate limit exceeded; try again in {seconds} s"),
            field: None,
            limit: None,
            retry: Retry::Later,
            retry_after_ms: Some(wait_ms),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}
