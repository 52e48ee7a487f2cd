//! What the writer is asked to do.

use hubbub_chat::{AppendOutcome, PendingEvent, ReadUpdate, RoomRecord, StoreError};
use hubbub_protocol::{Appearance, RoomId, RoomName, Timestamp, User, UserId, UserName};
use tokio::sync::oneshot;

use super::accounts::{AccountChange, AccountChangeResult};
use super::sessions::{NewGuest, SessionId};

type ReplySender<T> = oneshot::Sender<Result<T, StoreError>>;

/// A write, and where its answer goes once it is committed.
#[derive(Debug)]
pub(super) enum WriteRequest {
    /// Store what happened.
    Append { pending_events: Vec<PendingEvent>, reply: ReplySender<Vec<AppendOutcome>> },
    /// Find or make a room.
    OpenRoom { name: RoomName, at: Timestamp, reply: ReplySender<RoomRecord> },
    /// Remember what a member has read.
    Read { room: RoomId, user: UserId, mark: ReadUpdate, reply: ReplySender<()> },
    /// Remember how somebody wants to appear.
    SetAppearance { user: UserId, appearance: Appearance, reply: ReplySender<()> },
    /// Make a user.
    CreateGuest { guest: NewGuest, reply: ReplySender<(User, SessionId)> },
    /// Make a user without a session.
    CreatePassing { name: UserName, at: Timestamp, reply: ReplySender<User> },
    /// Call such a user otherwise.
    RenamePassing { user: UserId, name: UserName, reply: ReplySender<()> },
    /// Change something about accounts and sessions.
    Account { change: AccountChange, reply: ReplySender<AccountChangeResult> },
    /// Panic, to see that the writer outlives it.
    #[cfg(test)]
    Panic { reply: ReplySender<()> },
    /// Write anything, to see that it works.
    Probe { reply: ReplySender<()> },
}
