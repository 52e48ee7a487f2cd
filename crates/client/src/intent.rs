//! What can happen to the client.

use hubbub_protocol::{
    ClientId, Emoji, MessageId, MessageText, Quote, RoomName, Seq, ServerFrame, Status, Timestamp, Topic,
};

/// What the user, or the browser for them, wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Connect, and stay connected.
    Start,
    /// Disconnect, and stay so until the next `Start`.
    Stop,
    /// The user pressed the button, the network is back, or the tab can be seen again: connect at once; if
    /// the link seems to stand, find out quickly whether it does.
    RetryNow,
    /// The browser says that the network is gone. Browsers err, so this is a suspicion.
    NetworkLost,
    /// The person has given a sign of life. To be told as often as one likes.
    Active,

    /// Look at the room, now and after each reconnect. Whoever is no member becomes one, and the room is
    /// made if there is none.
    Open {
        /// The room.
        room: RoomName,
    },
    /// Look at the room as [`Intent::Open`] does, beginning where the unread messages begin: the page around the first of
    /// them is loaded, [`crate::RoomState::opens_at`] tells where that is, and nothing counts as read before.
    OpenAtUnread {
        /// The room.
        room: RoomName,
    },
    /// Look elsewhere. A member still hears what happens there.
    Close {
        /// The room.
        room: RoomName,
    },
    /// The tab cannot be seen: what comes to the room from now on is new when one is back.
    Away {
        /// The room.
        room: RoomName,
    },
    /// Be a member of the room no longer. Messages to it that are on their way are still brought.
    Leave {
        /// The room.
        room: RoomName,
    },
    /// Say what the room is about.
    Describe {
        /// The room.
        room: RoomName,
        /// What it is about.
        topic: Topic,
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
        /// The message it answers.
        reply_to: Option<Quote>,
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
    /// Say a stored message of mine differently.
    Edit {
        /// The room.
        room: RoomName,
        /// The message.
        message_id: MessageId,
        /// What it says from now on.
        text: MessageText,
        /// The time on this device.
        at: Timestamp,
    },
    /// Take a stored message of mine back.
    Delete {
        /// The room.
        room: RoomName,
        /// The message.
        message_id: MessageId,
    },
    /// Put an emoji to a stored message, or take mine away.
    React {
        /// The room.
        room: RoomName,
        /// The message.
        message_id: MessageId,
        /// The emoji.
        emoji: Emoji,
        /// Whether it is to be there.
        on: bool,
    },
    /// A key was pressed, or there is nothing written any more. To be told as often as one likes.
    Typing {
        /// The room.
        room: RoomName,
        /// Whether one is writing.
        on: bool,
    },

    /// Load the page before the first line that is held.
    Older {
        /// The room.
        room: RoomName,
    },
    /// Load the page after the last line that is held.
    Newer {
        /// The room.
        room: RoomName,
    },
    /// Be at the end: load the newest page, if the end is not held.
    ToEnd {
        /// The room.
        room: RoomName,
    },
    /// Load the lines around a position, if it is not held.
    Around {
        /// The room.
        room: RoomName,
        /// The position.
        seq: Seq,
    },
    /// The reader has come to the end of the room, or has left it. While they are above it, what they read is
    /// never let go of for what comes: rather the window ends before it.
    AtEnd {
        /// The room.
        room: RoomName,
        /// Whether they are there.
        at_end: bool,
    },
    /// The reader has seen everything up to here.
    Seen {
        /// The room.
        room: RoomName,
        /// The position.
        seq: Seq,
    },
    /// Everything from here on is unread again, and stays so until the room is opened once more.
    MarkUnread {
        /// The room.
        room: RoomName,
        /// The position.
        seq: Seq,
    },

    /// List public rooms.
    Browse {
        /// Only rooms whose name contains this; all, if empty.
        query: String,
        /// Only rooms after this one: they are added to those already listed.
        after: Option<RoomName>,
    },
    /// Ask what a message of mine said before it was edited.
    Edits {
        /// The room.
        room: RoomName,
        /// The message.
        message_id: MessageId,
    },
    /// Choose how one appears to others. What is not given stays as it is.
    Appear {
        /// How one wants to be seen.
        status: Option<Status>,
        /// Whether others may see up to where one has read.
        share_reads: Option<bool>,
    },
}

/// What happened to the socket of the last [`crate::Effect::Connect`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketEvent {
    /// It is open.
    Opened,
    /// A text frame has arrived; none is one that is not a frame of a server.
    Frame(Option<Box<ServerFrame>>),
    /// It is closed, or could not be opened.
    Closed {
        /// The close code, where there is one.
        code: Option<u16>,
    },
}

impl SocketEvent {
    /// A text frame as it came. A browser reads frames with a parser of its own and makes a [`SocketEvent::Frame`].
    #[must_use]
    pub fn text(json: &str) -> Self {
        Self::Frame(ServerFrame::decode(json).ok().map(Box::new))
    }
}
