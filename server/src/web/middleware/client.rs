//! Who sends the request, as far as the network knows.

use std::net::{IpAddr, Ipv4Addr};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::request_id;
use crate::net::listener::Peer;
use crate::net::proxy::Proxies;

/// The address of whoever asks, behind proxies that are trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl ClientAddress {
    /// Where a request with these extensions comes from. One without a peer was made in this process.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get().copied().unwrap_or(Self(Ipv4Addr::LOCALHOST.into()))
    }
}

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.extensions))
    }
}

/// Finds out the address, and takes the request's id away unless a trusted proxy gave it.
pub(super) async fn find(State(proxies): State<Proxies>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map_or(Ipv4Addr::LOCALHOST.into(), |peer| peer.0);
    let address = proxies.client(peer, request.headers());
    let given = request.headers().get(request_id::NAME).map(HeaderValue::as_bytes);
    if !(proxies.trust(peer) && given.is_some_and(request_id::is_sound)) {
        request.headers_mut().remove(request_id::NAME);
    }
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}
