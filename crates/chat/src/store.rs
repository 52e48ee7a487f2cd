//! The interface to storage.

use std::future::Future;

use hubbub_protocol::{
    Appearance, Browsed, Event, Message, MessageId, MyRoom, Refusal, RoomId, RoomName, Seq, Timestamp, Topic,
    User, UserId, Version,
};

use crate::{History, PageAnchor, PendingEvent};

/// The result of storing a pending event or a read position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteOutcome {
    /// The event is stored at the next position of its room.
    New(Event),
    /// The change is stored without an event.
    Silent {
        /// Time of the change.
        at: Timestamp,
    },
    /// The message was posted before; this is its current state.
    Repeat(Message),
    /// The request changes nothing, because the message or room already has the requested state. Contains the
    /// position of the last event of the message, or 0 if the request concerns no message.
    Unchanged(Seq),
    /// The read position is stored.
    Read(ReadProgress),
    /// The change is refused.
    Refused(Refusal),
}

impl WriteOutcome {
    /// Returns the outcome of a write that was accepted.
    ///
    /// # Errors
    /// The refusal if the write was refused or storage failed.
    pub fn accepted(stored: &StoreResult<Self>) -> Result<&Self, Refusal> {
        match stored {
            Ok(Self::Refused(refusal)) => Err(refusal.clone()),
            Ok(outcome) => Ok(outcome),
            Err(_) => Err(Refusal::unavailable()),
        }
    }

    /// Returns the outcome for the result of [`Store::mark`].
    #[must_use]
    pub fn of_read(progress: Option<ReadProgress>, room: &RoomName) -> Self {
        progress.map_or_else(|| Self::Refused(Refusal::not_joined(room.as_str())), Self::Read)
    }
}

/// A stored room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomRecord {
    /// Room id, unique on this server.
    pub id: RoomId,
    /// Room name.
    pub name: RoomName,
    /// Topic.
    pub topic: Topic,
    /// Position of the newest event; 0 if there is none.
    pub head: Seq,
    /// Positions that were lost when a backup was restored.
    pub lost: Option<LostPositions>,
}

/// Positions of a room that were lost when a backup was restored and are assigned again. The events at these
/// positions differ from those that clients may have received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LostPositions {
    /// Last position that both histories share.
    pub after: Seq,
    /// Last position that may be lost.
    pub up_to: Seq,
}

impl LostPositions {
    /// Returns whether a position may be lost.
    #[must_use]
    pub fn contains(&self, seq: Seq) -> bool {
        seq > self.after && seq <= self.up_to
    }
}

/// A stored member of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRecord {
    /// User.
    pub user: User,
    /// Read position.
    pub read: Seq,
    /// Whether other users may see the read position.
    pub share_reads: bool,
}

/// A change of a read position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadUpdate {
    /// Marks everything up to this position as read. A lower position than the stored one changes nothing.
    UpTo(Seq),
    /// Marks everything from this position on as unread.
    From(Seq),
}

/// The read position of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadProgress {
    /// Position of the last event that the member has read.
    pub read: Seq,
    /// Number of messages of other users after it, without deleted ones; at most `MAX_UNREAD_COUNTED`.
    pub unread: u32,
    /// Newest position of the room when the messages were counted.
    pub head: Seq,
}

/// Storage failed and nothing was stored. The cause is logged where it occurs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("storage is unavailable: {0}")]
pub struct StoreError(pub String);

/// The result of each method of a store.
pub type StoreResult<T> = Result<T, StoreError>;

/// The storage of rooms and events. A method fails only if storage fails.
///
/// The store assigns positions. Only a store that writes sequentially can number without gaps while a room
/// decides further commands before the last commit, and the room need not undo anything if a commit fails.
/// For the same reason the store calls [`PendingEvent::authorize`] inside its transaction.
pub trait Store: Send + Sync + 'static {
    /// Returns the room of that name and creates it if it does not exist.
    fn open_room(
        &self,
        name: &RoomName,
        at: Timestamp,
    ) -> impl Future<Output = StoreResult<RoomRecord>> + Send;

    /// Returns the room of that name, if it exists.
    fn find_room(&self, name: &RoomName) -> impl Future<Output = StoreResult<Option<RoomRecord>>> + Send;

    /// Returns the members of a room, sorted by user id.
    fn members(&self, room: RoomId) -> impl Future<Output = StoreResult<Vec<MemberRecord>>> + Send;

    /// Stores the pending events in this order: all of them, or none on an error. When it returns, they are
    /// durable. An event that is not stored uses no position. Two calls take effect in the order of the
    /// calls.
    fn append(
        &self,
        pending_events: Vec<PendingEvent>,
    ) -> impl Future<Output = StoreResult<Vec<WriteOutcome>>> + Send;

    /// Stores a read position. Returns `None` if the user is not a member.
    fn mark(
        &self,
        room: RoomId,
        user: UserId,
        mark: ReadUpdate,
    ) -> impl Future<Output = StoreResult<Option<ReadProgress>>> + Send;

    /// Returns at most `limit` events of the room after the position `after`, in order. Messages are in their
    /// current state.
    fn events_after(
        &self,
        room: RoomId,
        after: Seq,
        limit: u32,
    ) -> impl Future<Output = StoreResult<Vec<Event>>> + Send;

    /// Returns at most `limit` rows of the room's timeline.
    fn history(
        &self,
        room: RoomId,
        anchor: PageAnchor,
        limit: u32,
    ) -> impl Future<Output = StoreResult<History>> + Send;

    /// Returns the author and the former texts of a message, oldest first; `None` if the message does not
    /// exist. Deleted messages have no former texts.
    fn edits(
        &self,
        room: RoomId,
        message: MessageId,
    ) -> impl Future<Output = StoreResult<Option<(UserId, Vec<Version>)>>> + Send;

    /// Returns the rooms of which the user is a member, sorted by name.
    fn my_rooms(&self, user: UserId) -> impl Future<Output = StoreResult<Vec<MyRoom>>> + Send;

    /// Returns at most `limit` public rooms after `after`, sorted by name, whose names contain `query`,
    /// ignoring case.
    fn browse(
        &self,
        user: UserId,
        query: &str,
        after: Option<&RoomName>,
        limit: u32,
    ) -> impl Future<Output = StoreResult<Browsed>> + Send;

    /// Returns the user's status and settings.
    fn appearance(&self, user: UserId) -> impl Future<Output = StoreResult<Appearance>> + Send;

    /// Stores the user's status and settings.
    fn set_appearance(
        &self,
        user: UserId,
        appearance: Appearance,
    ) -> impl Future<Output = StoreResult<()>> + Send;
}
