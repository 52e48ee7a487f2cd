//! One line of a timeline.

use std::sync::Arc;

use hubbub_protocol::{ClientId, Event, Message, MessageId, Refusal, Seq, Timestamp};

use crate::Entry;

/// A message in whatever state it is, or a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Tells it from every other row of the timeline, and stays the same from pending to saved.
    pub key: RowKey,
    /// How far it has come.
    pub state: RowState,
    /// Whether an edit, a deletion or a reaction of mine is on its way. The message shown already has it.
    pub changing: bool,
}

/// Identifies a row in its timeline. Mine are known by the name I gave them, so that a row stays the same
/// row when it is saved. Those of others are known by the server's id alone: anybody can send a `client_id`
/// copied from somebody else, and two rows must never share a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKey {
    /// A message of mine.
    Mine(ClientId),
    /// A message of somebody else.
    Other(MessageId),
    /// A notice, by its position.
    Notice(Seq),
}

/// How far a message has come. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowState {
    /// Stored, and in its place in the room.
    Saved(Arc<Message>),
    /// Mine and stored; its place in the room is known, and what comes before it may still be on its way.
    Sent {
        /// What I sent.
        entry: Arc<Entry>,
        /// Its position.
        seq: Seq,
        /// When the server stored it.
        at: Timestamp,
    },
    /// Mine; waits or is on its way.
    Pending(Arc<Entry>),
    /// Mine, refused for good; the user decides between retry and cancel.
    Failed(Arc<Entry>, Refusal),
    /// No message: somebody came or went, or said what the room is about.
    Notice(Arc<Event>),
}
