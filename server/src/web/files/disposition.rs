//! Whether a browser shows or downloads a file, and under which name (RFC 6266).

use axum::http::HeaderValue;
use hubbub_protocol::FileName;

/// Whether a browser may show a file of this type. Others are downloaded, above all those that could run scripts.
pub(super) fn is_inline(content_type: &str) -> bool {
    match content_type.split_once('/') {
        Some(("image", kind)) => matches!(kind, "png" | "jpeg" | "gif" | "webp" | "avif" | "bmp"),
        Some(("audio" | "video", _)) => true,
        _ => matches!(content_type, "application/pdf" | "text/plain"),
    }
}

/// Returns the header `Content-Disposition`, with the name in ASCII and, if that is not the whole name, encoded as in RFC
/// 8187.
pub(super) fn content_disposition(is_inline: bool, name: &FileName) -> HeaderValue {
    let kind = if is_inline { "inline" } else { "attachment" };
    let is_plain =
        |letter: char| letter.is_ascii_graphic() && !matches!(letter, '"' | '\\' | '%') || letter == ' ';
    let plain: String =
        name.as_str().chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    let mut value = format!("{kind}; filename=\"{plain}\"");
    if plain != name.as_str() {
        let encoded: String = name.as_str().bytes().map(encode).collect();
        value.push_str(&format!("; filename*=UTF-8''{encoded}"));
    }
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("attachment"))
}

/// Encodes a byte unless it is an `attr-char` (RFC 8187, section 3.2.1).
fn encode(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_files_in_ascii_and_in_any_language() {
        let header = |name: &str| content_disposition(true, &FileName::from_stored(name));
        assert_eq!(header("photo 1.png"), "inline; filename=\"photo 1.png\"");
        assert_eq!(header("a\"b\\c.txt"), "inline; filename=\"a_b_c.txt\"; filename*=UTF-8''a%22b%5Cc.txt");
        assert_eq!(
            header("Grüße.txt"),
            "inline; filename=\"Gr__e.txt\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt"
        );
        // Rows of other programs may contain anything.
        assert_eq!(header("a\r\nx: y"), "inline; filename=\"a__x: y\"; filename*=UTF-8''a%0D%0Ax%3A%20y");
        let name = FileName::from_stored("x");
        assert_eq!(content_disposition(false, &name), "attachment; filename=\"x\"");
    }

    #[test]
    fn shows_only_what_cannot_run_scripts() {
        for kind in ["image/png", "image/webp", "video/mp4", "audio/mpeg", "application/pdf", "text/plain"] {
            assert!(is_inline(kind), "{kind}");
        }
        for kind in [
            "image/svg+xml",
            "text/html",
            "text/xml",
            "application/octet-stream",
            "application/zip",
            "image/tiff",
            "",
        ] {
            assert!(!is_inline(kind), "{kind}");
        }
    }
}
