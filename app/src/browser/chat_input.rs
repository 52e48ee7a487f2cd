//! The events that the driver of the client handles.

use hubbub_client::Intent;

use super::local_copy;
use super::socket_task::SocketReport;
use super::unsent_task::StorageEvent;

/// An event for [`ChatTask`](super::chat_task).
pub(super) enum Input {
    /// A request of the user.
    Intent(Intent),
    /// An event of the socket.
    Socket(SocketReport),
    /// The timer of the client has expired.
    Tick,
    /// The page became visible or focused.
    Seen,
    /// The date may have changed.
    Day,
    /// The page became hidden, lost the focus or is closing.
    Unseen,
    /// The unread messages in the visible room have been unread for a short time.
    Calm,
    /// Another tab of this browser was closed, so its unsent messages can be taken over, or the other tabs have been
    /// asked at the start.
    TabClosed,
    /// Write the changes to the local copy.
    Keep,
    /// The code that writes the local copy is loaded.
    Write(local_copy::Write),
    /// An event of the storage of unsent messages.
    Storage(StorageEvent),
    /// Update the signals.
    Draw,
}
