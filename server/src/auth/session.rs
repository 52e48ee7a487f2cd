//! The session of a request's cookie.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::Cookie;
use hubbub_chat::StoreError;

use super::session_token::SessionToken;
use super::{Auth, COOKIE_DAYS, days_after};
use crate::clock::wall_time;
use crate::sqlite::{AccountChange, SessionId, SessionRecord};

/// Milliseconds between two updates of the last use of a session, which the list of sessions shows in minutes.
const SEEN_MILLIS: u64 = 5 * 60 * 1_000;
/// Milliseconds between two renewals of a session that is used: one write and one cookie a day.
const RENEWAL_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// Returns the session of the request's cookie, if the server knows it. If a request has several cookies, each is
/// tried, because an unknown one must not hide a valid one. If guests are not allowed, their sessions are ignored.
pub(super) async fn find(
    auth: &Auth,
    headers: &HeaderMap,
) -> Result<Option<(SessionToken, SessionRecord)>, StoreError> {
    for token in auth.session_cookie.tokens(headers) {
        let session = auth.hub.store().session(&token.hash()).await?;
        if let Some(session) = session.filter(|session| is_allowed(auth, session)) {
            return Ok(Some((token, session)));
        }
    }
    Ok(None)
}

/// Whether the users of this session are allowed.
pub(super) fn is_allowed(auth: &Auth, session: &SessionRecord) -> bool {
    session.is_account || auth.allows_guests()
}

/// Stores the last use of the session from time to time, without delaying the request.
pub(super) fn record_use(auth: &Auth, session: &SessionRecord) {
    let at = wall_time();
    // The stored time may also be in the future, because the clock was wrong then.
    if at.millis().abs_diff(session.seen_at.millis()) > SEEN_MILLIS {
        let (store, session) = (auth.hub.store().clone(), session.id);
        auth.hub.tasks().spawn(async move {
            // A failure is in the log; the next request tries again.
            _ = store.change_account(AccountChange::Seen { session, at }).await;
        });
    }
}

/// The renewal of a session by a year because it is used today. A guest has only the cookie and must not lose it while
/// using the chat.
#[derive(Debug)]
pub(crate) struct Renewal {
    token: SessionToken,
    session: SessionId,
}

impl Renewal {
    /// Returns the renewal of a session that was created or renewed at least a day ago. A clock that went back renews
    /// nothing.
    pub(super) fn due(token: SessionToken, session: &SessionRecord) -> Option<Self> {
        let later = days_after(wall_time(), COOKIE_DAYS).millis() - session.expires_at.millis();
        (later >= RENEWAL_MILLIS).then_some(Self { token, session: session.id })
    }

    /// Extends the session and returns the cookie that the browser must store. Returns `None` if storage fails, which
    /// is in the log; the next request tries again.
    pub(crate) async fn execute(self, auth: &Auth) -> Option<Cookie<'static>> {
        let expires_at = days_after(wall_time(), COOKIE_DAYS);
        let change = AccountChange::Renew { session: self.session, expires_at };
        auth.hub.store().change_account(change).await.ok()?;
        Some(auth.session_cookie.with_token(&self.token))
    }
}
