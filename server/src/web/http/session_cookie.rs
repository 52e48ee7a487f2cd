//! Renames session cookies that a browser has stored under a former name.

use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;

use crate::web::state::AppState;

/// Sets the session cookie again under its current name, unless the response sets or removes it. The cookie of a
/// session that has ended meanwhile stays under its former name.
pub(super) async fn rename(State(app): State<AppState>, request: Request, next: Next) -> Response {
    if !app.auth.session_cookie().is_under_another_name(request.headers()) {
        return next.run(request).await;
    }
    let headers = request.headers().clone();
    let mut response = next.run(request).await;
    let mut set = response.headers().get_all(header::SET_COOKIE).iter();
    if !set.any(|cookie| app.auth.session_cookie().is_set_by(cookie))
        // A failure of storage is in the log and must not affect the response; the next request tries again.
        && let Ok(Some(cookie)) = app.auth.cookie_under_current_name(&headers).await
        && let Some(cookie) = app.cookie_header(cookie)
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
