//! Requests to the writer.

use hubbub_chat::{PendingEvent, ReadUpdate, RoomRecord, StoreError, WriteOutcome};
use hubbub_protocol::{Appearance, RoomId, RoomName, Timestamp, User, UserId, UserName};
use tokio::sync::oneshot;

use super::accounts::{AccountChange, AccountChangeResult};
use super::files::{FileChange, FileRecord};
use super::sessions::{NewGuest, SessionId};
use super::transient_guests::NewTransientGuest;

type ReplySender<T> = oneshot::Sender<Result<T, StoreError>>;

/// A write, and the channel for its answer after the commit.
#[derive(Debug)]
pub(super) enum WriteRequest {
    /// Stores events.
    Append { pending_events: Vec<PendingEvent>, reply: ReplySender<Vec<WriteOutcome>> },
    /// Finds or creates a room.
    OpenRoom { name: RoomName, at: Timestamp, reply: ReplySender<RoomRecord> },
    /// Stores the read position of a member.
    Read { room: RoomId, user: UserId, mark: ReadUpdate, reply: ReplySender<()> },
    /// Stores the appearance of a user.
    SetAppearance { user: UserId, appearance: Appearance, reply: ReplySender<()> },
    /// Creates a guest with a session.
    CreateGuest { guest: NewGuest, reply: ReplySender<(User, SessionId)> },
    /// Creates a transient guest, which has no session. The answer is `None` if the name looks like that of another user.
    CreateTransientGuest { guest: NewTransientGuest, reply: ReplySender<Option<User>> },
    /// Renames a transient guest.
    RenameTransientGuest { user: UserId, name: UserName, reply: ReplySender<()> },
    /// Executes a change to accounts and sessions.
    Account { change: AccountChange, reply: ReplySender<AccountChangeResult> },
    /// Executes a change of a file or an upload.
    File { change: FileChange, reply: ReplySender<Option<FileRecord>> },
    /// Panics, to test that the writer continues afterwards.
    #[cfg(test)]
    Panic { reply: ReplySender<()> },
    /// Writes a test value, to check that writing works.
    Probe { reply: ReplySender<()> },
}
