//! The accept loop. It replaces the accept loop of axum, which has no header timeout and no connection limit, and does
//! not wait for WebSockets when it stops.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::client_address::{ClientAddress, ClientKey};
use super::proxy::Proxies;
use super::timed_stream::TimedStream;
use crate::log_throttle::LogThrottle;

/// Maximum number of connections that the system queues, sized for clients that reconnect at the same time after a
/// restart.
const BACKLOG: u32 = 4_096;
/// Bytes that the system buffers for a peer that does not read; it needs the same amount again for bookkeeping. The
/// system's own default is 4 MiB.
const SEND_BUFFER_BYTES: u32 = 256 * 1024;
/// Maximum time that a peer may take to send the head of a request (against Slowloris), and to begin the next one on
/// the same connection.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// Maximum bytes of a request's head; a longer one gets status 431.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// Maximum time that a rejected connection may take to read the reason.
const REJECT_TIMEOUT: Duration = Duration::from_secs(1);
/// Pause when the system has no file descriptor left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// The log lines are throttled, because peers that use up the file descriptors must not fill the log as well.
static ACCEPT_FAILURES: LogThrottle = LogThrottle::new();

/// The limits on open connections and their current counts. Clones share the counts.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionPermits {
    total: Arc<Semaphore>,
    clients: ClientCounts,
    per_address: usize,
}

impl ConnectionPermits {
    pub(crate) fn new(caps: ConnectionLimits) -> Self {
        let (total, clients) = (Arc::new(Semaphore::new(caps.total)), ClientCounts::default());
        Self { total, clients, per_address: caps.per_address }
    }

    /// Counts one more connection of `client`, or a session that outlives its connections, until the permit is dropped.
    /// Returns `None` at the limit.
    pub(crate) fn try_acquire(&self, client: ClientAddress) -> Option<ConnectionPermit> {
        let mut permit = self.try_acquire_proxy()?;
        permit.hold(self.try_acquire_forwarded(client)?);
        Some(permit)
    }

    /// Counts a connection of a trusted proxy only in the total, because it carries the requests of many clients.
    fn try_acquire_proxy(&self) -> Option<ConnectionPermit> {
        let permit = Arc::clone(&self.total).try_acquire_owned().ok()?;
        Some(ConnectionPermit { _permit: Arc::new(permit), _client: None })
    }

    /// Counts a request that a trusted proxy forwards, only for its client. Returns `None` at the limit.
    pub(crate) fn try_acquire_forwarded(&self, client: ClientAddress) -> Option<ClientPermit> {
        self.clients.try_acquire(client.key(), self.per_address)
    }
}

/// The maximum numbers of open connections.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionLimits {
    /// Maximum number of connections in total.
    pub(crate) total: usize,
    /// Maximum number of connections of one client: an IPv4 address, or an IPv6 network of 64 bits. Programs on this
    /// machine are exempt.
    pub(crate) per_address: usize,
}

/// A permit held by everything that uses a connection, also a WebSocket. The last clone returns it.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionPermit {
    _permit: Arc<OwnedSemaphorePermit>,
    /// `None` on a connection of a proxy, where each request has a permit of its client.
    _client: Option<ClientPermit>,
}

impl ConnectionPermit {
    /// Keeps the permit of the client as long as this permit.
    pub(crate) fn hold(&mut self, client: ClientPermit) {
        self._client = Some(client);
    }
}

/// The other end of the TCP connection: the client or its proxy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Counts connections by client.
#[derive(Clone, Debug, Default)]
struct ClientCounts {
    // Held only for a look-up or a change, never across an await.
    open: Arc<Mutex<HashMap<ClientKey, usize>>>,
}

/// A permit for one connection of a client. The last clone returns it.
#[derive(Clone, Debug)]
pub(crate) struct ClientPermit {
    _counted: Option<Arc<CountedClient>>,
}

#[derive(Debug)]
struct CountedClient {
    clients: ClientCounts,
    key: ClientKey,
}

impl ClientCounts {
    /// Returns a permit for a client with this key; a client without a key is not counted.
    fn try_acquire(&self, key: Option<ClientKey>, cap: usize) -> Option<ClientPermit> {
        let Some(key) = key else { return Some(ClientPermit { _counted: None }) };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.get(&key).copied().unwrap_or_default();
        if count >= cap {
            return None;
        }
        open.insert(key, count + 1);
        Some(ClientPermit { _counted: Some(Arc::new(CountedClient { clients: self.clone(), key })) })
    }
}

impl Drop for CountedClient {
    fn drop(&mut self) {
        let mut open = self.clients.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.key);
            }
        }
    }
}

/// Binds the address.
///
/// # Errors
/// The error of the system, for example if another program uses the address.
pub(crate) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A restart must not wait until the old connections time out. The option does not share a port in use.
    socket.set_reuseaddr(true)?;
    // Each connection inherits this size.
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// The two steps in which connections end when the server stops.
#[derive(Clone, Debug)]
pub(crate) struct Stop {
    /// No further connections and requests are accepted; started requests are completed.
    pub(crate) gently: CancellationToken,
    /// All remaining connections are closed at once.
    pub(crate) now: CancellationToken,
}

/// Serves connections until it is stopped; `tasks` tracks when the last one has ended.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    permits: ConnectionPermits,
    proxies: Proxies,
    tasks: TaskTracker,
    stop: Stop,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.gently.cancelled() => return,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                if let Some(unlogged) = ACCEPT_FAILURES.admit(Instant::now()) {
                    tracing::warn!(%error, unlogged, "cannot accept connections");
                }
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let is_proxy = proxies.trust(peer.ip());
        let permit = if is_proxy {
            permits.try_acquire_proxy()
        } else {
            permits.try_acquire(ClientAddress::direct(peer.ip()))
        };
        match permit {
            Some(permit) => {
                let peer = Peer(peer.ip());
                let connection = connection(stream, router.clone(), permit, peer, stop.gently.clone());
                tasks.spawn(stop.now.clone().run_until_cancelled_owned(connection));
            }
            None => drop(tasks.spawn(reject_overloaded(stream))),
        }
    }
}

async fn connection(
    stream: TcpStream,
    router: Router,
    permit: ConnectionPermit,
    peer: Peer,
    stopping: CancellationToken,
) {
    // Small frames must be sent at once: with Nagle's algorithm they would wait for the peer's delayed acknowledgement,
    // 40 ms.
    _ = stream.set_nodelay(true);
    let stream = TimedStream::new(stream);
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(permit.clone());
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request)
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT).max_buf_size(MAX_HEAD_BYTES);
    let mut served = std::pin::pin!(http.serve_connection(TokioIo::new(stream), service).with_upgrades());
    let outcome = tokio::select! {
        outcome = served.as_mut() => outcome,
        () = stopping.cancelled() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "connection ended with an error");
    }
}

/// Reports that the server is full, without parsing the request.
async fn reject_overloaded(mut stream: TcpStream) {
    const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\n\
        content-type: text/plain\r\nx-content-type-options: nosniff\r\ncontent-length: 38\r\n\r\nToo many connections. Try again later.";
    let answer = async {
        stream.write_all(FULL).await?;
        stream.shutdown().await?;
        // Reads and discards the request: closing with unread bytes sends a TCP reset, which may arrive before the
        // answer.
        let mut request = [0; 1024];
        while stream.read(&mut request).await? > 0 {}
        io::Result::Ok(())
    };
    _ = tokio::time::timeout(REJECT_TIMEOUT, answer).await;
}
