//! A connection over a WebSocket of its own.

use std::cell::RefCell;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hubbub_protocol::{CloseReason, MAX_FRAME_BYTES};
use rustix::net::Shutdown;
use tokio::net::TcpStream;
use tokio::task::coop::consume_budget;
use tokio::time::{Instant, timeout, timeout_at};

use super::frame_reader::FrameReader;
use super::large_frames::{LARGE_FRAME_TIMEOUT, LargeFramePermit, LargeFrames};
use super::send_buffer::SendBuffer;
use super::{Incoming, TextFrame};
use crate::net::handshake::UpgradedSocket;

/// Maximum time that a close waits for the peer's close frame.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
/// Maximum bytes of a closing peer that are read and discarded. Unread bytes would make the system send a TCP reset,
/// which may arrive before the close frame.
const MAX_DISCARDED_BYTES: usize = 1 << 20;
/// Bytes read from the system at once.
const READ_BYTES: usize = 16 * 1024;
/// A ping without content (RFC 6455, section 5.5.2).
const PING: &[u8] = &[0x89, 0];

thread_local! {
    /// The memory into which each thread reads, so that an idle connection needs none.
    static RECEIVED: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_BYTES]);
}

/// The WebSocket of a client.
#[derive(Debug)]
pub(crate) struct WebSocket {
    /// Shared with the rooms, which write to it while the connection is idle.
    stream: Arc<TcpStream>,
    reader: FrameReader,
    buffer: SendBuffer,
    /// Set if the peer may send files in frames.
    large: Option<Box<LargeFrameState>>,
}

/// The long frame that a peer is sending.
#[derive(Debug)]
struct LargeFrameState {
    frames: LargeFrames,
    /// Bytes received since the last message with content.
    incomplete_bytes: usize,
    /// The permission for the frame and the time at which it must be complete, until its message has been handled.
    permit: Option<(LargeFramePermit, Instant)>,
}

impl LargeFrameState {
    /// Whether no frame has begun and no permission is held.
    const fn is_idle(&self) -> bool {
        self.incomplete_bytes == 0 && self.permit.is_none()
    }

    /// Waits until more bytes may be received. Returns the time at which they must have arrived.
    async fn admit(&mut self) -> Option<Instant> {
        match (self.incomplete_bytes, &self.permit) {
            (0, Some(_)) => self.permit = None,
            (bytes, None) if bytes >= MAX_FRAME_BYTES => {
                let permit = self.frames.acquire().await;
                self.permit = permit.map(|permit| (permit, Instant::now() + LARGE_FRAME_TIMEOUT));
            }
            _ => {}
        }
        self.permit.as_ref().map(|(_, deadline)| *deadline)
    }
}

impl WebSocket {
    pub(super) fn new(socket: UpgradedSocket, large: Option<LargeFrames>) -> Self {
        let max_bytes = large.as_ref().map_or(MAX_FRAME_BYTES, LargeFrames::max_frame_bytes);
        let large =
            large.map(|frames| Box::new(LargeFrameState { frames, incomplete_bytes: 0, permit: None }));
        let mut reader = FrameReader::new(max_bytes);
        reader.begin(&socket.received);
        Self { stream: Arc::new(socket.stream), reader, buffer: SendBuffer::default(), large }
    }

    /// Waits for the next input; cancel safe. The caller must flush before the next call, because it may have added the
    /// answer to a ping.
    pub(super) async fn receive(&mut self) -> Incoming {
        let incoming = loop {
            // Reading with `try_read` takes nothing from the task's budget, so a peer that never stops sending would
            // occupy a thread.
            consume_budget().await;
            if let Some(incoming) = self.reader.next() {
                break incoming;
            }
            // The futures for long frames are boxed: inline, they would occupy their memory in every idle connection.
            let deadline = match &mut self.large {
                Some(large) if !large.is_idle() => Box::pin(large.admit()).await,
                _ => None,
            };
            let readable = match deadline {
                Some(deadline) => match Box::pin(timeout_at(deadline, self.stream.readable())).await {
                    Ok(readable) => readable,
                    Err(_) => break Incoming::Closed(CloseReason::Slow),
                },
                None => self.stream.readable().await,
            };
            if readable.is_err() {
                break Incoming::Closed(CloseReason::Normal);
            }
            let mut count_received = 0;
            let received = RECEIVED.with_borrow_mut(|bytes| match self.stream.try_read(bytes) {
                Ok(0) => Some(self.reader.end()),
                Ok(count) => {
                    count_received = count;
                    self.reader.receive(&mut bytes[..count])
                }
                Err(error) if is_temporary(&error) => None,
                Err(_) => Some(Incoming::Closed(CloseReason::Normal)),
            });
            if let Some(large) = &mut self.large {
                large.incomplete_bytes =
                    if received.is_some() { 0 } else { large.incomplete_bytes + count_received };
            }
            if let Some(incoming) = received {
                break incoming;
            }
        };
        if let Some(replies) = self.reader.take_replies() {
            self.buffer.push(replies);
        }
        incoming
    }

    pub(super) const fn is_ready(&self) -> bool {
        self.buffer.is_ready()
    }

    pub(super) fn feed(&mut self, frame: &TextFrame) {
        self.buffer.push(frame.bytes().clone());
    }

    /// Returns the stream if all frames have been sent.
    pub(super) fn idle_stream(&self) -> Option<&Arc<TcpStream>> {
        (self.buffer.unsent_bytes() == 0).then_some(&self.stream)
    }

    /// Continues a frame of which others have written a part.
    pub(super) fn resume(&mut self, unsent: Bytes) {
        if !unsent.is_empty() {
            self.buffer.resume(unsent);
        }
    }

    /// Writes the buffered frames. Cancel safe: the next call continues.
    pub(super) async fn flush(&mut self) -> Result<(), CloseReason> {
        loop {
            match self.buffer.write(|slices| self.stream.try_write_vectored(slices)) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.stream.writable().await.map_err(|_| CloseReason::Normal)?;
                }
                Err(_) => return Err(CloseReason::Normal),
            }
        }
    }

    pub(super) const fn unsent_bytes(&self) -> usize {
        self.buffer.unsent_bytes()
    }

    pub(super) fn ping(&mut self) {
        self.buffer.push(Bytes::from_static(PING));
    }

    /// Sends a close frame with this reason, waits a short time for the peer to close, and closes the connection.
    pub(super) async fn close(&mut self, reason: CloseReason) {
        if let Some(goodbye) = self.reader.close(reason) {
            self.buffer.push(goodbye);
        }
        let end = async {
            // A frame whose writing has begun is completed first.
            _ = self.flush().await;
            // The server closes the TCP connection first (RFC 6455, section 7.1.1): clients wait for it.
            _ = rustix::net::shutdown(&self.stream, Shutdown::Write);
            let mut discarded = 0;
            while discarded <= MAX_DISCARDED_BYTES && self.stream.readable().await.is_ok() {
                match RECEIVED.with_borrow_mut(|bytes| self.stream.try_read(bytes)) {
                    Ok(0) => return,
                    Ok(count) => discarded += count,
                    Err(error) if is_temporary(&error) => {}
                    Err(_) => return,
                }
            }
        };
        // A peer that does not answer in time is disconnected anyway.
        _ = timeout(CLOSE_TIMEOUT, end).await;
        // Rooms may own the connection for a moment longer.
        _ = rustix::net::shutdown(&self.stream, Shutdown::Both);
    }
}

/// Whether an operation of the socket may succeed when the system reports that the socket is ready.
fn is_temporary(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}
