//! What HTTP adds to every request and response: the middleware, error responses, caching and forms.

mod access_log;
mod body_timeout;
mod client_address;
mod compression;
pub(super) mod cors;
mod csrf;
pub(super) mod etag;
pub(super) mod form_status;
mod host;
pub(super) mod problem;
mod request_id;
mod security_headers;
mod session_cookie;
pub(super) mod trailing_slash;
pub(super) mod tus;
pub(super) mod weights;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::request_id::{PropagateRequestIdLayer, SetRequestIdLayer};

use crate::web::state::AppState;

/// Maximum bytes of a body: the largest text with each byte escaped by a form or JSON, and the other fields.
pub(super) const MAX_BODY_BYTES: usize = 64 * 1024;

/// Adds the checks of a request to a group of routes, inside the middleware of all routes.
pub(super) fn with_checks(router: Router<AppState>, app: &AppState) -> Router<AppState> {
    router
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn_with_state(app.clone(), session_cookie::rename))
        .layer(from_fn(body_timeout::limit))
        .layer(from_fn_with_state(app.origins.clone(), csrf::protect))
}

/// Adds the middleware to all routes. A request passes it from the last line to the first, its response in reverse.
///
/// Authentication is not part of it: handlers call `Auth::authenticate`, because most addresses need no user. Rate
/// limits (`limits`) are not part of it either, because they depend on the user and the kind of request.
pub(super) fn with_middleware(router: Router<AppState>, app: &AppState) -> Router<AppState> {
    router
        .layer(from_fn_with_state(app.clone(), host::check))
        .layer(compression::layer())
        .layer(from_fn(compression::describe))
        .layer(from_fn_with_state(app.clone(), client_address::count))
        .layer(from_fn_with_state(app.secure_cookies, security_headers::add))
        .layer(PropagateRequestIdLayer::new(request_id::NAME))
        .layer(access_log::layer())
        .layer(SetRequestIdLayer::new(request_id::NAME, request_id::RandomRequestId))
        .layer(from_fn_with_state(app.clone(), client_address::determine))
}
