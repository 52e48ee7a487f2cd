//! What can happen to the client.

use hubbub_protocol::{ClientId, MessageText, RoomName, Timestamp};

/// What the user, or the browser for them, wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Connect, and stay connected.
    Start,
    /// Disconnect, and stay so until the next `Start`.
    Stop,
    /// Be in the room, now and after each reconnect.
    Open {
        /// The room.
        room: RoomName,
    },
    /// Be in the room no longer. Messages to it that are on their way are still brought.
    Leave {
        /// The room.
        room: RoomName,
    },
    /// Say something. Nothing happens when [`crate::Client::can_post`] says no, or when the `client_id` is in
    /// use; the view asks first and keeps its text.
    Post {
        /// The room.
        room: RoomName,
        /// A fresh name for the message.
        client_id: ClientId,
        /// What to say.
        text: MessageText,
        /// The time on this device.
        at: Timestamp,
    },
    /// Send a failed message again.
    Retry {
        /// The message.
        client_id: ClientId,
        /// A fresh name, used only if the old one already names another message.
        fresh: ClientId,
    },
    /// Give a message up: a failed one, or one that is not on its way at this moment.
    Cancel {
        /// The message.
        client_id: ClientId,
    },
    /// Load an older page of the room.
    Older {
        /// The room.
        room: RoomName,
    },
    /// Let go of all but the newest messages of the room, because the view is at the end.
    TrimOlder {
        /// The room.
        room: RoomName,
    },
    /// The user pressed the button, the network is back, or the tab can be seen again: connect at once; if
    /// the link seems to stand, find out quickly whether it does.
    RetryNow,
    /// The browser says that the network is gone. Browsers err, so this is a suspicion.
    NetworkLost,
}

/// What happened to the socket of the last [`crate::Effect::Connect`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketEvent {
    /// It is open.
    Opened,
    /// A text frame has come.
    Text(String),
    /// It is closed, or could not be opened.
    Closed {
        /// The close code, where there is one.
        code: Option<u16>,
    },
}
