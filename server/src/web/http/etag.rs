//! Entity tags of responses (RFC 9110, section 8.8.3), and the check whether a client already has the content.

use axum::http::{HeaderMap, HeaderValue, header};

/// An entity tag made of a hash of the content. Compression middleware turns it into a weak one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::web) struct ETag(String);

/// Bytes of the hash that are used.
const HASH_BYTES: usize = 16;

impl ETag {
    pub(in crate::web) fn of_hash(hash: &[u8]) -> Self {
        Self(hash.iter().take(HASH_BYTES).map(|byte| format!("{byte:02x}")).collect())
    }

    /// Creates the tag of a hash that is written as hexadecimal digits.
    pub(in crate::web) fn of_digits(hash: &str) -> Self {
        Self(hash.chars().take(2 * HASH_BYTES).collect())
    }

    /// Whether a tag in a request is this one, by the strong comparison (RFC 9110, section 8.8.3.2).
    pub(in crate::web) fn is_exactly(&self, tag: &[u8]) -> bool {
        tag == format!("\"{}\"", self.0).as_bytes()
    }

    pub(in crate::web) fn header_value(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&format!("\"{}\"", self.0)).ok()
    }

    /// Whether `If-None-Match` is `*` or a list that contains this tag. The comparison is weak (RFC 9110, section
    /// 13.1.2), because a compressing proxy may have turned a strong tag into a weak one, or the reverse.
    pub(in crate::web) fn is_known(&self, headers: &HeaderMap) -> bool {
        let mut values =
            headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        values.any(|value| value.trim() == "*" || opaque_tags(value).any(|tag| tag == self.0))
    }
}

/// Returns the quoted part of each tag in a list. It may contain a comma.
fn opaque_tags(list: &str) -> impl Iterator<Item = &str> {
    let mut rest = list;
    std::iter::from_fn(move || {
        let tag = rest.trim_start_matches([' ', '\t', ',']);
        let (tag, after) = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.split_once('"')?;
        rest = after;
        Some(tag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_all_spellings_of_an_etag() {
        let tag = ETag::of_hash(&[0xab; 32]);
        let own = "ab".repeat(HASH_BYTES);
        let known = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, text.parse().unwrap());
            tag.is_known(&headers)
        };
        for text in ["*", " * "] {
            assert!(known(text), "{text}");
        }
        for text in ["\"#\"", "W/\"#\"", "\"x\", \"#\"", "W/\"a,b\" ,, W/\"#\"", "\"#\",\"x\""] {
            assert!(known(&text.replace('#', &own)), "{text}");
        }
        for text in ["", "#", "\"#", "\"x\"", "\"x\", *", "w/\"#\"", "\"x, W/\"#\"", "\"#x\""] {
            assert!(!known(&text.replace('#', &own)), "{text}");
        }
    }
}
