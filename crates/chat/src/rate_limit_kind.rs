//! The kinds of requests that have a quota. The driver counts them.

use hubbub_protocol::Command;

use crate::RoomChange;

/// A kind of request, and which commands count as it. Sign-in attempts are counted by the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateLimitKind {
    /// Events that are stored in a room: posts, edits, deletions, reactions, topics.
    Posting,
    /// Typing notices.
    Typing,
    /// Joining and leaving rooms.
    Joining,
    /// Changes of read positions, of the appearance, and of the name of a transient guest.
    Marking,
    /// Creating a guest. No user exists yet, so it is counted for the address alone.
    Entering,
    /// Beginning to upload a file.
    Uploading,
}

impl RateLimitKind {
    /// Returns the kind of a command; `None` if the command only reads. Reading commands are limited by their
    /// connection, which does not read the next request before the last one is answered.
    #[must_use]
    pub const fn of(command: &Command) -> Option<Self> {
        match command {
            Command::Post { .. }
            | Command::Edit { .. }
            | Command::Delete { .. }
            | Command::React { .. }
            | Command::Describe { .. } => Some(Self::Posting),
            Command::Type { .. } => Some(Self::Typing),
            Command::Join { .. } | Command::Leave { .. } => Some(Self::Joining),
            Command::Read { .. } | Command::Unread { .. } | Command::Appear { .. } => Some(Self::Marking),
            Command::History { .. }
            | Command::Edits { .. }
            | Command::Rooms {}
            | Command::Browse { .. }
            | Command::Ping { .. } => None,
        }
    }

    /// Returns the kind of a change that a caller without a connection requests. It is the same as that of the
    /// command for this change.
    #[must_use]
    pub const fn of_change(change: &RoomChange) -> Self {
        match change {
            RoomChange::Join { .. } | RoomChange::Leave => Self::Joining,
            RoomChange::Post { .. }
            | RoomChange::Edit { .. }
            | RoomChange::Delete { .. }
            | RoomChange::React { .. }
            | RoomChange::Describe { .. } => Self::Posting,
        }
    }
}
