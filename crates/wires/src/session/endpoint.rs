//! The address of a connection.

use hubbub_protocol::RoomName;

use crate::wire::Wire;

/// The endpoint of a connection, parsed from its URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `/`
    Actions,
    /// `/chat/{room}?history=N`
    Plain {
        /// Room to join.
        room: RoomName,
        /// Number of old messages to send.
        history: u32,
    },
    /// `/ws/chat/{room_id}/{user_id}`
    Form {
        /// Room to join.
        room: RoomName,
    },
    /// `/socket.io/`
    SocketIo {
        /// Session id of the transport.
        sid: String,
    },
    /// `/ws`
    Typed,
}

impl Endpoint {
    /// Returns the wire of this endpoint.
    #[must_use]
    pub const fn wire(&self) -> Wire {
        match self {
            Self::Actions => Wire::Actions,
            Self::Plain { .. } => Wire::Plain,
            Self::Form { .. } => Wire::Form,
            Self::SocketIo { .. } => Wire::SocketIo,
            Self::Typed => Wire::Typed,
        }
    }
}
