//! The queue from rooms to one connection.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hubbub_chat::{Bus, ConnectionId, RoomReply};
use hubbub_protocol::{CloseReason, RequestId, RoomId, ServerFrame, UserEvent, UserId};
use tokio::sync::{SetOnce, mpsc};

use super::Hub;
use super::delivery::{Broadcast, Delivery};

/// Maximum number of deliveries in the queue of one connection. Each takes few bytes, because events are shared. The
/// limit is high, because a burst of messages from others must not disconnect a healthy reader. A connection that falls
/// further behind is closed as slow and its client resumes.
const OUTBOX_DELIVERIES: usize = 4_096;
/// Maximum bytes of content in the queue of one connection. Events are stored once for all connections, but a slow
/// connection keeps them from being freed.
const OUTBOX_BYTES: usize = 8 * 1024 * 1024;

/// The sending end of the queue of one connection.
#[derive(Clone, Debug)]
pub(super) struct Outbox {
    queue: mpsc::Sender<Delivery>,
    /// Bytes of the deliveries in the queue.
    waiting: Arc<AtomicUsize>,
    /// Set to close the connection; the first reason counts.
    pub(super) closing: Arc<SetOnce<CloseReason>>,
}

/// The receiving end of an [`Outbox`].
#[derive(Debug)]
pub(super) struct Inbox {
    queue: mpsc::Receiver<Delivery>,
    waiting: Arc<AtomicUsize>,
}

impl Inbox {
    /// Waits for the next delivery; cancel safe. Returns `None` when all senders are gone.
    pub(super) async fn next(&mut self) -> Option<Delivery> {
        let delivery = self.queue.recv().await?;
        Some(self.release(delivery))
    }

    /// Returns the next delivery without waiting.
    pub(super) fn ready(&mut self) -> Option<Delivery> {
        let delivery = self.queue.try_recv().ok()?;
        Some(self.release(delivery))
    }

    /// Returns a delivery that has left the queue, and subtracts its bytes.
    fn release(&self, delivery: Delivery) -> Delivery {
        self.waiting.fetch_sub(delivery.bytes(), Ordering::Relaxed);
        delivery
    }
}

impl Outbox {
    /// Creates the queue of one connection.
    pub(super) fn new() -> (Self, Inbox) {
        let (sender, receiver) = mpsc::channel(OUTBOX_DELIVERIES);
        let waiting = Arc::<AtomicUsize>::default();
        let inbox = Inbox { queue: receiver, waiting: Arc::clone(&waiting) };
        (Self { queue: sender, waiting, closing: Arc::default() }, inbox)
    }

    /// Enqueues a delivery without waiting. A full queue closes this connection and no other.
    pub(super) fn put(&self, delivery: Delivery) {
        // A session that has ended receives nothing more, also while its connection is still being closed.
        if self.closing.get().is_some() {
            return;
        }
        let bytes = delivery.bytes();
        let before = self.waiting.fetch_add(bytes, Ordering::Relaxed);
        let full = before.saturating_add(bytes) > OUTBOX_BYTES
            || matches!(self.queue.try_send(delivery), Err(mpsc::error::TrySendError::Full(_)));
        if full {
            self.close(CloseReason::Slow);
        }
    }

    /// Closes the connection with this reason, ahead of queued deliveries.
    pub(super) fn close(&self, reason: CloseReason) {
        // An error means that the connection is being closed already.
        _ = self.closing.set(reason);
    }
}

/// The outboxes of all connections in one room.
#[derive(Debug)]
pub(super) struct Outboxes {
    /// Finds the connections of a user that are not in the room.
    hub: Hub,
    room: RoomId,
    open: HashMap<ConnectionId, Recipient>,
    /// Number of connections that left while requests were unanswered.
    departures: u64,
}

/// The outbox of one connection in the room.
#[derive(Debug)]
struct Recipient {
    outbox: Outbox,
    /// Set if the connection has left and only waits for the answers to earlier requests.
    departed: Option<Departure>,
}

/// Identifies one departure of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Departure {
    connection: ConnectionId,
    number: u64,
}

impl Outboxes {
    pub(super) fn new(hub: Hub, room: RoomId) -> Self {
        Self { hub, room, open: HashMap::new(), departures: 0 }
    }

    pub(super) fn insert(&mut self, connection: ConnectionId, outbox: Outbox) {
        self.open.insert(connection, Recipient { outbox, departed: None });
    }

