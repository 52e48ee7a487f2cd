//! The host name of a request (RFC 9110, section 7.2), and the names to which the server answers.
//!
//! A page of another site may make its own name resolve to this server's address (DNS rebinding). Its requests then
//! look like those of the server's own pages, except for the name.

use std::collections::HashSet;
use std::str::FromStr;

use url::Host as UrlHost;

/// The name of a server, in lower case and in its DNS form (`xn--...`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DomainName(String);

impl FromStr for DomainName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match UrlHost::parse(text.trim()) {
            Ok(UrlHost::Domain(name)) if is_dns_name(&name) => Ok(Self::of(&name)),
            Ok(UrlHost::Ipv4(_) | UrlHost::Ipv6(_)) => {
                Err("IP addresses are always accepted; write a host name such as chat.example".to_owned())
            }
            Ok(UrlHost::Domain(_)) | Err(_) => {
                Err("write a host name such as chat.example, without scheme, port or wildcard".to_owned())
            }
        }
    }
}

impl DomainName {
    /// Removes the final dot of DNS, so that both spellings are equal.
    fn of(name: &str) -> Self {
        Self(name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase())
    }

    /// RFC 6761, section 6.3: these names always refer to this machine.
    fn is_localhost(&self) -> bool {
        self.0 == "localhost" || self.0.ends_with(".localhost")
    }
}

fn is_dns_name(name: &str) -> bool {
    !name.trim_end_matches('.').is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// The content of `Host`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Host {
    /// The host as an origin contains it: a name, an address, or an IPv6 address in brackets.
    pub(crate) name: String,
    pub(crate) port: Option<u16>,
    /// An address is not checked further, because a page of another site cannot choose it by DNS.
    is_address: bool,
}

impl Host {
    /// Parses a header, or the authority of a request's target.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bracket = text.rfind(']').unwrap_or_default();
        let colon = text[bracket..].find(':').map(|colon| bracket + colon);
        let (name, port) = text.split_at(colon.unwrap_or(text.len()));
        // A colon without a port is allowed (RFC 3986, section 3.2.3).
        let port = match port.strip_prefix(':') {
            None | Some("") => None,
            Some(port) => Some(port.parse().ok().filter(|_| port.bytes().all(|byte| byte.is_ascii_digit()))?),
        };
        match UrlHost::parse(name).ok()? {
            UrlHost::Domain(name) => {
                is_dns_name(&name).then(|| Self { name: DomainName::of(&name).0, port, is_address: false })
            }
            address => Some(Self { name: address.to_string(), port, is_address: true }),
        }
    }
}

/// The names to which the server answers, besides addresses and localhost.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnNames(HashSet<DomainName>);

impl OwnNames {
    pub(crate) fn new(names: impl IntoIterator<Item = DomainName>) -> Self {
        Self(names.into_iter().collect())
    }

    /// Whether the server answers to this host.
    pub(crate) fn accept(&self, host: &Host) -> bool {
        let name = || DomainName(host.name.clone());
        host.is_address || name().is_localhost() || self.0.contains(&name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Option<(String, Option<u16>)> {
        Host::parse(text).map(|host| (host.name, host.port))
    }

    fn accepted(host: &str) -> bool {
        let names = ["chat.example", "чат.example"].map(|name| name.parse().unwrap());
        OwnNames::new(names).accept(&Host::parse(host).unwrap())
    }

    #[test]
    fn reads_names_addresses_and_ports() {
        assert_eq!(parsed("Chat.Example"), Some(("chat.example".to_owned(), None)));
        assert_eq!(parsed("chat.example.:"), Some(("chat.example".to_owned(), None)));
        assert_eq!(parsed("127.0.0.1:3000"), Some(("127.0.0.1".to_owned(), Some(3000))));
        assert_eq!(parsed("[::1]:3000"), Some(("[::1]".to_owned(), Some(3000))));
        assert_eq!(parsed("[2001:DB8::1]"), Some(("[2001:db8::1]".to_owned(), None)));
        for text in [
            "",
            ":80",
            "a b",
            "a/b",
            "user@chat.example",
            "[::1",
            "::1",
            "a:b",
            "a:-1",
            "a:99999",
            ".",
            "a,b",
        ] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }

    #[test]
    fn answers_to_addresses_localhost_and_its_own_names() {
        for host in [
            "127.0.0.1:3000",
            "[::1]:3000",
            "192.0.2.1",
            "localhost:3000",
            "LOCALHOST.",
            "hubbub.localhost",
            "chat.example:8443",
            "xn--80a0bn.example",
        ] {
            assert!(accepted(host), "{host}");
        }
    }

    #[test]
    fn answers_to_no_other_name() {
        for host in [
            "evil",
            "evil.example",
            "chat.example.evil",
            "evilchat.example",
            "localhost.evil",
            "notlocalhost",
        ] {
            assert!(!accepted(host), "{host}");
        }
    }

    #[test]
    fn rejects_invalid_host_names() {
        for text in
            ["", "https://chat.example", "chat.example:443", "*.example", "a/b", "127.0.0.1", "[::1]", "."]
        {
            assert!(text.parse::<DomainName>().is_err(), "{text}");
        }
    }
}
