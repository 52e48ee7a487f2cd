//! What has happened in a room and is stored.

use serde::{Deserialize, Serialize};

use crate::{Message, Seq};

/// A stored fact, in the past tense. Each has its own position in the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Somebody said something.
    Posted(Message),
}

impl Event {
    /// Its position in the room.
    #[must_use]
    pub const fn seq(&self) -> Seq {
        match self {
            Self::Posted(message) => message.seq,
        }
    }
}
