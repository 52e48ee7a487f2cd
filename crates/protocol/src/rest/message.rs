//! Messages and pages of them.

use serde::{Deserialize, Serialize};

use crate::{
    ClientId, Message, MessageId, MessageText, Quote, Reaction, RoomId, Seq, Timestamp, User, Version,
};

/// A stored message, as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RoomMessage {
    /// Unique on this server.
    pub id: MessageId,
    /// The room it was posted in.
    pub room_id: RoomId,
    /// Where in its room it was posted.
    pub seq: Seq,
    /// Who wrote it, with the name of that time.
    pub author: User,
    /// The author's own name for it.
    pub client_id: ClientId,
    /// What it says; missing when it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<MessageText>,
    /// Whether it was taken back.
    pub deleted: bool,
    /// When the server took it in.
    pub at: Timestamp,
    /// The message it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Quote>,
    /// The position of the last event that changed it; missing if nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<Seq>,
    /// When it was last edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// The emoji put to it, in the order in which they first came.
    pub reactions: Vec<Reaction>,
}

impl RoomMessage {
    /// A message and the room it stands in.
    #[must_use]
    pub fn new(room_id: RoomId, message: Message) -> Self {
        let deleted = message.text.is_none();
        let Message { id, seq, author, client_id, text, at, reply_to, changed, edited_at, reactions } =
            message;
        Self {
            id,
            room_id,
            seq,
            author,
            client_id,
            text,
            deleted,
            at,
            reply_to,
            changed,
            edited_at,
            reactions,
        }
    }
}

/// A run of a room's messages, the oldest first: none is missing in between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessagePage {
    /// The messages, as they are now.
    pub messages: Vec<RoomMessage>,
    /// Where the older ones are, if there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prev: Option<String>,
    /// Where the newer ones are, if there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The room's newest position when the page was read: what happens later is in the events after it.
    pub head: Seq,
}

/// Something to be said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewMessage {
    /// What to say: 1 to 4,000 characters and at most 16 KiB.
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 4000, example = "Good morning"))]
    pub text: String,
    /// One's own name for the message, a UUID: sending it again with the same name yields the first result. Without
    /// it, each request is a message of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// The message of this room that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
}

/// What a message is to say from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ChangeMessage {
    /// 1 to 4,000 characters and at most 16 KiB.
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 4000))]
    pub text: String,
}

/// What one of one's own messages said before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessageEdits {
    /// The former texts, the oldest first.
    pub versions: Vec<Version>,
}
