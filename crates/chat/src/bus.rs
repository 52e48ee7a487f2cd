//! The port to delivery.

use crate::LostPositions;
use hubbub_protocol::{Answer, Mine, Refusal, RequestId, RoomEvent, RoomSignal, Seq, UserId};

/// One open connection, on one run of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// What a room answers to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomReply {
    /// Come in: the answer, the room's newest position at that moment, and the positions that were lost. What
    /// happens after the newest is delivered; what happened up to it must be read from the store.
    Entered(Answer, Seq, Option<LostPositions>),
    /// Done.
    Done(Answer),
    /// No.
    Refused(Refusal),
}

/// Carries what a room says to the connections in it.
///
/// No method waits. A connection that cannot take more is the bus's to close; the room goes on.
/// To each connection, things arrive in the order in which they were handed over.
pub trait Bus {
    /// To the one who asked.
    fn answer(&mut self, to: ConnectionId, request: RequestId, outcome: RoomReply);

    /// To each of `to`, encoded at most once per wire.
    fn event(&mut self, to: &mut dyn Iterator<Item = ConnectionId>, event: &RoomEvent);

    /// To each of `to`, encoded at most once per wire.
    fn signal(&mut self, to: &mut dyn Iterator<Item = ConnectionId>, signal: &RoomSignal);

    /// To every connection of a user, in the room or not.
    fn mine(&mut self, to: UserId, mine: &Mine);
}
