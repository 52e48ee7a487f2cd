//! The form of attachments on the wires.

use std::fmt;

use hubbub_protocol::{Attachment, FileId, Message};
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
        lines.push_str(&format!("{} ({}) {}", file.name, Size(file.size), urls.url(file)));
    }
    lines
}

/// Returns whether the frames of a message differ by connection, because they contain the addresses of files.
pub(crate) fn has_files(message: &Message) -> bool {
    !message.files.is_empty()
}

/// A number of bytes as people read it: `1.5 MB`.
struct Size(u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB")];
        // Rounds up, so that no file has the size 0.
        match UNITS.into_iter().find(|(unit, _)| self.0 >= *unit) {
            Some((unit, name)) => {
                let tenths = self.0.div_ceil(unit / 10);
                write!(f, "{}.{} {name}", tenths / 10, tenths % 10)
            }
            None => write!(f, "{} bytes", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_three_digits_at_most() {
        for (bytes, expected) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_000, "1.0 KB"),
            (1_001, "1.1 KB"),
            (26_214_400, "26.3 MB"),
            (1_073_741_824, "1.1 GB"),
        ] {
            assert_eq!(Size(bytes).to_string(), expected);
        }
    }
}
