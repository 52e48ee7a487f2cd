//! What a peer asks for, in words that all wires share.

use hubbub_protocol::{ClientId, MessageId, RoomId, Status};

/// One request, as far as a wire can say it. Values are as the peer wrote them; the chat checks each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InboundRequest {
    /// Come into a room, and be told what was said last.
    Join { room: RoomSelector, name: Option<String>, history: u32 },
    /// Go.
    Leave { room: RoomSelector },
    /// Say something.
    Post { room: RoomSelector, text: String, client_id: Option<ClientId> },
    /// Read on in the past.
    History { room: RoomSelector, before: Option<MessageId>, limit: u32 },
    /// Show that one is writing, or no longer.
    Typing { room: RoomSelector, on: bool },
    /// List who is there.
    Users { room: RoomSelector },
    /// Everything up to a message is read; without one, everything.
    Read { room: RoomSelector, up_to: Option<MessageId> },
    /// Appear so to others.
    Appear { status: Status },
    /// Is the server there?
    Ping,
}

/// Which room, in the words of a wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RoomSelector {
    /// The one that the address of the connection names.
    Here,
    /// The one of that name.
    Named(String),
    /// The one of that id.
    Numbered(RoomId),
}
