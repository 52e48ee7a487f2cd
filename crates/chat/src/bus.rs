//! The interface by which a room sends to connections.

use crate::LostPositions;
use hubbub_protocol::{Answer, Refusal, RequestId, Seq, ServerFrame, UserEvent, UserId};

/// Id of an open connection, unique in one run of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// The answer of a room to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomReply {
    /// The connection has entered: the answer, the room's newest position at that moment, and the lost
    /// positions. Later events are delivered; earlier ones must be read from the store.
    Entered(Answer, Seq, Option<LostPositions>),
    /// The positive answer.
    Done(Answer),
    /// The negative answer.
    Refused(Refusal),
}

/// Delivers answers, events and signals of one room to connections.
///
/// No method waits. The bus closes connections that cannot accept more, and the room continues. Each
/// connection receives deliveries in the order of the calls.
pub trait Bus {
    /// Adds a connection to those that receive broadcasts.
    fn enter(&mut self, connection: ConnectionId);

    /// Removes a connection from those that receive broadcasts. Unknown connections are ignored.
    fn exit(&mut self, connection: ConnectionId);

    /// Answers a request of one connection, inside the room or not.
    fn answer(&mut self, to: ConnectionId, request: RequestId, outcome: RoomReply);

    /// Sends an event or a signal to each connection in the room, encoded at most once per wire.
    fn broadcast(&mut self, frame: ServerFrame);

    /// Sends a notice to all connections of a user, inside the room or not.
    fn user_event(&mut self, to: UserId, event: &UserEvent);
}
