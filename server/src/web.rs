//! The HTTP interface: pages, the REST API and the addresses of sockets.

mod account;
pub(crate) mod api;
mod assets;
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
mod state;
mod trailing_slash;
mod weights;
mod wires;

use axum::Router;
use axum::routing::{get, post};

pub(crate) use site::version;
pub(crate) use state::AppState;

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
