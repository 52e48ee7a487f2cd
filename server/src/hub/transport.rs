//! The transport of a connection. The connection task does not depend on its kind.

pub(crate) mod engine_io;
mod large_frame;
mod socketio;
mod websocket;

use hubbub_protocol::CloseReason;
use hubbub_wires::Frame;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::net::handshake::UpgradedSocket;
pub(crate) use socketio::SocketIo;
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

/// An outgoing frame. Cheap to clone: all connections of a room share one buffer.
pub(super) type SharedFrame = Frame<Utf8Bytes>;

/// Input from the peer.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A text frame.
    Text(Utf8Bytes),
    /// A binary frame.
    Binary,
    /// A named event with its payload in JSON, and the id of the acknowledgement that the peer wants.
    Event { name: String, json: String, acknowledge: Option<u64> },
    /// A frame without content, which only shows that the peer is alive.
    SignOfLife,
    /// The end of the connection.
    Closed(CloseReason),
}

impl Transport {
    /// Creates a transport over a WebSocket.
    pub(crate) fn over(socket: UpgradedSocket) -> Self {
        Self::WebSocket(Box::new(WebSocket::new(socket)))
    }

    /// Creates a transport over Socket.IO, for a peer that was accepted in the namespace.
    pub(crate) fn over_socketio(socket: SocketIo) -> Self {
        Self::SocketIo(Box::new(socket))
    }

    pub(super) async fn receive(&mut self) -> Incoming {
        match self {
            Self::WebSocket(socket) => socket.receive().await,
            Self::SocketIo(socket) => socket.receive().await,
        }
    }

    /// Whether the transport accepts a frame now. If not, it must be flushed first.
    pub(super) fn is_ready(&mut self) -> Result<bool, CloseReason> {
        match self {
            Self::WebSocket(socket) => socket.is_ready(),
            Self::SocketIo(socket) => socket.is_ready(),
        }
    }

    /// Puts a frame in the send buffer; [`Transport::flush`] sends it.
    pub(super) fn feed(&mut self, frame: SharedFrame) -> Result<(), CloseReason> {
        match (self, frame) {
            (Self::WebSocket(socket), Frame::Text(text)) => socket.feed(text),
            // Only Socket.IO has these frames.
            (Self::WebSocket(_), Frame::Event { .. } | Frame::Acknowledgement { .. }) => Ok(()),
            (Self::SocketIo(socket), frame) => socket.feed(&frame),
        }
    }

    /// Sends the buffered frames. Waits as long as the peer does not read.
    pub(super) async fn flush(&mut self) -> Result<(), CloseReason> {
        match self {
            Self::WebSocket(socket) => socket.flush().await,
            Self::SocketIo(socket) => socket.flush().await,
        }
    }

    /// Returns the buffered bytes that the system has not accepted, as far as they are known: a large frame, and
    /// packets that wait for a poll.
    pub(super) fn unsent_bytes(&self) -> usize {
        match self {
            Self::WebSocket(socket) => socket.unsent_bytes(),
            Self::SocketIo(socket) => socket.unsent_bytes(),
        }
    }

    /// Sends a ping, which the peer must answer.
    pub(super) fn ping(&mut self) -> Result<(), CloseReason> {
        match self {
            Self::WebSocket(socket) => socket.ping(),
            Self::SocketIo(socket) => socket.ping(),
        }
    }

    /// Sends the reason, waits a short time for the peer's close frame, and closes the transport.
    pub(super) async fn close(&mut self, reason: CloseReason) {
        match self {
            Self::WebSocket(socket) => socket.close(reason).await,
            Self::SocketIo(socket) => socket.close(reason).await,
        }
    }
}
