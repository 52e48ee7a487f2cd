//! Transient guests: users without a session.

use hubbub_protocol::{RoomId, Timestamp, User, UserId, UserName};
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteTransaction;

use super::rows;

/// Creates a transient guest.
pub(super) async fn create(
    transaction: &mut SqliteTransaction<'_>,
    name: UserName,
    at: Timestamp,
) -> Result<User, sqlx::Error> {
    let id =
        sqlx::query_scalar("INSERT INTO users (name, created_at, passing) VALUES (?1, ?2, 1) RETURNING id")
            .bind(name.as_str())
            .bind(at.to_string())
            .fetch_one(&mut **transaction)
            .await?;
    Ok(User { id: UserId(id), name })
}

/// Renames a transient guest, and no other user: a user with a session or a password owns the name.
pub(super) async fn rename(
    transaction: &mut SqliteTransaction<'_>,
    user: UserId,
    name: &UserName,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET name = ?2 WHERE id = ?1 AND passing = 1")
        .bind(user.0)
        .bind(name.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Returns at most `limit` memberships of transient guests.
pub(super) async fn memberships(
    readers: &SqlitePool,
    limit: u32,
) -> Result<Vec<(RoomId, User)>, sqlx::Error> {
    sqlx::query(
        "SELECT members.room_id, users.id, users.name
         FROM users JOIN members ON members.user_id = users.id WHERE users.passing = 1 LIMIT ?1",
    )
    .bind(limit)
    .fetch_all(readers)
    .await?
    .iter()
    .map(|row| Ok((RoomId(sqlx::Row::try_get(row, "room_id")?), rows::user(row, "id", "name")?)))
    .collect()
}
