//! Who sends a request: a browser is known by its session cookie, and may act as the guests made in it.

mod token;

use axum::http::HeaderMap;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use hubbub_chat::StoreError;
use hubbub_protocol::{Field, Refusal, User, UserId, UserName};

use crate::clock::wall_time;
use crate::hub::Hub;
use crate::sqlite::NewGuest;
use token::Token;

const COOKIE: &str = "hubbub_session";
/// A year: a guest who comes back in the summer is still who they were.
const COOKIE_DAYS: i64 = 365;
/// Guests one browser may be, so that a form sent in a loop does not fill the database from one cookie.
const MAX_GUESTS_PER_SESSION: usize = 20;

/// A browser that was here before.
#[derive(Debug)]
pub(crate) struct Session {
    token: Token,
    /// The first is who it is when the page does not say otherwise. Never empty.
    users: Vec<User>,
}

/// The outcome of signing in.
#[derive(Debug)]
pub(crate) struct SignedIn {
    pub(crate) user: User,
    /// Set when this is not the session's first user: pages must then say whom they act as.
    pub(crate) acting_as: Option<UserId>,
    /// Set when the session is new.
    pub(crate) cookie: Option<Cookie<'static>>,
}

/// Why signing in failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignInError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Session {
    /// The session of the request's cookie, if it has one that is known here.
    ///
    /// # Errors
    /// When storage fails.
    pub(crate) async fn find(hub: &Hub, headers: &HeaderMap) -> Result<Option<Self>, StoreError> {
        let jar = CookieJar::from_headers(headers);
        let Some(token) = jar.get(COOKIE).and_then(|cookie| Token::parse(cookie.value())) else {
            return Ok(None);
        };
        let users = hub.store().session_users(&token.hash()).await?;
        Ok((!users.is_empty()).then_some(Self { token, users }))
    }

    /// Who acts: the user asked for, if it is one of this session's, else its first.
    pub(crate) fn user(&self, acting_as: Option<UserId>) -> &User {
        self.users.iter().find(|user| Some(user.id) == acting_as).unwrap_or(&self.users[0])
    }

    /// What pages must carry to act as `user`: nothing for the session's first.
    pub(crate) fn acting_as(&self, user: UserId) -> Option<UserId> {
        (self.users[0].id != user).then_some(user)
    }
}

/// Signs in as a guest of that name. A browser that is known by this name already stays who it is; another
/// name makes another guest, so that two windows can be two people.
///
/// # Errors
/// A refusal, or a failure of storage.
pub(crate) async fn sign_in(
    hub: &Hub,
    session: Option<Session>,
    wish: &UserName,
) -> Result<SignedIn, SignInError> {
    if let Some(session) = &session {
        let folded = wish.folded();
        if let Some(user) = session.users.iter().find(|user| user.name.folded() == folded) {
            let user = user.clone();
            return Ok(SignedIn { acting_as: session.acting_as(user.id), user, cookie: None });
        }
        if session.users.len() >= MAX_GUESTS_PER_SESSION {
            let rule =
                format!("this browser has used {MAX_GUESTS_PER_SESSION} names already; take one of them");
            return Err(Refusal::invalid(Field::Name, rule).into());
        }
    }
    let now = hub.clock().now();
    let name = hub.names().free(wish, None, now);
    let (token, cookie) = match &session {
        Some(session) => (session.token.clone(), None),
        None => {
            let token = Token::random();
            let cookie = cookie(&token);
            (token, Some(cookie))
        }
    };
    let guest = NewGuest { name, token_hash: token.hash(), at: wall_time() };
    let user = hub.store().create_guest(guest).await?;
    hub.names().reserve(&user.name, user.id, now);
    Ok(SignedIn { acting_as: session.is_some().then_some(user.id), user, cookie })
}

/// A guest with a generated name, for whoever brings no identity.
///
/// # Errors
/// A refusal, or a failure of storage.
pub(crate) async fn generated_guest(hub: &Hub) -> Result<SignedIn, SignInError> {
    sign_in(hub, None, &UserName::generated(rand::random())).await
}

fn cookie(token: &Token) -> Cookie<'static> {
    Cookie::build((COOKIE, token.to_string()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(time::Duration::days(COOKIE_DAYS))
        .build()
}
