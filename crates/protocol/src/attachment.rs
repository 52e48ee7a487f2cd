//! Files that belong to a message.

use serde::{Deserialize, Serialize};

use crate::{FileId, FileName};

/// A file that belongs to a message.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Attachment {
    /// File id, unique on this server. The file is at `/files/{id}/{name}`.
    pub id: FileId,
    /// Name that the sender gave to the file, without what does not belong in a name.
    pub name: FileName,
    /// Size in bytes.
    pub size: u64,
    /// Media type (RFC 9110, section 8.3.1), found from the content.
    pub content_type: String,
    /// Width in pixels of a picture or video as it is shown; missing for other files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height in pixels of a picture or video as it is shown; missing for other files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// A tiny blurred form of a picture, shown until the picture is loaded: the characters after `data:` of a data URL
    /// (RFC 2397), at most `MAX_PREVIEW_CHARS`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<String>,
}

impl Attachment {
    /// Returns whether the server has smaller forms of the file that browsers can show as a picture.
    #[must_use]
    pub const fn is_picture(&self) -> bool {
        self.preview.is_some()
    }

    /// Returns the approximate number of bytes of text in the attachment, for the limit of a frame.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        self.name.as_str().len() + self.content_type.len() + self.preview.as_ref().map_or(0, String::len)
    }
}
