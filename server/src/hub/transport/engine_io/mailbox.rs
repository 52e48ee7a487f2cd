//! Connects the HTTP requests of a polling peer with its session.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hubbub_protocol::CloseReason;
use tokio::sync::Notify;
use tokio::time::{Duration, Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::packet;
use crate::hub::transport::websocket::WebSocket;
use crate::hub::transport::{LargeFramePermit, TextFrame};
use crate::net::listener::ConnectionPermit;

/// Maximum bytes that may wait for the next poll before the session accepts no more; one frame may exceed it. A peer
/// that polls empties the mailbox at once; a peer that does not poll is closed as slow.
const MAX_UNFETCHED_BYTES: usize = 256 * 1024;
/// Maximum packets in the answer to one poll: `python-engineio` rejects a payload with more.
const MAX_PACKETS_PER_POLL: usize = 16;

/// Time that a session lives without a poll. A client that is alive starts the next poll as soon as the last is
/// answered.
const UNPOLLED_TIMEOUT: Duration = Duration::from_secs(20);

/// Packets that one peer has posted and packets that wait for its next poll. Clones share the contents.
#[derive(Clone)]
pub(crate) struct Mailbox {
    shared: Arc<MailboxState>,
}

struct MailboxState {
    // Held only for a look-up or a change, never across an await.
    contents: Mutex<Contents>,
    /// Wakes the session: a request has posted or fetched packets.
    session: Notify,
    /// Wakes the requests: packets wait for a poll, or another post is accepted.
    requests: Notify,
    closed: CancellationToken,
}

struct Contents {
    /// The part of one post that the session has not read yet.
    posted: Option<PollBody>,
    unfetched: VecDeque<TextFrame>,
    unfetched_bytes: usize,
    is_polled: bool,
    /// When the last poll ended, or the session began.
    polled_at: Instant,
    is_posted_to: bool,
    /// Whether a WebSocket tries to upgrade the session. Only one may do so at a time.
    is_probed: bool,
    /// Whether polls end at once, because a WebSocket is about to upgrade the session.
    is_released: bool,
    upgrade: Option<Upgrade>,
    /// Whether the session uses a WebSocket now.
    is_upgraded: bool,
    /// Reason why the session must end.
    broken: Option<CloseReason>,
}

/// The body of a post. The packets in its first `taken` bytes were given to the session.
struct PollBody {
    text: String,
    taken: usize,
    /// The permission for a long body.
    _permit: Option<LargeFramePermit>,
}

/// A WebSocket that upgrades a session, and its connection permit.
pub(super) struct Upgrade {
    pub(super) socket: Box<WebSocket>,
    pub(super) permit: Option<ConnectionPermit>,
}

/// Input for the session.
pub(super) enum SessionInput {
    /// A packet of the peer.
    Packet(String),
    /// The WebSocket with which the session continues.
    Upgrade(Upgrade),
    /// The peer broke the protocol.
    Closed(CloseReason),
}

/// The session does not answer this request, because it has ended or uses a WebSocket, or because it ends: two requests
/// of one kind waited at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SessionEnded;

impl Mailbox {
    pub(crate) fn new() -> Self {
        let shared = MailboxState {
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

    /// Waits for packets for the peer.
    ///
    /// # Errors
    /// See [`SessionEnded`].
    pub(crate) async fn poll(&self) -> Result<String, SessionEnded> {
        self.begin(|contents| &mut contents.is_polled)?;
        // The closure also runs when the peer disconnects and this future is dropped.
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

    /// Begins a post. Another one at the same time ends the session.
    ///
    /// # Errors
    /// See [`SessionEnded`].
    pub(crate) fn begin_post(&self) -> Result<Posting<'_>, SessionEnded> {
        self.begin(|contents| &mut contents.is_posted_to)?;
        Ok(Posting { mailbox: self })
    }

    /// Marks that a request of a kind is in progress: the protocol allows one at a time.
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

    /// Whether a WebSocket may try to upgrade the session. If so, it must end with [`Mailbox::upgrade`] or
    /// [`Mailbox::upgrade_failed`].
    pub(crate) fn begin_upgrade(&self) -> bool {
        let mut contents = self.contents();
        !std::mem::replace(&mut contents.is_probed, true)
    }

    /// Ends the waiting poll and each further one, until the upgrade has succeeded or failed.
    pub(super) fn release_polls(&self) {
        self.contents().is_released = true;
        self.shared.requests.notify_waiters();
    }

    /// Lets the session continue over this WebSocket.
    pub(super) fn upgrade(&self, upgrade: Upgrade) {
        self.contents().upgrade = Some(upgrade);
        self.shared.session.notify_one();
    }

    /// Lets the session continue by polling.
    pub(crate) fn upgrade_failed(&self) {
        let mut contents = self.contents();
        contents.is_probed = false;
        contents.is_released = false;
        drop(contents);
        self.shared.requests.notify_waiters();
    }

    /// Waits for the next input for the session; cancel safe.
    pub(super) async fn next(&self) -> SessionInput {
        loop {
            {
                let mut contents = self.contents();
                if let Some(reason) = contents.broken {
                    return SessionInput::Closed(reason);
                }
                if let Some(packet) = contents.take_packet() {
                    if contents.posted.is_none() {
                        self.shared.requests.notify_waiters();
                    }
                    return SessionInput::Packet(packet);
                }
                if let Some(upgrade) = contents.take_upgrade() {
                    return SessionInput::Upgrade(upgrade);
                }
                if !contents.is_polled && contents.polled_at.elapsed() >= UNPOLLED_TIMEOUT {
                    return SessionInput::Closed(CloseReason::Idle);
                }
            }
            // While a poll waits, its end is noticed within another [`UNPOLLED_TIMEOUT`].
            _ = timeout(UNPOLLED_TIMEOUT, self.shared.session.notified()).await;
        }
    }

    /// Adds a packet for the next poll.
    pub(super) fn put(&self, packet: TextFrame) {
        let mut contents = self.contents();
        contents.unfetched_bytes += packet.bytes().len();
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

    /// Waits until there is space, or until a WebSocket upgrades the session, which has a buffer of its own.
    ///
    /// # Errors
    /// The reason to end the session.
    pub(super) async fn room(&self) -> Result<Option<Upgrade>, CloseReason> {
        self.until(|contents| match contents.take_upgrade() {
            Some(upgrade) => Some(Some(upgrade)),
            None => (contents.unfetched_bytes < MAX_UNFETCHED_BYTES).then_some(None),
        })
        .await
    }

    /// Waits until polls have fetched all packets.
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

    /// Removes and returns the packets that no poll has fetched.
    pub(super) fn drain(&self) -> Vec<TextFrame> {
        self.contents().take_unfetched(usize::MAX)
    }

    /// Ends all requests and refuses further ones.
    pub(super) fn close(&self) {
        self.shared.closed.cancel();
        let mut contents = self.contents();
        contents.take_unfetched(usize::MAX);
        contents.posted = None;
        contents.upgrade = None;
    }
}

/// A post of packets. It ends when this is dropped, also when the peer disconnects.
pub(crate) struct Posting<'a> {
    mailbox: &'a Mailbox,
}

impl Drop for Posting<'_> {
    fn drop(&mut self) {
        self.mailbox.contents().is_posted_to = false;
    }
}

impl Posting<'_> {
    /// Gives packets to the session. Waits until the session has read the packets of the previous post, so that a peer
    /// cannot send faster than the session reads.
    ///
    /// # Errors
    /// See [`SessionEnded`].
    pub(crate) async fn post(
        self,
        body: String,
        permit: Option<LargeFramePermit>,
    ) -> Result<(), SessionEnded> {
        let shared = &self.mailbox.shared;
        loop {
            let changed = shared.requests.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            {
                let mut contents = self.mailbox.contents();
                if contents.is_upgraded {
                    return Err(SessionEnded);
                }
                if contents.posted.is_none() {
                    contents.posted = Some(PollBody { text: body, taken: 0, _permit: permit });
                    shared.session.notify_one();
                    return Ok(());
                }
            }
            tokio::select! {
                () = changed => {}
                () = shared.closed.cancelled() => return Err(SessionEnded),
            }
        }
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

    /// Removes and returns the first packets that wait for a poll.
    fn take_unfetched(&mut self, count: usize) -> Vec<TextFrame> {
        let count = count.min(self.unfetched.len());
        let packets: Vec<TextFrame> = self.unfetched.drain(..count).collect();
        self.unfetched_bytes -= packets.iter().map(|packet| packet.bytes().len()).sum::<usize>();
        packets
    }

    fn take_upgrade(&mut self) -> Option<Upgrade> {
        let upgrade = self.upgrade.take()?;
        self.is_upgraded = true;
        Some(upgrade)
    }

    /// Removes and returns the next packet of the post.
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

/// Runs a closure at the end of a scope, also when the future is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
