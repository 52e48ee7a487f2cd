//! Operations on accounts. Each sign-in creates a new session, so that a session cookie planted in the browser by an
//! attacker is worthless afterwards (session fixation).

use axum::http::{HeaderMap, header};
use hubbub_chat::text::{NameKey, prepare_password, user_name};
use hubbub_chat::{RoomChange, Store, StoreError};
use hubbub_protocol::{AccountRefusal, Password, User, UserId, UserName};

use super::passwords::{HashError, PasswordCheck};
use super::session_token::SessionToken;
use super::{
    Auth, COOKIE_DAYS, Identity, IssuedToken, SignedIn, TOKEN_DAYS, bearer_token, days_after, session,
    user_agent,
};
use crate::clock::wall_time;
use crate::limits::{RateLimitKind, SignInAttempt};
use crate::net::client_address::ClientAddress;
use crate::sqlite::{AccountChange, AccountRecord, NewSession, SessionId, SessionSummary};

/// The reason why an operation on an account failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccountError {
    #[error(transparent)]
    Refused(#[from] AccountRefusal),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<HashError> for AccountError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Refused(refusal) => Self::Refused(refusal),
            HashError::Store(error) => Self::Store(error),
        }
    }
}

type AccountResult<T> = Result<T, AccountError>;

/// The name and the password in a request, and the client that sent them.
#[derive(Clone, Copy)]
pub(crate) struct Credentials<'request> {
    pub(crate) from: ClientAddress,
    pub(crate) headers: &'request HeaderMap,
    pub(crate) name: &'request str,
    pub(crate) password: &'request str,
}

/// Creates an account. A guest becomes an account and keeps id, rooms and messages.
///
/// # Errors
/// A refusal, or a failure of storage.
pub(crate) async fn register(auth: &Auth, credentials: Credentials<'_>) -> AccountResult<SignedIn> {
    if !auth.allows_registration() {
        return Err(AccountRefusal::RegistrationClosed.into());
    }
    let Credentials { from, headers, name, password } = credentials;
    let name = user_name(name).map_err(AccountRefusal::Name)?;
    let password = new_password(password, &name)?;
    let before = session::find(auth, headers).await?.map(|(_, session)| session);
    let guest = before.as_ref().filter(|session| !session.is_account).map(|session| {
        // If the session has several guests, the name selects the one that becomes the account.
        let key = NameKey::of(name.as_str());
        let named = session.users.iter().find(|user| NameKey::of(user.name.as_str()) == key);
        named.unwrap_or(&session.users[0]).id
    });
    auth.hub.limits().try_acquire(RateLimitKind::Entering, None, from).map_err(AccountRefusal::TooFast)?;
    reserve_name(auth, &name, guest).await?;
    let password = auth.passwords.hash(password.as_str()).await?;
    let (token, session) = new_session(headers, COOKIE_DAYS, before.map(|session| session.id));
    let change = AccountChange::Register { guest, name: name.clone(), password, session };
    let user = enter(auth, change, name.clone()).await?;
    let former = User { id: user.user.id, name };
    {
        let mut names = auth.hub.names();
        names.claim(&former.name, former.id);
        names.release(&former.name);
    }
    announce_name(auth, &former).await?;
    Ok(SignedIn { cookie: Some(auth.session_cookie.with_token(&token)), ..user })
}

/// Signs this browser in with name and password.
///
/// # Errors
/// A refusal, or a failure of storage.
pub(crate) async fn sign_in(auth: &Auth, credentials: Credentials<'_>) -> AccountResult<SignedIn> {
    let user = check_credentials(auth, credentials).await?;
    let before = session::find(auth, credentials.headers).await?.map(|(_, session)| session.id);
    let (token, session) = new_session(credentials.headers, COOKIE_DAYS, before);
    let signed_in = enter(auth, AccountChange::SignIn { user: user.id, session }, user.name).await?;
    Ok(SignedIn { cookie: Some(auth.session_cookie.with_token(&token)), ..signed_in })
}

/// Signs a program in with name and password: creates a session for it and returns its token.
///
/// # Errors
/// A refusal, or a failure of storage.
pub(crate) async fn account_token(auth: &Auth, credentials: Credentials<'_>) -> AccountResult<IssuedToken> {
    let user = check_credentials(auth, credentials).await?;
    let (_, session) = new_session(credentials.headers, TOKEN_DAYS, None);
    let SignedIn { user, session, .. } =
        enter(auth, AccountChange::SignIn { user: user.id, session }, user.name).await?;
    Ok(auth.issue_token(user, session)?)
}

