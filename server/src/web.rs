//! The HTTP interface: pages, the REST API and the addresses of sockets.

mod account;
pub(crate) mod api;
mod assets;
pub(crate) mod cookie;
mod display;
mod etag;
mod health;
mod landing;
mod language;
pub(crate) mod middleware;
mod page;
mod policy;
pub(crate) mod refused;
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

use crate::config::{Guests, Registration};
use crate::hub::Hub;
use crate::hub::transport::engine_io::Sessions;
use crate::identity::passing::PassingGuests;
use crate::identity::{KnownDevices, Passwords, SessionCookie, Signet};
use crate::net::host::OwnNames;
use crate::net::listener::ConnectionLimits;
use crate::net::origin::AllowedOrigins;
use crate::net::proxy::Proxies;
pub(crate) use site::version;

/// The state that handlers share.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) hub: Hub,
    pub(crate) connections: ConnectionLimits,
    pub(crate) engine_io: Sessions,
    pub(crate) origins: AllowedOrigins,
    pub(crate) own_names: OwnNames,
    pub(crate) proxies: Proxies,
    pub(crate) secure_cookies: bool,
    pub(crate) session_cookie: SessionCookie,
    pub(crate) guests: Guests,
    pub(crate) registration: Registration,
    pub(crate) passwords: Passwords,
    pub(crate) signet: Arc<Signet>,
    pub(crate) known_devices: KnownDevices,
    pub(crate) passing: PassingGuests,
}

/// Returns all routes, grouped by their callers.
pub(crate) fn router(app: App) -> Router {
    let people = Router::new()
        .route("/", get(wires::actions::open_or_entrance))
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
