//! The media type of a file, found from its content and never from what its sender says.

/// Bytes at the start of a file that decide its type.
pub(super) const HEAD_BYTES: usize = 8 * 1024;
/// Bytes that decide the type of a text in angle brackets.
const MARKUP_BYTES: usize = 1_024;
const PLAIN: &str = "text/plain";
const UNKNOWN: &str = "application/octet-stream";

/// Checks whether a file is text in UTF-8. The file is passed in pieces.
#[derive(Debug)]
pub(super) struct TextCheck {
    /// The begin of a character at the end of the last piece.
    partial: Vec<u8>,
    is_text: bool,
}

impl TextCheck {
    pub(super) const fn new() -> Self {
        Self { partial: Vec::new(), is_text: true }
    }

    /// Checks the next piece of the file.
    pub(super) fn add(&mut self, piece: &[u8]) {
        if !self.is_text {
            return;
        }
        let mut bytes = std::mem::take(&mut self.partial);
        bytes.extend_from_slice(piece);
        let valid = match std::str::from_utf8(&bytes) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => {
                self.is_text = false;
                return;
            }
        };
        self.is_text = bytes[..valid].iter().all(|byte| is_of_text(*byte));
        self.partial = bytes.split_off(valid);
    }

    /// Whether the whole file is text.
    pub(super) fn is_text(&self) -> bool {
        self.is_text && self.partial.is_empty()
    }
}

/// Whether a text may contain this byte: all except control characters other than tab, line feed, form feed, carriage
/// return, and escape, which colours the logs of programs.
fn is_of_text(byte: u8) -> bool {
    byte >= 0x20 && byte != 0x7f || matches!(byte, b'\t' | b'\n' | 0x0c | b'\r' | 0x1b)
}

/// Returns the media type of a file by its first bytes. `is_text` is whether the whole file is text.
pub(super) fn content_type(head: &[u8], is_text: bool) -> &'static str {
    let known = infer::get(head).map(|known| known.mime_type());
    if !is_text {
        // A file with the begin of a page and binary data after it is neither.
        return known.filter(|known| !known.starts_with("text/")).unwrap_or(UNKNOWN);
    }
    match known {
        // A PDF may consist of text only. Other short signatures occur in texts by chance.
        Some("application/pdf") => "application/pdf",
        _ => text_type(head),
    }
}

/// Distinguishes text that a browser would execute from other text.
fn text_type(head: &[u8]) -> &'static str {
    let head = &head[..head.len().min(MARKUP_BYTES)];
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let head = head.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
    if !head.starts_with('<') {
        PLAIN
    } else if head.contains("<svg") {
        "image/svg+xml"
    } else if ["<!doctype html", "<html", "<head", "<body", "<script", "<iframe"]
        .iter()
        .any(|tag| head.contains(tag))
    {
        "text/html"
    } else if head.starts_with("<?xml") {
        "text/xml"
    } else {
        PLAIN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn type_of(content: &[u8]) -> &'static str {
        let mut check = TextCheck::new();
        // Pieces of three bytes divide longer characters at every place.
        content.chunks(3).for_each(|piece| check.add(piece));
        content_type(&content[..content.len().min(HEAD_BYTES)], check.is_text())
    }

    #[test]
    fn finds_the_type_by_the_content() {
        assert_eq!(type_of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "image/png");
        assert_eq!(type_of(b"\xff\xd8\xff\xe0\0\x10JFIF\0"), "image/jpeg");
        assert_eq!(type_of(b"GIF89a\x01\0\x01\0"), "image/gif");
        assert_eq!(type_of(b"%PDF-1.7\nall of it is text"), "application/pdf");
        assert_eq!(type_of(b"PK\x03\x04\0\0"), "application/zip");
        assert_eq!(type_of(b""), "text/plain");
        assert_eq!(type_of("Grüße, 你好 👋\n".as_bytes()), "text/plain");
        assert_eq!(type_of(b"BM is the start of a bitmap, and of this text"), "text/plain");
        assert_eq!(type_of(b"#!/bin/sh\nrm -r x\n"), "text/plain");
        for binary in [&b"\0\x01\x02"[..], b"latin \xe9\n", b"cut \xc3", b"bell \x07"] {
            assert_eq!(type_of(binary), "application/octet-stream", "{binary:?}");
        }
    }

    #[test]
    fn recognizes_what_a_browser_would_execute() {
        for page in [
            "<!DOCTYPE HTML><p>",
            "\n\n<html>",
            "\u{feff}<html>",
            "<!-- x --><script>alert(1)</script>",
            "<body onload=x>",
        ] {
            assert_eq!(type_of(page.as_bytes()), "text/html", "{page}");
        }
        for picture in ["<svg xmlns='x'/>", "<?xml version='1.0'?>\n<SVG/>", "<!-- x --><svg>"] {
            assert_eq!(type_of(picture.as_bytes()), "image/svg+xml", "{picture}");
        }
        assert_eq!(type_of(b"<?xml version='1.0'?><a/>"), "text/xml");
        assert_eq!(type_of(b"<html>\0"), "application/octet-stream");
    }

    #[test]
    fn a_picture_that_contains_a_page_is_a_picture() {
        assert_eq!(type_of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR<html><script>alert(1)</script>"), "image/png");
    }
}
