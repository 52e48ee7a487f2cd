//! Messages and pages of messages.

use serde::{Deserialize, Serialize};

use crate::{
    Attachment, ClientId, FileId, Message, MessageId, MessageText, Quote, Reaction, RoomId, Seq, Timestamp,
    User, Version,
};

/// A stored message in its current state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RoomMessage {
    /// Message id, unique on this server.
    pub id: MessageId,
    /// Id of the room.
    pub room_id: RoomId,
    /// Position of the message in its room.
    pub seq: Seq,
    /// Author, with the name at the time of posting.
    pub author: User,
    /// UUID chosen by the author's client.
    pub client_id: ClientId,
    /// Text; missing if the message was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<MessageText>,
    /// Whether the message was deleted.
    pub deleted: bool,
    /// Attachments, in the order of the sender.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Attachment>,
    /// Time at which the server accepted the message.
    pub at: Timestamp,
    /// Quote of the message to which this message replies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Quote>,
    /// Position of the last event that changed the message; missing if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<Seq>,
    /// Time of the last edit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// Reactions, in the order in which each emoji was first used.
    pub reactions: Vec<Reaction>,
}

impl RoomMessage {
    /// Combines a message with the id of its room.
    #[must_use]
    pub fn new(room_id: RoomId, message: Message) -> Self {
        let deleted = message.text.is_none();
        let Message { id, seq, author, client_id, text, files, at, reply_to, changed, edited_at, reactions } =
            message;
        Self {
            id,
            room_id,
            seq,
            author,
            client_id,
            text,
            deleted,
            files,
            at,
            reply_to,
            changed,
            edited_at,
            reactions,
        }
    }
}

/// A contiguous part of a room's messages, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessagePage {
    /// Messages in their current state.
    pub messages: Vec<RoomMessage>,
    /// URL of the page of older messages, if there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prev: Option<String>,
    /// URL of the page of newer messages, if there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Newest position of the room when the page was read. Later changes are in the events after it.
    pub head: Seq,
}

/// A message to post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewMessage {
    /// Text: 1 to 4,000 characters and at most 16 KiB of UTF-8. It may be empty if there are attachments.
    #[cfg_attr(feature = "schema", schema(max_length = 4000, example = "Good morning"))]
    pub text: String,
    /// Ids of uploaded files of the user in this room, at most 10.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schema(max_items = 10))]
    pub files: Vec<FileId>,
    /// UUID chosen by the client. A second request with the same id returns the first message. Without it,
    /// each request posts a new message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// Id of the message in this room to which this message replies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
}

/// A new text for a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ChangeMessage {
    /// Text: 1 to 4,000 characters and at most 16 KiB of UTF-8. It may be empty while an attachment remains.
    #[cfg_attr(feature = "schema", schema(max_length = 4000))]
    pub text: String,
    /// Ids of the attachments to remove.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove_files: Vec<FileId>,
}

/// The former texts of one of the user's own messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MessageEdits {
    /// Former texts, oldest first.
    pub versions: Vec<Version>,
}
