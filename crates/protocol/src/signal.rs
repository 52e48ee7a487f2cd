//! What is happening in a room and may be lost.

use serde::{Deserialize, Serialize};

use crate::{Person, Seq, User, UserId};

/// A fleeting fact: never stored as such, and nothing goes wrong when one is missed, because whoever joins is
/// told how it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// The people of the room have changed since the last such signal.
    People {
        /// Who came, went offline or is seen differently. Empty in a crowd of more than `MAX_PEOPLE_LISTED`.
        changed: Vec<Person>,
        /// Who is a member no longer. Empty in a crowd.
        departed: Vec<UserId>,
        /// How many people are there now.
        count: u32,
        /// How many members the room has now.
        members: u32,
    },
    /// Somebody is writing, or no longer.
    Typing {
        /// Who.
        user: User,
        /// Whether they are writing.
        on: bool,
    },
    /// Somebody has read up to a position. Only in rooms of at most `MAX_READERS_SHOWN` members, and not
    /// of those who do not share it.
    Read(ReadMark),
}

/// Up to where somebody has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMark {
    /// Who.
    pub user: UserId,
    /// The position. 0 is nothing, or no longer shared.
    pub seq: Seq,
}
