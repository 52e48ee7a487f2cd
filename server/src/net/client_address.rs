//! The client of a request as far as the network shows it, and the key by which limits count clients.

use std::convert::Infallible;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use axum::extract::FromRequestParts;
use axum::http::Extensions;
use axum::http::request::Parts;

/// The address of a client. IPv4 addresses written as IPv6 (`::ffff:192.0.2.1`) are treated as IPv4 addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientAddress {
    /// The peer of the connection.
    Direct(IpAddr),
    /// The client that a trusted proxy names.
    Forwarded(IpAddr),
    /// A trusted proxy forwards the request without naming its client.
    Unknown {
        /// The last trusted proxy that is known.
        proxy: IpAddr,
    },
}

/// The key by which limits count a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ClientKey {
    /// One IPv4 address.
    Address(Ipv4Addr),
    /// The first 64 bits of an IPv6 address. A customer has at least a network of that size (RFC 6177), and could
    /// otherwise count as any number of clients.
    Network(u64),
    /// All clients whose requests this trusted proxy forwards without naming the client.
    UnknownBehind(IpAddr),
}

impl ClientAddress {
    /// Creates the client of a connection without a proxy.
    pub(crate) fn direct(peer: IpAddr) -> Self {
        Self::Direct(peer.to_canonical())
    }

    /// Returns the client of a request with these extensions, which `web` has determined. A request without a peer was
    /// made in this process.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get().copied().unwrap_or(Self::direct(Ipv4Addr::LOCALHOST.into()))
    }

    /// Returns the key that counts this client; `None` for programs on this machine, which no limit counts. The clients
    /// of a trusted proxy on this machine are counted.
    pub(crate) fn key(self) -> Option<ClientKey> {
        match self {
            Self::Direct(peer) if peer.is_loopback() => None,
            Self::Direct(address) | Self::Forwarded(address) => Some(ClientKey::of(address)),
            Self::Unknown { proxy } => Some(ClientKey::UnknownBehind(proxy)),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.extensions))
    }
}

impl ClientKey {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::Address(address),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                let join = |high: u64, low: u16| (high << 16) | u64::from(low);
                Self::Network([b, c, d].into_iter().fold(u64::from(a), join))
            }
        }
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direct(address) | Self::Forwarded(address) => write!(f, "{address}"),
            Self::Unknown { proxy } => write!(f, "unknown behind {proxy}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn direct(peer: &str) -> Option<ClientKey> {
        ClientAddress::direct(peer.parse().unwrap()).key()
    }

    fn forwarded(address: &str) -> Option<ClientKey> {
        ClientAddress::Forwarded(address.parse().unwrap()).key()
    }

    #[test]
    fn exempts_only_loopback() {
        for peer in ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(direct(peer), None, "{peer}");
            assert!(forwarded(peer).is_some(), "a proxy says {peer}");
        }
        assert!(ClientAddress::Unknown { proxy: "127.0.0.1".parse().unwrap() }.key().is_some());
    }

    #[test]
    fn counts_ipv6_by_network() {
        assert_eq!(direct("2001:db8::1"), direct("2001:db8::ffff:0:0:1"));
        assert_ne!(direct("2001:db8::1"), direct("2001:db8:0:1::1"));
        assert_eq!(direct("2001:db8::1"), forwarded("2001:db8::2"));
    }

    #[test]
    fn counts_mapped_addresses_as_ipv4() {
        assert_eq!(direct("::ffff:192.0.2.1"), direct("192.0.2.1"));
        assert_ne!(direct("::ffff:192.0.2.1"), direct("::ffff:192.0.2.2"));
        assert_eq!(forwarded("::ffff:192.0.2.1"), direct("192.0.2.1"));
    }
}
