//! What a connection speaks over: to its task, one is like the other.

pub(crate) mod engine_io;
mod large_frame;
mod socketio;
mod websocket;

use hubbub_protocol::CloseReason;
use hubbub_wires::Frame;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::net::handshake::Socket;
pub(crate) use socketio::SocketIo;
use websocket::WebSocket;

/// The way to one peer and back.
pub(crate) enum Transport {
    /// A WebSocket.
    WebSocket(Box<WebSocket>),
    /// Socket.IO, over whatever it has.
    SocketIo(Box<SocketIo>),
}

/// Something to send. Cheap to clone: what a room is told is one buffer for all.
#[derive(Clone, Debug)]
pub(super) enum OutgoingFrame {
    /// A text frame.
    Text(Utf8Bytes),
    /// A named event and its payload in JSON.
    Event { name: &'static str, json: Utf8Bytes },
    /// The payload that the peer waits for.
    Acknowledgement { of: u64, json: Utf8Bytes },
}

impl From<Frame> for OutgoingFrame {
    fn from(frame: Frame) -> Self {
        match frame {
            Frame::Text(text) => Self::Text(text.into()),
            Frame::Event { name, json } => Self::Event { name, json: json.into() },
            Frame::Acknowledgement { of, json } => Self::Acknowledgement { of, json: json.into() },
        }
    }
}

/// What came from the peer.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A text frame.
    Text(Utf8Bytes),
    /// A binary frame.
    Binary,
    /// A named event with its payload in JSON, and the id of the acknowledgement that the peer wants.
    Event { name: String, json: String, acknowledge: Option<u64> },
    /// Only that it is there.
    SignOfLife,
    /// The end.
    Closed(CloseReason),
}

impl Transport {
    /// Over a WebSocket.
    pub(crate) fn over(socket: Socket) -> Self {
        Self::WebSocket(Box::new(WebSocket::new(socket)))
    }

    /// Over Socket.IO, for a peer that was let into the namespace.
    pub(crate) fn over_socketio(socket: SocketIo) -> Self {
        Self::SocketIo(Box::new(socket))
    }

    pub(super) async fn receive(&mut self) -> Incoming {
        match self {
            Self::WebSocket(socket) => socket.receive().await,
            Self::SocketIo(socket) => socket.receive().await,
        }
    }

    /// Whether it takes a line now; else it must be flushed first.
    pub(super) fn is_ready(&mut self) -> Result<bool, CloseReason> {
        match self {
            Self::WebSocket(socket) => socket.is_ready(),
            Self::SocketIo(socket) => socket.is_ready(),
        }
    }

    /// Takes a line for sending; [`Transport::flush`] sends it.
    pub(super) fn feed(&mut self, line: OutgoingFrame) -> Result<(), CloseReason> {
        match self {
            Self::WebSocket(socket) => socket.feed(line),
            Self::SocketIo(socket) => socket.feed(&line),
        }
    }

    /// Sends what was taken; hangs on a peer that does not read.
    pub(super) async fn flush(&mut self) -> Result<(), CloseReason> {
        match self {
            Self::WebSocket(socket) => socket.flush().await,
            Self::SocketIo(socket) => socket.flush().await,
        }
    }

    /// Bytes taken for sending that the system has not taken yet, as far as they are known: a large frame and what
    /// waits for a poll.
    pub(super) fn unsent_bytes(&self) -> usize {
        match self {
            Self::WebSocket(socket) => socket.unsent_bytes(),
            Self::SocketIo(socket) => socket.unsent_bytes(),
        }
    }

    /// Asks for a sign of life.
    pub(super) fn ping(&mut self) -> Result<(), CloseReason> {
        match self {
            Self::WebSocket(socket) => socket.ping(),
            Self::SocketIo(socket) => socket.ping(),
        }
    }

    /// Says why, waits a moment for the peer's goodbye, and lets go.
    pub(super) async fn close(&mut self, reason: CloseReason) {
        match self {
            Self::WebSocket(socket) => socket.close(reason).await,
            Self::SocketIo(socket) => socket.close(reason).await,
        }
    }
}
