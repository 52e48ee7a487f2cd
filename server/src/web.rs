//! The HTTP interface: pages, the REST API and the addresses of sockets.

mod account;
pub(crate) mod api;
mod assets;
pub(crate) mod cookie;
mod csp;
mod display;
mod etag;
mod form_status;
mod health;
mod landing;
mod language;
pub(crate) mod middleware;
mod page;
mod room;
mod shell;
mod site;
mod socket;
mod trailing_slash;
mod weights;
mod wires;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::auth::transient_guest::TransientGuests;
use crate::auth::{KnownDevices, Passwords, SessionCookie, TokenSigner};
use crate::config::{Guests, Registration};
use crate::hub::Hub;
use crate::hub::transport::engine_io::EngineIoSessions;
use crate::net::host::OwnNames;
use crate::net::listener::ConnectionPermits;
use crate::net::origin::AllowedOrigins;
use crate::net::proxy::Proxies;
pub(crate) use site::version;

/// The state that handlers share.
#[derive(Clone, Debug)]
pub(crate) struct AppState {
    pub(crate) hub: Hub,
    pub(crate) connections: ConnectionPermits,
    pub(crate) engine_io: EngineIoSessions,
    pub(crate) origins: AllowedOrigins,
    pub(crate) own_names: OwnNames,
    pub(crate) proxies: Proxies,
    pub(crate) secure_cookies: bool,
    pub(crate) session_cookie: SessionCookie,
    pub(crate) guests: Guests,
    pub(crate) registration: Registration,
    pub(crate) passwords: Passwords,
    pub(crate) token_signer: Arc<TokenSigner>,
    pub(crate) known_devices: KnownDevices,
    pub(crate) transient_guest: TransientGuests,
}

/// Returns all routes, grouped by their callers.
pub(crate) fn router(app: AppState) -> Router {
    let people = Router::new()
        .route("/", get(wires::actions::open_or_landing))
        .route("/join_chat", post(landing::join))
        .route("/rooms/{room}", get(room::show))
        .route("/rooms/{room}/messages", post(room::post))
        .route("/language", post(language::choose))
        .route("/shell", get(shell::show))
        .route("/sw.js", get(shell::worker))
        .fallback(assets::serve_or_not_found);
    let programs = Router::new()
        .route("/api/v1/socket", get(socket::open))
        .route("/chat/{room}", get(wires::plain::open))
        .route("/ws/chat/{room_id}/{user_id}", get(wires::form::open))
        .route("/ws", get(wires::typed::open))
        // WebSocket clients rarely follow redirects.
        .route("/api/v1/socket/", get(socket::open))
        .route("/chat/{room}/", get(wires::plain::open))
        .route("/ws/chat/{room_id}/{user_id}/", get(wires::form::open))
        .route("/ws/", get(wires::typed::open))
        .merge(wires::socketio::routes())
        .merge(api::router())
        .layer(middleware::cors::layer(app.origins.clone()));
    let operators =
        Router::new().route("/healthz", get(health::serves)).route("/readyz", get(health::is_ready));
    middleware::around(people.merge(account::pages()).merge(programs).merge(operators), &app).with_state(app)
}
