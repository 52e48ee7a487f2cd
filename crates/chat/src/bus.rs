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

/// Delivers answers, events and signals of a room to connections.
///
/// No method waits. The bus closes connections that cannot accept more, and the room continues. Each
/// connection receives deliveries in the order of the calls.
pub trait Bus {
    /// Answers a request of one connection.
    fn answer(&mut self, to: ConnectionId, request: RequestId, outcome: RoomReply);

    /// Sends an event or a signal to each connection in `to`, encoded at most once per wire.
    fn broadcast(&mut self, to: &mut dyn Iterator<Item = ConnectionId>, frame: ServerFrame);

    /// Sends a notice to all connections of a user, inside the room or not.
    fn user_event(&mut self, to: UserId, event: &UserEvent);
}