    /// Removes a connection that has left and has no unanswered request.
    pub(super) fn remove(&mut self, connection: ConnectionId) {
        self.open.remove(&connection);
    }

    /// Marks a connection that has left but has unanswered requests. [`Outboxes::forget`] removes it after the answers.
    pub(super) fn depart(&mut self, connection: ConnectionId) -> Departure {
        self.departures += 1;
        let departure = Departure { connection, number: self.departures };
        if let Some(recipient) = self.open.get_mut(&connection) {
            recipient.departed = Some(departure);
        }
        departure
    }

    /// Removes a connection after all requests before its departure were answered. A connection that has entered again
    /// stays.
    pub(super) fn forget(&mut self, departure: Departure) {
        if self.open.get(&departure.connection).is_some_and(|recipient| recipient.departed == Some(departure))
        {
            self.open.remove(&departure.connection);
        }
    }

    /// Whether the connection is still in the room.
    pub(super) fn has(&self, connection: ConnectionId) -> bool {
        self.open.get(&connection).is_some_and(|recipient| recipient.departed.is_none())
    }
}

impl Bus for Outboxes {
    fn answer(&mut self, to: ConnectionId, request: RequestId, reply: RoomReply) {
        if let Some(recipient) = self.open.get(&to) {
            recipient.outbox.put(Delivery::Answer(Box::new((request, reply))));
        }
    }

    fn broadcast(&mut self, to: &mut dyn Iterator<Item = ConnectionId>, frame: ServerFrame) {
        let broadcast = Arc::new(Broadcast::in_room(self.room, frame));
        for recipient in to.filter_map(|connection| self.open.get(&connection)) {
            recipient.outbox.put(Delivery::Broadcast(Arc::clone(&broadcast)));
        }
    }

    fn user_event(&mut self, to: UserId, event: &UserEvent) {
        self.hub.notify_user(to, event);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use hubbub_chat::RoomReply;
    use hubbub_protocol::{
        ClientId, Event, Message, MessageId, MessageText, Refusal, RequestId, RoomName, Seq, Timestamp, User,
        UserName,
    };

    use super::*;

    fn post(bytes: usize) -> Delivery {
        let text = MessageText::parse(&"\u{1f600}".repeat(bytes / 4)).unwrap();
        let author = User { id: UserId(1), name: UserName::parse("ivan").unwrap() };
        let at = Timestamp::from_millis(0);
        let message = Message {
            id: MessageId(1),
            seq: Seq(1),
            author,
            client_id: ClientId::from_random_bytes([1; 16]),
            text: Some(text),
            at,
            reply_to: None,
            changed: None,
            edited_at: None,
            reactions: Vec::new(),
        };
        let room = RoomName::parse("general").unwrap();
        let frame = ServerFrame::Event { room, what: Event::Posted(message) };
        Delivery::Broadcast(Arc::new(Broadcast::in_room(RoomId(1), frame)))
    }

    fn is_slow(outbox: &Outbox) -> bool {
        outbox.closing.get() == Some(&CloseReason::Slow)
    }

    /// Returns how many deliveries the queue accepts before the connection counts as slow.
    fn fitting(outbox: &Outbox, delivery: impl Fn() -> Delivery) -> usize {
        let mut count = 0;
        while !is_slow(outbox) {
            outbox.put(delivery());
            count += 1;
        }
        count - 1
    }

    #[test]
    fn holds_a_bounded_number_of_bytes_and_of_deliveries() {
        let (outbox, _inbox) = Outbox::new();
        let large = fitting(&outbox, || post(16_000));
        assert!((400..=OUTBOX_BYTES / 16_000).contains(&large), "{large}");
        let refusal = || RoomReply::Refused(Refusal::unavailable());
        let (outbox, _inbox) = Outbox::new();
        let small = fitting(&outbox, || Delivery::Answer(Box::new((RequestId(1), refusal()))));
        assert_eq!(small, OUTBOX_DELIVERIES);
    }

    #[test]
    fn taken_deliveries_free_space() {
        let (outbox, mut inbox) = Outbox::new();
        for _ in 0..10 * OUTBOX_BYTES / 16_000 {
            outbox.put(post(16_000));
            assert!(inbox.ready().is_some());
        }
        assert!(!is_slow(&outbox));
        assert_eq!(outbox.waiting.load(Ordering::Relaxed), 0);
    }
}
