//! The way from rooms to one connection: a queue, and direct writes to the socket while the connection is idle.

use std::collections::VecDeque;
use std::mem::take;
use std::ops::RangeInclusive;
use std::os::fd::AsRawFd;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use bytes::Bytes;
use hubbub_protocol::{CloseReason, RoomId, Seq};
use rustix::net::Shutdown;
use tokio::net::TcpStream;
use tokio::sync::{Notify, SetOnce};

use super::delivery::Delivery;
use super::idle_socket::IdleSocket;

/// Maximum number of deliveries in the queue of one connection. Each takes few bytes, because events are shared. The
/// limit is high, because a burst of messages from others must not disconnect a healthy reader. A connection that falls
/// further behind is closed as slow and its client resumes.
const OUTBOX_DELIVERIES: usize = 4_096;
/// Maximum bytes of content in the queue of one connection. Events are stored once for all connections, but a slow
/// connection keeps them from being freed.
const OUTBOX_BYTES: usize = 8 * 1024 * 1024;

/// The rooms' end: accepts the frames that the connection must send.
#[derive(Clone, Debug)]
pub(super) struct Outbox {
    shared: Arc<Shared>,
}

/// The connection's end of an [`Outbox`].
#[derive(Debug)]
pub(super) struct Inbox {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    // Held only for a change or for one write that does not block, never across an await.
    queue: Mutex<Queue>,
    /// The socket that the connection lends. Owned here too, so that its descriptor cannot be closed, and used again for
    /// another connection, while a room may write to it.
    socket: OnceLock<Arc<TcpStream>>,
    /// Wakes the connection: see [`Inbox::filled`].
    filled: Notify,
    /// Set to close the connection; the first reason counts.
    closing: Arc<SetOnce<CloseReason>>,
}

/// The queue and the state of direct writes. They are in one piece of memory, because a broadcast visits a thousand of
/// them, and each further access to main memory would cost time.
#[derive(Debug, Default)]
struct Queue {
    /// Whether nothing is accepted any more: the connection is being closed or has ended.
    is_closed: bool,
    /// Set while the connection is idle: all its frames are written, and it writes nothing itself.
    idle: Option<IdleSocket>,
    deliveries: VecDeque<Delivery>,
    /// Bytes of the deliveries.
    bytes: usize,
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inbox {
    /// Lets rooms write to the socket until [`Inbox::reclaim`], unless deliveries wait. A connection has one socket in its
    /// life; the first call sets it.
    pub(super) fn lend(&self, socket: &Arc<TcpStream>, idle: IdleSocket) {
        self.shared.socket.get_or_init(|| Arc::clone(socket));
        let mut queue = self.shared.queue();
        if queue.deliveries.is_empty() {
            queue.idle = Some(idle);
        }
    }

    /// Ends the direct writes of rooms. Returns what was lent.
    pub(super) fn reclaim(&self) -> Option<IdleSocket> {
        self.shared.queue().idle.take()
    }

    /// Waits until there is a delivery, the rest of a direct write or a reason to close; cancel safe.
    pub(super) async fn filled(&self) {
        while self.is_empty() {
            self.shared.filled.notified().await;
        }
    }

    fn is_empty(&self) -> bool {
        let queue = self.shared.queue();
        queue.deliveries.is_empty()
            && queue.idle.as_ref().is_none_or(|idle| idle.unsent.is_empty())
            && self.shared.closing.get().is_none()
    }

    /// Removes and returns the first deliveries of the queue, at most `limit`.
    pub(super) fn take(&self, limit: usize) -> VecDeque<Delivery> {
        let mut queue = self.shared.queue();
        let count = limit.min(queue.deliveries.len());
        let rest = queue.deliveries.split_off(count);
        // The whole buffer is taken, so that an idle connection keeps none.
        let taken = std::mem::replace(&mut queue.deliveries, rest);
        queue.bytes -= taken.iter().map(Delivery::bytes).sum::<usize>();
        taken
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        let mut queue = self.shared.queue();
        queue.is_closed = true;
        queue.idle = None;
        let deliveries = take(&mut queue.deliveries);
        drop(queue);
        // Rooms may own the socket for a moment longer. After an orderly end it is shut down already; after a panic of the
        // connection's task the peer must learn of the end.
        if let Some(socket) = self.shared.socket.get() {
            _ = rustix::net::shutdown(socket, Shutdown::Both);
        }
        // Freed without the lock, because they may be many.
        drop(deliveries);
    }
}

impl Outbox {
    /// Creates the queue of one connection.
    pub(super) fn new() -> (Self, Inbox) {
        let (queue, filled, closing) = (Mutex::default(), Notify::new(), Arc::default());
        let shared = Arc::new(Shared { queue, socket: OnceLock::new(), filled, closing });
        (Self { shared: Arc::clone(&shared) }, Inbox { shared })
    }

