//! For whoever watches over the server.

use axum::extract::State;
use axum::http::StatusCode;

use super::App;

/// `GET /healthz`: it serves.
pub(super) async fn serves() -> &'static str {
    std::future::ready("ok").await
}

/// `GET /readyz`: the database takes writes and rooms can be read; else why not.
pub(super) async fn is_ready(State(app): State<App>) -> (StatusCode, String) {
    match app.hub.store().check().await {
        Ok(()) => (StatusCode::OK, "ok".to_owned()),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
    }
}
