//! The pages of accounts and sessions.

mod form;
mod settings;
mod sign_in;
mod sign_out;

use axum::Router;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::cookie::Cookie;
use hubbub_protocol::UserId;

use crate::web::state::AppState;

/// Returns the routes of the account pages.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/register", get(sign_in::show_register).post(sign_in::register))
        .route("/sign-in", get(sign_in::show_sign_in).post(sign_in::sign_in))
        .route("/sign-out", post(sign_out::sign_out))
        .route("/account", get(settings::show))
        .route("/account/name", post(settings::rename))
        .route("/account/password", post(settings::change_password))
        .route("/account/sessions/end", post(settings::end_session))
        .route("/account/sessions/end_others", post(settings::end_others))
        .route("/account/remove", post(settings::remove))
}

/// Adds the cookie that marks this browser as one that has signed in to the account.
fn remember_device(app: &AppState, headers: &HeaderMap, account: UserId, mut response: Response) -> Response {
    if let Some(cookie) = app.cookie_header(app.auth.known_device_cookie(headers, account)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Redirects, and sets or removes a cookie.
fn redirect(app: &AppState, path: &str, cookie: Option<Cookie<'static>>) -> Response {
    let mut response = Redirect::to(path).into_response();
    if let Some(cookie) = cookie.and_then(|cookie| app.cookie_header(cookie)) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
