//! Attachments as SQLite writes them: one JSON array for each.

use std::borrow::Cow;

use hubbub_protocol::{Attachment, FileId, FileName};
use serde::Deserialize;

/// The JSON array of a row of `files`, in the order of the fields of [`AttachmentRow`].
macro_rules! attachment_json {
    () => {
        "json_array(files.id, files.name, files.size, files.content_type, files.width, files.height, files.preview)"
    };
}
pub(in crate::sqlite) use attachment_json;

/// The columns of an attachment, as `attachment_json!` lists them.
#[derive(Deserialize)]
pub(in crate::sqlite) struct AttachmentRow<'a> {
    id: i64,
    name: String,
    size: u64,
    #[serde(borrow)]
    content_type: Cow<'a, str>,
    width: Option<u32>,
    height: Option<u32>,
    preview: Option<String>,
}

impl From<AttachmentRow<'_>> for Attachment {
    fn from(row: AttachmentRow<'_>) -> Self {
        Self {
            id: FileId(row.id),
            name: FileName::from_stored(row.name),
            size: row.size,
            content_type: row.content_type.into_owned(),
            width: row.width,
            height: row.height,
            preview: row.preview,
        }
    }
}
