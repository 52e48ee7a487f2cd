//! Where the HTTP requests of a peer that polls and its session meet.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hubbub_protocol::CloseReason;
use tokio::sync::Notify;
use tokio::time::{Duration, Instant, timeout};
use tokio_tungstenite::tungstenite::Utf8Bytes;
use tokio_util::sync::CancellationToken;

use super::packet;
use crate::hub::transport::websocket::WebSocket;
use crate::net::listener::Place;

/// Bytes that may wait for the next poll before the session takes no more for the peer; one line may come on top.
/// A peer that polls empties it at once; one that does not is closed as slow.
const MAX_UNFETCHED_BYTES: usize = 256 * 1024;
/// Packets that one poll brings: `python-engineio` takes no payload of more.
const MAX_PACKETS_PER_POLL: usize = 16;

/// How long a session lives without a poll. A client that is there begins the next one as soon as the last is answered.
const UNPOLLED_TIMEOUT: Duration = Duration::from_secs(20);

/// What one peer has posted and what waits for its next poll. Cloning shares it.
#[derive(Clone)]
pub(crate) struct Mailbox {
    shared: Arc<Shared>,
}

struct Shared {
    // Held for a look or a change, never across an await.
    contents: Mutex<Contents>,
    /// For the session: something was posted or fetched.
    session: Notify,
    /// For the requests: something waits for a poll, or there is room for another post.
    requests: Notify,
    closed: CancellationToken,
}

struct Contents {
    /// What the session has not taken yet of one post.
    posted: Option<Body>,
    unfetched: VecDeque<Utf8Bytes>,
    unfetched_bytes: usize,
    is_polled: bool,
    /// When the last poll ended, or the session began.
    polled_at: Instant,
    is_posted_to: bool,
    /// Whether a WebSocket tries to take over; there is one at a time.
    is_probed: bool,
    /// Whether polls end at once, because a WebSocket is about to take over.
    is_released: bool,
    upgrade: Option<Upgrade>,
    /// Whether the session goes over a WebSocket now.
    is_upgraded: bool,
    /// Why the session has to end.
    broken: Option<CloseReason>,
}

/// The body of a post: packets, of which those before `taken` bytes were handed on.
struct Body {
    text: String,
    taken: usize,
}

/// A WebSocket that takes over, and its place among all connections.
pub(super) struct Upgrade {
    pub(super) socket: Box<WebSocket>,
    pub(super) place: Option<Place>,
}

/// Something for the session.
pub(super) enum Posted {
    /// A packet of the peer.
    Packet(String),
    /// The WebSocket to go on with.
    Upgrade(Upgrade),
    /// The peer broke the protocol.
    Closed(CloseReason),
}

/// The session does not answer this request: it has ended or gone over to a WebSocket, or it ends because two requests
/// of one kind wait at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SessionEnded;

impl Mailbox {
    pub(crate) fn new() -> Self {
        let shared = Shared {
            contents: Mutex::new(Contents::new()),
            session: Notify::new(),
            requests: Notify::new(),
            closed: CancellationToken::new(),
        };
        Self { shared: Arc::new(shared) }
    }

    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.shared.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for something to tell the peer.
    ///
    /// # Errors
    /// See [`SessionEnded`].
    pub(crate) async fn poll(&self) -> Result<String, SessionEnded> {
        self.begin(|contents| &mut contents.is_polled)?;
        // Also when the peer hangs up and this is dropped.
        let _polling = OnDrop(|| {
            let mut contents = self.contents();
            (contents.is_polled, contents.polled_at) = (false, Instant::now());
        });
        loop {
            let changed = self.shared.requests.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            {
                let mut contents = self.contents();
                if contents.is_released {
                    return Ok(packet::NOOP.to_owned());
                }
                if !contents.unfetched.is_empty() {
                    let packets = contents.take_unfetched(MAX_PACKETS_PER_POLL);
                    self.shared.session.notify_one();
                    return Ok(packet::join(&packets));
                }
            }
            tokio::select! {
                () = changed => {}
                () = self.shared.closed.cancelled() => return Err(SessionEnded),
            }
        }
    }

    /// Hands packets to the session. Waits until it has taken those of the post before, so that a peer sends no faster
    /// than the session takes.
    ///
    /// # Errors
    /// See [`SessionEnded`].
    pub(crate) async fn post(&self, body: String) -> Result<(), SessionEnded> {
        self.begin(|contents| &mut contents.is_posted_to)?;
        let _posting = OnDrop(|| self.contents().is_posted_to = false);
        loop {
            let changed = self.shared.requests.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            {
                let mut contents = self.contents();
                if contents.is_upgraded {
                    return Err(SessionEnded);
                }
                if contents.posted.is_none() {
                    contents.posted = Some(Body { text: body, taken: 0 });
                    self.shared.session.notify_one();
                    return Ok(());
                }
            }
            tokio::select! {
                () = changed => {}
                () = self.shared.closed.cancelled() => return Err(SessionEnded),
            }
        }
    }

    /// Notes that a request of a kind is under way: the protocol allows one at a time.
    fn begin(&self, is_under_way: impl Fn(&mut Contents) -> &mut bool) -> Result<(), SessionEnded> {
        let mut contents = self.contents();
        if self.shared.closed.is_cancelled() || contents.is_upgraded {
            return Err(SessionEnded);
        }
        if std::mem::replace(is_under_way(&mut contents), true) {
            contents.broken = Some(CloseReason::ProtocolError);
            self.shared.session.notify_one();
            return Err(SessionEnded);
        }
        Ok(())
    }

