//! The queues from rooms to connections.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use hubbub_chat::{Bus, ConnectionId, RoomReply};
use hubbub_protocol::{CloseReason, RequestId, RoomName, Seq, ServerFrame, UserEvent, UserId};

/// Maximum deliveries in an outbox. Small, so that outboxes often overflow.
const OUTBOX_DELIVERIES: usize = 12;

pub(crate) enum Delivery {
    Answer(RequestId, RoomReply),
    Event(RoomName, Seq, String),
    Signal(RoomName, String),
    UserEvent(UserEvent),
}

struct Outbox {
    user: UserId,
    queue: VecDeque<Delivery>,
    slow: bool,
}

/// The outboxes of all connections, and the connections that are in each room.
#[derive(Default)]
pub(crate) struct Outboxes {
    open: BTreeMap<ConnectionId, Outbox>,
    entered: BTreeMap<RoomName, BTreeSet<ConnectionId>>,
}

/// The outboxes as the bus of one room.
pub(crate) struct RoomBus<'a> {
    outboxes: &'a mut Outboxes,
    room: &'a RoomName,
}

impl Outboxes {
    pub(crate) const fn of<'a>(&'a mut self, room: &'a RoomName) -> RoomBus<'a> {
        RoomBus { outboxes: self, room }
    }

    pub(crate) fn open(&mut self, connection: ConnectionId, user: UserId) {
        self.open.insert(connection, Outbox { user, queue: VecDeque::new(), slow: false });
    }

    pub(crate) fn close(&mut self, connection: ConnectionId) {
        self.open.remove(&connection);
    }

    /// Returns the next delivery, or the close reason if the outbox has overflowed.
    pub(crate) fn next(&mut self, connection: ConnectionId) -> Result<Option<Delivery>, CloseReason> {
        match self.open.get_mut(&connection) {
            Some(outbox) if outbox.slow => Err(CloseReason::Slow),
            Some(outbox) => Ok(outbox.queue.pop_front()),
            None => Ok(None),
        }
    }

    pub(crate) fn tell(&mut self, user: UserId, mine: &UserEvent) {
        let theirs: Vec<_> =
            self.open.iter().filter(|(_, outbox)| outbox.user == user).map(|(id, _)| *id).collect();
        theirs.into_iter().for_each(|to| self.put(to, Delivery::UserEvent(mine.clone())));
    }

    pub(crate) fn are_empty(&self) -> bool {
        self.open.values().all(|outbox| outbox.queue.is_empty())
    }

    fn put(&mut self, to: ConnectionId, delivery: Delivery) {
        if let Some(outbox) = self.open.get_mut(&to) {
            if outbox.queue.len() < OUTBOX_DELIVERIES {
                outbox.queue.push_back(delivery);
            } else {
                outbox.slow = true;
            }
        }
    }
}

impl RoomBus<'_> {
    fn entered(&mut self) -> &mut BTreeSet<ConnectionId> {
        self.outboxes.entered.entry(self.room.clone()).or_default()
    }
}

impl Bus for RoomBus<'_> {
    fn enter(&mut self, connection: ConnectionId) {
        self.entered().insert(connection);
    }

    fn exit(&mut self, connection: ConnectionId) {
        self.entered().remove(&connection);
    }

    fn answer(&mut self, to: ConnectionId, request: RequestId, outcome: RoomReply) {
        self.outboxes.put(to, Delivery::Answer(request, outcome));
    }

    fn broadcast(&mut self, frame: ServerFrame) {
        let json = frame.encode();
        let entered = self.entered().clone();
        entered.into_iter().for_each(|to| {
            let delivery = match &frame {
                ServerFrame::Event { room, what } => Delivery::Event(room.clone(), what.seq(), json.clone()),
                ServerFrame::Signal { room, .. } => Delivery::Signal(room.clone(), json.clone()),
                other => panic!("a room sends only events and signals: {other:?}"),
            };
            self.outboxes.put(to, delivery);
        });
    }

    fn user_event(&mut self, to: UserId, event: &UserEvent) {
        self.outboxes.tell(to, event);
    }
}
