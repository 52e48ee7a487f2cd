//! Health checks for monitoring.

use axum::extract::State;
use axum::http::StatusCode;

use crate::web::state::AppState;

/// `GET /healthz`: the server answers requests.
pub(super) async fn is_alive() -> &'static str {
    std::future::ready("ok").await
}

/// `GET /readyz`: whether the database accepts writes and rooms can be read; otherwise the reason.
pub(super) async fn is_ready(State(app): State<AppState>) -> (StatusCode, String) {
    match app.hub.store().check().await {
        Ok(()) => (StatusCode::OK, "ok".to_owned()),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
    }
}
