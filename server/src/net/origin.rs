//! Whose page sends this request (RFC 6454): a browser says it in `Origin`, programs say nothing.

use axum::http::{HeaderMap, header};

/// Origins besides the server's own that may open sockets and send forms, such as `https://chat.example`
/// behind a proxy that changes `Host`.
#[derive(Clone, Debug, Default)]
pub(crate) struct AllowedOrigins(pub(crate) Vec<String>);

impl AllowedOrigins {
    /// Whether the request comes from one of these.
    pub(crate) fn names(&self, headers: &HeaderMap) -> bool {
        let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        origin.is_some_and(|origin| self.0.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin)))
    }

    /// Whether a request with these headers may change something. Without `Origin` it is no browser's. With
    /// one it must be the only one, and name the host that was asked, to the letter: so look-alikes,
    /// prefixes, suffixes and `null` fail.
    pub(crate) fn allow(&self, headers: &HeaderMap) -> bool {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let origin = match (origins.next(), origins.next()) {
            (None, _) => return true,
            (Some(origin), None) => origin.to_str().unwrap_or_default(),
            (Some(_), Some(_)) => return false,
        };
        if self.0.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin)) {
            return true;
        }
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let named = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        named.is_some_and(|named| !host.is_empty() && named.eq_ignore_ascii_case(host))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(host: &str, origins: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        for origin in origins {
            headers.append(header::ORIGIN, origin.parse().unwrap());
        }
        AllowedOrigins(vec!["https://chat.example".to_owned()]).allow(&headers)
    }

    #[test]
    fn programs_own_pages_and_named_origins_are_allowed() {
        assert!(allowed("localhost:3000", &[]));
        assert!(allowed("localhost:3000", &["http://localhost:3000"]));
        assert!(allowed("app.example", &["https://app.example"]));
        assert!(allowed("127.0.0.1:3000", &["https://chat.example"]));
    }

    #[test]
    fn everything_that_only_looks_like_it_is_not() {
        for origin in [
            "http://app.example.evil",
            "http://evil-app.example",
            "http://evil.app.example",
            "http://app.example:8080",
            "http://app.example@evil",
            "ftp://app.example",
            "app.example",
            "http://",
            "null",
            "",
        ] {
            assert!(!allowed("app.example", &[origin]), "{origin}");
        }
        assert!(!allowed("app.example", &["http://app.example", "http://app.example"]));
        assert!(!allowed("", &["http://"]));
    }
}
