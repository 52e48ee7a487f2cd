//! The connections of one room, as the bus of the room.

use std::collections::HashMap;
use std::mem::take;
use std::sync::Arc;

use hubbub_chat::{Bus, ConnectionId, RoomReply};
use hubbub_protocol::{RequestId, RoomId, ServerFrame, UserEvent, UserId};
use hubbub_wires::Wire;

use super::Hub;
use super::broadcast_batch::BroadcastBatch;
use super::delivery::{Broadcast, Delivery};
use super::outbox::Outbox;

/// Connections to which a broadcast is written before other tasks get a turn.
const WRITES_AT_ONCE: usize = 64;

/// A connection that is in a room or asks to enter it.
#[derive(Debug, Clone)]
pub(super) struct Subscriber {
    pub(super) user: UserId,
    /// The legacy protocol of the connection; `None` for the native wire.
    pub(super) wire: Option<Wire>,
    pub(super) outbox: Outbox,
}

/// All connections of one room, and the broadcasts that they have not been sent yet.
#[derive(Debug)]
pub(super) struct Recipients {
    /// Finds the connections of a user that are not in the room.
    hub: Hub,
    room: RoomId,
    /// In one piece of memory, because every broadcast visits all of them.
    all: Vec<Recipient>,
    /// The place of each connection in `all`.
    places: HashMap<ConnectionId, usize>,
    /// Broadcasts for all connections in the room, in the order of sending.
    pending: Vec<Arc<Broadcast>>,
    /// Number of connections that left while requests were unanswered.
    departures: u64,
}

#[derive(Debug)]
struct Recipient {
    connection: ConnectionId,
    subscriber: Subscriber,
    /// Whether the connection receives broadcasts.
    is_in_room: bool,
    /// Number of pending broadcasts that are already in its queue, because an answer had to follow them.
    enqueued: usize,
    /// Set if the connection has left and only waits for the answers to earlier requests.
    departed: Option<Departure>,
}

/// Identifies one departure of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Departure {
    connection: ConnectionId,
    number: u64,
}

impl Recipient {
    /// Puts the pending broadcasts into the queue of a connection in the room.
    fn enqueue(&mut self, pending: &[Arc<Broadcast>]) {
        let rest = pending.get(self.enqueued..).unwrap_or_default();
        if self.is_in_room && !rest.is_empty() {
            self.subscriber.outbox.put(rest.iter().cloned().map(Delivery::Broadcast));
            self.enqueued = pending.len();
        }
    }

    /// Sends the pending broadcasts.
    fn send(&mut self, batch: &BroadcastBatch<'_>) {
        if !self.is_in_room {
            return;
        }
        let Subscriber { user, wire, outbox } = &self.subscriber;
        let frames = if self.enqueued == 0 { batch.frames(*wire, *user) } else { None };
        if !frames.is_some_and(|frames| outbox.write(batch.room(), batch.events(), frames)) {
            self.enqueue(batch.broadcasts());
        }
        self.enqueued = 0;
    }
}

impl Recipients {
    pub(super) fn new(hub: Hub, room: RoomId) -> Self {
        Self { hub, room, all: Vec::new(), places: HashMap::new(), pending: Vec::new(), departures: 0 }
    }

    /// Adds a connection that asks to enter. It receives answers, and broadcasts after it has entered.
    pub(super) fn insert(&mut self, connection: ConnectionId, subscriber: Subscriber) {
        if let Some(recipient) = self.get(connection) {
            recipient.departed = None;
            return;
        }
        self.places.insert(connection, self.all.len());
        let (is_in_room, enqueued, departed) = (false, 0, None);
        self.all.push(Recipient { connection, subscriber, is_in_room, enqueued, departed });
    }

    /// Removes a connection that has left and has no unanswered request.
    pub(super) fn remove(&mut self, connection: ConnectionId) {
        let Some(place) = self.places.remove(&connection) else { return };
        self.all.swap_remove(place);
        if let Some(moved) = self.all.get(place) {
            self.places.insert(moved.connection, place);
        }
    }

    /// Marks a connection that has left but has unanswered requests. [`Recipients::forget`] removes it after the
    /// answers.
    pub(super) fn depart(&mut self, connection: ConnectionId) -> Departure {
        self.departures += 1;
        let departure = Departure { connection, number: self.departures };
        if let Some(recipient) = self.get(connection) {
            recipient.departed = Some(departure);
        }
        departure
    }

    /// Removes a connection after all requests before its departure were answered. A connection that has entered again
    /// stays.
    pub(super) fn forget(&mut self, departure: Departure) {
        if self.get(departure.connection).is_some_and(|recipient| recipient.departed == Some(departure)) {
            self.remove(departure.connection);
        }
    }

    /// Whether the connection is still in the room or asks to enter it.
    pub(super) fn has(&self, connection: ConnectionId) -> bool {
        let place = self.places.get(&connection).and_then(|place| self.all.get(*place));
        place.is_some_and(|recipient| recipient.departed.is_none())
    }

    /// Sends all pending broadcasts to the connections in the room. Other tasks get a turn between two groups of
    /// connections.
    pub(super) async fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let pending = take(&mut self.pending);
        let batch = BroadcastBatch::new(self.room, &pending);
        for (number, group) in self.all.chunks_mut(WRITES_AT_ONCE).enumerate() {
            if number > 0 {
                tokio::task::yield_now().await;
            }
            group.iter().for_each(|recipient| recipient.subscriber.outbox.prefetch());
            for recipient in group {
                recipient.send(&batch);
            }
        }
    }

    fn get(&mut self, connection: ConnectionId) -> Option<&mut Recipient> {
        self.places.get(&connection).and_then(|place| self.all.get_mut(*place))
    }
}

impl Bus for Recipients {
    fn enter(&mut self, connection: ConnectionId) {
        let pending = self.pending.len();
        if let Some(recipient) = self.get(connection)
            && !recipient.is_in_room
        {
            recipient.is_in_room = true;
            // Earlier broadcasts are not for this connection.
            recipient.enqueued = pending;
        }
    }

    fn exit(&mut self, connection: ConnectionId) {
        let pending = take(&mut self.pending);
        if let Some(recipient) = self.get(connection) {
            recipient.enqueue(&pending);
            recipient.is_in_room = false;
            recipient.enqueued = 0;
        }
        self.pending = pending;
    }

    fn answer(&mut self, to: ConnectionId, request: RequestId, reply: RoomReply) {
        let pending = take(&mut self.pending);
        if let Some(recipient) = self.get(to) {
            recipient.enqueue(&pending);
            recipient.subscriber.outbox.put([Delivery::Answer(Box::new((request, reply)))]);
        }
        self.pending = pending;
    }

    fn broadcast(&mut self, frame: ServerFrame) {
        self.pending.push(Arc::new(Broadcast::in_room(self.room, frame)));
    }

    fn user_event(&mut self, to: UserId, event: &UserEvent) {
        self.hub.notify_user(to, event);
    }
}
