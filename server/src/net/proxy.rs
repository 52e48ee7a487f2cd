//! Finds the client of a request that passed through reverse proxies.

use std::net::IpAddr;
use std::str::FromStr;

use axum::http::HeaderMap;
use ipnet::IpNet;

use super::client_address::ClientAddress;
use super::forwarded;

/// A trusted reverse proxy: an address or a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proxy(IpNet);

impl FromStr for Proxy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let network =
            text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(|it| it.to_canonical().into()));
        network
            .map(Self)
            .map_err(|_| "write an address such as 10.0.0.2 or a network such as 10.0.0.0/8".to_owned())
    }
}

/// The trusted proxies. Without any, headers are ignored, because every client can write them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies(pub(crate) Vec<Proxy>);

impl Proxies {
    /// Whether this address is a trusted proxy.
    pub(crate) fn trust(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|proxy| proxy.0.contains(&address))
    }

    /// Returns the client: the peer, or, if the peer is a trusted proxy, the last address in its header that is not a
    /// trusted proxy. Addresses before that one may be forged by the client.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> ClientAddress {
        let peer = peer.to_canonical();
        if !self.trust(peer) {
            return ClientAddress::direct(peer);
        }
        let (mut proxy, mut client) = (peer, ClientAddress::Unknown { proxy: peer });
        for hop in forwarded::hops(headers) {
            let Some(hop) = hop.map(|hop| hop.to_canonical()) else {
                return ClientAddress::Unknown { proxy };
            };
            if !self.trust(hop) {
                return ClientAddress::Forwarded(hop);
            }
            // If the header has no address before this proxy, the proxy itself is the client.
            (proxy, client) = (hop, ClientAddress::Forwarded(hop));
        }
        client
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let proxies = Proxies(vec!["10.0.0.0/8".parse().unwrap(), "192.0.2.1".parse().unwrap()]);
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn trusts_only_configured_proxies() {
        assert_eq!(client("203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(client("10.0.0.2", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("::ffff:10.0.0.2", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.2", &["2001:db8::1"]), "2001:db8::1");
        assert_eq!(client("10.0.0.2", &["10.1.1.1, 10.0.0.3"]), "10.1.1.1", "all of them are trusted");
        assert_eq!(client("10.0.0.2", &["10.0.0.2"]), "10.0.0.2", "it asks for itself");
    }

    #[test]
    fn ignores_headers_written_by_the_client() {
        assert_eq!(client("10.0.0.2", &["127.0.0.1, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.2", &["127.0.0.1", "198.51.100.1, 192.0.2.1"]), "198.51.100.1");
    }

    #[test]
    fn unreadable_header_makes_the_client_unknown() {
        assert_eq!(client("10.0.0.2", &["198.51.100.1, not-an-address"]), "unknown behind 10.0.0.2");
        assert_eq!(client("10.0.0.2", &["unknown, 192.0.2.1"]), "unknown behind 192.0.2.1");
        assert_eq!(client("10.0.0.2", &[]), "unknown behind 10.0.0.2");
        assert_eq!(client("10.0.0.2", &["\"'; --"]), "unknown behind 10.0.0.2");
    }
}
