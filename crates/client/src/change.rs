//! Changes of stored data that the server has not confirmed yet.

use hubbub_protocol::{
    ClientId, Command, Emoji, Epoch, Event, Message, MessageId, MessageText, RoomName, Timestamp, Topic,
    User, UserId,
};
use serde::{Deserialize, Serialize};

/// An edit, deletion, reaction or topic that waits for the server. It is kept in durable storage as JSON
/// under its own key until the server has stored it or refused it permanently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingChange {
    /// Identifies the change in storage, across the tabs of a browser.
    pub change_id: ClientId,
    /// User who made the change, if known. It is neither sent nor shown for another user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<UserId>,
    /// Database of the message id, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Epoch>,
    /// Room name.
    pub room: RoomName,
    /// Change to make.
    pub change: Change,
    /// Position in the order of sending: lower values are sent first.
    pub order: u64,
}

/// A change of a message or a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Edits one of the user's messages.
    Edit {
        /// Id of the message.
        message_id: MessageId,
        /// New text.
        text: MessageText,
        /// Time of the edit, by the clock of this device.
        at: Timestamp,
    },
    /// Deletes one of the user's messages.
    Delete {
        /// Id of the message.
        message_id: MessageId,
    },
    /// Adds or removes a reaction of the user.
    React {
        /// Id of the message.
        message_id: MessageId,
        /// Emoji of the reaction.
        emoji: Emoji,
        /// `true` adds the reaction, `false` removes it.
        on: bool,
    },
    /// Sets the topic of the room.
    Describe {
        /// New topic.
        topic: Topic,
        /// The topic is set only if the room has no topic when the change is sent.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        only_if_empty: bool,
    },
}

impl Change {
    /// Returns the message that is changed; `None` for the topic.
    pub(crate) const fn target(&self) -> Option<MessageId> {
        match self {
            Self::Edit { message_id, .. } | Self::Delete { message_id } | Self::React { message_id, .. } => {
                Some(*message_id)
            }
            Self::Describe { .. } => None,
        }
    }

    /// Returns the bytes of text in the change.
    pub(crate) fn text_bytes(&self) -> usize {
        match self {
            Self::Edit { text, .. } => text.as_str().len(),
            Self::Delete { .. } => 0,
            Self::React { emoji, .. } => emoji.as_str().len(),
            Self::Describe { topic, .. } => topic.as_str().len(),
        }
    }

    /// Returns whether this change makes an earlier unsent change obsolete.
    pub(crate) fn replaces(&self, earlier: &Self) -> bool {
        self.target() == earlier.target()
            && match (self, earlier) {
                (Self::Delete { .. }, _)
                | (Self::Edit { .. }, Self::Edit { .. })
                | (Self::Describe { only_if_empty: false, .. }, Self::Describe { .. }) => true,
                (Self::React { emoji, .. }, Self::React { emoji: other, .. }) => emoji == other,
                _ => false,
            }
    }

    /// Returns whether this change and the other are edits of one message and this one was made later.
    pub(crate) fn is_later_edit(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Edit { message_id, at, .. }, Self::Edit { message_id: other, at: before, .. }) => {
                message_id == other && at > before
            }
            _ => false,
        }
    }

    /// Returns whether this event shows that the change was already made: by an earlier attempt whose reply
    /// was lost, or by another device of the user `me`.
    pub(crate) fn is_done_by(&self, event: &Event, me: UserId) -> bool {
        match (self, event) {
            // Only the author can edit a message.
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
            (Self::Describe { topic, .. }, Event::Described(described)) => {
                *topic == described.topic && described.user.id == me
            }
            _ => false,
        }
    }

    /// Returns whether the change no longer applies to a room with this stored topic.
    pub(crate) fn is_obsolete(&self, stored: &Topic) -> bool {
        matches!(self, Self::Describe { only_if_empty: true, .. }) && !stored.is_empty()
    }

    pub(crate) fn apply(&self, message: &mut Message, me: &User) {
        // A deleted message stays deleted, regardless of other pending changes.
        if message.text.is_none() {
            return;
        }
        match self {
            Self::Edit { text, .. } => message.text = Some(text.clone()),
            Self::Delete { .. } => {
                message.text = None;
                message.files.clear();
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
            Self::Edit { message_id, text, .. } => Command::Edit {
                room,
                message_id: *message_id,
                text: text.as_str().to_owned(),
                remove_files: Vec::new(),
            },
            Self::Delete { message_id } => Command::Delete { room, message_id: *message_id },
            Self::React { message_id, emoji, on } => {
                let emoji = emoji.as_str().to_owned();
                Command::React { room, message_id: *message_id, emoji, on: *on }
            }
            Self::Describe { topic, .. } => Command::Describe { room, topic: topic.as_str().to_owned() },
        }
    }
}
