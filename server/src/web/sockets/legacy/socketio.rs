//! `/socket.io/`: Socket.IO, by WebSocket and by polling.

mod connect;

use axum::Router;
use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use hubbub_protocol::MAX_FRAME_BYTES;
use tokio::time::timeout;

use crate::hub::transport::engine_io::{EngineIo, Mailbox, new_sid, open_packet, try_upgrade};
use crate::hub::transport::{LARGE_FRAME_TIMEOUT, LargeFrames, SocketIo};
use crate::net::client_address::ClientAddress;
use crate::net::handshake::Handshake;
use crate::net::listener::ConnectionPermit;
use crate::web::http::problem::Problem;
use crate::web::state::AppState;
use connect::OpeningRequest;

/// The supported version of Engine.IO, which clients send as `EIO` in the query.
const VERSION: &str = "4";
/// Seconds after which to retry a session that was rejected because the server is full.
const RETRY_SECONDS: HeaderValue = HeaderValue::from_static("5");

/// Tells the client not to use the connection again: the rest of its request is not read.
const CLOSE: [(HeaderName, HeaderValue); 1] = [(header::CONNECTION, HeaderValue::from_static("close"))];

/// Returns the routes of Socket.IO, which serve polling and WebSockets.
pub(in crate::web) fn routes() -> Router<AppState> {
    Router::new().route("/socket.io", any(serve)).route("/socket.io/", any(serve))
}

/// The reason why a request violates the protocol. The codes are those of Engine.IO.
#[derive(Clone, Copy, Debug)]
enum EngineIoError {
    Transport,
    Session,
    Method,
    Request,
    Version,
}

impl IntoResponse for EngineIoError {
    fn into_response(self) -> Response {
        let (code, message) = match self {
            Self::Transport => (0, "Transport unknown"),
            Self::Session => (1, "Session ID unknown"),
            Self::Method => (2, "Bad handshake method"),
            Self::Request => (3, "Bad request"),
            Self::Version => (5, "Unsupported protocol version"),
        };
        let body = format!(r#"{{"code":{code},"message":"{message}"}}"#);
        (StatusCode::BAD_REQUEST, [(header::CONTENT_TYPE, "application/json")], body).into_response()
    }
}

/// Answers one request of either transport.
async fn serve(State(app): State<AppState>, from: ClientAddress, request: Request) -> Response {
    if !app.origins.allow(request.headers()) {
        return Problem::wrong_origin().into_response();
    }
    let query = request.uri().query().unwrap_or_default();
    let parameter = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).next()
    };
    if parameter("EIO") != Some(VERSION) {
        return EngineIoError::Version.into_response();
    }
    let session = match parameter("sid") {
        Some(sid) => match app.engine_io.find(sid) {
            Some(mailbox) => Some(mailbox),
            None => return EngineIoError::Session.into_response(),
        },
        None => None,
    };
    match (parameter("transport"), request.method(), session) {
        (Some("polling"), &Method::GET, None) => open_polling(&app, from, &request),
        (Some("polling"), &Method::GET, Some(session)) => poll(&session).await,
        (Some("polling"), &Method::POST, Some(session)) => {
            post(&session, app.frame_uploads.large_frames(), request.into_body()).await
        }
        (Some("polling"), _, None) => EngineIoError::Method.into_response(),
        (Some("websocket"), &Method::GET, session) => open_websocket(app, from, request, session),
        (Some("polling" | "websocket"), ..) => EngineIoError::Request.into_response(),
        _ => EngineIoError::Transport.into_response(),
    }
}

/// Starts a session by polling. It holds a connection permit, because it continues without an open connection.
fn open_polling(app: &AppState, from: ClientAddress, request: &Request) -> Response {
    let Some(permit) = app.connections.try_acquire(from) else {
        let full = "Too many connections. Try again later.";
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, RETRY_SECONDS)], full)
            .into_response();
    };
    let (sid, mailbox) = (new_sid(), Mailbox::new());
    let opened = answer(open_packet(&sid, true, app.frame_uploads.large_frames()));
    let registration = app.engine_io.register(sid, mailbox.clone());
    let socket = SocketIo::new(EngineIo::by_polling(mailbox));
    let (claim, task) = (OpeningRequest::of(request), app.clone());
    app.hub.tasks().spawn(async move {
        // The session stays in the registry, and holds its permit, until this task ends.
        let _held = (registration, permit);
        connect::serve(task, from, claim, socket).await;
    });
    opened
}

/// Answers a poll as soon as there are packets for the peer.
async fn poll(session: &Mailbox) -> Response {
    match session.poll().await {
        Ok(payload) => answer(payload),
        Err(_) => EngineIoError::Session.into_response(),
    }
}

/// Passes the posted packets to the session. A body that is longer than other frames needs permission, which it keeps
/// until the session has read all of its packets.
async fn post(session: &Mailbox, large: &LargeFrames, body: Body) -> Response {
    // A second post of the session at the same time ends it before its body is read.
    let Ok(posting) = session.begin_post() else { return EngineIoError::Session.into_response() };
    let is_small = body.size_hint().upper().is_some_and(|bytes| bytes <= MAX_FRAME_BYTES as u64);
    let permit = if is_small { None } else { large.acquire().await };
    let Ok(body) = timeout(LARGE_FRAME_TIMEOUT, to_bytes(body, large.max_frame_bytes())).await else {
        return (StatusCode::REQUEST_TIMEOUT, CLOSE).into_response();
    };
    let Ok(body) = body else { return (StatusCode::PAYLOAD_TOO_LARGE, CLOSE).into_response() };
    let Ok(body) = String::from_utf8(body.into()) else { return EngineIoError::Request.into_response() };
    match posting.post(body, permit).await {
        Ok(()) => answer("ok".to_owned()),
        Err(_) => EngineIoError::Session.into_response(),
    }
}

fn answer(payload: String) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=UTF-8"), (header::CACHE_CONTROL, "no-store")];
    (headers, payload).into_response()
}

/// Starts a session over a WebSocket, or lets the WebSocket upgrade a polling session.
fn open_websocket(
    app: AppState,
    from: ClientAddress,
    mut request: Request,
    session: Option<Mailbox>,
) -> Response {
    let permit = request.extensions().get::<ConnectionPermit>().cloned();
    let handshake = match Handshake::check(&mut request) {
        Ok(handshake) => handshake,
        Err(refused) => return *refused,
    };
    if session.as_ref().is_some_and(|mailbox| !mailbox.begin_upgrade()) {
        return EngineIoError::Request.into_response();
    }
    let claim = OpeningRequest::of(&request);
    let (response, socket) = handshake.accept(None);
    let large = app.frame_uploads.large_frames().clone();
    let tasks = app.hub.tasks().clone();
    tasks.spawn(async move {
        match (socket.await, session) {
            (Some(socket), Some(mailbox)) => try_upgrade(&mailbox, socket, permit, large).await,
            (None, Some(mailbox)) => mailbox.upgrade_failed(),
            (Some(socket), None) => {
                // The task holds the connection permit until it ends.
                let _permit = permit;
                connect::serve(app, from, claim, SocketIo::new(EngineIo::over_websocket(socket, large)))
                    .await;
            }
            (None, None) => {}
        }
    });
    response
}
