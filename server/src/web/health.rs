//! For whoever watches over the server.

use axum::extract::State;
use axum::http::StatusCode;

use super::App;

/// `GET /healthz`: it serves.
pub(super) async fn serves() -> &'static str {
    std::future::ready("ok").await
}

/// `GET /readyz`: the database takes writes.
pub(super) async fn takes_writes(State(app): State<App>) -> (StatusCode, &'static str) {
    match app.hub.store().check_writable().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database takes no writes"),
    }
}
