//! A connection over a WebSocket of its own.

use std::time::Duration;

use futures_util::future::poll_fn;
use futures_util::{FutureExt, SinkExt, StreamExt};
use hubbub_protocol::CloseReason;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::error::CapacityError;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Bytes, Error, Message, Utf8Bytes};

use super::Incoming;
use super::large_frame::{LARGE_BYTES, LargeFrame};
use crate::net::handshake::UpgradedSocket;

/// Maximum time that a close waits for the peer's close frame.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
/// Maximum bytes of a closing peer that are read and discarded. Unread bytes would make the system send a TCP reset,
/// which may arrive before the close frame.
const MAX_DISCARDED_BYTES: usize = 1 << 20;

/// A WebSocket whose errors are mapped to close reasons.
#[derive(Debug)]
pub(crate) struct WebSocket {
    socket: UpgradedSocket,
    /// A large frame that is written without the library. Until it is complete, the library gets no frames to send and
    /// is not read, because it answers pings by itself.
    large: Option<LargeFrame>,
}

impl WebSocket {
    pub(super) const fn new(socket: UpgradedSocket) -> Self {
        Self { socket, large: None }
    }

    pub(super) async fn receive(&mut self) -> Incoming {
        match self.socket.next().await {
            Some(Ok(Message::Text(text))) => Incoming::Text(text),
            // The library answers a ping by itself; the next flush sends the answer.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Incoming::SignOfLife,
            Some(Ok(Message::Binary(_))) => Incoming::Binary,
            Some(Ok(Message::Close(_) | Message::Frame(_))) | None => Incoming::Closed(CloseReason::Normal),
            Some(Err(error)) => Incoming::Closed(reason(&error)),
        }
    }

    pub(super) fn is_ready(&mut self) -> Result<bool, CloseReason> {
        if self.large.is_some() {
            return Ok(false);
        }
        match poll_fn(|context| self.socket.poll_ready_unpin(context)).now_or_never() {
            Some(ready) => ready.map(|()| true).map_err(|error| reason(&error)),
            // The send buffer of the system is full.
            None => Ok(false),
        }
    }

    pub(super) fn feed(&mut self, text: Utf8Bytes) -> Result<(), CloseReason> {
        if text.len() > LARGE_BYTES {
            self.large = Some(LargeFrame::of(text));
            return Ok(());
        }
        self.send(Message::Text(text))
    }

    fn send(&mut self, message: Message) -> Result<(), CloseReason> {
        self.socket.start_send_unpin(message).map_err(|error| reason(&error))
    }

    pub(super) async fn flush(&mut self) -> Result<(), CloseReason> {
        // The library's buffer holds earlier frames, which must be sent first.
        self.socket.flush().await.map_err(|error| reason(&error))?;
        if let Some(large) = &mut self.large {
            large.write(self.socket.get_mut()).await.map_err(|_| CloseReason::Normal)?;
            self.large = None;
        }
        Ok(())
    }

    /// Returns the unsent bytes of a large frame. The library buffers only small frames beside it.
    pub(super) fn unsent_bytes(&self) -> usize {
        self.large.as_ref().map_or(0, LargeFrame::unsent_bytes)
    }

    pub(super) fn ping(&mut self) -> Result<(), CloseReason> {
        self.send(Message::Ping(Bytes::new()))
    }

    pub(super) async fn close(&mut self, reason: CloseReason) {
        let frame = CloseFrame { code: reason.code().into(), reason: reason.text().into() };
        let goodbye = async {
            // A frame whose writing has begun must be completed first.
            _ = self.flush().await;
            // `close` fails if the peer closed first; the library's answer to that close frame must still be flushed.
            _ = self.socket.close(Some(frame)).await;
            _ = self.socket.flush().await;
            let stream = self.socket.get_mut();
            // The server closes the TCP connection first (RFC 6455, section 7.1.1): clients wait for it.
            _ = stream.shutdown().await;
            let mut discarded = 0;
            // The buffer is on the heap, because on the stack it would enlarge the task of every connection for its
            // whole life.
            let mut buffer = vec![0; 1024];
            while let Ok(read @ 1..) = stream.read(&mut buffer).await {
                discarded += read;
                if discarded > MAX_DISCARDED_BYTES {
                    break;
                }
            }
        };
        // A peer that does not answer in time is disconnected anyway.
        _ = timeout(CLOSE_TIMEOUT, goodbye).await;
    }
}

/// Returns the close reason for an error of the peer (RFC 6455, section 7.4.1).
fn reason(error: &Error) -> CloseReason {
    match error {
        Error::Capacity(CapacityError::MessageTooLong { .. }) => CloseReason::TooBig,
        Error::Utf8(_) => CloseReason::NotUtf8,
        Error::Protocol(_) => CloseReason::ProtocolError,
        Error::WriteBufferFull(_) => CloseReason::Slow,
        _ => CloseReason::Normal,
    }
}
