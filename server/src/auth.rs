//! Authentication: finds the user of each request. [`Auth::authenticate`] is the only way to authenticate a request.

pub(crate) mod accounts;
mod bearer_token;
mod error;
mod jwt;
mod known_device;
mod passwords;
mod session;
mod session_cookie;
mod session_token;
mod signing_key;
mod user_agent;

use axum::http::HeaderMap;
use axum_extra::extract::cookie::Cookie;
use hmac::digest::InvalidLength;
use hubbub_chat::StoreError;
use hubbub_chat::text::NameKey;
use hubbub_protocol::{Field, Refusal, Timestamp, User, UserId, UserName};

use crate::clock::wall_time;
use crate::config::{Guests, Registration};
use crate::hub::Hub;
use crate::limits::RateLimitKind;
use crate::net::client_address::ClientAddress;
pub(crate) use crate::sqlite::SessionId;
use crate::sqlite::{AccountChange, NewGuest, SessionRecord};
use bearer_token::bearer_token;
pub(crate) use error::{AuthError, SignInError};
pub(crate) use jwt::TokenSigner;
pub(crate) use known_device::KnownDevices;
pub(crate) use passwords::Passwords;
pub(crate) use session::Renewal;
pub(crate) use session_cookie::SessionCookie;
use session_token::SessionToken;
pub(crate) use signing_key::signing_key;

/// Maximum guest users per session cookie. Stops a form submitted in a loop from filling the database.
const MAX_GUESTS_PER_SESSION: usize = 20;
/// Days after which a token expires and a program must request another one.
const TOKEN_DAYS: i64 = 30;
/// Days that a browser session lasts after its last use: a year, because a guest has only this cookie and must not lose
/// it over a long absence.
const COOKIE_DAYS: i64 = 365;

/// The user of a request, and the session that authenticates it.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) user: User,
    pub(crate) session: SessionId,
    /// Whether the user has an account; otherwise the user is a guest.
    pub(crate) is_account: bool,
    /// Set if the user is not the session's first one: links of pages must then contain the user's id.
    pub(crate) acting_as: Option<UserId>,
    /// Set if the session should be extended because it is used.
    pub(crate) renewal: Option<Renewal>,
}

/// A signed token with its expiry and user.
pub(crate) struct IssuedToken {
    pub(crate) token: String,
    pub(crate) expires_at: Timestamp,
    pub(crate) user: User,
}

/// The result of signing in.
#[derive(Debug)]
pub(crate) struct SignedIn {
    pub(crate) user: User,
    pub(crate) session: SessionId,
    /// See [`Identity::acting_as`].
    pub(crate) acting_as: Option<UserId>,
    /// Set if the session is new.
    pub(crate) cookie: Option<Cookie<'static>>,
}

/// The authentication service. It depends on the hub and the store, and not on pages and routes.
#[derive(Debug)]
pub(crate) struct Auth {
    hub: Hub,
    session_cookie: SessionCookie,
    guests: Guests,
    registration: Registration,
    passwords: Passwords,
    token_signer: TokenSigner,
    known_devices: KnownDevices,
}

impl Auth {
    /// Creates the service. `key` signs tokens and the cookies of known devices.
    ///
    /// # Errors
    /// See [`KnownDevices::new`].
    pub(crate) fn new(
        hub: Hub,
        session_cookie: SessionCookie,
        guests: Guests,
        registration: Registration,
        key: &[u8],
    ) -> Result<Self, InvalidLength> {
        Ok(Self {
            hub,
            session_cookie,
            guests,
            registration,
            passwords: Passwords::new(),
            token_signer: TokenSigner::new(key),
            known_devices: KnownDevices::new(key)?,
        })
    }

    /// Whether users may chat without an account.
    pub(crate) fn allows_guests(&self) -> bool {
        self.guests == Guests::On
    }

    /// Whether users may create accounts for themselves.
    pub(crate) fn allows_registration(&self) -> bool {
        self.registration == Registration::Open
    }

    /// Whether a client may read the messages of public rooms: every client that may join may also read, member or not.
    /// If guests are allowed, these are all clients, otherwise users with an account. See
    /// `docs/decisions/0010-who-may-read-a-public-room.md`.
    pub(crate) fn may_read_public_rooms(&self, has_identity: bool) -> bool {
        has_identity || self.allows_guests()
    }

