//! The signals of a room, which are not stored and may be lost.

use serde::{Deserialize, Serialize};

use crate::{Person, Seq, User, UserId};

/// A transient notice that is never stored. A client may miss one, because `joined` reports the current
/// state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// The roster changed since the last signal of this kind.
    People {
        /// Members who joined or whose presence changed. Empty in rooms with more than `MAX_PEOPLE_LISTED`
        /// members.
        changed: Vec<Person>,
        /// Ids of users who are no longer members. Empty in rooms with more than `MAX_PEOPLE_LISTED` members.
        departed: Vec<UserId>,
        /// Number of users who are present.
        count: u32,
        /// Number of members.
        members: u32,
    },
    /// A user started or stopped typing.
    Typing {
        /// User concerned.
        user: User,
        /// Whether the user is typing.
        on: bool,
    },
    /// A member's read position changed. Sent only in rooms of at most `MAX_READERS_SHOWN` members, and only
    /// for members who share it.
    Read(ReadMark),
}

/// The read position of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMark {
    /// Id of the member.
    pub user: UserId,
    /// Position of the last read event; 0 if the member has read nothing or stopped sharing it.
    pub seq: Seq,
}