    /// Returns the reason to close the connection, which the connection waits for.
    pub(super) fn closing(&self) -> &Arc<SetOnce<CloseReason>> {
        &self.shared.closing
    }

    /// Enqueues deliveries without waiting. A full queue closes this connection and no other.
    pub(super) fn put(&self, deliveries: impl IntoIterator<Item = Delivery>) {
        let mut queue = self.shared.queue();
        // A session that has ended receives nothing more, also while its connection is still being closed.
        if queue.is_closed {
            return;
        }
        for delivery in deliveries {
            let bytes = queue.bytes.saturating_add(delivery.bytes());
            if bytes > OUTBOX_BYTES || queue.deliveries.len() >= OUTBOX_DELIVERIES {
                drop(queue);
                self.close(CloseReason::Slow);
                return;
            }
            queue.bytes = bytes;
            queue.deliveries.push_back(delivery);
        }
        drop(queue);
        self.shared.filled.notify_one();
    }

    /// Reads what a direct write needs, so that it is in the cache of the processor. Calls for several outboxes wait for
    /// the main memory together, where direct writes would wait for it one after the other.
    pub(super) fn prefetch(&self) {
        let socket = self.shared.socket.get().map(|socket| socket.as_raw_fd());
        std::hint::black_box((self.shared.queue.is_poisoned(), socket));
    }

    /// Writes the frames of a room directly to the socket if the connection is idle. `events` are the positions of the
    /// events among them. Returns whether the frames count as sent; if not, they must be enqueued.
    pub(super) fn write(&self, room: RoomId, events: Option<&RangeInclusive<Seq>>, frames: &Bytes) -> bool {
        let mut queue = self.shared.queue();
        // Queued deliveries must be sent first.
        if queue.is_closed || !queue.deliveries.is_empty() {
            return false;
        }
        let (Some(idle), Some(socket)) = (&mut queue.idle, self.shared.socket.get()) else { return false };
        let is_sent = idle.write(socket, room, events, frames);
        if !idle.unsent.is_empty() {
            self.shared.filled.notify_one();
        }
        is_sent
    }

    /// Closes the connection with this reason, ahead of queued deliveries.
    pub(super) fn close(&self, reason: CloseReason) {
        self.shared.queue().is_closed = true;
        // An error means that the connection is being closed already.
        _ = self.shared.closing.set(reason);
        self.shared.filled.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use hubbub_chat::RoomReply;
    use hubbub_protocol::{
        ClientId, Event, Message, MessageId, MessageText, Refusal, RequestId, RoomName, Seq, ServerFrame,
        Timestamp, User, UserId, UserName,
    };
    use smallvec::smallvec;
    use tokio::net::TcpListener;

    use super::super::delivery::Broadcast;
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
            files: Vec::new(),
        };
        let room = RoomName::parse("general").unwrap();
        let frame = ServerFrame::Event { room, what: Event::Posted(message) };
        Delivery::Broadcast(Arc::new(Broadcast::in_room(RoomId(1), frame)))
    }

    fn refusal() -> Delivery {
        Delivery::Answer(Box::new((RequestId(1), RoomReply::Refused(Refusal::unavailable()))))
    }

    fn is_slow(outbox: &Outbox) -> bool {
        outbox.closing().get() == Some(&CloseReason::Slow)
    }

    /// Returns how many deliveries the queue accepts before the connection counts as slow.
    fn fitting(outbox: &Outbox, delivery: impl Fn() -> Delivery) -> usize {
        let mut count = 0;
        while !is_slow(outbox) {
            outbox.put([delivery()]);
            count += 1;
        }
        count - 1
    }

    #[test]
    fn holds_a_bounded_number_of_bytes_and_of_deliveries() {
        let (outbox, _inbox) = Outbox::new();
        let large = fitting(&outbox, || post(16_000));
        assert!((400..=OUTBOX_BYTES / 16_000).contains(&large), "{large}");
        let (outbox, _inbox) = Outbox::new();
        assert_eq!(fitting(&outbox, refusal), OUTBOX_DELIVERIES);
    }

