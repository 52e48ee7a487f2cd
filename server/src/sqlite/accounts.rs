//! Accounts, which are users with a password, and their sessions.

use hubbub_chat::text::NameKey;
use hubbub_protocol::{Timestamp, User, UserId, UserName};
use sqlx::sqlite::SqliteTransaction;
use sqlx::{Row, SqlitePool};

use super::sessions::SessionId;
use super::{names, rows};

/// Maximum number of sessions of one account. A further session ends the least recently used one.
const MAX_SESSIONS_PER_ACCOUNT: i64 = 100;

/// An account as it is stored.
pub(crate) struct AccountRecord {
    pub(crate) user: User,
    /// The hash of the password, in PHC string format.
    pub(crate) password: String,
}

/// A new session for an account.
#[derive(Debug)]
pub(crate) struct NewSession {
    pub(crate) token_hash: String,
    /// Name of the browser or program, from its `User-Agent`.
    pub(crate) device: String,
    pub(crate) at: Timestamp,
    pub(crate) expires_at: Timestamp,
    /// The session of the same browser that the new session replaces.
    pub(crate) instead_of: Option<SessionId>,
}

/// A session of an account, as its owner sees it.
#[derive(Debug)]
pub(crate) struct SessionSummary {
    pub(crate) id: SessionId,
    pub(crate) device: String,
    pub(crate) created_at: Timestamp,
    pub(crate) seen_at: Timestamp,
}

/// A change to accounts and sessions.
#[derive(Debug)]
pub(crate) enum AccountChange {
    /// Turns a guest, or a new user, into an account.
    Register { guest: Option<UserId>, name: UserName, password: String, session: NewSession },
    /// Creates a session for an account.
    SignIn { user: UserId, session: NewSession },
    /// Gives a user another name.
    Rename { user: UserId, name: UserName, is_account: bool },
    /// Gives an account another password and ends all its sessions but one.
    SetPassword { user: UserId, password: String, keep: SessionId },
    /// Replaces the hash of a password, if it is still the former one. No session ends.
    Rehash { user: UserId, former: String, password: String },
    /// Ends a session if it belongs to that user; with `None`, to any user.
    EndSession { session: SessionId, of: Option<UserId> },
    /// Ends all sessions of a user but one.
    EndOthers { user: UserId, keep: SessionId },
    /// Deletes a user. The user's messages stay.
    Remove { user: UserId, at: Timestamp },
    /// Stores when a session was last used.
    Seen { session: SessionId, at: Timestamp },
    /// Extends the life of a session.
    Renew { session: SessionId, expires_at: Timestamp },
}

/// The result of an [`AccountChange`].
#[derive(Debug, Default)]
pub(crate) struct AccountChangeResult {
    /// Whether the name belongs to another account. If so, nothing has changed.
    pub(crate) name_taken: bool,
    /// The new session and its user.
    pub(crate) made: Option<(UserId, SessionId)>,
    /// The sessions that ended.
    pub(crate) ended: Vec<SessionId>,
}

/// Returns the account for a typed name: the account stored with exactly this name, otherwise the oldest whose name key
/// is the same. Accounts of older versions may share a key, and each is found by its own spelling.
pub(super) async fn by_name(readers: &SqlitePool, typed: &str) -> Result<Option<AccountRecord>, sqlx::Error> {
    let stored = sqlx::query("SELECT id, name, password FROM users WHERE account_name = ?1")
        .bind(typed.trim().to_lowercase())
        .fetch_optional(readers)
        .await?;
    let row = match stored {
        Some(row) => Some(row),
        None => {
            let folded = sqlx::query(
                "SELECT id, name, password FROM users
                 WHERE name_key = ?1 AND account_name IS NOT NULL ORDER BY id LIMIT 1",
            );
            folded.bind(NameKey::of(typed).as_str()).fetch_optional(readers).await?
        }
    };
    let Some(row) = row else { return Ok(None) };
    Ok(Some(AccountRecord { user: rows::user(&row, "id", "name")?, password: row.try_get("password")? }))
}

/// Returns all users that have an account.
pub(super) async fn all(readers: &SqlitePool) -> Result<Vec<User>, sqlx::Error> {
    let rows = sqlx::query("SELECT id, name FROM users WHERE account_name IS NOT NULL").fetch_all(readers);
    rows.await?.iter().map(|row| rows::user(row, "id", "name")).collect()
}

