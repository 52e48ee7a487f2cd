//! Direct writes of rooms to the socket of an idle connection.

use std::ops::RangeInclusive;

use bytes::Bytes;
use hubbub_protocol::{RoomId, Seq};
use rustix::io::Errno;
use rustix::net::SendFlags;
use smallvec::SmallVec;
use tokio::net::TcpStream;

/// Rooms and positions; without memory of its own for the usual one room.
pub(super) type LivePositions = SmallVec<[(RoomId, Seq); 1]>;

/// The state of an idle connection, which rooms read and update when they write to its socket.
#[derive(Debug)]
pub(super) struct IdleSocket {
    /// The rooms in which the client has all events, with the position of the last one that was sent.
    pub(super) positions: LivePositions,
    /// The bytes of a write that the system did not accept. They must be sent before all others.
    pub(super) unsent: Bytes,
}

impl IdleSocket {
    pub(super) const fn new(positions: LivePositions) -> Self {
        Self { positions, unsent: Bytes::new() }
    }

    /// Writes frames of a room. Returns whether they count as sent: they are written, or kept in `unsent`.
    pub(super) fn write(
        &mut self,
        socket: &TcpStream,
        room: RoomId,
        events: Option<&RangeInclusive<Seq>>,
        frames: &Bytes,
    ) -> bool {
        let Some((_, position)) = self.positions.iter_mut().find(|(id, _)| *id == room) else { return false };
        if !self.unsent.is_empty() || events.is_some_and(|events| *events.start() != position.next()) {
            return false;
        }
        if !frames.is_empty() {
            // Not through tokio, whose state of the socket is elsewhere in memory. If the system accepts no more, the
            // connection waits for the socket in the usual way.
            match rustix::net::send(socket, frames, SendFlags::DONTWAIT | SendFlags::NOSIGNAL) {
                Ok(written) if written == frames.len() => {}
                Ok(written) => self.unsent = frames.slice(written..),
                Err(Errno::AGAIN | Errno::INTR) => self.unsent = frames.clone(),
                // The connection finds the error when it reads or writes.
                Err(_) => return false,
            }
        }
        if let Some(events) = events {
            *position = *events.end();
        }
        true
    }
}
