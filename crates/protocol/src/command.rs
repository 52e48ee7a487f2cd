//! What somebody asks for.

use serde::{Deserialize, Serialize};

use crate::{ClientId, MessageId, Seq, Status};

/// A request, in the imperative. Values are as the peer wrote them; the server's `Connection` parses each
/// once into its type and refuses what breaks a limit, so that a refusal can name field and limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Come into a room, made if nobody did yet, and hear what happens there from now on. Whoever was no
    /// member becomes one.
    Join {
        /// The room's name.
        room: String,
        /// The last position seen. Without it the room's newest page comes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cursor: Option<Seq>,
    },
    /// Be a member of a room no longer. It falls silent on all connections of the user.
    Leave {
        /// The room's name.
        room: String,
    },
    /// Say something in a room one has joined.
    Post {
        /// The room's name.
        room: String,
        /// The sender's own name for the message; sending it again yields the first result.
        client_id: ClientId,
        /// What to say.
        text: String,
        /// The message of this room that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<MessageId>,
    },
    /// Say one of one's own messages differently. Asking again for the same changes nothing.
    Edit {
        /// The room's name.
        room: String,
        /// Which message.
        message_id: MessageId,
        /// What it says from now on.
        text: String,
    },
    /// Take one of one's own messages back. Its place stays; its text is gone. Asking again changes nothing.
    Delete {
        /// The room's name.
        room: String,
        /// Which message.
        message_id: MessageId,
    },
    /// Put an emoji to a message, or take it away. Asking again changes nothing.
    React {
        /// The room's name.
        room: String,
        /// Which message.
        message_id: MessageId,
        /// The emoji.
        emoji: String,
        /// Whether it is to be there.
        on: bool,
    },
    /// Say what a room is about. Nothing is said with an empty topic.
    Describe {
        /// The room's name.
        room: String,
        /// One line.
        topic: String,
    },
    /// Everything in the room up to this position is read. It never takes a later position back.
    Read {
        /// The room's name.
        room: String,
        /// The position.
        seq: Seq,
    },
    /// Everything in the room from this position on is unread again.
    Unread {
        /// The room's name.
        room: String,
        /// The position.
        seq: Seq,
    },
    /// Show that one is writing, or no longer. Not renewed for 3 seconds, it ends by itself.
    Type {
        /// The room's name.
        room: String,
        /// Whether one is writing.
        on: bool,
    },
    /// Read a page of a room one has joined: the newest, or the one that a position says. At most one
    /// position may be given.
    History {
        /// The room's name.
        room: String,
        /// The newest messages before this position.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Seq>,
        /// The oldest messages after this position.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<Seq>,
        /// The messages on both sides of this position.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        around: Option<Seq>,
        /// How many messages, 50 if not given, at most 200.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<u32>,
    },
    /// Read what one of one's own messages said before it was edited.
    Edits {
        /// The room's name.
        room: String,
        /// Which message.
        message_id: MessageId,
    },
    /// List the rooms one is a member of.
    Rooms {},
    /// List the public rooms, by name.
    Browse {
        /// Only rooms whose name contains this, whatever the case.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        query: Option<String>,
        /// Only rooms that come after this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// Choose how one appears to others. What is not given stays as it is.
    Appear {
        /// How one wants to be seen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<Status>,
        /// Whether others may see up to where one has read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        share_reads: Option<bool>,
    },
    /// Show that the connection is there, and learn that the server is.
    Ping {
        /// Whether the person has given a sign of life too, and not only their device.
        #[serde(default, skip_serializing_if = "is_false")]
        active: bool,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_false(value: &bool) -> bool {
    !*value
}