    /// Whether a WebSocket may try to take over; it must end with [`Mailbox::upgrade`] or
    /// [`Mailbox::upgrade_failed`].
    pub(crate) fn begin_upgrade(&self) -> bool {
        let mut contents = self.contents();
        !std::mem::replace(&mut contents.is_probed, true)
    }

    /// Ends the poll that waits, and each further one, until the upgrade has succeeded or failed.
    pub(super) fn release_polls(&self) {
        self.contents().is_released = true;
        self.shared.requests.notify_waiters();
    }

    /// The session goes on over this WebSocket.
    pub(super) fn upgrade(&self, upgrade: Upgrade) {
        self.contents().upgrade = Some(upgrade);
        self.shared.session.notify_one();
    }

    /// The session goes on by polling.
    pub(crate) fn upgrade_failed(&self) {
        let mut contents = self.contents();
        contents.is_probed = false;
        contents.is_released = false;
        drop(contents);
        self.shared.requests.notify_waiters();
    }

    /// What comes next for the session. Safe to drop while it waits.
    pub(super) async fn next(&self) -> Posted {
        loop {
            {
                let mut contents = self.contents();
                if let Some(reason) = contents.broken {
                    return Posted::Closed(reason);
                }
                if let Some(packet) = contents.take_packet() {
                    if contents.posted.is_none() {
                        self.shared.requests.notify_waiters();
                    }
                    return Posted::Packet(packet);
                }
                if let Some(upgrade) = contents.take_upgrade() {
                    return Posted::Upgrade(upgrade);
                }
                if !contents.is_polled && contents.polled_at.elapsed() >= UNPOLLED_TIMEOUT {
                    return Posted::Closed(CloseReason::Idle);
                }
            }
            // While a poll waits, its end is noticed within the same time again.
            _ = timeout(UNPOLLED_TIMEOUT, self.shared.session.notified()).await;
        }
    }

    /// Takes a packet for the next poll.
    pub(super) fn put(&self, packet: Utf8Bytes) {
        let mut contents = self.contents();
        contents.unfetched_bytes += packet.len();
        contents.unfetched.push_back(packet);
        drop(contents);
        self.shared.requests.notify_waiters();
    }

    pub(super) fn has_room(&self) -> bool {
        self.unsent_bytes() < MAX_UNFETCHED_BYTES
    }

    pub(super) fn unsent_bytes(&self) -> usize {
        self.contents().unfetched_bytes
    }

    /// Waits until there is room, or until a WebSocket takes over, which has room of its own.
    ///
    /// # Errors
    /// The reason to end.
    pub(super) async fn room(&self) -> Result<Option<Upgrade>, CloseReason> {
        self.until(|contents| match contents.take_upgrade() {
            Some(upgrade) => Some(Some(upgrade)),
            None => (contents.unfetched_bytes < MAX_UNFETCHED_BYTES).then_some(None),
        })
        .await
    }

    /// Waits until a poll has taken everything.
    pub(super) async fn fetched(&self) {
        while !self.contents().unfetched.is_empty() {
            self.shared.session.notified().await;
        }
    }

    async fn until<T>(&self, is_so: impl Fn(&mut Contents) -> Option<T>) -> Result<T, CloseReason> {
        loop {
            {
                let mut contents = self.contents();
                if let Some(reason) = contents.broken {
                    return Err(reason);
                }
                if let Some(so) = is_so(&mut contents) {
                    return Ok(so);
                }
            }
            self.shared.session.notified().await;
        }
    }

    /// Packets that no poll has fetched yet.
    pub(super) fn drain(&self) -> Vec<Utf8Bytes> {
        self.contents().take_unfetched(usize::MAX)
    }

    /// Ends all requests, and refuses further ones.
    pub(super) fn close(&self) {
        self.shared.closed.cancel();
        let mut contents = self.contents();
        contents.take_unfetched(usize::MAX);
        contents.posted = None;
        contents.upgrade = None;
    }
}

impl Contents {
    fn new() -> Self {
        Self {
            posted: None,
            unfetched: VecDeque::new(),
            unfetched_bytes: 0,
            is_polled: false,
            polled_at: Instant::now(),
            is_posted_to: false,
            is_probed: false,
            is_released: false,
            upgrade: None,
            is_upgraded: false,
            broken: None,
        }
    }

    /// The first of what waits for a poll.
    fn take_unfetched(&mut self, count: usize) -> Vec<Utf8Bytes> {
        let count = count.min(self.unfetched.len());
        let packets: Vec<Utf8Bytes> = self.unfetched.drain(..count).collect();
        self.unfetched_bytes -= packets.iter().map(|packet| packet.len()).sum::<usize>();
        packets
    }

    fn take_upgrade(&mut self) -> Option<Upgrade> {
        let upgrade = self.upgrade.take()?;
        self.is_upgraded = true;
        Some(upgrade)
    }

    /// The next packet of the post.
    fn take_packet(&mut self) -> Option<String> {
        let body = self.posted.as_mut()?;
        let (packet, rest) = packet::split(body.text.get(body.taken..).unwrap_or_default());
        let packet = packet.to_owned();
        match rest {
            Some(rest) => body.taken = body.text.len() - rest.len(),
            None => self.posted = None,
        }
        Some(packet)
    }
}

/// Does something at the end of a scope, whichever way it ends.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
