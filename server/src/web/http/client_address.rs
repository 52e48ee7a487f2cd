//! Determines the network address of the client, and limits the requests of a client behind a proxy.

use std::net::Ipv4Addr;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::request_id;
use crate::log_throttle::LogThrottle;
use crate::net::client_address::ClientAddress;
use crate::net::held_body::HeldBody;
use crate::net::listener::{ConnectionPermit, Peer};
use crate::web::state::AppState;

static LOGGED: LogThrottle = LogThrottle::new();

/// Determines the client, and removes the request id unless a trusted proxy has set it.
pub(super) async fn determine(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map_or(Ipv4Addr::LOCALHOST.into(), |peer| peer.0);
    let client = app.proxies.client(peer, request.headers());
    let given = request.headers().get(request_id::NAME).map(HeaderValue::as_bytes);
    if !(app.proxies.trust(peer) && given.is_some_and(request_id::is_loggable)) {
        request.headers_mut().remove(request_id::NAME);
    }
    request.extensions_mut().insert(client);
    if let (ClientAddress::Unknown { proxy }, Some(unlogged)) = (client, throttled(client)) {
        tracing::warn!(
            %proxy,
            unlogged,
            "a trusted proxy does not name its client; configure it to set X-Forwarded-For to the address of the client"
        );
    }
    next.run(request).await
}

/// Counts the requests of a client behind a proxy as its connections, and refuses those above the limit.
pub(super) async fn count(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let client = request.extensions().get::<ClientAddress>().copied();
    // A direct client was counted when its connection was accepted.
    let Some(client) = client.filter(|client| !matches!(client, ClientAddress::Direct(_))) else {
        return next.run(request).await;
    };
    let Some(permit) = app.connections.try_acquire_forwarded(client) else { return too_many() };
    if let Some(connection) = request.extensions_mut().get_mut::<ConnectionPermit>() {
        connection.hold(permit.clone());
    }
    next.run(request).await.map(|body| HeldBody::wrap(body, permit))
}

fn throttled(client: ClientAddress) -> Option<u64> {
    matches!(client, ClientAddress::Unknown { .. }).then(|| LOGGED.admit(Instant::now())).flatten()
}

/// Returns the response of a rejected connection, to which the middleware adds its headers.
fn too_many() -> Response {
    let headers = [(header::RETRY_AFTER, "5")];
    (StatusCode::SERVICE_UNAVAILABLE, headers, "Too many connections. Try again later.").into_response()
}
