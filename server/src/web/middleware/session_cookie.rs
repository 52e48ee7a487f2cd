//! Sessions that a browser has kept under a former name of the cookie.

use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;

use crate::identity;
use crate::web::{App, cookie};

/// Sets the session cookie again under the name of today, unless the response sets or removes it by itself. A session
/// that has ended in the meantime is not known any more, and stays under its former name.
pub(super) async fn rename(State(app): State<App>, request: Request, next: Next) -> Response {
    if !app.session_cookie.is_under_another_name(request.headers()) {
        return next.run(request).await;
    }
    let headers = request.headers().clone();
    let mut response = next.run(request).await;
    let mut set = response.headers().get_all(header::SET_COOKIE).iter();
    if !set.any(|cookie| app.session_cookie.is_set_by(cookie))
        // The response matters more than a failure of storage, which is in the log; the next request tries again.
        && let Ok(Some(cookie)) = identity::under_todays_name(&app, &headers).await
        && let Some(cookie) = cookie::header_value(&app, cookie)
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
