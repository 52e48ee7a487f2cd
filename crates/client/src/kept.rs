//! Records in durable storage.

use hubbub_protocol::{ClientId, RoomName, UserId};
use serde::{Deserialize, Serialize};

use crate::{Entry, PendingChange, sort_by_number};

/// A record in durable storage that the server has not confirmed yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// A message to post.
    Message(Entry),
    /// A change of stored data.
    Change(PendingChange),
}

impl Kept {
    /// Returns the key of the record.
    #[must_use]
    pub const fn id(&self) -> ClientId {
        match self {
            Self::Message(entry) => entry.client_id,
            Self::Change(change) => change.change_id,
        }
    }

    /// Returns the author, if known.
    #[must_use]
    pub const fn author(&self) -> Option<UserId> {
        match self {
            Self::Message(entry) => entry.author,
            Self::Change(change) => change.author,
        }
    }

    /// Returns the messages and changes of the user and of unknown authors, in the order of sending.
    pub(crate) fn sorted(kept: Vec<Self>, me: Option<UserId>) -> (Vec<Entry>, Vec<PendingChange>) {
        let (mut entries, mut changes) = (Vec::new(), Vec::new());
        for kept in kept {
            if kept.author().is_some_and(|author| me.is_some_and(|me| author != me)) {
                continue;
            }
            match kept {
                Self::Message(entry) => entries.push(entry),
                Self::Change(change) => changes.push(change),
            }
        }
        sort_by_number(&mut entries, |entry| entry.order.cast_signed());
        sort_by_number(&mut changes, |change| change.order.cast_signed());
        (entries, changes)
    }

    /// Returns the room.
    #[must_use]
    pub const fn room(&self) -> &RoomName {
        match self {
            Self::Message(entry) => &entry.room,
            Self::Change(change) => &change.room,
        }
    }
}
