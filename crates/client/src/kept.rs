//! What durable storage holds of a client.

use hubbub_protocol::{ClientId, RoomName, UserId};
use serde::{Deserialize, Serialize};

use crate::{Entry, PendingChange};

/// A record of durable storage: something that the server does not have yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// A message.
    Message(Entry),
    /// A change to something that is stored.
    Change(PendingChange),
}

impl Kept {
    /// The key of the record.
    #[must_use]
    pub const fn id(&self) -> ClientId {
        match self {
            Self::Message(entry) => entry.client_id,
            Self::Change(change) => change.change_id,
        }
    }

    /// The user who wrote it, where that was known.
    #[must_use]
    pub const fn author(&self) -> Option<UserId> {
        match self {
            Self::Message(entry) => entry.author,
            Self::Change(change) => change.author,
        }
    }

    /// The room it is meant for.
    #[must_use]
    pub const fn room(&self) -> &RoomName {
        match self {
            Self::Message(entry) => &entry.room,
            Self::Change(change) => &change.room,
        }
    }
}