    /// Returns the names of the session cookie.
    pub(crate) const fn session_cookie(&self) -> &SessionCookie {
        &self.session_cookie
    }

    /// Returns the session cookie under its current name, for a browser that has it under another name.
    ///
    /// # Errors
    /// If storage fails.
    pub(crate) async fn cookie_under_current_name(
        &self,
        headers: &HeaderMap,
    ) -> Result<Option<Cookie<'static>>, StoreError> {
        Ok(session::find(self, headers).await?.map(|(token, _)| self.session_cookie.with_token(&token)))
    }

    /// Authenticates a request by its headers and query: by the signed token of `Authorization: Bearer` or `?token=`,
    /// otherwise by the session cookie. `?as=` selects one of the users of the session; a user of another session is
    /// ignored. Returns `None` without credentials.
    ///
    /// # Errors
    /// See [`AuthError`].
    pub(crate) async fn authenticate(
        &self,
        headers: &HeaderMap,
        query: Option<&str>,
    ) -> Result<Option<Identity>, AuthError> {
        if let Some(token) = bearer_token(headers, query)? {
            return self.authenticate_token(&token).await.map(Some);
        }
        let named = parameter(query, "as").and_then(|id| id.parse().ok()).map(UserId);
        self.authenticate_as(headers, named).await
    }

    /// Authenticates a request like [`Auth::authenticate`], where a form names the user.
    ///
    /// # Errors
    /// See [`AuthError`].
    pub(crate) async fn authenticate_as(
        &self,
        headers: &HeaderMap,
        named: Option<UserId>,
    ) -> Result<Option<Identity>, AuthError> {
        let Some((token, session)) = session::find(self, headers).await? else { return Ok(None) };
        let mut identity = identity_of(&session, named);
        identity.renewal = Renewal::due(token, &session);
        session::record_use(self, &session);
        self.resolve_name_conflict(&mut identity).await?;
        record_user(identity.user.id);
        Ok(Some(identity))
    }

    /// Authenticates a request by a signed token, as long as the token's session exists.
    ///
    /// # Errors
    /// See [`AuthError`].
    pub(crate) async fn authenticate_token(&self, token: &str) -> Result<Identity, AuthError> {
        let (user, session) = self.token_signer.read(token).ok_or(AuthError::InvalidToken)?;
        let session = self.hub.store().session_by_id(session).await?;
        let session = session.filter(|session| session::is_allowed(self, session));
        let session = session.ok_or(AuthError::InvalidToken)?;
        let mut identity = identity_of(&session, Some(user));
        if identity.user.id != user {
            return Err(AuthError::InvalidToken);
        }
        session::record_use(self, &session);
        self.resolve_name_conflict(&mut identity).await?;
        record_user(identity.user.id);
        Ok(identity)
    }

    /// Creates a guest with a session for a program, and returns a token for it.
    ///
    /// # Errors
    /// A refusal, or a failure of storage.
    pub(crate) async fn create_guest_token(
        &self,
        from: ClientAddress,
        requested: Option<&UserName>,
    ) -> Result<IssuedToken, SignInError> {
        let SignedIn { user, session, .. } = self.create_guest(from, requested).await?;
        Ok(self.issue_token(user, session)?)
    }

    fn issue_token(&self, user: User, session: SessionId) -> Result<IssuedToken, StoreError> {
        let now = wall_time();
        let expires_at = days_after(now, TOKEN_DAYS);
        let token = self.token_signer.sign(user.id, session, now, expires_at);
        let token = token.map_err(|error| StoreError(format!("cannot sign a token: {error}")))?;
        Ok(IssuedToken { token, expires_at, user })
    }

    /// Returns the cookie that marks this browser as one that has signed in to the account.
    pub(crate) fn known_device_cookie(&self, headers: &HeaderMap, account: UserId) -> Cookie<'static> {
        let value = self.known_devices.remember(&self.session_cookie, headers, account);
        self.session_cookie.with_known_devices(value)
    }

    /// Creates a guest with a session for a client without credentials, with the requested name or a generated one.
    ///
    /// # Errors
    /// A refusal, or a failure of storage.
    pub(crate) async fn create_guest(
        &self,
        from: ClientAddress,
        requested: Option<&UserName>,
    ) -> Result<SignedIn, SignInError> {
        match requested {
            Some(requested) => self.store_guest(from, None, requested).await,
            None => self.store_guest(from, None, &UserName::generated(rand::random())).await,
        }
    }

    /// Signs in as a guest with this name. A browser that has a guest of this name keeps it; another name creates another
    /// guest, so that two windows can be two users. A user with an account stays that user.
    ///
    /// # Errors
    /// A refusal, or a failure of storage.
    pub(crate) async fn sign_in_as_guest(
        &self,
        from: ClientAddress,
        headers: &HeaderMap,
        requested: &UserName,
    ) -> Result<SignedIn, SignInError> {
        let found = session::find(self, headers).await?;
        let Some((_, session)) = &found else { return self.store_guest(from, None, requested).await };
        let key = NameKey::of(requested.as_str());
        let known = session.users.iter().find(|user| NameKey::of(user.name.as_str()) == key);
        let known = if session.is_account { session.users.first() } else { known };
        if let Some(user) = known {
            let Identity { user, session, acting_as, .. } = identity_of(session, Some(user.id));
            return Ok(SignedIn { user, session, acting_as, cookie: None });
        }
        if session.users.len() >= MAX_GUESTS_PER_SESSION {
            let refusal = Refusal::too_many(Field::Name, MAX_GUESTS_PER_SESSION, "guest names per browser");
            return Err(refusal.into());
        }
        self.store_guest(from, found.map(|(token, _)| token), requested).await
    }

    /// Ends a session and closes its sockets. Has no effect on a session that has ended.
    ///
    /// # Errors
    /// If storage fails; the session then continues.
    pub(crate) async fn end_session(&self, session: SessionId) -> Result<(), StoreError> {
        self.hub.store().change_account(AccountChange::EndSession { session, of: None }).await?;
        self.hub.end_session(session, None);
        Ok(())
    }

    async fn store_guest(
        &self,
        from: ClientAddress,
        known: Option<SessionToken>,
        requested: &UserName,
    ) -> Result<SignedIn, SignInError> {
        if self.guests == Guests::Off {
            return Err(SignInError::SignInRequired);
        }
        let hub = &self.hub;
        hub.limits().try_acquire(RateLimitKind::Entering, None, from)?;
        let name = hub.choose_name(requested, None).await?;
        let is_new = known.is_none();
        let token = known.unwrap_or_else(SessionToken::random);
        let at = wall_time();
        let expires_at = days_after(at, COOKIE_DAYS);
        let guest = NewGuest { name, token_hash: token.hash(), at, expires_at };
        let (user, session) = hub.store().create_guest(guest).await?;
        hub.names().release(&user.name);
        let acting_as = (!is_new).then_some(user.id);
        Ok(SignedIn {
            user,
            session,
            acting_as,
            cookie: is_new.then(|| self.session_cookie.with_token(&token)),
        })
    }

    /// Renames a guest whose name was registered as an account while the guest was offline.
    async fn resolve_name_conflict(&self, identity: &mut Identity) -> Result<(), StoreError> {
        let hub = &self.hub;
        let is_lost =
            !identity.is_account && hub.names().belongs_to_other(&identity.user.name, identity.user.id);
        if is_lost {
            let name = hub.choose_name(&identity.user.name, Some(identity.user.id)).await?;
            identity.user.name = name.clone();
            let change = AccountChange::Rename { user: identity.user.id, name, is_account: false };
            hub.store().change_account(change).await?;
            accounts::announce_name(self, &identity.user).await?;
        }
        Ok(())
    }
}

/// Returns the identity of the named user if the user belongs to this session, otherwise of the session's first user.
fn identity_of(session: &SessionRecord, named: Option<UserId>) -> Identity {
    let first = &session.users[0];
    let user = session.users.iter().find(|user| Some(user.id) == named).unwrap_or(first);
    let acting_as = (user.id != first.id).then_some(user.id);
    Identity {
        user: user.clone(),
        session: session.id,
        is_account: session.is_account,
        acting_as,
        renewal: None,
    }
}

/// Adds the user to the span of the request, which the access log writes.
fn record_user(user: UserId) {
    tracing::Span::current().record("user", user.0);
}

fn days_after(time: Timestamp, days: i64) -> Timestamp {
    Timestamp::from_millis(time.millis() + days * 24 * 60 * 60 * 1_000)
}

/// Returns a parameter of a query without decoding it.
fn parameter<'query>(query: Option<&'query str>, name: &str) -> Option<&'query str> {
    let pairs = query?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).next()
}
