//! The effects of a connection.

use hubbub_protocol::{Appearance, CloseReason, MessageId, RequestId, RoomId, RoomName, Seq, ServerFrame};

use crate::{PageAnchor, RoomRequest};

/// An effect that the driver executes, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectionEffect {
    /// Send a request to the room of that name. A request to enter creates the room if it does not exist.
    Request {
        /// Room name.
        room: RoomName,
        /// Request to the room.
        request: RoomRequest,
    },
    /// Store the user's appearance, notify all connections of the user, and pass the result to
    /// [`super::Connection::on_answer`].
    Appear {
        /// Id of the request to answer.
        request: RequestId,
        /// New appearance.
        appearance: Appearance,
    },
    /// Read from the store and pass the result to [`super::Connection::on_events`],
    /// [`super::Connection::on_history`] or [`super::Connection::on_answer`].
    Query(StoreQuery),
    /// Send a frame to this client only.
    Write(ServerFrame),
    /// Close the connection.
    Close(CloseReason),
}

/// A read from the store for which a connection waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreQuery {
    /// Read the events after a position, for a catch-up.
    Events {
        /// Room id.
        room: RoomId,
        /// Position after which the events start.
        after: Seq,
        /// Maximum number of events.
        limit: u32,
    },
    /// Read a page of history.
    History {
        /// Room id.
        room: RoomId,
        /// Part of the history.
        anchor: PageAnchor,
        /// Maximum number of timeline rows.
        limit: u32,
        /// Id of the request to answer; `None` for the page of a start over.
        request: Option<RequestId>,
    },
    /// Read the former texts of a message.
    Edits {
        /// Room id.
        room: RoomId,
        /// Message id.
        message: MessageId,
        /// Id of the request to answer.
        request: RequestId,
    },
    /// List the rooms of the user.
    Rooms {
        /// Id of the request to answer.
        request: RequestId,
    },
    /// List public rooms.
    Browse {
        /// Text that the names contain.
        query: String,
        /// Room name after which the list starts.
        after: Option<RoomName>,
        /// Id of the request to answer.
        request: RequestId,
    },
}

/// What a connection does with an event of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// Forward the event; it is the next one.
    Forward,
    /// Drop the event; the client has it or receives it from the store.
    Drop,
    /// Run this query first, because earlier events are missing. Its result includes this event.
    Repair(StoreQuery),
}
