//! Records in durable storage.

use hubbub_protocol::{ClientId, RoomName, UserId};
use serde::{Deserialize, Serialize};

use crate::{Entry, PendingChange};

/// A record in durable storage that the server has not confirmed yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// A message.
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

    /// Returns the room.
    #[must_use]
    pub const fn room(&self) -> &RoomName {
        match self {
            Self::Message(entry) => &entry.room,
            Self::Change(change) => &change.room,
        }
    }
}
