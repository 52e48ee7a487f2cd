//! What the writer is asked to do.

use hubbub_chat::{AppendOutcome, PendingEvent, ReadUpdate, RoomRecord, StoreError};
use hubbub_protocol::{Appearance, RoomId, RoomName, Timestamp, User, UserId, UserName};
use tokio::sync::oneshot;

use super::accounts::{AccountChange, Changed};
use super::sessions::{NewGuest, SessionId};

type Answer<T> = oneshot::Sender<Result<T, StoreError>>;

/// A write, and where its answer goes once it is committed.
#[derive(Debug)]
pub(super) enum Job {
    /// Store what happened.
    Append { pending_events: Vec<PendingEvent>, answer: Answer<Vec<AppendOutcome>> },
    /// Find or make a room.
    OpenRoom { name: RoomName, at: Timestamp, answer: Answer<RoomRecord> },
    /// Remember what a member has read.
    Mark { room: RoomId, user: UserId, mark: ReadUpdate, answer: Answer<()> },
    /// Remember how somebody wants to appear.
    SetAppearance { user: UserId, appearance: Appearance, answer: Answer<()> },
    /// Make a user.
    CreateGuest { guest: NewGuest, answer: Answer<(User, SessionId)> },
    /// Make a user without a session.
    CreatePassing { name: UserName, at: Timestamp, answer: Answer<User> },
    /// Call such a user otherwise.
    RenamePassing { user: UserId, name: UserName, answer: Answer<()> },
    /// Change something about accounts and sessions.
    Account { change: AccountChange, answer: Answer<Changed> },
    /// Panic, to see that the writer outlives it.
    #[cfg(test)]
    Panic { answer: Answer<()> },
    /// Write anything, to see that it works.
    Probe { answer: Answer<()> },
}
