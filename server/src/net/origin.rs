//! The origin of the page that sends a request (RFC 6454): browsers send it in `Origin`, other programs usually do not.

use std::str::FromStr;

use axum::http::{HeaderMap, HeaderValue, header};
use url::Url;

use super::host::{DomainName, Host};

/// Scheme, host and port of a page, normalized: in lower case, names in their DNS form, with the default port of the
/// scheme.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    scheme: String,
    host: String,
    port: Option<u16>,
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text.trim()).ok_or_else(|| {
            "write a scheme and a host, such as https://chat.example or http://localhost:8080".to_owned()
        })
    }
}

impl Origin {
    fn parse(text: &str) -> Option<Self> {
        if !text.contains("://") {
            return None;
        }
        let url = Url::parse(text).ok()?;
        let has_more = !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some()
            || !matches!(url.path(), "" | "/");
        // The name is parsed again as a host, which checks that a server can have this name.
        let host = Host::parse(url.host_str().filter(|_| !has_more)?)?;
        Some(Self { scheme: url.scheme().to_owned(), host: host.name, port: url.port_or_known_default() })
    }

    /// Returns the domain name of the origin's server; `None` if it is an address.
    pub(crate) fn domain(&self) -> Option<DomainName> {
        self.host.parse().ok()
    }

    /// Whether this server has this origin when it is reached as `host`. Behind a proxy the server does not know its
    /// scheme, so a host without a port gets the default port of the origin's scheme.
    fn is_at(&self, host: &Host) -> bool {
        let default_port = match self.scheme.as_str() {
            "http" => 80,
            "https" => 443,
            _ => return false,
        };
        self.host == host.name && self.port == Some(host.port.unwrap_or(default_port))
    }
}

/// Origins besides the server's own that may open sockets and send forms, such as `https://chat.example` behind a proxy
/// that changes `Host`.
#[derive(Clone, Debug, Default)]
pub(crate) struct AllowedOrigins(pub(crate) Vec<Origin>);

/// The sender of a request, by its `Origin` header.
#[derive(Debug, PartialEq, Eq)]
enum Sender {
    /// A program without an origin.
    Program,
    Page(Origin),
    /// `null`, several origins, or an invalid one.
    Unclear,
}

impl Sender {
    fn of(headers: &HeaderMap) -> Self {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        match (origins.next().map(HeaderValue::to_str), origins.next()) {
            (None, _) => Self::Program,
            (Some(Ok(origin)), None) => Origin::parse(origin).map_or(Self::Unclear, Self::Page),
            (Some(_), _) => Self::Unclear,
        }
    }
}

impl AllowedOrigins {
    /// Whether the request comes from one of these origins.
    pub(crate) fn include_sender(&self, headers: &HeaderMap) -> bool {
        matches!(Sender::of(headers), Sender::Page(origin) if self.0.contains(&origin))
    }

    /// Whether a request with these headers may change data. A request without `Origin` comes from no browser.
    /// Otherwise there must be a single origin, which names the host of the request: look-alike names, prefixes,
    /// suffixes and `null` are rejected.
    pub(crate) fn allow(&self, headers: &HeaderMap) -> bool {
        match Sender::of(headers) {
            Sender::Program => true,
            Sender::Page(origin) if self.0.contains(&origin) => true,
            Sender::Page(origin) => {
                let host =
                    headers.get(header::HOST).and_then(|host| host.to_str().ok()).and_then(Host::parse);
                host.is_some_and(|host| origin.is_at(&host))
            }
            Sender::Unclear => false,
        }
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
        let named = ["HTTPS://Chat.Example:443/", "https://чат.example", "capacitor://localhost"];
        AllowedOrigins(named.map(|origin| origin.parse().unwrap()).to_vec()).allow(&headers)
    }

    #[test]
    fn allows_programs_own_pages_and_configured_origins() {
        assert!(allowed("localhost:3000", &[]));
        assert!(allowed("localhost:3000", &["http://localhost:3000"]));
        assert!(allowed("[::1]:3000", &["http://[::1]:3000"]));
        assert!(allowed("app.example", &["https://app.example"]));
        assert!(allowed("127.0.0.1:3000", &["https://chat.example"]));
        assert!(allowed("127.0.0.1:3000", &["https://xn--80a0bn.example"]));
        assert!(allowed("127.0.0.1:3000", &["capacitor://localhost"]));
    }

    #[test]
    fn default_port_is_equal_to_no_port() {
        for host in ["app.example", "app.example:443", "App.Example.:443", "app.example:"] {
            assert!(allowed(host, &["https://app.example"]), "{host}");
        }
        assert!(allowed("app.example:80", &["http://app.example"]));
        assert!(!allowed("app.example:80", &["https://app.example"]));
        assert!(!allowed("app.example:443", &["http://app.example"]));
        assert!(!allowed("app.example", &["https://app.example:8443"]));
        assert!(!allowed("localhost:3000", &["http://chat.example"]), "only https was named");
    }

    #[test]
    fn rejects_similar_origins() {
        for origin in [
            "http://app.example.evil",
            "http://evil-app.example",
            "http://evil.app.example",
            "http://app.example:8080",
            "http://app.example@evil",
            "http://app.example/path",
            "http://app.example?",
            "http:app.example",
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

    #[test]
    fn rejects_invalid_origins() {
        for text in
            ["*", "null", "chat.example", "chat.example:443", "localhost:3000", "https://", "https://a b"]
        {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
        for text in ["https://*.example", "https://chat.example/app", "https://me@chat.example", "file:///x"]
        {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }
}
