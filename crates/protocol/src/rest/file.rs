//! Files and their addresses.

use serde::{Deserialize, Serialize};

use crate::{Attachment, Timestamp};

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
