//! The session of a request's cookie.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::Cookie;
use hubbub_chat::StoreError;

use super::token::Token;
use super::{COOKIE_DAYS, days_after};
use crate::clock::wall_time;
use crate::config::Guests;
use crate::sqlite::{AccountChange, SessionId, SessionRecord};
use crate::web::App;

/// Milliseconds after which a use of a session is noted again: a list of sessions says minutes, not seconds.
const SEEN_MILLIS: u64 = 5 * 60 * 1_000;
/// Milliseconds after which a session that is used is renewed again: one write and one cookie a day.
const RENEWAL_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// The session of the request's cookie, if it has one that is known here. Where a request has several cookies, each
/// is tried: one that is unknown must not hide one that is good. Where guests are not let in, theirs count as none.
pub(super) async fn find(
    app: &App,
    headers: &HeaderMap,
) -> Result<Option<(Token, SessionRecord)>, StoreError> {
    for token in app.session_cookie.tokens(headers) {
        let session = app.hub.store().session(&token.hash()).await?;
        if let Some(session) = session.filter(|session| is_welcome(app, session)) {
            return Ok(Some((token, session)));
        }
    }
    Ok(None)
}

/// The session cookie under the name of today, for a browser that has kept it under another name.
///
/// # Errors
/// When storage fails.
pub(crate) async fn under_todays_name(
    app: &App,
    headers: &HeaderMap,
) -> Result<Option<Cookie<'static>>, StoreError> {
    Ok(find(app, headers).await?.map(|(token, _)| app.session_cookie.keeps(&token)))
}

/// Whether those of this session are let in.
pub(super) fn is_welcome(app: &App, session: &SessionRecord) -> bool {
    session.is_account || app.guests == Guests::On
}

/// Notes that the session is in use, from time to time. Nobody waits for it.
pub(super) fn is_seen(app: &App, session: &SessionRecord) {
    let at = wall_time();
    // Also where the last use is in the future: the clock was wrong then.
    if at.millis().abs_diff(session.seen_at.millis()) > SEEN_MILLIS {
        let (store, session) = (app.hub.store().clone(), session.id);
        app.hub.tasks().spawn(async move {
            // Already in the log; it is noted the next time.
            drop(store.change_account(AccountChange::Seen { session, at }).await);
        });
    }
}

/// A session that should end a year after today, because it is used today. A guest has nothing but the cookie, so who
/// comes every day must not lose it.
#[derive(Debug)]
pub(crate) struct Renewal {
    token: Token,
    session: SessionId,
}

impl Renewal {
    /// The renewal of a session that was made or renewed a day ago or more. A clock that went back renews nothing.
    pub(super) fn due(token: Token, session: &SessionRecord) -> Option<Self> {
        let later = days_after(wall_time(), COOKIE_DAYS).millis() - session.expires_at.millis();
        (later >= RENEWAL_MILLIS).then_some(Self { token, session: session.id })
    }

    /// Lets the session end later. The cookie that the browser is to keep from now on; none if storage fails, which the
    /// log tells, and the next request tries again.
    pub(crate) async fn perform(self, app: &App) -> Option<Cookie<'static>> {
        let expires_at = days_after(wall_time(), COOKIE_DAYS);
        let change = AccountChange::Renew { session: self.session, expires_at };
        app.hub.store().change_account(change).await.ok()?;
        Some(app.session_cookie.keeps(&self.token))
    }
}
