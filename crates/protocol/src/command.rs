//! The commands that a client can send.

use serde::{Deserialize, Serialize};

use crate::{ClientId, FileId, MessageId, Seq, Status};

/// A command of a client. Values are unchecked: the server's `Connection` parses each into its type and
/// refuses invalid ones, so that the refusal can name the field and the limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Join a room and subscribe to its events. Creates the room if it does not exist. The user becomes a
    /// member, unless `resume` is set.
    Join {
        /// Room name.
        room: String,
        /// Position of the last event that the client has received. Without it, the newest page is sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cursor: Option<Seq>,
        /// Subscribe only if the user is a member. Clients set it when they join by themselves, so that a user
        /// who left the room on another device does not become a member again.
        #[serde(default, skip_serializing_if = "is_false")]
        resume: bool,
    },
    /// Leave a room. Ends the membership and the subscriptions of all the user's connections.
    Leave {
        /// Room name.
        room: String,
    },
    /// Post a message to a joined room.
    Post {
        /// Room name.
        room: String,
        /// UUID chosen by the client. A second post with the same id returns the result of the first.
        client_id: ClientId,
        /// Message text.
        text: String,
        /// Id of the message in this room to which this message replies.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<MessageId>,
        /// Ids of uploaded files of the user in this room, at most `MAX_FILES_PER_MESSAGE`. With files, the text may be
        /// empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<FileId>,
    },
    /// Edit one of the user's own messages. A repeated request changes nothing.
    Edit {
        /// Room name.
        room: String,
        /// Id of the message.
        message_id: MessageId,
        /// New text. It may be empty while an attachment remains.
        text: String,
        /// Ids of the attachments to remove.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        remove_files: Vec<FileId>,
    },
    /// Delete one of the user's own messages. The message keeps its position but loses its text. A repeated
    /// request changes nothing.
    Delete {
        /// Room name.
        room: String,
        /// Id of the message.
        message_id: MessageId,
    },
    /// Add a reaction to a message, or remove it. A repeated request changes nothing.
    React {
        /// Room name.
        room: String,
        /// Id of the message.
        message_id: MessageId,
        /// Emoji of the reaction.
        emoji: String,
        /// `true` adds the reaction, `false` removes it.
        on: bool,
    },
    /// Set the topic of a room. An empty topic removes it.
    Describe {
        /// Room name.
        room: String,
        /// New topic, one line.
        topic: String,
    },
    /// Mark everything in the room up to a position as read. A lower position than the stored one changes
    /// nothing.
    Read {
        /// Room name.
        room: String,
        /// Position of the last event that the user has read.
        seq: Seq,
    },
    /// Mark everything in the room from a position on as unread.
    Unread {
        /// Room name.
        room: String,
        /// Position of the first unread event.
        seq: Seq,
    },
    /// Set the user's typing indicator. It ends after 3 seconds unless it is renewed.
    Type {
        /// Room name.
        room: String,
        /// Whether the user is typing.
        on: bool,
    },
    /// Read a page of the history of a joined room. At most one of `before`, `after` and `around` may be
    /// given; without them, the newest page is returned.
    History {
        /// Room name.
        room: String,
        /// Return the newest messages before this position.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Seq>,
        /// Return the oldest messages after this position.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<Seq>,
        /// Return the messages on both sides of this position.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        around: Option<Seq>,
        /// Number of messages: 50 by default, at most 200.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<u32>,
    },
    /// List the former texts of one of the user's own messages.
    Edits {
        /// Room name.
        room: String,
        /// Id of the message.
        message_id: MessageId,
    },
    /// List the rooms of which the user is a member.
    Rooms {},
    /// List public rooms, sorted by name.
    Browse {
        /// Return only rooms whose name contains this text, ignoring case.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        query: Option<String>,
        /// Return only rooms that sort after this name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// Change how other users see the user. Omitted fields keep their values.
    Appear {
        /// Status that other users see.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<Status>,
        /// Whether other users may see the user's read positions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        share_reads: Option<bool>,
    },
    /// Keep the connection alive and check that the server answers.
    Ping {
        /// Whether the user was active since the last ping, and not only the device connected.
        #[serde(default, skip_serializing_if = "is_false")]
        active: bool,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_false(value: &bool) -> bool {
    !*value
}