/// Renames a user in all rooms.
///
/// # Errors
/// A refusal, or a failure of storage.
pub(crate) async fn rename(auth: &Auth, identity: &Identity, name: &str) -> AccountResult<()> {
    let name = user_name(name).map_err(AccountRefusal::Name)?;
    reserve_name(auth, &name, Some(identity.user.id)).await?;
    let user = User { id: identity.user.id, name };
    let is_account = identity.is_account;
    let change = AccountChange::Rename { user: user.id, name: user.name.clone(), is_account };
    if auth.hub.store().change_account(change).await?.name_taken {
        return Err(AccountRefusal::NameTaken.into());
    }
    auth.hub.names().release(&user.name);
    if is_account {
        auth.hub.names().claim(&user.name, user.id);
    }
    announce_name(auth, &user).await?;
    Ok(())
}

/// Changes the password and ends all other sessions.
///
/// # Errors
/// A refusal, or a failure of storage.
pub(crate) async fn change_password(
    auth: &Auth,
    from: ClientAddress,
    identity: &Identity,
    current: &str,
    new: &str,
) -> AccountResult<()> {
    let password = new_password(new, &identity.user.name)?;
    confirm_password(auth, from, identity, current).await?;
    let password = auth.passwords.hash(password.as_str()).await?;
    let change = AccountChange::SetPassword { user: identity.user.id, password, keep: identity.session };
    change_and_close(auth, change, None).await?;
    Ok(())
}

/// Returns the sessions of a user, the most recently used first.
///
/// # Errors
/// If storage fails.
pub(crate) async fn sessions(auth: &Auth, identity: &Identity) -> Result<Vec<SessionSummary>, StoreError> {
    auth.hub.store().sessions_of(identity.user.id).await
}

/// Ends a session of this user. A session of another user is treated as missing.
///
/// # Errors
/// If storage fails.
pub(crate) async fn end_session(
    auth: &Auth,
    identity: &Identity,
    session: SessionId,
) -> Result<(), StoreError> {
    change_and_close(auth, AccountChange::EndSession { session, of: Some(identity.user.id) }, None).await?;
    Ok(())
}

/// Ends all sessions of this user except the current one.
///
/// # Errors
/// If storage fails.
pub(crate) async fn end_others(auth: &Auth, identity: &Identity) -> Result<(), StoreError> {
    change_and_close(auth, AccountChange::EndOthers { user: identity.user.id, keep: identity.session }, None)
        .await?;
    Ok(())
}

/// Deletes an account: leaves its rooms and ends its sessions. The messages stay.
///
/// # Errors
/// A refusal, or a failure of storage.
pub(crate) async fn remove(
    auth: &Auth,
    from: ClientAddress,
    identity: &Identity,
    password: &str,
) -> AccountResult<()> {
    confirm_password(auth, from, identity, password).await?;
    let rooms = auth.hub.store().my_rooms(identity.user.id).await?;
    // The sessions end first, so that no client acts as this user while the rooms remove the member.
    let change = AccountChange::Remove { user: identity.user.id, at: wall_time() };
    change_and_close(auth, change, None).await?;
    auth.hub.end_user(identity.user.id);
    auth.hub.names().disclaim(identity.user.id);
    for room in rooms {
        auth.hub.change(&room.room.name, identity.user.clone(), RoomChange::Leave).await?;
    }
    Ok(())
}

/// The headers or the session that may show that the request comes from a browser that has signed in to the account
/// before.
#[derive(Clone, Copy)]
enum DeviceEvidence<'request> {
    Headers(&'request HeaderMap),
    Session(SessionId),
}

async fn check_credentials(auth: &Auth, credentials: Credentials<'_>) -> AccountResult<User> {
    let Credentials { from, headers, name, password } = credentials;
    check(auth, from, DeviceEvidence::Headers(headers), name, password).await
}

/// Returns the user with this name and password. Computes the same number of hashes whether or not the account exists,
/// so that the time reveals nothing.
async fn check(
    auth: &Auth,
    from: ClientAddress,
    known: DeviceEvidence<'_>,
    name: &str,
    password: &str,
) -> AccountResult<User> {
    let account = auth.hub.store().account(name).await?;
    let attempt = attempt(auth, known, account.as_ref(), name).await?;
    auth.hub.limits().try_acquire_attempt(&attempt, from).map_err(AccountRefusal::TooFast)?;
    let (user, hash) = account.map(|account| (account.user, account.password)).unzip();
    // No password is longer than this, and hashing takes time for each byte.
    let password = if password.len() > MAX_TRIED_BYTES { "" } else { password };
    let check = auth.passwords.verify(password.to_owned(), hash.clone()).await?;
    match (user, hash, check) {
        (Some(user), _, PasswordCheck::Match) => Ok(user),
        (Some(user), Some(former), PasswordCheck::MatchUnprepared) => {
            // A failure is in the log; the next sign-in tries again.
            if let Ok(password) = auth.passwords.hash(password).await {
                let change = AccountChange::Rehash { user: user.id, former, password };
                _ = auth.hub.store().change_account(change).await;
            }
            Ok(user)
        }
        _ => Err(AccountRefusal::WrongNameOrPassword.into()),
    }
}

