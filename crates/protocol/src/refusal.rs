//! A typed "no".

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why not. The codes are part of the protocol: clients translate them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The frame is not JSON, or not an object of the protocol.
    NotUnderstood,
    /// There is no such command.
    UnknownCommand,
    /// A field is missing.
    Missing,
    /// A field holds nothing.
    Empty,
    /// A field is longer or larger than its limit.
    TooLong,
    /// A field has a wrong type or a value it must not have.
    Invalid,
    /// The room has not been joined on this connection.
    NotJoined,
    /// More rooms than one connection may be in.
    TooManyRooms,
    /// The `client_id` already names another message of this sender.
    ClientIdTaken,
    /// There is no such room or message here, or no longer.
    NotFound,
    /// Only its author may do that.
    NotYours,
    /// There are as many of these as there may be.
    TooMany,
    /// More of this than one user or one address may do in so short a time.
    TooFast,
    /// The server cannot store or read right now.
    Unavailable,
}

/// The part of a command that a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The frame as a whole.
    Frame,
    /// The request id.
    Id,
    /// The command.
    Do,
    /// The room's name.
    Room,
    /// The user's name.
    Name,
    /// The message text.
    Text,
    /// The sender's own name for a message.
    ClientId,
    /// The last position seen.
    Cursor,
    /// The position before which history is asked for.
    Before,
    /// The position after which history is asked for.
    After,
    /// The position around which history is asked for.
    Around,
    /// The number of messages in a page.
    Limit,
    /// Which message.
    MessageId,
    /// The message that is answered.
    ReplyTo,
    /// The emoji of a reaction.
    Emoji,
    /// What a room is about.
    Topic,
    /// The position up to which one has read.
    Seq,
    /// What to look for.
    Query,
    /// How one wants to be seen.
    Status,
    /// Whether others may see up to where one has read.
    ShareReads,
    /// The position from which on everything is unread.
    UnreadFrom,
    /// Which room, by its number.
    RoomId,
    /// The body of a request, as a whole.
    Body,
}

impl Field {
    /// The field as it is spelled on the wire.
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
            Self::Body => "body",
        }
    }

    /// The field spelled so on the wire.
    #[must_use]
    pub fn from_wire(name: &str) -> Option<Self> {
        const ALL: [Field; 23] = [
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
            Field::Body,
        ];
        ALL.into_iter().find(|field| field.as_str() == name)
    }
}

/// Whether asking again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// The same request will be refused again.
    Never,
    /// The same request may pass in a while.
    Later,
}

/// A "no" with its reason. The connection goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Why, for programs.
    pub code: Code,
    /// Why, as an English sentence for people.
    pub message: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Field>,
    /// The limit that was passed, in the unit the message names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// Whether to ask again.
    pub retry: Retry,
    /// Milliseconds after which the same request may pass, where that is known. Until then it will be refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

impl Refusal {
    fn never(code: Code, field: Field, message: String) -> Self {
        Self { code, message, field: Some(field), limit: None, retry: Retry::Never, retry_after_ms: None }
    }

    /// The frame is not a frame of the protocol.
    #[must_use]
    pub fn not_understood(message: impl Into<String>) -> Self {
        Self::never(Code::NotUnderstood, Field::Frame, message.into())
    }

    /// There is no command of that name.
    #[must_use]
    pub fn unknown_command(message: impl Into<String>) -> Self {
        Self::never(Code::UnknownCommand, Field::Do, message.into())
    }

    /// `field` is not there.
    #[must_use]
    pub fn missing(field: Field) -> Self {
        Self::never(Code::Missing, field, format!("{} is missing", field.as_str()))
    }

    /// `field` holds nothing.
    #[must_use]
    pub fn empty(field: Field) -> Self {
        Self::never(Code::Empty, field, format!("{} must not be empty", field.as_str()))
    }

    /// `field` is over its limit of so many `unit`.
    #[must_use]
    pub fn too_long(field: Field, limit: usize, unit: &str) -> Self {
        let message = format!("{} must be at most {limit} {unit}", field.as_str());
        Self { limit: u64::try_from(limit).ok(), ..Self::never(Code::TooLong, field, message) }
    }

    /// `field` has a value it must not have; `rule` is the sentence that says which it may.
    #[must_use]
    pub fn invalid(field: Field, rule: impl Into<String>) -> Self {
        Self::never(Code::Invalid, field, rule.into())
    }

    /// The command needs a room that this connection has joined.
    #[must_use]
    pub fn not_joined(room: &str) -> Self {
        Self::never(Code::NotJoined, Field::Room, format!("join {room} first"))
    }

    /// The connection is in as many rooms as it may.
    #[must_use]
    pub fn too_many_rooms(limit: usize) -> Self {
        let message = format!("a connection may be in at most {limit} rooms; leave one first");
        Self { limit: u64::try_from(limit).ok(), ..Self::never(Code::TooManyRooms, Field::Room, message) }
    }

    /// The `client_id` names another message of the same sender.
    #[must_use]
    pub fn client_id_taken() -> Self {
        Self::never(
            Code::ClientIdTaken,
            Field::ClientId,
            "this client_id already names another message of yours".to_owned(),
        )
    }

    /// What `field` names is not here, or no longer.
    #[must_use]
    pub fn not_found(field: Field) -> Self {
        let message = match field {
            Field::Room | Field::RoomId => "there is no such room".to_owned(),
            _ => format!("{}: there is no such message in this room, or no longer", field.as_str()),
        };
        Self::never(Code::NotFound, field, message)
    }

    /// The message is somebody else's.
    #[must_use]
    pub fn not_yours() -> Self {
        Self::never(Code::NotYours, Field::MessageId, "only its author may do that to a message".to_owned())
    }

    /// There are as many `things` as `limit` allows.
    #[must_use]
    pub fn too_many(field: Field, limit: usize, things: &str) -> Self {
        let message = format!("{}: there may be at most {limit} {things}", field.as_str());
        Self { limit: u64::try_from(limit).ok(), ..Self::never(Code::TooMany, field, message) }
    }

    /// Storage does not work right now.
    #[must_use]
    pub fn unavailable() -> Self {
        Self {
            code: Code::Unavailable,
            message: "storage is unavailable, nothing was stored or read; try again in a moment".to_owned(),
            field: None,
            limit: None,
            retry: Retry::Later,
            retry_after_ms: None,
        }
    }

    /// There was more of this than one user or one address may do; `wait_ms` milliseconds from now it may pass.
    #[must_use]
    pub fn too_fast(wait_ms: u64) -> Self {
        let seconds = wait_ms.div_ceil(1_000).max(1);
        Self {
            code: Code::TooFast,
            message: format!("too much in a short time; try again in {seconds} s"),
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
