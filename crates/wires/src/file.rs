//! The form of attachments on the wires.

use std::fmt;

use hubbub_protocol::{Attachment, FileId, Message, SIZE_UNITS, format_size};
use serde::Serialize;

/// Makes the addresses of files for one connection. The driver knows the address at which its client reaches the server,
/// and whether the client needs a signature to load a file.
pub trait FileUrls: fmt::Debug + Send + Sync {
    /// Returns the address of a file: an absolute URL.
    fn url(&self, file: &Attachment) -> String;
}

/// An attachment in a JSON frame.
#[derive(Debug, Serialize)]
pub(crate) struct WireFile<'a> {
    id: FileId,
    name: &'a str,
    size: u64,
    content_type: &'a str,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
}

impl<'a> WireFile<'a> {
    pub(crate) fn new(file: &'a Attachment, urls: &dyn FileUrls) -> Self {
        let Attachment { id, name, size, content_type, width, height, .. } = file;
        Self {
            id: *id,
            name: name.as_str(),
            size: *size,
            content_type,
            url: urls.url(file),
            width: *width,
            height: *height,
        }
    }
}

/// Returns the attachments of a message for a JSON frame.
pub(crate) fn wire_files<'a>(files: &'a [Attachment], urls: &dyn FileUrls) -> Vec<WireFile<'a>> {
    files.iter().map(|file| WireFile::new(file, urls)).collect()
}

/// Returns the text of a message, followed by a line for each attachment with name, size and address: for wires that have
/// no field for files.
#[must_use]
pub fn text_with_files(text: &str, files: &[Attachment], urls: &dyn FileUrls) -> String {
    let mut lines = text.to_owned();
    for file in files {
        if !lines.is_empty() {
            lines.push('\n');
        }
        // Scripts split such lines at spaces of the usual kind.
        let size = format_size(file.size, '.', SIZE_UNITS).replace('\u{a0}', " ");
        lines.push_str(&format!("{} ({size}) {}", file.name, urls.url(file)));
    }
    lines
}

/// Returns whether the frames of a message differ by connection, because they contain the addresses of files.
pub(crate) fn has_files(message: &Message) -> bool {
    !message.files.is_empty()
}
