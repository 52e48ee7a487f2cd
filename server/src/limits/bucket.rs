//! What is counted together.

use hubbub_protocol::Command;

/// A kind of request. Attempts to sign in have their own way: [`super::Limits::take_attempt`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bucket {
    /// What is stored in a room: posts, edits, deletions, reactions, topics.
    Posting,
    /// Signs of writing.
    Typing,
    /// Joining and leaving rooms.
    Joining,
    /// Changing what one has read, and how one appears.
    Marking,
    /// Becoming a new guest. Nobody is known yet, so it is counted for the address alone.
    Entering,
}

impl Bucket {
    /// Where a command counts. What only reads is bounded by its own socket: the next request is not heard
    /// before the last one is answered.
    pub(crate) const fn of(command: &Command) -> Option<Self> {
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
}
