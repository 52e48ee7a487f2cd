//! The part of a file that a request asks for (RFC 9110, section 14).

use std::ops::Range;

use axum::http::{HeaderMap, header};

use crate::web::http::etag::ETag;

/// The part of a file that a request asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ByteRange {
    /// The whole file; also for several ranges, which a server may ignore.
    Whole,
    /// A part, not empty.
    Part(Range<u64>),
    /// No byte of the file.
    Unsatisfiable,
}

/// Returns the range in the header `Range`, unless `If-Range` names another version of the file.
pub(super) fn requested_range(headers: &HeaderMap, tag: &ETag, size: u64) -> ByteRange {
    let is_of_version =
        headers.get(header::IF_RANGE).is_none_or(|version| tag.is_exactly(version.as_bytes()));
    let mut ranges = headers.get_all(header::RANGE).iter();
    match (ranges.next().and_then(|range| range.to_str().ok()), ranges.next()) {
        (Some(range), None) if is_of_version => parse(range, size).unwrap_or(ByteRange::Whole),
        _ => ByteRange::Whole,
    }
}

/// Parses a header with one range of bytes. `None` for any other, which is ignored.
fn parse(header: &str, size: u64) -> Option<ByteRange> {
    let (unit, range) = header.split_once('=')?;
    let (first, last) = range.trim().split_once('-').filter(|_| unit.trim().eq_ignore_ascii_case("bytes"))?;
    let range = match (first.trim_end(), last.trim_start()) {
        ("", suffix) => size.saturating_sub(number(suffix)?)..size,
        (first, "") => number(first)?..size,
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            first..last.saturating_add(1).min(size)
        }
    };
    Some(if range.is_empty() { ByteRange::Unsatisfiable } else { ByteRange::Part(range) })
}

/// Parses a number; one that is too large is larger than any file.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn range(range: &str, size: u64) -> ByteRange {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_str(range).unwrap());
        requested_range(&headers, &ETag::of_digits("ab"), size)
    }

    #[test]
    fn parses_one_range() {
        let part = |range| ByteRange::Part(range);
        assert_eq!(range("bytes=0-0", 10), part(0..1));
        assert_eq!(range("bytes=2-5", 10), part(2..6));
        assert_eq!(range("bytes=2-", 10), part(2..10));
        assert_eq!(range("bytes=-3", 10), part(7..10));
        assert_eq!(range("bytes=-30", 10), part(0..10));
        assert_eq!(range("bytes=9-99999999999999999999", 10), part(9..10));
        assert_eq!(range("Bytes = 1-2", 10), part(1..3));
    }

    #[test]
    fn distinguishes_ranges_outside_of_the_file_from_invalid_ones() {
        for text in ["bytes=10-", "bytes=10-12", "bytes=-0", "bytes=99999999999999999999-"] {
            assert_eq!(range(text, 10), ByteRange::Unsatisfiable, "{text}");
        }
        assert_eq!(range("bytes=0-", 0), ByteRange::Unsatisfiable);
        for text in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=5-2",
            "bytes=a-b",
            "bytes=+1-2",
            "items=0-1",
            "bytes=0-1,3-4",
        ] {
            assert_eq!(range(text, 10), ByteRange::Whole, "{text}");
        }
    }

    #[test]
    fn a_range_of_another_version_is_ignored() {
        let tag = ETag::of_digits("ab");
        for (version, expected) in [
            ("\"ab\"", ByteRange::Part(0..1)),
            ("W/\"ab\"", ByteRange::Whole),
            ("\"cd\"", ByteRange::Whole),
            ("Mon, 30 Nov 2026 00:00:00 GMT", ByteRange::Whole),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, HeaderValue::from_static("bytes=0-0"));
            headers.insert(header::IF_RANGE, HeaderValue::from_str(version).unwrap());
            assert_eq!(requested_range(&headers, &tag, 10), expected, "{version}");
        }
    }
}
