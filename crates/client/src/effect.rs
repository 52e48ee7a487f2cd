//! What the client asks its driver to do.

use hubbub_protocol::{ClientId, Refusal, RoomName};

use crate::Kept;

/// A wish to the outside world. They are carried out in the order in which they come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Open a new socket. There is none when this comes.
    Connect,
    /// Close the socket, if it is not closed yet, and forget it: the driver tags sockets with a number and
    /// delivers no event of an older one after this.
    Disconnect {
        /// The close code: 1000 or 3000 to 4999, because browsers send no other.
        code: u16,
    },
    /// Send this text frame.
    Send(String),
    /// Write the record to durable storage, over an older one of the same id. Always comes before the first `Send` of
    /// the message or change, so that it is never on its way without being kept.
    Keep(Kept),
    /// Remove the record of this id from durable storage.
    Forget(ClientId),
    /// Give what durable storage holds of [`crate::Client::me`] to [`crate::Client::take_in`], if others write to it
    /// too: they may have ended before they could send it.
    Restore,
    /// Tell the user: an edit, a deletion, a reaction, a topic or a leave was refused for good, and is undone.
    Refused {
        /// The room it was meant for.
        room: RoomName,
        /// Why.
        refusal: Refusal,
    },
}
