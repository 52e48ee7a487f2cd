//! What a connection wants done.

use hubbub_protocol::{Appearance, CloseReason, MessageId, RequestId, RoomId, RoomName, Seq, ServerFrame};

use crate::{DisplayedPresence, PageAnchor, ReadUpdate, RoomCommand};

/// What the driver is to do, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectionEffect {
    /// Ask the room of that name to let this connection in, and make the room if there is none.
    Enter {
        /// Which room.
        room: RoomName,
        /// For the answer.
        request: RequestId,
        /// How its user is shown there.
        shown: DisplayedPresence,
    },
    /// Tell the room that this connection has gone.
    Exit {
        /// Which room.
        room: RoomName,
    },
    /// Ask the room for something.
    Request {
        /// Which room.
        room: RoomName,
        /// For the answer.
        request: RequestId,
        /// For what.
        ask: RoomRequest,
    },
    /// Tell the room to show the user so from now on.
    Show {
        /// Which room.
        room: RoomName,
        /// How.
        shown: DisplayedPresence,
    },
    /// Store how the user wants to appear, tell all their connections, and bring the answer to
    /// [`super::Connection::on_answer`].
    Appear {
        /// For the answer.
        request: RequestId,
        /// How.
        appearance: Appearance,
    },
    /// Read from the store, and bring what was read to [`super::Connection::on_events`],
    /// [`super::Connection::on_history`] or [`super::Connection::on_answer`].
    Query(StoreQuery),
    /// Send a frame to this peer alone.
    Write(ServerFrame),
    /// End the connection.
    Close(CloseReason),
}

/// What a room is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomRequest {
    /// To store a change.
    Command(RoomCommand),
    /// To remember what is read.
    Read(ReadUpdate),
    /// To show that somebody writes, or no longer.
    Typing(bool),
}

/// A reading that a connection waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreQuery {
    /// The events after a position: part of a catch-up.
    Events {
        /// Which room.
        room: RoomId,
        /// After which position.
        after: Seq,
        /// At most how many.
        limit: u32,
    },
    /// A page of history.
    History {
        /// Which room.
        room: RoomId,
        /// Which part.
        anchor: PageAnchor,
        /// At most how many lines.
        limit: u32,
        /// The request it answers; without one it is the fresh page to start over from.
        request: Option<RequestId>,
    },
    /// What a message of the user said before.
    Edits {
        /// Which room.
        room: RoomId,
        /// Which message.
        message: MessageId,
        /// The request it answers.
        request: RequestId,
    },
    /// The rooms that the user is a member of.
    Rooms {
        /// The request it answers.
        request: RequestId,
    },
    /// The public rooms.
    Browse {
        /// What their names contain.
        query: String,
        /// After which name.
        after: Option<RoomName>,
        /// The request it answers.
        request: RequestId,
    },
}

/// What to do with an event of a room that reaches this connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// It is the next one: pass it on.
    Forward,
    /// The peer has it, or will read it from the store.
    Drop,
    /// Something is missing before it: do this first; the event comes with it.
    Repair(StoreQuery),
}
