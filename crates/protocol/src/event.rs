//! The stored events of a room.

use serde::{Deserialize, Serialize};

use crate::{Emoji, FileId, Message, MessageId, MessageText, Seq, Timestamp, Topic, User, UserId};

/// A stored fact with its own position in the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Event {
    /// A message was posted. In a catch-up or a page the message is in its current state and includes the
    /// events up to its position `changed`.
    Posted(Message),
    /// A message was edited by its author.
    Edited(Edited),
    /// A message was deleted by its author.
    Deleted(Deleted),
    /// A reaction was added or removed.
    Reacted(Reacted),
    /// A user became a member. Large rooms do not store this event.
    Joined(Moved),
    /// A user ceased to be a member. Large rooms do not store this event.
    Left(Moved),
    /// A user changed the topic.
    Described(Described),
}

/// An edit of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Edited {
    /// Position of this event.
    pub seq: Seq,
    /// Id of the message.
    pub message_id: MessageId,
    /// New text; missing if the message was deleted later, so that deleted text is not sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<MessageText>,
    /// Ids of the attachments that were removed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed_files: Vec<FileId>,
    /// Time of the edit.
    pub at: Timestamp,
}

/// A deletion of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Deleted {
    /// Position of this event.
    pub seq: Seq,
    /// Id of the message.
    pub message_id: MessageId,
    /// Position of the message.
    pub message_seq: Seq,
    /// Id of the user who deleted it.
    pub by: UserId,
    /// Time of the deletion.
    pub at: Timestamp,
}

/// A reaction that was added to a message or removed from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reacted {
    /// Position of this event.
    pub seq: Seq,
    /// Id of the message.
    pub message_id: MessageId,
    /// User who reacted.
    pub user: User,
    /// Emoji of the reaction.
    pub emoji: Emoji,
    /// `true` if the reaction was added, `false` if it was removed.
    pub on: bool,
    /// Time of the change.
    pub at: Timestamp,
}

/// A user who became a member of the room, or ceased to be one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Moved {
    /// Position of this event.
    pub seq: Seq,
    /// User concerned.
    pub user: User,
    /// Time of the change.
    pub at: Timestamp,
}

/// A new topic of the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Described {
    /// Position of this event.
    pub seq: Seq,
    /// User who changed the topic.
    pub user: User,
    /// New topic.
    pub topic: Topic,
    /// Time of the change.
    pub at: Timestamp,
}

impl Event {
    /// Returns the position of the event in its room.
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

    /// Returns the time of the event.
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

    /// Returns whether the event is a row of its own in the timeline, and so part of a page of history. All
    /// other events change a message and are visible there.
    #[must_use]
    pub const fn has_line(&self) -> bool {
        matches!(self, Self::Posted(_) | Self::Joined(_) | Self::Left(_) | Self::Described(_))
    }

    /// Returns the approximate number of bytes of text in the event, for the limit of a frame.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        match self {
            Self::Posted(message) => message.text_bytes(),
            Self::Edited(edited) => edited.text.as_ref().map_or(0, |text| text.as_str().len()),
            Self::Deleted(_) | Self::Reacted(_) | Self::Joined(_) | Self::Left(_) | Self::Described(_) => 0,
        }
    }
}
