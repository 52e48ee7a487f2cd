//! Waiting of an idle connection, while rooms write to its socket.

use tokio::time::sleep_until;

use super::{ConnectionTask, Protocol};
use crate::hub::idle_socket::IdleSocket;
use crate::hub::recipients::Subscriber;
use crate::hub::transport::Incoming;

/// The reason why a connection stops waiting.
pub(super) enum Wake {
    /// The server stops.
    Stopping,
    /// Deliveries wait in the queue, a room could not write all bytes, or the connection must be closed.
    Filled,
    /// The peer has sent something.
    Received(Incoming),
    /// A timer is due.
    Tick,
}

impl ConnectionTask {
    /// Waits until the connection has something to do. Meanwhile, rooms may write to its socket.
    pub(super) async fn wait(&mut self) -> Wake {
        let deadline = self.hub.clock().instant(self.deadline());
        let may_receive = self.connection.may_ask() && self.protocol.may_receive();
        self.lend();
        tokio::select! {
            () = self.hub.stopping().cancelled() => Wake::Stopping,
            () = self.inbox.filled() => Wake::Filled,
            incoming = self.transport.receive(), if may_receive => Wake::Received(incoming),
            () = sleep_until(deadline) => Wake::Tick,
        }
    }

    /// Lets the rooms in which the client has all events write to the socket.
    fn lend(&self) {
        let Some(socket) = self.transport.idle_stream() else { return };
        let live = self.connection.live_rooms();
        let positions = match &self.protocol {
            Protocol::Native => live.map(|(id, _, position)| (id, position)).collect(),
            Protocol::Wire(session) => live
                .filter(|(_, name, _)| session.room_id(name).is_some())
                .map(|(id, _, position)| (id, position))
                .collect(),
        };
        self.inbox.lend(socket, IdleSocket::new(positions));
    }

    /// Ends the writes of rooms, and records what they have sent.
    pub(super) fn reclaim(&mut self) {
        let Some(IdleSocket { positions, unsent, .. }) = self.inbox.reclaim() else { return };
        for (room, position) in positions {
            let name = self.connection.advance(room, position);
            if let (Some(name), Protocol::Wire(session)) = (name, &mut self.protocol) {
                session.advance(name, position);
            }
        }
        self.transport.resume(unsent);
    }

    /// Returns this connection as the rooms know it.
    pub(super) fn subscriber(&self) -> Subscriber {
        let wire = match &self.protocol {
            Protocol::Native => None,
            Protocol::Wire(session) => Some(session.wire()),
        };
        Subscriber { user: self.connection.user().id, wire, outbox: self.outbox.clone() }
    }
}