    #[test]
    fn taken_deliveries_free_space() {
        let (outbox, inbox) = Outbox::new();
        for _ in 0..10 * OUTBOX_BYTES / 16_000 {
            outbox.put([post(16_000), refusal()]);
            assert_eq!(inbox.take(1).len(), 1);
            assert_eq!(inbox.take(10).len(), 1);
        }
        assert!(!is_slow(&outbox));
        let queue = inbox.shared.queue();
        assert_eq!((queue.bytes, queue.deliveries.capacity()), (0, 0));
    }

    /// Returns the two ends of a TCP connection.
    async fn connected() -> (Arc<TcpStream>, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let near = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (far, _) = listener.accept().await.unwrap();
        near.writable().await.unwrap();
        (Arc::new(near), far)
    }

    fn events(first: i64, last: i64) -> Option<RangeInclusive<Seq>> {
        Some(Seq(first)..=Seq(last))
    }

    #[tokio::test]
    async fn writes_the_next_events_of_a_room_only_while_the_connection_is_idle() {
        let (near, far) = connected().await;
        let (outbox, inbox) = Outbox::new();
        let frames = Bytes::from_static(b"frames");
        let write = |room, first, last| outbox.write(RoomId(room), events(first, last).as_ref(), &frames);
        assert!(!write(1, 8, 9), "the connection is busy");
        inbox.lend(&near, IdleSocket::new(smallvec![(RoomId(1), Seq(7)), (RoomId(2), Seq(0))]));
        assert!(!write(3, 1, 1), "the client is not in the room");
        assert!(!write(1, 9, 9), "an event is missing");
        assert!(!write(1, 7, 7), "the client has the event");
        assert!(write(1, 8, 9));
        assert!(write(1, 10, 10));
        assert!(outbox.write(RoomId(2), None, &Bytes::from_static(b"signal")));
        outbox.put([refusal()]);
        assert!(!write(1, 11, 11), "a delivery waits in the queue");
        let idle = inbox.reclaim().unwrap();
        assert_eq!(idle.positions[..], [(RoomId(1), Seq(10)), (RoomId(2), Seq(0))]);
        inbox.lend(&near, idle);
        assert!(inbox.reclaim().is_none(), "deliveries wait");
        assert_eq!(inbox.take(9).len(), 1);
        assert!(!write(1, 11, 11), "the connection is busy");
        far.readable().await.unwrap();
        let mut received = [0; 100];
        let count = far.try_read(&mut received).unwrap();
        assert_eq!(&received[..count], b"framesframessignal");
    }

    #[tokio::test]
    async fn keeps_what_the_system_does_not_accept_and_writes_no_further() {
        let (near, far) = connected().await;
        let (outbox, inbox) = Outbox::new();
        inbox.lend(&near, IdleSocket::new(smallvec![(RoomId(1), Seq(0))]));
        let frames = Bytes::from(vec![7; 100_000]);
        let mut sent = 0;
        while outbox.write(RoomId(1), events(sent + 1, sent + 1).as_ref(), &frames) {
            sent += 1;
            assert!(sent < 1_000, "no socket accepts this much");
        }
        inbox.filled().await;
        let idle = inbox.reclaim().unwrap();
        assert_eq!(idle.positions[..], [(RoomId(1), Seq(sent))]);
        assert!(!idle.unsent.is_empty());
        let expected = usize::try_from(sent).unwrap() * frames.len() - idle.unsent.len();
        let mut received = 0;
        let mut buffer = vec![0; 1 << 20];
        while received < expected {
            far.readable().await.unwrap();
            received += far.try_read(&mut buffer).unwrap_or_default();
        }
        assert_eq!(received, expected);
    }

    #[tokio::test]
    async fn an_ended_connection_receives_nothing() {
        let (near, _far) = connected().await;
        let (outbox, inbox) = Outbox::new();
        inbox.lend(&near, IdleSocket::new(smallvec![(RoomId(1), Seq(0))]));
        outbox.close(CloseReason::SignedOut);
        assert!(!outbox.write(RoomId(1), None, &Bytes::from_static(b"x")));
        outbox.put([refusal()]);
        assert!(inbox.take(1).is_empty());
        drop(inbox);
        outbox.put([refusal()]);
        assert!(outbox.shared.queue().deliveries.is_empty());
        assert_eq!(
            Arc::strong_count(&near),
            2,
            "the descriptor cannot be used again while a room has the outbox"
        );
        drop(outbox);
        assert_eq!(Arc::strong_count(&near), 1);
    }
}
