//! Pages for people, which work without JavaScript too.

mod account;
mod assets;
mod csp;
mod display;
mod extract;
pub(super) mod landing;
mod language;
mod offline_shell;
mod render;
mod room;

use axum::Router;
use axum::routing::{get, post};

use super::state::AppState;

/// Returns the routes of all pages except the landing page, which shares its address with a socket. Serves the files of
/// the site at all other addresses.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/join_chat", post(landing::join))
        .route("/rooms/{room}", get(room::show))
        .route("/rooms/{room}/messages", post(room::post))
        .route("/language", post(language::choose))
        .route("/shell", get(offline_shell::show))
        .route("/sw.js", get(offline_shell::worker))
        .merge(account::routes())
        .fallback(assets::serve_or_not_found)
}
