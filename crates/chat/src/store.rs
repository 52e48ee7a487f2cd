//! The port to storage.

use std::future::Future;

use hubbub_protocol::{ClientId, Event, Message, MessageText, RoomId, RoomName, Seq, Timestamp, User};

/// A message before it is stored. The store gives it its id and its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Where it is said.
    pub room: RoomId,
    /// Who says it.
    pub author: User,
    /// The author's own name for it.
    pub client_id: ClientId,
    /// What it says.
    pub text: MessageText,
    /// When the server took it in.
    pub at: Timestamp,
}

/// What became of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It is stored now, at the next position of its room.
    New(Message),
    /// It had been stored before, as this.
    Repeat(Message),
    /// Its `client_id` names another message of the same author: other text, or another room.
    Taken,
}

/// A room as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomRecord {
    /// Unique on this server.
    pub id: RoomId,
    /// Its name.
    pub name: RoomName,
    /// The position of its newest event; 0 when nothing has happened.
    pub head: Seq,
}

/// A run of messages and where the room stood when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// Oldest first, without gaps.
    pub messages: Vec<Message>,
    /// Whether there are messages before the first of these.
    pub older: bool,
    /// The position of the room's newest event, from the same reading.
    pub head: Seq,
}

/// Storage does not do what it should. The cause is logged where it happens; callers only need to know
/// that nothing was stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("storage is unavailable: {0}")]
pub struct StoreError(pub String);

/// Where rooms and messages are kept.
///
/// The store is what gives each event its position. Only one that writes in turn can number without gaps
/// while a room decides its next commands before the last one is committed; so the room need not undo
/// anything when a commit fails.
pub trait Store: Send + Sync + 'static {
    /// The room of that name, made if there is none.
    ///
    /// # Errors
    /// When storage fails.
    fn open_room(
        &self,
        name: &RoomName,
        at: Timestamp,
    ) -> impl Future<Output = Result<RoomRecord, StoreError>> + Send;

    /// The room of that name, if there is one.
    ///
    /// # Errors
    /// When storage fails.
    fn find_room(
        &self,
        name: &RoomName,
    ) -> impl Future<Output = Result<Option<RoomRecord>, StoreError>> + Send;

    /// Stores the drafts in this order: all of them, or none on an error. When it answers they are as safe
    /// as they will ever be. Two calls take effect in the order in which they were made.
    ///
    /// # Errors
    /// When storage fails; then no draft of this call is stored and no position is used up.
    fn append(&self, drafts: Vec<Draft>) -> impl Future<Output = Result<Vec<Stored>, StoreError>> + Send;

    /// At most `limit` events of the room after position `after`, in order.
    ///
    /// # Errors
    /// When storage fails.
    fn events_after(
        &self,
        room: RoomId,
        after: Seq,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<Event>, StoreError>> + Send;

    /// The newest `limit` messages of the room, or the newest before position `before`.
    ///
    /// # Errors
    /// When storage fails.
    fn history(
        &self,
        room: RoomId,
        before: Option<Seq>,
        limit: u32,
    ) -> impl Future<Output = Result<History, StoreError>> + Send;
}
