//! The network address of the client.

use std::net::Ipv4Addr;
use std::time::Instant;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::request_id;
use crate::log_throttle::LogThrottle;
use crate::net::client::Client;
use crate::net::held_body::HeldBody;
use crate::net::listener::{Peer, Place};
use crate::web::App;

static LOGGED: LogThrottle = LogThrottle::new();

/// The client of a request, behind trusted proxies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) Client);

impl ClientAddress {
    /// Returns the client of a request with these extensions. A request without a peer was made in this process.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get().copied().unwrap_or(Self(Client::direct(Ipv4Addr::LOCALHOST.into())))
    }
}

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.extensions))
    }
}

/// Determines the client, and removes the request id unless a trusted proxy has set it.
pub(super) async fn find(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map_or(Ipv4Addr::LOCALHOST.into(), |peer| peer.0);
    let client = app.proxies.client(peer, request.headers());
    let given = request.headers().get(request_id::NAME).map(HeaderValue::as_bytes);
    if !(app.proxies.trust(peer) && given.is_some_and(request_id::is_sound)) {
        request.headers_mut().remove(request_id::NAME);
    }
    request.extensions_mut().insert(ClientAddress(client));
    if let Client::Direct(_) = client {
        // Already counted when its connection was accepted.
        return next.run(request).await;
    }
    if let (Client::Unknown { proxy }, Some(unlogged)) = (client, throttled(client)) {
        tracing::warn!(
            %proxy,
            unlogged,
            "a trusted proxy does not say for whom it asks; let it set X-Forwarded-For to the client's address"
        );
    }
    let Some(place) = app.connections.admit_forwarded(client) else { return too_many() };
    if let Some(connection) = request.extensions_mut().get_mut::<Place>() {
        connection.hold(place.clone());
    }
    next.run(request).await.map(|body| HeldBody::wrap(body, place))
}

fn throttled(client: Client) -> Option<u64> {
    matches!(client, Client::Unknown { .. }).then(|| LOGGED.admit(Instant::now())).flatten()
}

/// Returns the same response that a rejected connection gets.
fn too_many() -> Response {
    let headers = [(header::RETRY_AFTER, "5")];
    (StatusCode::SERVICE_UNAVAILABLE, headers, "Too many connections. Try again later.").into_response()
}
