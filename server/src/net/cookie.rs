//! Cookies of requests.

use axum::http::{HeaderMap, header};

/// Returns the values of all cookies with this name, in the order of the request. Parses bytes and skips invalid pairs,
/// because cookies of other programs on the same host may contain anything (RFC 6265, section 5.4).
pub(crate) fn values<'headers>(
    headers: &'headers HeaderMap,
    name: &str,
) -> impl Iterator<Item = &'headers str> {
    let pairs = headers.get_all(header::COOKIE).iter().flat_map(|value| value.as_bytes().split(is_separator));
    pairs.filter_map(move |pair| {
        let equals = pair.iter().position(|byte| *byte == b'=')?;
        let (key, value) = pair.split_at_checked(equals)?;
        let value = value.get(1..)?.trim_ascii();
        if key.trim_ascii() != name.as_bytes() {
            return None;
        }
        let unquoted = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\""));
        std::str::from_utf8(unquoted.unwrap_or(value)).ok()
    })
}

const fn is_separator(byte: &u8) -> bool {
    *byte == b';'
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn found(lines: &[&[u8]]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, HeaderValue::from_bytes(line).unwrap());
        }
        values(&headers, "s").map(str::to_owned).collect()
    }

    #[test]
    fn finds_a_cookie_among_those_of_other_programs() {
        let cases: [(&[u8], &[&str]); 11] = [
            (b"s=1", &["1"]),
            ("theme=caf\u{e9}; s=1".as_bytes(), &["1"]),
            (b"theme=\xff\xfe\x80; s=1; x=\xc3", &["1"]),
            (b"s=1; ; =; novalue; ==;s = 2 ;\ts=3", &["1", "2", "3"]),
            (b"a=b=c; s=1", &["1"]),
            (b"s=1,2; xs=5; sx=6; S=7", &["1,2"]),
            (b"s=\"1\"; t=\"a; s=2\"", &["1", "2\""]),
            (b"s=\xff; s=1", &["1"]),
            (b"s=", &[""]),
            (b"s; s=1", &["1"]),
            (b"", &[]),
        ];
        for (line, wanted) in cases {
            assert_eq!(found(&[line]), wanted, "{}", line.escape_ascii());
        }
        assert_eq!(found(&[b"\xe9", b"s=1", b"t=2; s=3"]), ["1", "3"], "several headers");
    }
}
