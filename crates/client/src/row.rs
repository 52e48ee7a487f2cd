//! A row of a timeline.

use std::sync::Arc;

use hubbub_protocol::{ClientId, Event, Message, MessageId, Refusal, Seq, Timestamp};

use crate::Entry;

/// A message in any state, or a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Key of the row, unique in the timeline and unchanged from pending to saved.
    pub key: RowKey,
    /// State of the message.
    pub state: RowState,
    /// Whether an edit, deletion or reaction of the user is pending. The shown message includes it.
    pub changing: bool,
}

/// The key of a row in its timeline. The user's own messages are identified by client id, so that a row keeps
/// its key when it is saved. Messages of other users are identified by the server's id only: a peer can copy
/// a `client_id`, and two rows must not have the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKey {
    /// A message of the user.
    Mine(ClientId),
    /// A message of another user.
    Other(MessageId),
    /// A notice, by its position.
    Notice(Seq),
}

/// The state of a message. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowState {
    /// Stored, at its position in the room.
    Saved(Arc<Message>),
    /// The user's own message, stored at a known position. Events before it may still be missing.
    Sent {
        /// Sent message.
        entry: Arc<Entry>,
        /// Position of the message.
        seq: Seq,
        /// Time at which the server stored the message.
        at: Timestamp,
    },
    /// The user's own message, waiting or in flight.
    Pending(Arc<Entry>),
    /// The user's own message, refused permanently. The user can retry or cancel it.
    Failed(Arc<Entry>, Refusal),
    /// Not a message: a join, a leave or a new topic.
    Notice(Arc<Event>),
}
