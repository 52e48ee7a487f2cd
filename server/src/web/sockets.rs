//! The addresses of sockets: checks a handshake and starts the task of the connection.

mod legacy;
mod native;

use axum::Router;
use axum::routing::get;

use super::state::AppState;
pub(super) use legacy::actions::open_or_landing;

/// Returns the routes of all sockets, except the one at the address of the landing page. Paths with a slash at the end
/// are routes of their own, because WebSocket clients rarely follow redirects.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/socket", get(native::open))
        .route("/chat/{room}", get(legacy::plain::open))
        .route("/ws/chat/{room_id}/{user_id}", get(legacy::form::open))
        .route("/ws", get(legacy::typed::open))
        .route("/api/v1/socket/", get(native::open))
        .route("/chat/{room}/", get(legacy::plain::open))
        .route("/ws/chat/{room_id}/{user_id}/", get(legacy::form::open))
        .route("/ws/", get(legacy::typed::open))
        .merge(legacy::socketio::routes())
}
