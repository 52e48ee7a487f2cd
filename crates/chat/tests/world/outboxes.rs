//! The queues from rooms to connections.

use std::collections::{BTreeMap, VecDeque};

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

#[derive(Default)]
pub(crate) struct Outboxes(BTreeMap<ConnectionId, Outbox>);

impl Outboxes {
    pub(crate) fn open(&mut self, connection: ConnectionId, user: UserId) {
        self.0.insert(connection, Outbox { user, queue: VecDeque::new(), slow: false });
    }

    pub(crate) fn close(&mut self, connection: ConnectionId) {
        self.0.remove(&connection);
    }

    /// Returns the next delivery, or the close reason if the outbox has overflowed.
    pub(crate) fn next(&mut self, connection: ConnectionId) -> Result<Option<Delivery>, CloseReason> {
        match self.0.get_mut(&connection) {
            Some(outbox) if outbox.slow => Err(CloseReason::Slow),
            Some(outbox) => Ok(outbox.queue.pop_front()),
            None => Ok(None),
        }
    }

    pub(crate) fn tell(&mut self, user: UserId, mine: &UserEvent) {
        let theirs: Vec<_> =
            self.0.iter().filter(|(_, outbox)| outbox.user == user).map(|(id, _)| *id).collect();
        theirs.into_iter().for_each(|to| self.put(to, Delivery::UserEvent(mine.clone())));
    }

    pub(crate) fn are_empty(&self) -> bool {
        self.0.values().all(|outbox| outbox.queue.is_empty())
    }

    fn put(&mut self, to: ConnectionId, delivery: Delivery) {
        if let Some(outbox) = self.0.get_mut(&to) {
            if outbox.queue.len() < OUTBOX_DELIVERIES {
                outbox.queue.push_back(delivery);
            } else {
                outbox.slow = true;
            }
        }
    }
}

impl Bus for Outboxes {
    fn answer(&mut self, to: ConnectionId, request: RequestId, outcome: RoomReply) {
        self.put(to, Delivery::Answer(request, outcome));
    }

    fn broadcast(&mut self, to: &mut dyn Iterator<Item = ConnectionId>, frame: ServerFrame) {
        let json = frame.encode();
        to.for_each(|to| match &frame {
            ServerFrame::Event { room, what } => {
                self.put(to, Delivery::Event(room.clone(), what.seq(), json.clone()));
            }
            ServerFrame::Signal { room, .. } => self.put(to, Delivery::Signal(room.clone(), json.clone())),
            other => panic!("a room sends only events and signals: {other:?}"),
        });
    }

    fn user_event(&mut self, to: UserId, event: &UserEvent) {
        self.tell(to, event);
    }
}
