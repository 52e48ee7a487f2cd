//! The transport of a connection. The connection task does not depend on its kind.

pub(crate) mod engine_io;
mod frame_reader;
mod large_frames;
mod send_buffer;
mod socketio;
mod text_frame;
mod websocket;

use std::sync::Arc;

use bytes::Bytes;
use hubbub_protocol::CloseReason;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::net::handshake::UpgradedSocket;
pub(crate) use large_frames::{LARGE_FRAME_TIMEOUT, LargeFramePermit, LargeFrames};
pub(crate) use socketio::SocketIo;
pub(super) use text_frame::TextFrame;
use websocket::WebSocket;

/// Milliseconds between two pings to a peer that uses a legacy protocol. Such a peer need not send frames to stay
/// connected; the answer to the ping shows that it is alive.
pub(super) const PING_INTERVAL_MILLIS: u64 = 30_000;

/// Sends frames to one peer and receives frames from it.
pub(crate) enum Transport {
    /// A WebSocket.
    WebSocket(Box<WebSocket>),
    /// Socket.IO, by polling or over a WebSocket.
    SocketIo(Box<SocketIo>),
}

/// Input from the peer.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A text frame.
    Text(Utf8Bytes),
    /// A binary frame.
    Binary(Bytes),
    /// A named event with its payload in JSON, the id of the acknowledgement that the peer wants, and its binary
    /// attachment.
    Event { name: String, json: String, acknowledge: Option<u64>, attachment: Option<Bytes> },
    /// A frame without content, which only shows that the peer is alive.
    SignOfLife,
    /// The end of the connection.
    Closed(CloseReason),
}

impl Transport {
    /// Creates a transport over a WebSocket.
    pub(crate) fn over(socket: UpgradedSocket) -> Self {
        Self::WebSocket(Box::new(WebSocket::new(socket, None)))
    }

    /// Creates a transport over a WebSocket on which the peer may send files in frames.
    pub(crate) fn with_files(socket: UpgradedSocket, large: LargeFrames) -> Self {
        Self::WebSocket(Box::new(WebSocket::new(socket, Some(large))))
    }

    /// Creates a transport over Socket.IO, for a peer that was accepted in the namespace.
    pub(crate) fn over_socketio(socket: SocketIo) -> Self {
        Self::SocketIo(Box::new(socket))
    }

    pub(super) async fn receive(&mut self) -> Incoming {
        match self {
            Self::WebSocket(socket) => socket.receive().await,
            // The future is boxed, because inline it would occupy its memory in every idle WebSocket.
            Self::SocketIo(socket) => Box::pin(socket.receive()).await,
        }
    }

    /// Whether the transport accepts a frame now. If not, it must be flushed first.
    pub(super) fn is_ready(&self) -> bool {
        match self {
            Self::WebSocket(socket) => socket.is_ready(),
            Self::SocketIo(socket) => socket.is_ready(),
        }
    }

    /// Puts a frame in the send buffer; [`Transport::flush`] sends it.
    pub(super) fn feed(&mut self, frame: &TextFrame) {
        match self {
            Self::WebSocket(socket) => socket.feed(frame),
            Self::SocketIo(socket) => socket.feed(frame),
        }
    }

    /// Returns the stream if whole WebSocket frames may be written to it now: every earlier frame has been sent. `None`
    /// if frames must go through this transport.
    pub(super) fn idle_stream(&self) -> Option<&Arc<TcpStream>> {
        match self {
            Self::WebSocket(socket) => socket.idle_stream(),
            Self::SocketIo(socket) => socket.idle_stream(),
        }
    }

    /// Puts the rest of a frame in the send buffer that was written partly to the idle stream. Call it before all other
    /// methods.
    pub(super) fn resume(&mut self, unsent: Bytes) {
        match self {
            Self::WebSocket(socket) => socket.resume(unsent),
            Self::SocketIo(socket) => socket.resume(unsent),
        }
    }

    /// Sends the buffered frames. Waits as long as the peer does not read.
    pub(super) async fn flush(&mut self) -> Result<(), CloseReason> {
        match self {
            Self::WebSocket(socket) => socket.flush().await,
            Self::SocketIo(socket) => socket.flush().await,
        }
    }

    /// Returns the buffered bytes that the system has not accepted, and the packets that wait for a poll.
    pub(super) fn unsent_bytes(&self) -> usize {
        match self {
            Self::WebSocket(socket) => socket.unsent_bytes(),
            Self::SocketIo(socket) => socket.unsent_bytes(),
        }
    }

    /// Puts a ping in the send buffer, which the peer must answer.
    pub(super) fn ping(&mut self) {
        match self {
            Self::WebSocket(socket) => socket.ping(),
            Self::SocketIo(socket) => socket.ping(),
        }
    }

    /// Sends the reason, waits a short time for the peer's close frame, and closes the transport.
    pub(crate) async fn close(&mut self, reason: CloseReason) {
        match self {
            Self::WebSocket(socket) => socket.close(reason).await,
            Self::SocketIo(socket) => socket.close(reason).await,
        }
    }
}
