//! What has happened in a room and is stored.

use serde::{Deserialize, Serialize};

use crate::{Emoji, Message, MessageId, MessageText, Seq, Timestamp, Topic, User, UserId};

/// A stored fact, in the past tense. Each has its own position in the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Event {
    /// Somebody said something. In a catch-up or a page the message is as it is now; what happened to it up
    /// to [`Message::version`] is in it.
    Posted(Message),
    /// Somebody said a message of theirs differently.
    Edited(Edited),
    /// Somebody took a message of theirs back.
    Deleted(Deleted),
    /// Somebody put an emoji to a message, or took it away.
    Reacted(Reacted),
    /// Somebody became a member. In a crowd this is not told.
    Joined(Moved),
    /// Somebody ceased to be a member. In a crowd this is not told.
    Left(Moved),
    /// Somebody said what the room is about.
    Described(Described),
}

/// A message says something else from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Edited {
    /// The position of this event.
    pub seq: Seq,
    /// Which message.
    pub message_id: MessageId,
    /// What it says. None if it has been taken back since: what is gone is not told again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<MessageText>,
    /// When.
    pub at: Timestamp,
}

/// A message is taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Deleted {
    /// The position of this event.
    pub seq: Seq,
    /// Which message.
    pub message_id: MessageId,
    /// Where that message stands.
    pub message_seq: Seq,
    /// Who took it back.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// An emoji is put to a message, or taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reacted {
    /// The position of this event.
    pub seq: Seq,
    /// Which message.
    pub message_id: MessageId,
    /// Whose emoji it is.
    pub user: User,
    /// The emoji.
    pub emoji: Emoji,
    /// Whether it is there now.
    pub on: bool,
    /// When.
    pub at: Timestamp,
}

/// Somebody came to belong to the room, or no longer does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Moved {
    /// The position of this event.
    pub seq: Seq,
    /// Who.
    pub user: User,
    /// When.
    pub at: Timestamp,
}

/// The room is about something else from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Described {
    /// The position of this event.
    pub seq: Seq,
    /// Who said so.
    pub user: User,
    /// What it is about.
    pub topic: Topic,
    /// When.
    pub at: Timestamp,
}

impl Event {
    /// Its position in the room.
    #[must_use]
    pub const fn seq(&self) -> Seq {
        match self {
            Self::Posted(message) => message.seq,
            Self::Edited(edited) => edited.seq,
            Self::Deleted(deleted) => deleted.seq,
            Self::Reacted(reacted) => reacted.seq,
            Self::Joined(moved) | Self::Left(moved) => moved.seq,
            Self::Described(described) => described.seq,
        }
    }

    /// When it happened.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Posted(message) => message.at,
            Self::Edited(edited) => edited.at,
            Self::Deleted(deleted) => deleted.at,
            Self::Reacted(reacted) => reacted.at,
            Self::Joined(moved) | Self::Left(moved) => moved.at,
            Self::Described(described) => described.at,
        }
    }

    /// Whether it has a line of its own in the room, and so comes with a page of history. The others change
    /// a message, and show there.
    #[must_use]
    pub const fn has_line(&self) -> bool {
        matches!(self, Self::Posted(_) | Self::Joined(_) | Self::Left(_) | Self::Described(_))
    }

    /// About how many bytes of text it carries, for the bound of a frame.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        match self {
            Self::Posted(message) => message.text_bytes(),
            Self::Edited(edited) => edited.text.as_ref().map_or(0, |text| text.as_str().len()),
            Self::Deleted(_) | Self::Reacted(_) | Self::Joined(_) | Self::Left(_) | Self::Described(_) => 0,
        }
    }
}
