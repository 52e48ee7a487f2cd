//! The requests of clients, in a form that all wires share.

use hubbub_protocol::{ClientId, MessageId, RoomId, Status};

/// A request of a client. Values are unchecked; `Connection` checks each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InboundRequest {
    /// Join a room and return its newest messages.
    Join { room: RoomSelector, name: Option<String>, history: u32 },
    /// Leave a room.
    Leave { room: RoomSelector },
    /// Post a message.
    Post { room: RoomSelector, text: String, client_id: Option<ClientId> },
    /// Store a file and post it.
    SendFile { room: RoomSelector, file: InboundFile, text: String, client_id: Option<ClientId> },
    /// Read older messages.
    History { room: RoomSelector, before: Option<MessageId>, limit: u32 },
    /// Set the typing indicator.
    Typing { room: RoomSelector, on: bool },
    /// List the present members.
    Users { room: RoomSelector },
    /// Mark messages as read: up to a message, or all.
    Read { room: RoomSelector, up_to: Option<MessageId> },
    /// Set the user's status.
    Appear { status: Status },
    /// Check that the server answers.
    Ping,
}

/// A file of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InboundFile {
    pub(crate) name: String,
    pub(crate) content: InboundContent,
}

/// The content of a file from a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InboundContent {
    /// Text in base64 (RFC 4648, section 4), unchecked.
    Base64(String),
    /// The binary attachment of the frame.
    Attachment,
}

/// How a wire names a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RoomSelector {
    /// The room in the URL of the connection.
    Here,
    /// The room with this name.
    Named(String),
    /// The room with this id.
    Numbered(RoomId),
}
