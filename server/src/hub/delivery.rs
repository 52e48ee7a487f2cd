//! What travels from a room to a connection.

use std::sync::Arc;

use hubbub_chat::Outcome;
use hubbub_protocol::{Mine, RequestId, RoomName, Seq};
use tokio_tungstenite::tungstenite::Utf8Bytes;

/// One thing for one connection. Small: a connection's queue holds many.
#[derive(Debug)]
pub(super) enum Delivery {
    /// The answer to one of its requests.
    Answer(Box<(RequestId, Outcome)>),
    /// An event or a signal, the same for everyone in the room.
    Shared(Arc<Shared>),
    /// Something about the user, the same for all their connections.
    Mine(Arc<Mine>),
}

/// Encoded once for everyone in the room.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) room: RoomName,
    /// An event's position; a signal has none.
    pub(super) seq: Option<Seq>,
    pub(super) json: Utf8Bytes,
}
