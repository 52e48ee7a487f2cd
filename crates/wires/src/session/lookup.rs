//! What a session asks its driver to do.

use hubbub_protocol::{ClientFrame, ClientId, MessageId, RequestId, RoomId, RoomName, UserName};

use crate::inbound_request::InboundContent;

/// An operation that a session needs. The driver executes it and calls the named method before it reads the
/// next frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// Execute a command; its answer goes to [`super::Session::on_frame`].
    Do(ClientFrame),
    /// Rename the user to this name or a similar one, if the user has not chosen a name yet:
    /// [`super::Session::on_renamed`].
    Rename {
        /// Request id.
        id: RequestId,
        /// Requested name.
        name: UserName,
    },
    /// Find the name of a room: [`super::Session::on_room`].
    Room {
        /// Request id.
        id: RequestId,
        /// Room id.
        room: RoomId,
    },
    /// Find a message: [`super::Session::on_message`].
    Message {
        /// Request id.
        id: RequestId,
        /// Room id.
        room: RoomId,
        /// Message id.
        message: MessageId,
    },
    /// Store a file of the user for a room: [`super::Session::on_file`].
    StoreFile {
        /// Request id.
        id: RequestId,
        /// Room name.
        room: RoomName,
        /// Id of the upload. Storing a file again under this id returns the first file.
        upload_id: ClientId,
        /// File name, unchecked.
        name: String,
        /// Content.
        content: InboundContent,
    },
    /// List the members of a room: [`super::Session::on_people`].
    People {
        /// Request id.
        id: RequestId,
        /// Room name.
        room: RoomName,
    },
}
