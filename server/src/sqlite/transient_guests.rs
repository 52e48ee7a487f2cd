//! Transient guests: users without a session.

use hubbub_chat::text::NameSkeletons;
use hubbub_protocol::{RoomId, Timestamp, User, UserId, UserName};
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteTransaction;

use super::{names, rows};
use crate::clock::wall_time;

/// A transient guest to be created.
#[derive(Debug)]
pub(super) struct NewTransientGuest {
    pub(super) name: UserName,
    pub(super) at: Timestamp,
}

/// Creates transient guests, in two statements, whatever their number. The result has `None` for a guest whose name looks
/// like that of another user, online or not; such a guest is not created.
pub(super) async fn create(
    transaction: &mut SqliteTransaction<'_>,
    guests: &[NewTransientGuest],
) -> Result<Vec<Option<User>>, sqlx::Error> {
    let looks: Vec<NameSkeletons> =
        guests.iter().map(|guest| NameSkeletons::of(guest.name.as_str())).collect();
    let all: Vec<&str> = looks.iter().flat_map(NameSkeletons::iter).collect();
    let (last, held) = names::last_user_and_held(transaction, &all, wall_time()).await?;
    let mut next = last;
    let mut rows = Vec::new();
    let mut created = Vec::with_capacity(guests.len());
    for (guest, looks) in guests.iter().zip(&looks) {
        if looks.iter().any(|look| held.contains(look)) {
            created.push(None);
            continue;
        }
        next += 1;
        rows.push((next, guest.name.as_str(), guest.at.to_string()));
        created.push(Some(User { id: UserId(next), name: guest.name.clone() }));
    }
    if !rows.is_empty() {
        sqlx::query(
            "INSERT INTO users (id, name, created_at, passing)
             SELECT value ->> 0, value ->> 1, value ->> 2, 1 FROM json_each(?1)",
        )
        .bind(rows::encode(&rows)?)
        .execute(&mut **transaction)
        .await?;
    }
    Ok(created)
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