/// Returns the sessions of an account, the most recently used first.
pub(super) async fn sessions_of(
    readers: &SqlitePool,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<SessionSummary>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT sessions.* FROM sessions JOIN session_users ON session_users.session_id = sessions.id
         WHERE session_users.user_id = ?1 AND sessions.expires_at > ?2
         ORDER BY seen_at DESC, id DESC",
    );
    let rows = rows.bind(user.0).bind(now.to_string()).fetch_all(readers).await?;
    let line = |row: &sqlx::sqlite::SqliteRow| {
        Ok(SessionSummary {
            id: SessionId(row.try_get("id")?),
            device: rows::text(row, "device")?.into_owned(),
            created_at: rows::time(row, "created_at")?,
            seen_at: rows::time(row, "seen_at")?,
        })
    };
    rows.iter().map(line).collect()
}

/// Executes the change.
pub(super) async fn change(
    transaction: &mut SqliteTransaction<'_>,
    change: AccountChange,
) -> Result<AccountChangeResult, sqlx::Error> {
    match change {
        AccountChange::Register { guest, name, password, session } => {
            return register(transaction, guest, &name, &password, session).await;
        }
        AccountChange::SignIn { user, session } => return sign_in(transaction, user, session).await,
        AccountChange::Rename { user, name, is_account } => {
            return rename(transaction, user, &name, is_account).await;
        }
        AccountChange::SetPassword { user, password, keep } => {
            let update = sqlx::query("UPDATE users SET password = ?2 WHERE id = ?1 AND password IS NOT NULL");
            update.bind(user.0).bind(password).execute(&mut **transaction).await?;
            return end_all_of(transaction, user, Some(keep)).await;
        }
        AccountChange::Remove { user, at } => {
            let update = sqlx::query(
                "UPDATE users SET password = NULL, account_name = NULL, removed_at = ?2 WHERE id = ?1",
            );
            update.bind(user.0).bind(at.to_string()).execute(&mut **transaction).await?;
            return end_all_of(transaction, user, None).await;
        }
        AccountChange::EndSession { session, of } => return end(transaction, session, of).await,
        AccountChange::EndOthers { user, keep } => return end_all_of(transaction, user, Some(keep)).await,
        AccountChange::Rehash { user, former, password } => {
            let update = sqlx::query("UPDATE users SET password = ?3 WHERE id = ?1 AND password = ?2");
            update.bind(user.0).bind(former).bind(password).execute(&mut **transaction).await?;
        }
        AccountChange::Seen { session, at } => {
            let update = sqlx::query("UPDATE sessions SET seen_at = ?2 WHERE id = ?1");
            update.bind(session.0).bind(at.to_string()).execute(&mut **transaction).await?;
        }
        AccountChange::Renew { session, expires_at } => {
            let update = sqlx::query("UPDATE sessions SET expires_at = ?2 WHERE id = ?1");
            update.bind(session.0).bind(expires_at.to_string()).execute(&mut **transaction).await?;
        }
    }
    Ok(AccountChangeResult::default())
}

fn name_taken() -> AccountChangeResult {
    AccountChangeResult { name_taken: true, ..AccountChangeResult::default() }
}

async fn rename(
    transaction: &mut SqliteTransaction<'_>,
    user: UserId,
    name: &UserName,
    is_account: bool,
) -> Result<AccountChangeResult, sqlx::Error> {
    if is_taken(transaction, name, Some(user)).await? {
        return Ok(name_taken());
    }
    sqlx::query("UPDATE users SET name = ?2, account_name = ?3 WHERE id = ?1")
        .bind(user.0)
        .bind(name.as_str())
        .bind(is_account.then(|| name.folded()))
        .execute(&mut **transaction)
        .await?;
    names::write(transaction, user, name.as_str()).await?;
    Ok(AccountChangeResult::default())
}

/// Whether another account has the name. The check and the write are in one transaction, so that two users who choose
/// the same name at the same moment do not both get it.
async fn is_taken(
    transaction: &mut SqliteTransaction<'_>,
    name: &UserName,
    user: Option<UserId>,
) -> Result<bool, sqlx::Error> {
    let owner: Option<i64> = sqlx::query_scalar(
        "SELECT id FROM users WHERE account_name IS NOT NULL AND (account_name = ?1 OR name_key = ?2)
         AND id IS NOT ?3 LIMIT 1",
    )
    .bind(name.folded())
    .bind(NameKey::of(name.as_str()).as_str())
    .bind(user.map(|user| user.0))
    .fetch_optional(&mut **transaction)
    .await?;
    Ok(owner.is_some())
}