/// Returns the key by which an attempt is counted: the account that is found, however its name was typed.
async fn attempt(
    auth: &Auth,
    known: DeviceEvidence<'_>,
    account: Option<&AccountRecord>,
    name: &str,
) -> Result<SignInAttempt, StoreError> {
    let Some(AccountRecord { user, .. }) = account else {
        return Ok(user_name(name)
            .map_or(SignInAttempt::NoName, |name| SignInAttempt::Name(NameKey::of(name.as_str()))));
    };
    let headers = match known {
        DeviceEvidence::Session(session) => return Ok(SignInAttempt::Session(session)),
        DeviceEvidence::Headers(headers) => headers,
    };
    if let Some(device) = auth.known_devices.find(&auth.session_cookie, headers, user.id) {
        return Ok(device.attempt());
    }
    if let Some((_, session)) = session::find(auth, headers).await?
        && session.users.iter().any(|other| other.id == user.id)
    {
        return Ok(SignInAttempt::Session(session.id));
    }
    // A program that renews its token.
    let token = bearer_token(headers, None).ok().flatten();
    let token = token.and_then(|token| auth.token_signer.read_expired(&token));
    if let Some((_, session)) = token.filter(|(other, _)| *other == user.id) {
        return Ok(SignInAttempt::Session(session));
    }
    Ok(SignInAttempt::Account(user.id))
}

/// Checks the password again before an irreversible change.
async fn confirm_password(
    auth: &Auth,
    from: ClientAddress,
    identity: &Identity,
    password: &str,
) -> AccountResult<()> {
    match check(auth, from, DeviceEvidence::Session(identity.session), identity.user.name.as_str(), password)
        .await
    {
        Ok(user) if user.id == identity.user.id => Ok(()),
        Ok(_) | Err(AccountError::Refused(AccountRefusal::WrongNameOrPassword)) => {
            Err(AccountRefusal::WrongPassword.into())
        }
        Err(error) => Err(error),
    }
}

/// Prepares a new password for comparison, and rejects a password that attackers try first.
fn new_password(typed: &str, name: &UserName) -> Result<Password, AccountRefusal> {
    let password = Password::parse(&prepare_password(typed), name)?;
    if NameKey::of(password.as_str()) == NameKey::of(name.as_str()) {
        return Err(AccountRefusal::PasswordCommon);
    }
    Ok(password)
}

/// Maximum length of a password in bytes: each character has at most four.
const MAX_TRIED_BYTES: usize = hubbub_protocol::MAX_PASSWORD_CHARS * 4;

/// Reserves the name for a short time, unless it looks like that of another account or guest, online or not.
async fn reserve_name(auth: &Auth, name: &UserName, user: Option<UserId>) -> AccountResult<()> {
    if auth.hub.reserve_name(name, user).await? { Ok(()) } else { Err(AccountRefusal::NameTaken.into()) }
}

fn new_session(headers: &HeaderMap, days: i64, instead_of: Option<SessionId>) -> (SessionToken, NewSession) {
    let token = SessionToken::random();
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let at = wall_time();
    let (device, expires_at) = (user_agent::name(agent), days_after(at, days));
    let session = NewSession { token_hash: token.hash(), device, at, expires_at, instead_of };
    (token, session)
}

/// Executes `change`, which creates a session.
async fn enter(auth: &Auth, change: AccountChange, name: UserName) -> AccountResult<SignedIn> {
    let keep = match &change {
        AccountChange::Register { guest, .. } => *guest,
        AccountChange::SignIn { user, .. } => Some(*user),
        _ => None,
    };
    let Some((id, session)) = change_and_close(auth, change, keep).await? else {
        return Err(AccountRefusal::NameTaken.into());
    };
    Ok(SignedIn { user: User { id, name }, session, acting_as: None, cookie: None })
}

/// Executes a change, and closes the sockets of the sessions that it ends. Clients of the user `keep` reconnect with
/// the new session.
async fn change_and_close(
    auth: &Auth,
    change: AccountChange,
    keep: Option<UserId>,
) -> Result<Option<(UserId, SessionId)>, StoreError> {
    let changed = auth.hub.store().change_account(change).await?;
    for session in changed.ended {
        auth.hub.end_session(session, keep);
    }
    Ok(changed.made)
}

/// Sends the new name of a user to the rooms, and makes the user's clients reconnect under it.
pub(super) async fn announce_name(auth: &Auth, user: &User) -> Result<(), StoreError> {
    for room in auth.hub.store().my_rooms(user.id).await? {
        auth.hub.rename(&room.room.name, user).await;
    }
    auth.hub.force_reconnect(user.id);
    Ok(())
}

#[cfg(test)]
mod tests;
