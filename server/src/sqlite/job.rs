//! What the writer is asked to do.

use hubbub_chat::{Draft, Mark, RoomRecord, StoreError, Stored};
use hubbub_protocol::{Appearance, RoomId, RoomName, Timestamp, User, UserId, UserName};
use tokio::sync::oneshot;

type Answer<T> = oneshot::Sender<Result<T, StoreError>>;

/// A write, and where its answer goes once it is committed.
#[derive(Debug)]
pub(super) enum Job {
    /// Store what happened.
    Append { drafts: Vec<Draft>, answer: Answer<Vec<Stored>> },
    /// Find or make a room.
    OpenRoom { name: RoomName, at: Timestamp, answer: Answer<RoomRecord> },
    /// Remember what a member has read.
    Mark { room: RoomId, user: UserId, mark: Mark, answer: Answer<()> },
    /// Remember how somebody wants to appear.
    SetAppearance { user: UserId, appearance: Appearance, answer: Answer<()> },
    /// Make a user.
    CreateGuest { guest: NewGuest, answer: Answer<User> },
    /// Write anything, to see that it works.
    Probe { answer: Answer<()> },
}

/// A guest to be made.
#[derive(Debug)]
pub(crate) struct NewGuest {
    /// What they are called.
    pub(crate) name: UserName,
    /// The session that may act as them; made if there is none of that token.
    pub(crate) token_hash: String,
    /// Now.
    pub(crate) at: Timestamp,
}
