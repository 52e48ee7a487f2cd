//! `/socket.io/`: Socket.IO, by WebSocket and by polling. The library is the transport only; rooms, fan-out and
//! presence are the hub's.

use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use hubbub_protocol::MAX_FRAME_BYTES;
use hubbub_wires::Opening;
use serde::Deserialize;
use socketioxide::SocketIo;
use socketioxide::extract::{SocketRef, TryData};
use socketioxide::handler::ConnectHandler;

use super::{Refused, Visit};
use crate::hub::connection_task::ConnectionTask;
use crate::hub::transport::Transport;
use crate::identity::Problem;
use crate::net::origin::AllowedOrigins;
use crate::web::App;
use crate::web::middleware::client::ClientAddress;

const PATH: &str = "/socket.io";
/// Packets of one connection that the library holds; then our own bound holds the rest.
const MAX_BUFFERED_PACKETS: usize = 256;
/// How often a peer is asked for a sign of life, and how long it may take to give one.
const PING_INTERVAL: Duration = Duration::from_secs(25);
const PING_TIMEOUT: Duration = Duration::from_secs(20);
/// How long a peer may take to say which namespace it wants.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// Bytes that a connection reads at once.
const READ_BUFFER_BYTES: usize = 1024;

/// What a peer may say about itself when it connects.
#[derive(Debug, Default, Deserialize)]
struct Auth {
    token: Option<String>,
}

/// The library's address, with our own check of the origin before it.
pub(crate) fn routes(app: &App) -> Router<App> {
    let (service, io) = SocketIo::builder()
        .req_path(PATH)
        .max_buffer_size(MAX_BUFFERED_PACKETS)
        .max_payload(MAX_FRAME_BYTES as u64)
        .ws_max_message_size(MAX_FRAME_BYTES)
        .ws_max_frame_size(MAX_FRAME_BYTES)
        .ws_read_buffer_size(READ_BUFFER_BYTES)
        .ping_interval(PING_INTERVAL)
        .ping_timeout(PING_TIMEOUT)
        .connect_timeout(CONNECT_TIMEOUT)
        .build_svc();
    let app = app.clone();
    let origins = app.origins.clone();
    let check = app.clone();
    let closing = (app.hub.stopping().clone(), io.clone());
    app.hub.tasks().spawn(async move {
        closing.0.cancelled().await;
        // Else whoever waits in a poll would keep the server from stopping.
        closing.1.close().await;
    });
    let handler = move |socket: SocketRef, TryData(auth): TryData<Auth>| {
        // Before anything waits: what the peer emits is heard from here on.
        let transport = Transport::over_socketio(socket.clone());
        connect(app.clone(), socket, auth.unwrap_or_default(), transport)
    };
    let admit = move |socket: SocketRef, TryData(auth): TryData<Auth>| {
        admit(check.clone(), socket, auth.unwrap_or_default())
    };
    io.ns("/", handler.with(admit));
    Router::new()
        .route_service(PATH, service.clone())
        .route_service("/socket.io/", service)
        .layer(from_fn_with_state(origins, same_origin))
}

/// No page of another origin, by whichever transport.
async fn same_origin(State(origins): State<AllowedOrigins>, request: Request, next: Next) -> Response {
    if origins.allow(request.headers()) {
        return next.run(request).await;
    }
    Problem::wrong_origin().into_response()
}

/// Whether the peer may connect. A "no" is the library's `connect_error`.
async fn admit(app: App, socket: SocketRef, auth: Auth) -> Result<(), Refused> {
    let (headers, query) = claim(&socket, auth);
    Visit::to(Opening::SocketIo { sid: String::new() }).admit(&app, &headers, query.as_deref()).await
}

/// Finds out who it is, and serves.
async fn connect(app: App, socket: SocketRef, auth: Auth, transport: Transport) {
    let (headers, query) = claim(&socket, auth);
    let parts = socket.req_parts();
    let from = ClientAddress::of(&parts.extensions);
    // The place among all connections is the library's, which holds the request, as long as the peer is there.
    let visit = Visit::to(Opening::SocketIo { sid: socket.id.to_string() });
    match visit.who(&app, from, &headers, query.as_deref()).await {
        Ok((user, right, opening)) => {
            let task = ConnectionTask::on_wire(app.hub.clone(), user, right, from.0, transport, opening);
            app.hub.tasks().track_future(task.run()).await;
        }
        Err(refused) => {
            tracing::debug!(%refused, "a Socket.IO connection is refused");
            drop(socket.disconnect());
        }
    }
}

/// Whose identity the peer claims: what it says on connecting counts before what its first request said.
fn claim(socket: &SocketRef, auth: Auth) -> (HeaderMap, Option<String>) {
    let parts = socket.req_parts();
    match auth.token {
        Some(token) => (HeaderMap::new(), Some(format!("token={token}"))),
        None => (parts.headers.clone(), parts.uri.query().map(str::to_owned)),
    }
}
