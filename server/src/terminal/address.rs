//! The address of a server as the user gives it, and the WebSocket URL derived from it.

use std::fmt;
use std::str::FromStr;

use axum::http::Uri;

/// Path of the native wire.
const SOCKET_PATH: &str = "/api/v1/socket";

/// The address of a server: `http`, `https`, `ws` or `wss`, a host, an optional port, and an optional path before the
/// server's own paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServerAddress {
    given: String,
    socket: String,
}

impl ServerAddress {
    /// Returns the URL of the native wire.
    pub(crate) fn socket(&self) -> &str {
        &self.socket
    }

    /// Returns the URL of the server's pages, without a slash at the end.
    pub(crate) fn site(&self) -> String {
        let base = self.socket.strip_suffix(SOCKET_PATH).unwrap_or(&self.socket);
        base.replacen("ws", "http", 1)
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.given)
    }
}

impl FromStr for ServerAddress {
    type Err = String;

    fn from_str(given: &str) -> Result<Self, String> {
        const RULE: &str =
            "the server address must be a URL such as https://chat.example or http://localhost:3000";
        let uri: Uri = given.parse().map_err(|_| RULE.to_owned())?;
        let scheme = match uri.scheme_str() {
            Some("http" | "ws") => "ws",
            Some("https" | "wss") => "wss",
            _ => return Err(RULE.to_owned()),
        };
        let authority = uri.authority().ok_or(RULE)?;
        if authority.as_str().contains('@') {
            return Err(
                "the server address must not contain a user name or password; use HUBBUB_TOKEN to sign in"
                    .to_owned(),
            );
        }
        if uri.query().is_some() {
            return Err("the server address must not contain a query (?)".to_owned());
        }
        let path = uri.path().trim_end_matches('/');
        Ok(Self { given: given.to_owned(), socket: format!("{scheme}://{authority}{path}{SOCKET_PATH}") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derives_the_other_urls_from_the_address() {
        for (given, socket, site) in [
            ("http://localhost:3000", "ws://localhost:3000/api/v1/socket", "http://localhost:3000"),
            ("https://chat.example/", "wss://chat.example/api/v1/socket", "https://chat.example"),
            (
                "wss://chat.example/talk/",
                "wss://chat.example/talk/api/v1/socket",
                "https://chat.example/talk",
            ),
            ("ws://[::1]:3000", "ws://[::1]:3000/api/v1/socket", "http://[::1]:3000"),
        ] {
            let address = given.parse::<ServerAddress>().unwrap();
            assert_eq!((address.socket(), address.site().as_str()), (socket, site));
        }
    }

    #[test]
    fn rejects_invalid_addresses_with_the_rule() {
        for given in ["localhost:3000", "", "ftp://chat.example", "http://", "http://a b", "//chat.example"] {
            let refused = given.parse::<ServerAddress>().unwrap_err();
            assert!(refused.contains("http://localhost:3000"), "{given}: {refused}");
        }
        assert!("http://ivan:secret@chat.example".parse::<ServerAddress>().is_err());
        assert!("http://chat.example/?room=x".parse::<ServerAddress>().is_err());
    }
}
