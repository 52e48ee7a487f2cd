//! Files and their addresses.

use serde::{Deserialize, Serialize};

use crate::{Attachment, MessageId, Seq, Timestamp, User};

/// Files that were uploaded and are not part of a message yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct UploadedFiles {
    /// Files in the order of the request. A message that contains them must be posted within 24 hours.
    pub files: Vec<Attachment>,
}

/// An address that gives access to one file without a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SignedAddress {
    /// Path and query on this server.
    pub address: String,
    /// Time at which the address expires. It becomes invalid earlier if the user leaves the room.
    pub expires_at: Timestamp,
}

/// A file of a room, with its message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RoomFile {
    /// File.
    pub file: Attachment,
    /// Id of the message that contains the file.
    pub message_id: MessageId,
    /// Position of the message.
    pub seq: Seq,
    /// Author of the message.
    pub author: User,
    /// Time at which the server accepted the message.
    pub at: Timestamp,
}

/// Files of a room, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RoomFiles {
    /// Files.
    pub files: Vec<RoomFile>,
    /// URL of older files, if there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
