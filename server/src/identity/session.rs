//! The session cookie.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use hubbub_chat::StoreError;

use super::COOKIE_DAYS;
use super::token::Token;
use crate::clock::wall_time;
use crate::config::Guests;
use crate::sqlite::{AccountChange, SessionRecord};
use crate::web::App;

pub(crate) const COOKIE: &str = "hubbub_session";
/// Milliseconds after which a use of a session is noted again: a list of sessions says minutes, not seconds.
const SEEN_MILLIS: i64 = 5 * 60 * 1_000;

/// The session of the request's cookie, if it has one that is known here. Where guests are not let in, theirs
/// count as none.
pub(super) async fn find(
    app: &App,
    headers: &HeaderMap,
) -> Result<Option<(Token, SessionRecord)>, StoreError> {
    let jar = CookieJar::from_headers(headers);
    let Some(token) = jar.get(COOKIE).and_then(|cookie| Token::parse(cookie.value())) else {
        return Ok(None);
    };
    let session = app.hub.store().session(&token.hash()).await?;
    let welcome = session.filter(|session| is_welcome(app, session));
    Ok(welcome.map(|session| (token, session)))
}

/// Whether those of this session are let in.
pub(super) fn is_welcome(app: &App, session: &SessionRecord) -> bool {
    session.is_account || app.guests == Guests::On
}

/// Notes that the session is in use, from time to time. Nobody waits for it.
pub(super) fn is_seen(app: &App, session: &SessionRecord) {
    let at = wall_time();
    if at.millis() - session.seen_at.millis() > SEEN_MILLIS {
        let (store, session) = (app.hub.store().clone(), session.id);
        app.hub.tasks().spawn(async move {
            // Already in the log; it is noted the next time.
            drop(store.change_account(AccountChange::Seen { session, at }).await);
        });
    }
}

/// Takes the cookie back.
pub(crate) fn no_cookie() -> Cookie<'static> {
    Cookie::build((COOKIE, "")).path("/").http_only(true).max_age(time::Duration::ZERO).build()
}

pub(super) fn cookie(token: &Token) -> Cookie<'static> {
    Cookie::build((COOKIE, token.to_string()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(time::Duration::days(COOKIE_DAYS))
        .build()
}
