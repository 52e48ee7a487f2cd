//! Sessions: the users of a cookie or token, the times of its use, and its end.

use hubbub_protocol::{Timestamp, User, UserId, UserName};
use sqlx::sqlite::{SqliteRow, SqliteTransaction};
use sqlx::{Row, SqlitePool};

use super::{names, rows};

/// The id of a session in the database. It is never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SessionId(pub(crate) i64);

/// A session as it is stored.
#[derive(Debug)]
pub(crate) struct SessionRecord {
    pub(crate) id: SessionId,
    /// The users of the session: the guests of a browser, oldest first, or one account. Never empty.
    pub(crate) users: Vec<User>,
    pub(crate) is_account: bool,
    /// When the session was last used, accurate to a few minutes.
    pub(crate) seen_at: Timestamp,
    /// When the session ends unless it is renewed.
    pub(crate) expires_at: Timestamp,
}

/// A guest to be created.
#[derive(Debug)]
pub(crate) struct NewGuest {
    /// The name of the guest.
    pub(crate) name: UserName,
    /// Hash of the token of the guest's session. The session is created if it does not exist.
    pub(crate) token_hash: String,
    /// The current time.
    pub(crate) at: Timestamp,
    /// When a new session expires.
    pub(crate) expires_at: Timestamp,
}

macro_rules! sessions {
    () => {
        "SELECT sessions.id AS session_id, sessions.seen_at, sessions.expires_at, users.id, users.name,
                users.password IS NOT NULL AS is_account
         FROM sessions
         JOIN session_users ON session_users.session_id = sessions.id
         JOIN users ON users.id = session_users.user_id "
    };
}

/// Returns the session with this token hash.
pub(super) async fn by_token(
    readers: &SqlitePool,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<SessionRecord>, sqlx::Error> {
    let found = sqlx::query(concat!(
        sessions!(),
        "WHERE sessions.token_hash = ?1 AND sessions.expires_at > ?2 ORDER BY users.id"
    ));
    record(&found.bind(token_hash).bind(now.to_string()).fetch_all(readers).await?)
}

/// Returns the session with this id.
pub(super) async fn by_id(
    readers: &SqlitePool,
    id: SessionId,
    now: Timestamp,
) -> Result<Option<SessionRecord>, sqlx::Error> {
    let found = sqlx::query(concat!(
        sessions!(),
        "WHERE sessions.id = ?1 AND sessions.expires_at > ?2 ORDER BY users.id"
    ));
    record(&found.bind(id.0).bind(now.to_string()).fetch_all(readers).await?)
}

fn record(rows: &[SqliteRow]) -> Result<Option<SessionRecord>, sqlx::Error> {
    let Some(first) = rows.first() else { return Ok(None) };
    let users = rows.iter().map(|row| rows::user(row, "id", "name")).collect::<Result<_, _>>()?;
    Ok(Some(SessionRecord {
        id: SessionId(first.try_get("session_id")?),
        users,
        is_account: first.try_get("is_account")?,
        seen_at: rows::time(first, "seen_at")?,
        expires_at: rows::time(first, "expires_at")?,
    }))
}

/// Creates a guest, and the guest's session if there is none with this token.
pub(super) async fn create_guest(
    transaction: &mut SqliteTransaction<'_>,
    guest: NewGuest,
) -> Result<(User, SessionId), sqlx::Error> {
    let at = guest.at.to_string();
    let session: i64 = sqlx::query_scalar(
        "INSERT INTO sessions (token_hash, created_at, seen_at, expires_at) VALUES (?1, ?2, ?2, ?3)
         ON CONFLICT (token_hash) DO UPDATE SET seen_at = ?2 RETURNING id",
    )
    .bind(&guest.token_hash)
    .bind(&at)
    .bind(guest.expires_at.to_string())
    .fetch_one(&mut **transaction)
    .await?;
    let id: i64 = sqlx::query_scalar("INSERT INTO users (name, created_at) VALUES (?1, ?2) RETURNING id")
        .bind(guest.name.as_str())
        .bind(&at)
        .fetch_one(&mut **transaction)
        .await?;
    names::write(transaction, UserId(id), guest.name.as_str()).await?;
    sqlx::query("INSERT INTO session_users VALUES (?1, ?2)")
        .bind(session)
        .bind(id)
        .execute(&mut **transaction)
        .await?;
    Ok((User { id: UserId(id), name: guest.name }, SessionId(session)))
}
