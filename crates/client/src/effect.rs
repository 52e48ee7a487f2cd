//! The effects that the client requests from its driver.

use hubbub_protocol::{ClientId, Refusal, RoomName};

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
    /// Notify the user: an edit, deletion, reaction, topic or leave was refused permanently and is undone.
    Refused {
        /// Room name.
        room: RoomName,
        /// Reason of the refusal.
        refusal: Refusal,
    },
}
