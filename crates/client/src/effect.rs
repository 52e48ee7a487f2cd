//! The effects that the client requests from its driver.

use hubbub_protocol::{ClientId, FileName, Refusal, RoomId, RoomName};

use crate::Kept;

/// An effect. The driver executes effects in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Open a new socket. No socket is open at this time.
    Connect,
    /// Close the socket if it is open, and discard it. The driver numbers its sockets and delivers no event
    /// of an older socket after this.
    Disconnect {
        /// Close code: 1000 or 3000 to 4999, because browsers send no others.
        code: u16,
    },
    /// Send this text frame.
    Send(String),
    /// Write the record to durable storage and overwrite an older one with the same id. It always precedes
    /// the first `Send` of the message or change, so that nothing is sent without being kept.
    Keep(Kept),
    /// Remove the record with this id from durable storage.
    Forget(ClientId),
    /// Pass the stored records of [`crate::Client::me`] that no other open tab owns to [`crate::Client::take_in`]:
    /// a tab may have closed before it sent its messages.
    Restore,
    /// Upload the content that is stored under this id, or resume its upload where it stopped, and report it by
    /// [`crate::Intent::Upload`].
    Upload {
        /// Room id.
        room: RoomId,
        /// UUID of the upload, unique for each user.
        upload_id: ClientId,
        /// Name of the file.
        name: FileName,
        /// Size in bytes.
        size: u64,
    },
    /// Stop this upload. Its content stays in storage, because it will be resumed, here or in another tab.
    StopUpload {
        /// UUID of the upload.
        upload_id: ClientId,
    },
    /// Remove the content of this upload from storage and stop the upload if it runs: its message is stored or cancelled.
    DiscardFile {
        /// UUID of the upload.
        upload_id: ClientId,
    },
    /// Notify the user: an edit, deletion, reaction, topic or leave was refused permanently and is undone.
    Refused {
        /// Room name.
        room: RoomName,
        /// Reason of the refusal.
        refusal: Refusal,
    },
}
