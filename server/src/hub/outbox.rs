//! The room's end of each connection's queue.

use std::collections::HashMap;
use std::sync::Arc;

use hubbub_chat::{Bus, ConnectionId, Entry, Outcome};
use hubbub_protocol::{CloseReason, Mine, Refusal, RequestId, RoomEvent, RoomId, RoomSignal, UserId};
use tokio::sync::{SetOnce, mpsc};

use super::Hub;
use super::delivery::{Delivery, Shared, Told};

/// Deliveries that may wait for one connection: some bytes each, because events are shared. Many, because a
/// burst of others is no fault of a reader. Who falls further behind is closed and resumes.
pub(super) const OUTBOX_DELIVERIES: usize = 4_096;

/// Where one connection takes what is for it.
#[derive(Clone, Debug)]
pub(super) struct Outbox {
    pub(super) queue: mpsc::Sender<Delivery>,
    /// Set by whoever wants the connection to close; the first reason counts.
    pub(super) closing: Arc<SetOnce<CloseReason>>,
}

impl Outbox {
    /// Never waits: a full queue is the end of its connection, and of nobody else's.
    pub(super) fn put(&self, delivery: Delivery) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.queue.try_send(delivery) {
            self.close(CloseReason::Slow);
        }
    }

    /// Asks the connection to close. It does so before anything else.
    pub(super) fn close(&self, reason: CloseReason) {
        // It closes already.
        drop(self.closing.set(reason));
    }
}

/// The outboxes of everyone in one room.
#[derive(Debug)]
pub(super) struct Outboxes {
    /// Knows the connections of a user that are not in the room.
    hub: Hub,
    room: RoomId,
    open: HashMap<ConnectionId, Place>,
    /// How many connections have gone with something still to be answered.
    departures: u64,
}

/// Where one connection is told what concerns the room.
#[derive(Debug)]
struct Place {
    outbox: Outbox,
    /// It has gone, and only what it asked for before is still to be answered.
    departed: Option<Departure>,
}

/// One of the times that a connection went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Departure {
    connection: ConnectionId,
    number: u64,
}

impl Outboxes {
    pub(super) fn new(hub: Hub, room: RoomId) -> Self {
        Self { hub, room, open: HashMap::new(), departures: 0 }
    }

    /// Says no to what was not even tried.
    pub(super) fn refuse(&mut self, entry: Entry, refusal: Refusal) {
        self.answer(entry.connection, entry.request, Outcome::Refused(refusal));
    }

    pub(super) fn insert(&mut self, connection: ConnectionId, outbox: Outbox) {
        self.open.insert(connection, Place { outbox, departed: None });
    }

    /// A connection has gone, and nothing is to be answered.
    pub(super) fn remove(&mut self, connection: ConnectionId) {
        self.open.remove(&connection);
    }

    /// A connection has gone, and something is to be answered before [`Outboxes::forget`].
    pub(super) fn depart(&mut self, connection: ConnectionId) -> Departure {
        self.departures += 1;
        let departure = Departure { connection, number: self.departures };
        if let Some(place) = self.open.get_mut(&connection) {
            place.departed = Some(departure);
        }
        departure
    }

    /// All that was asked before a departure is answered. Whoever has come back meanwhile stays.
    pub(super) fn forget(&mut self, departure: Departure) {
        if self.open.get(&departure.connection).is_some_and(|place| place.departed == Some(departure)) {
            self.open.remove(&departure.connection);
        }
    }

    /// Whether that connection is still there.
    pub(super) fn has(&self, connection: ConnectionId) -> bool {
        self.open.get(&connection).is_some_and(|place| place.departed.is_none())
    }

    fn share(&self, to: &mut dyn Iterator<Item = ConnectionId>, told: Told) {
        let shared = Arc::new(Shared::new(self.room, told));
        for place in to.filter_map(|connection| self.open.get(&connection)) {
            place.outbox.put(Delivery::Shared(Arc::clone(&shared)));
        }
    }
}

impl Bus for Outboxes {
    fn answer(&mut self, to: ConnectionId, request: RequestId, outcome: Outcome) {
        if let Some(place) = self.open.get(&to) {
            place.outbox.put(Delivery::Answer(Box::new((request, outcome))));
        }
    }

    fn event(&mut self, to: &mut dyn Iterator<Item = ConnectionId>, event: &RoomEvent) {
        self.share(to, Told::Event(event.clone()));
    }

    fn signal(&mut self, to: &mut dyn Iterator<Item = ConnectionId>, signal: &RoomSignal) {
        self.share(to, Told::Signal(signal.clone()));
    }

    fn mine(&mut self, to: UserId, mine: &Mine) {
        self.hub.tell_user(to, mine);
    }
}
