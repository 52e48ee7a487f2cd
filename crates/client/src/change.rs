//! A change to something stored that the server has not confirmed yet.

use hubbub_protocol::{
    ClientId, Command, Emoji, Epoch, Event, Message, MessageId, MessageText, RoomName, Timestamp, Topic,
    User, UserId,
};
use serde::{Deserialize, Serialize};

/// An edit, a deletion, a reaction or a topic that waits for the server. It is kept in durable storage as JSON, one
/// key each, until the server has stored it or refused it for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingChange {
    /// Identifies the change in storage, across the tabs of a browser.
    pub change_id: ClientId,
    /// The user who made it, where that was known. No other user sends it or sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<UserId>,
    /// The database that its message id belongs to, where that was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Epoch>,
    /// The room.
    pub room: RoomName,
    /// What is to be different.
    pub change: Change,
    /// Its place among all changes of this client: lower ones are sent first.
    pub order: u64,
}

/// What is to be different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A message of the user gets another text.
    Edit {
        /// The message.
        message_id: MessageId,
        /// The new text.
        text: MessageText,
        /// When it was written, by the clock of this device.
        at: Timestamp,
    },
    /// A message of the user is deleted.
    Delete {
        /// The message.
        message_id: MessageId,
    },
    /// A reaction of the user is added or removed.
    React {
        /// The message.
        message_id: MessageId,
        /// The emoji.
        emoji: Emoji,
        /// Whether it is added.
        on: bool,
    },
    /// The room gets another topic.
    Describe {
        /// The topic.
        topic: Topic,
    },
}

impl Change {
    /// The message that is changed; none means the room.
    pub(crate) const fn target(&self) -> Option<MessageId> {
        match self {
            Self::Edit { message_id, .. } | Self::Delete { message_id } | Self::React { message_id, .. } => {
                Some(*message_id)
            }
            Self::Describe { .. } => None,
        }
    }

    /// Bytes of text in it.
    pub(crate) fn text_bytes(&self) -> usize {
        match self {
            Self::Edit { text, .. } => text.as_str().len(),
            Self::Delete { .. } => 0,
            Self::React { emoji, .. } => emoji.as_str().len(),
            Self::Describe { topic } => topic.as_str().len(),
        }
    }

    /// Whether an earlier change that was not sent yet has no effect when this one follows.
    pub(crate) fn replaces(&self, earlier: &Self) -> bool {
        self.target() == earlier.target()
            && match (self, earlier) {
                (Self::Delete { .. }, _)
                | (Self::Edit { .. }, Self::Edit { .. })
                | (Self::Describe { .. }, Self::Describe { .. }) => true,
                (Self::React { emoji, .. }, Self::React { emoji: other, .. }) => emoji == other,
                _ => false,
            }
    }

    /// Whether this event of `me` is what the change asks for: the answer to an earlier try was lost, or another
    /// device made the same change.
    pub(crate) fn is_done_by(&self, event: &Event, me: UserId) -> bool {
        match (self, event) {
            // Only its author can edit a message.
            (Self::Edit { message_id, text, .. }, Event::Edited(edited)) => {
                *message_id == edited.message_id && edited.text.as_ref() == Some(text)
            }
            (Self::Delete { message_id }, Event::Deleted(deleted)) => *message_id == deleted.message_id,
            (Self::React { message_id, emoji, on }, Event::Reacted(reacted)) => {
                *message_id == reacted.message_id
                    && *emoji == reacted.emoji
                    && *on == reacted.on
                    && reacted.user.id == me
            }
            (Self::Describe { topic }, Event::Described(described)) => {
                *topic == described.topic && described.user.id == me
            }
            _ => false,
        }
    }

    pub(crate) fn apply(&self, message: &mut Message, me: &User) {
        // A deleted message stays deleted, whatever else waits for it.
        if message.text.is_none() {
            return;
        }
        match self {
            Self::Edit { text, .. } => message.text = Some(text.clone()),
            Self::Delete { .. } => {
                message.text = None;
                message.reply_to = None;
                message.edited_at = None;
                message.reactions.clear();
            }
            Self::React { emoji, on, .. } => message.set_reaction(me, emoji, *on),
            Self::Describe { .. } => {}
        }
    }

    pub(crate) fn command(&self, room: &RoomName) -> Command {
        let room = room.as_str().to_owned();
        match self {
            Self::Edit { message_id, text, .. } => {
                Command::Edit { room, message_id: *message_id, text: text.as_str().to_owned() }
            }
            Self::Delete { message_id } => Command::Delete { room, message_id: *message_id },
            Self::React { message_id, emoji, on } => {
                let emoji = emoji.as_str().to_owned();
                Command::React { room, message_id: *message_id, emoji, on: *on }
            }
            Self::Describe { topic } => Command::Describe { room, topic: topic.as_str().to_owned() },
        }
    }
}
