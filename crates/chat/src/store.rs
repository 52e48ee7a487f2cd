//! The port to storage.

use std::future::Future;

use hubbub_protocol::{
    Appearance, Browsed, Event, Message, MessageId, MyRoom, Refusal, RoomId, RoomName, Seq, Timestamp, Topic,
    User, UserId, Version,
};

use crate::PendingEvent;

/// What became of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppendOutcome {
    /// It is stored now, at the next position of its room.
    New(Event),
    /// It is stored now, without an event.
    Silent,
    /// The message had been posted before, as this.
    Repeat(Message),
    /// It was so already, since this position; 0 where there is none.
    Unchanged(Seq),
    /// It must not be.
    Refused(Refusal),
}

/// A room as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomRecord {
    /// Unique on this server.
    pub id: RoomId,
    /// Its name.
    pub name: RoomName,
    /// What it is about.
    pub topic: Topic,
    /// The position of its newest event; 0 when nothing has happened.
    pub head: Seq,
    /// Set when a backup was restored.
    pub lost: Option<LostPositions>,
}

/// Positions of a room that were given out, lost when a backup was restored, and are given out again: what stands at
/// them now is something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LostPositions {
    /// The last position that both histories share.
    pub after: Seq,
    /// The last one that may be lost.
    pub up_to: Seq,
}

impl LostPositions {
    /// Whether a position is one of them.
    #[must_use]
    pub fn contains(&self, seq: Seq) -> bool {
        seq > self.after && seq <= self.up_to
    }
}

/// A member of a room as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRecord {
    /// Who.
    pub user: User,
    /// Up to where they have read.
    pub read: Seq,
    /// Whether others may see that.
    pub share_reads: bool,
}

/// Which part of a room's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageAnchor {
    /// The newest lines.
    Newest,
    /// The newest lines before a position.
    Before(Seq),
    /// The oldest lines after a position.
    After(Seq),
    /// The lines on both sides of a position, and what stands there.
    Around(Seq),
}

/// A run of lines and where the room stood when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// Oldest first; each has a line ([`Event::has_line`]), and none that has one is missing between them.
    pub events: Vec<Event>,
    /// Whether there are lines before the first of these.
    pub older: bool,
    /// Whether there are lines after the last of these.
    pub newer: bool,
    /// The position of the room's newest event, from the same reading.
    pub head: Seq,
}

/// What is to be remembered as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadUpdate {
    /// Everything up to this position is read; a later position that was read stays.
    UpTo(Seq),
    /// Everything from this position on is unread.
    From(Seq),
}

/// Up to where a member has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadProgress {
    /// The position.
    pub read: Seq,
    /// How many messages of others stand behind it; at most `MAX_UNREAD_COUNTED`.
    pub unread: u32,
    /// The room's newest position when they were counted.
    pub head: Seq,
}

/// Storage does not do what it should. The cause is logged where it happens; callers only need to know
/// that nothing was stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("storage is unavailable: {0}")]
pub struct StoreError(pub String);

/// What every method of a store answers.
pub type StoreResult<T> = Result<T, StoreError>;

/// Where rooms and what happens in them are kept. Every method fails only when storage does.
///
/// The store is what gives each event its position. Only one that writes in turn can number without gaps
/// while a room decides its next commands before the last one is committed; so the room need not undo
/// anything when a commit fails. For the same reason it asks [`PendingEvent::judge`] inside its transaction.
pub trait Store: Send + Sync + 'static {
    /// The room of that name, made if there is none.
    fn open_room(
        &self,
        name: &RoomName,
        at: Timestamp,
    ) -> impl Future<Output = StoreResult<RoomRecord>> + Send;

    /// The room of that name, if there is one.
    fn find_room(&self, name: &RoomName) -> impl Future<Output = StoreResult<Option<RoomRecord>>> + Send;

    /// The members of a room, in order of their id.
    fn members(&self, room: RoomId) -> impl Future<Output = StoreResult<Vec<MemberRecord>>> + Send;

    /// Stores the drafts in this order: all of them, or none on an error. When it answers they are as safe
    /// as they will ever be, and no position is used up by one that was not stored. Two calls take effect in
    /// the order in which they were made.
    fn append(
        &self,
        pending_events: Vec<PendingEvent>,
    ) -> impl Future<Output = StoreResult<Vec<AppendOutcome>>> + Send;

    /// Remembers what a member has read. None if they are no member.
    fn mark(
        &self,
        room: RoomId,
        user: UserId,
        mark: ReadUpdate,
    ) -> impl Future<Output = StoreResult<Option<ReadProgress>>> + Send;

    /// At most `limit` events of the room after position `after`, in order. Messages are as they are now.
    fn events_after(
        &self,
        room: RoomId,
        after: Seq,
        limit: u32,
    ) -> impl Future<Output = StoreResult<Vec<Event>>> + Send;

    /// At most `limit` lines of the room.
    fn history(
        &self,
        room: RoomId,
        anchor: PageAnchor,
        limit: u32,
    ) -> impl Future<Output = StoreResult<History>> + Send;

    /// What a message of the room said before, the oldest first, and who wrote it. None if there is no such
    /// message. What was taken back is gone: nothing is kept of it.
    fn edits(
        &self,
        room: RoomId,
        message: MessageId,
    ) -> impl Future<Output = StoreResult<Option<(UserId, Vec<Version>)>>> + Send;

    /// The rooms that somebody is a member of, by name.
    fn my_rooms(&self, user: UserId) -> impl Future<Output = StoreResult<Vec<MyRoom>>> + Send;

    /// At most `limit` public rooms by name: those that contain `query` whatever the case, after `after`.
    fn browse(
        &self,
        user: UserId,
        query: &str,
        after: Option<&RoomName>,
        limit: u32,
    ) -> impl Future<Output = StoreResult<Browsed>> + Send;

    /// How somebody wants to appear to others.
    fn appearance(&self, user: UserId) -> impl Future<Output = StoreResult<Appearance>> + Send;

    /// Remembers how somebody wants to appear to others.
    fn set_appearance(
        &self,
        user: UserId,
        appearance: Appearance,
    ) -> impl Future<Output = StoreResult<()>> + Send;
}
