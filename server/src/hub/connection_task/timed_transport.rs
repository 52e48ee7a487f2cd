//! The transport of a connection with the time limits of a peer that reads slowly, and its pings.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hubbub_protocol::{CloseReason, Millis};
use tokio::net::TcpStream;
use tokio::sync::SetOnce;
use tokio_util::sync::CancellationToken;

use crate::hub::transport::{Incoming, PING_INTERVAL_MILLIS, TextFrame, Transport};

/// Maximum time without progress of a write to a peer that does not read. Then the peer counts as slow.
pub(super) const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes that a peer must accept within [`WRITE_TIMEOUT`] to get the same time again. Every network that is fit for
/// chatting carries more.
const MIN_PROGRESS_BYTES: usize = 16 * 1024;

/// Sends frames to one peer until the connection must be closed or the server stops.
pub(super) struct TimedTransport {
    transport: Transport,
    /// Set to close the connection.
    closing: Arc<SetOnce<CloseReason>>,
    stopping: CancellationToken,
    /// When the peer was pinged last.
    pinged: Millis,
}

impl TimedTransport {
    /// Creates the transport of a connection that begins at `now`.
    pub(super) const fn new(
        transport: Transport,
        closing: Arc<SetOnce<CloseReason>>,
        stopping: CancellationToken,
        now: Millis,
    ) -> Self {
        Self { transport, closing, stopping, pinged: now }
    }

    /// Sets the time of the last ping.
    pub(super) const fn set_pinged(&mut self, pinged: Millis) {
        self.pinged = pinged;
    }

    pub(super) async fn receive(&mut self) -> Incoming {
        self.transport.receive().await
    }

    /// See [`Transport::idle_stream`].
    pub(super) fn idle_stream(&self) -> Option<&Arc<TcpStream>> {
        self.transport.idle_stream()
    }

    /// See [`Transport::resume`].
    pub(super) fn resume(&mut self, unsent: Bytes) {
        self.transport.resume(unsent);
    }

    /// Returns when the peer must be pinged.
    pub(super) const fn next_ping(&self) -> Millis {
        self.pinged.plus(PING_INTERVAL_MILLIS)
    }

    /// Pings the peer if it is time and the transport accepts a frame now.
    pub(super) fn ping_if_due(&mut self, now: Millis) {
        if now.since(self.pinged) >= PING_INTERVAL_MILLIS {
            self.pinged = now;
            if self.transport.is_ready() {
                self.transport.ping();
            }
        }
    }

    pub(super) async fn feed_all(&mut self, frames: Vec<TextFrame>) -> Result<(), CloseReason> {
        for frame in frames {
            self.feed(&frame).await?;
        }
        Ok(())
    }

    /// Puts a frame in the send buffer; [`TimedTransport::flush`] sends it.
    pub(super) async fn feed(&mut self, frame: &TextFrame) -> Result<(), CloseReason> {
        if !self.transport.is_ready() {
            // The frames in the buffer must be sent first.
            self.flush().await?;
        }
        self.transport.feed(frame);
        Ok(())
    }

    /// Waits for a peer that reads slowly, as long as it makes progress ([`MIN_PROGRESS_BYTES`]), the connection is not
    /// to be closed and the server does not stop.
    pub(super) async fn flush(&mut self) -> Result<(), CloseReason> {
        let mut unsent = self.transport.unsent_bytes();
        loop {
            tokio::select! {
                biased;
                flushed = self.transport.flush() => return flushed,
                reason = self.closing.wait() => return Err(*reason),
                () = self.stopping.cancelled() => return Err(CloseReason::Restart),
                () = tokio::time::sleep(WRITE_TIMEOUT) => {}
            }
            let left = self.transport.unsent_bytes();
            if left + MIN_PROGRESS_BYTES > unsent {
                return Err(CloseReason::Slow);
            }
            unsent = left;
        }
    }

    pub(super) async fn close(&mut self, reason: CloseReason) {
        self.transport.close(reason).await;
    }
}
