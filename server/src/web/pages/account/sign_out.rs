//! `POST /sign-out`: ends the session of this browser.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, SameSite};
use hubbub_protocol::UserId;
use time::Duration;

use super::{redirect, remember_device};
use crate::web::pages::extract::authenticated;
use crate::web::pages::render;
use crate::web::state::AppState;

/// Tells the script of the next page which user has signed out (`app/src/browser/sign_out.rs`). The cookie is not
/// secret, and no other site can set it.
const SIGNED_OUT: &str = "hubbub_signed_out";
/// Time within which the browser must open that page.
const SIGNED_OUT_FOR: Duration = Duration::days(30);

/// Ends the session, closes its sockets, and redirects to the landing page. The browser also deletes the user's stored
/// data, so that the next user of this device finds no rooms, drafts or messages.
pub(super) async fn sign_out(State(app): State<AppState>, headers: HeaderMap) -> Result<Response, Response> {
    let identity = authenticated(&headers, app.auth.authenticate(&headers, None).await).await?;
    if let Some(identity) = &identity
        && app.auth.end_session(identity.session).await.is_err()
    {
        return Err(render::unavailable(&headers).await);
    }
    let response = signed_out(&app, identity.as_ref().map(|identity| identity.user.id));
    Ok(match identity.filter(|identity| identity.is_account) {
        Some(identity) => remember_device(&app, &headers, identity.user.id, response),
        None => response,
    })
}

/// Redirects to the landing page without the session, and makes the browser delete the user's stored data.
/// `Clear-Site-Data` is not used: browsers ignore it over plain HTTP, and it would also delete the data of other users.
pub(super) fn signed_out(app: &AppState, user: Option<UserId>) -> Response {
    let mut response = redirect(app, "/?signed_out=1", Some(app.auth.session_cookie().removal()));
    let note = user.map(|user| {
        Cookie::build((SIGNED_OUT, user.to_string()))
            .path("/")
            .same_site(SameSite::Lax)
            .max_age(SIGNED_OUT_FOR)
            .build()
    });
    if let Some(note) = note.and_then(|note| app.cookie_header(note)) {
        response.headers_mut().append(header::SET_COOKIE, note);
    }
    response
}
