//! The inputs of the client: intents of the user and events of the socket.

use hubbub_protocol::{
    Attachment, ClientId, Emoji, MessageId, MessageText, Quote, Refusal, RoomName, Seq, ServerFrame, Status,
    Timestamp, Topic,
};

use crate::LocalFile;

/// An intent of the user, or of the browser on the user's behalf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Connect and stay connected.
    Start,
    /// Disconnect until the next `Start`.
    Stop,
    /// Connect at once, because the user asked for it, the network returned or the tab became visible. If the
    /// link seems to be open, check it quickly.
    RetryNow,
    /// The browser reports that the network is lost. Browsers can be wrong, so the client only checks the
    /// link.
    NetworkLost,
    /// The user was active. Can be called at any rate.
    Active,

    /// Open the room, and join it again after each reconnect. The user becomes a member, and the room is
    /// created if it does not exist.
    Open {
        /// Room name.
        room: RoomName,
    },
    /// Open the room as [`Intent::Open`] does, at its first unread message: the page around it is loaded,
    /// [`crate::RoomState::opens_at`] names the position, and no message counts as read before.
    OpenAtUnread {
        /// Room name.
        room: RoomName,
    },
    /// Close the room in the view. A member still receives its events.
    Close {
        /// Room name.
        room: RoomName,
    },
    /// The tab is hidden: messages that arrive from now on are new when the user returns.
    Away {
        /// Room name.
        room: RoomName,
    },
    /// End the membership. Pending messages to the room are sent first.
    Leave {
        /// Room name.
        room: RoomName,
    },
    /// Set the topic of the room.
    Describe {
        /// Room name.
        room: RoomName,
        /// New topic.
        topic: Topic,
        /// Keeps the existing topic if the room has a topic when the server has accepted the join.
        only_if_empty: bool,
    },

    /// Post a message. Ignored if [`crate::Client::can_post`] is false or the `client_id` is in use; the view
    /// checks first and keeps its text.
    Post {
        /// Room name.
        room: RoomName,
        /// New UUID for the message.
        client_id: ClientId,
        /// Message text.
        text: MessageText,
        /// Time on this device.
        at: Timestamp,
        /// Quote of the message to which it replies.
        reply_to: Option<Quote>,
        /// Files, at most `MAX_FILES_PER_MESSAGE`, whose contents are in storage. Empty if the message has none.
        files: Vec<LocalFile>,
    },
    /// An event of the upload of a file.
    Upload {
        /// UUID of the upload.
        upload_id: ClientId,
        /// The event.
        event: UploadEvent,
    },
    /// Retry a failed message.
    Retry {
        /// Id of the failed message.
        client_id: ClientId,
        /// New UUID, used only if another message already has the old one.
        fresh: ClientId,
    },
    /// Cancel a message that has failed or is not in flight.
    Cancel {
        /// Id of the message.
        client_id: ClientId,
    },
    /// Edit a stored message of the user.
    Edit {
        /// Room name.
        room: RoomName,
        /// Id of the message.
        message_id: MessageId,
        /// New text.
        text: MessageText,
        /// Time on this device.
        at: Timestamp,
    },
    /// Delete a stored message of the user.
    Delete {
        /// Room name.
        room: RoomName,
        /// Id of the message.
        message_id: MessageId,
    },
    /// Add a reaction to a stored message, or remove the user's reaction.
    React {
        /// Room name.
        room: RoomName,
        /// Id of the message.
        message_id: MessageId,
        /// Emoji of the reaction.
        emoji: Emoji,
        /// `true` adds the reaction, `false` removes it.
        on: bool,
    },
    /// A key was pressed, or the composer is empty. Can be called at any rate.
    Typing {
        /// Room name.
        room: RoomName,
        /// Whether the user is typing.
        on: bool,
    },

    /// Load the page before the first loaded row.
    Older {
        /// Room name.
        room: RoomName,
    },
    /// Load the page after the last loaded row.
    Newer {
        /// Room name.
        room: RoomName,
    },
    /// Go to the end, and load the newest page if the end is not loaded.
    ToEnd {
        /// Room name.
        room: RoomName,
    },
    /// Load the rows around a position if it is not loaded.
    Around {
        /// Room name.
        room: RoomName,
        /// Position.
        seq: Seq,
    },
    /// The view reached the end of the room, or left it. While the view is above the end, its rows are not
    /// evicted for new ones; the window ends before them instead.
    AtEnd {
        /// Room name.
        room: RoomName,
        /// Whether the view is at the end.
        at_end: bool,
    },
    /// The user has seen everything up to a position.
    Seen {
        /// Room name.
        room: RoomName,
        /// Position.
        seq: Seq,
    },
    /// Mark everything from a position on as unread, until the room is opened again.
    MarkUnread {
        /// Room name.
        room: RoomName,
        /// Position.
        seq: Seq,
    },

    /// List public rooms.
    Browse {
        /// Text that the room names contain; empty for all rooms.
        query: String,
        /// Room name after which the list starts. The rooms are added to those already listed.
        after: Option<RoomName>,
    },
    /// Request the former texts of one of the user's messages.
    Edits {
        /// Room name.
        room: RoomName,
        /// Id of the message.
        message_id: MessageId,
    },
    /// Change how other users see the user. Omitted fields keep their values.
    Appear {
        /// Status that other users see.
        status: Option<Status>,
        /// Whether other users may see the user's read positions.
        share_reads: Option<bool>,
    },
}

/// An event of an upload: what the driver reports about [`crate::Effect::Upload`], or a decision of the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadEvent {
    /// The server has this number of bytes. Can be reported at any rate.
    Progress(u64),
    /// The server has the whole file.
    Done(Box<Attachment>),
    /// The upload was refused, or interrupted ([`Refusal::unavailable`]). It is repeated later if the refusal allows that.
    Refused(Refusal),
    /// The user takes the file out of the message. Without text and other files, the message is cancelled.
    Cancel,
    /// The user repeats an upload that was refused permanently.
    Retry,
}

/// An event of the socket of the last [`crate::Effect::Connect`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketEvent {
    /// The socket is open.
    Opened,
    /// A text frame arrived; `None` if it is not a frame of a server.
    Frame(Option<Box<ServerFrame>>),
    /// The socket closed, or could not be opened.
    Closed {
        /// Close code, if there is one.
        code: Option<u16>,
    },
}

impl SocketEvent {
    /// Decodes a text frame. Browsers decode frames with another parser and call
    /// [`crate::Client::on_frame`].
    #[must_use]
    pub fn text(json: &str) -> Self {
        Self::Frame(ServerFrame::decode(json).ok().map(Box::new))
    }
}