/// Creates an account, or makes one of the guest. A guest who already has an account is refused too, because the same
/// form was sent twice.
async fn register(
    transaction: &mut SqliteTransaction<'_>,
    guest: Option<UserId>,
    name: &UserName,
    password: &str,
    session: NewSession,
) -> Result<AccountChangeResult, sqlx::Error> {
    if is_taken(transaction, name, guest).await? {
        return Ok(name_taken());
    }
    let statement = match guest {
        Some(_) => {
            "UPDATE users SET name = ?2, account_name = ?3, password = ?4
             WHERE id = ?1 AND password IS NULL AND ?5 IS NOT NULL RETURNING id"
        }
        None => {
            "INSERT INTO users (id, name, account_name, password, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
             RETURNING id"
        }
    };
    let id: Option<i64> = sqlx::query_scalar(statement)
        .bind(guest.map(|guest| guest.0))
        .bind(name.as_str())
        .bind(name.folded())
        .bind(password)
        .bind(session.at.to_string())
        .fetch_optional(&mut **transaction)
        .await?;
    let Some(user) = id.map(UserId) else { return Ok(name_taken()) };
    names::write(transaction, user, name.as_str()).await?;
    sign_in(transaction, user, session).await
}

async fn sign_in(
    transaction: &mut SqliteTransaction<'_>,
    user: UserId,
    session: NewSession,
) -> Result<AccountChangeResult, sqlx::Error> {
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO sessions (token_hash, created_at, seen_at, expires_at, device)
         VALUES (?1, ?2, ?2, ?3, ?4) RETURNING id",
    )
    .bind(&session.token_hash)
    .bind(session.at.to_string())
    .bind(session.expires_at.to_string())
    .bind(&session.device)
    .fetch_one(&mut **transaction)
    .await?;
    sqlx::query("INSERT INTO session_users VALUES (?1, ?2)")
        .bind(id)
        .bind(user.0)
        .execute(&mut **transaction)
        .await?;
    let mut ended = ids(sqlx::query_scalar(
        "DELETE FROM sessions WHERE id IN (
                 SELECT id FROM sessions JOIN session_users ON session_id = id
                 WHERE user_id = ?1 AND id <> ?2 ORDER BY seen_at DESC, id DESC LIMIT -1 OFFSET ?3)
             RETURNING id",
    )
    .bind(user.0)
    .bind(id)
    .bind(MAX_SESSIONS_PER_ACCOUNT - 1)
    .fetch_all(&mut **transaction)
    .await?);
    if let Some(former) = session.instead_of {
        ended.extend(end(transaction, former, None).await?.ended);
    }
    Ok(AccountChangeResult { made: Some((user, SessionId(id))), ended, ..AccountChangeResult::default() })
}

async fn end(
    transaction: &mut SqliteTransaction<'_>,
    session: SessionId,
    of: Option<UserId>,
) -> Result<AccountChangeResult, sqlx::Error> {
    let ended = sqlx::query_scalar(
        "DELETE FROM sessions WHERE id = ?1
         AND (?2 IS NULL OR id IN (SELECT session_id FROM session_users WHERE user_id = ?2)) RETURNING id",
    )
    .bind(session.0)
    .bind(of.map(|user| user.0))
    .fetch_all(&mut **transaction)
    .await?;
    Ok(AccountChangeResult { ended: ids(ended), ..AccountChangeResult::default() })
}

async fn end_all_of(
    transaction: &mut SqliteTransaction<'_>,
    user: UserId,
    keep: Option<SessionId>,
) -> Result<AccountChangeResult, sqlx::Error> {
    let ended = sqlx::query_scalar(
        "DELETE FROM sessions WHERE id IN (SELECT session_id FROM session_users WHERE user_id = ?1)
         AND id IS NOT ?2 RETURNING id",
    )
    .bind(user.0)
    .bind(keep.map(|session| session.0))
    .fetch_all(&mut **transaction)
    .await?;
    Ok(AccountChangeResult { ended: ids(ended), ..AccountChangeResult::default() })
}

fn ids(ids: Vec<i64>) -> Vec<SessionId> {
    ids.into_iter().map(SessionId).collect()
}
