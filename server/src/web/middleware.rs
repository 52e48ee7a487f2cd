//! What happens to every request before its handler, and to every answer after it.

pub(crate) mod access_log;
mod body_time;
pub(crate) mod client;
mod compression;
pub(super) mod cors;
mod guard;
mod headers;
mod host;
pub(crate) mod request_id;
mod session_cookie;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::request_id::{PropagateRequestIdLayer, SetRequestIdLayer};

use super::App;

/// Bytes of a body: the largest text, each byte escaped as forms or JSON do it, and the other fields.
pub(super) const MAX_BODY_BYTES: usize = 64 * 1024;

/// Puts them around all addresses. A request passes them from the last line to the first, its answer the other way.
///
/// Who asks is found out where it is needed, by `identity::identify`: most addresses need nobody. How often they may
/// is asked there too (`limits`), because it depends on who they are and on what they want.
pub(super) fn around(router: Router<App>, app: &App) -> Router<App> {
    router
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn_with_state(app.clone(), session_cookie::rename))
        .layer(from_fn(body_time::limit))
        .layer(from_fn_with_state(app.origins.clone(), guard::guard))
        .layer(from_fn_with_state(app.clone(), host::check))
        .layer(compression::layer())
        .layer(from_fn(compression::describe))
        .layer(from_fn_with_state(app.secure_cookies, headers::strict))
        .layer(PropagateRequestIdLayer::new(request_id::NAME))
        .layer(access_log::layer())
        .layer(SetRequestIdLayer::new(request_id::NAME, request_id::Random))
        .layer(from_fn_with_state(app.clone(), client::find))
}
