//! The forms by which names are compared, and the names that are reserved for users who are offline.

use std::collections::HashSet;

use hubbub_chat::text::{NameKey, NameSkeletons};
use hubbub_protocol::{Timestamp, UserId};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Acquire, Row};

use super::rows;

/// Version of the rules by which the stored forms were computed. It must be raised whenever [`NameKey`] or
/// [`NameSkeletons`] change; the next start then computes all forms again.
const RULES: &str = "1";
/// Number of names whose forms are computed in one transaction.
const NAMES_AT_ONCE: i64 = 1_000;
/// Days after the last use of the session during which the name of a guest without rooms stays reserved.
const HELD_DAYS: i64 = 30;
/// Maximum number of groups of similar account names that are listed.
const MAX_GROUPS_LISTED: i64 = 100;

/// Computes the forms of all names that have none.
pub(super) async fn compute_missing_forms(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let rules: Option<String> = sqlx::query_scalar("SELECT value FROM server WHERE key = 'name_rules'")
        .fetch_optional(&mut *connection)
        .await?;
    if rules.as_deref() != Some(RULES) {
        let mut transaction = connection.begin().await?;
        sqlx::query("DELETE FROM name_looks").execute(&mut *transaction).await?;
        sqlx::query("UPDATE users SET name_key = NULL WHERE name_key IS NOT NULL")
            .execute(&mut *transaction)
            .await?;
        sqlx::query("INSERT OR REPLACE INTO server VALUES ('name_rules', ?1)")
            .bind(RULES)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
    }
    loop {
        let mut transaction = connection.begin().await?;
        let rows = sqlx::query(
            "SELECT id, CAST(name AS BLOB) AS name FROM users WHERE name_key IS NULL AND passing = 0 LIMIT ?1",
        )
        .bind(NAMES_AT_ONCE)
        .fetch_all(&mut *transaction)
        .await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            let name = String::from_utf8_lossy(row.try_get("name")?);
            write(&mut transaction, UserId(row.try_get("id")?), &name).await?;
        }
        transaction.commit().await?;
    }
}

/// Stores the forms of a user's name.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    user: UserId,
    name: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET name_key = ?2 WHERE id = ?1")
        .bind(user.0)
        .bind(NameKey::of(name).as_str())
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM name_looks WHERE user_id = ?1").bind(user.0).execute(&mut *connection).await?;
    for look in NameSkeletons::of(name).iter() {
        sqlx::query("INSERT INTO name_looks (look, user_id) VALUES (?1, ?2)")
            .bind(look)
            .bind(user.0)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// The skeletons among `?1` that belong to users other than `?2`, online or not: to accounts, to members of a room, and to
/// guests who used their session after `?3`. The names of transient guests are free when they leave.
macro_rules! held {
    () => {
        "SELECT DISTINCT look FROM name_looks JOIN users ON users.id = name_looks.user_id
         WHERE look IN (SELECT value FROM json_each(?1)) AND users.id IS NOT ?2 AND users.removed_at IS NULL
           AND (users.account_name IS NOT NULL
                OR EXISTS (SELECT 1 FROM members WHERE members.user_id = users.id)
                OR EXISTS (SELECT 1 FROM session_users JOIN sessions ON sessions.id = session_users.session_id
                           WHERE session_users.user_id = users.id AND sessions.seen_at > ?3))"
    };
}

/// Returns those of the skeletons that belong to users other than `user`: accounts, members of a room, and guests who
/// used their session within the last [`HELD_DAYS`].
pub(super) async fn held(
    readers: &SqlitePool,
    looks: &[&str],
    user: Option<UserId>,
    now: Timestamp,
) -> Result<HashSet<String>, sqlx::Error> {
    let held = sqlx::query_scalar(held!())
        .bind(rows::encode(&looks)?)
        .bind(user.map(|user| user.0))
        .bind(held_since(now))
        .fetch_all(readers)
        .await?;
    Ok(held.into_iter().collect())
}

/// Returns the highest user id, and those of the skeletons that belong to a user, as [`held`] does.
pub(super) async fn last_user_and_held(
    connection: &mut SqliteConnection,
    looks: &[&str],
    now: Timestamp,
) -> Result<(i64, HashSet<String>), sqlx::Error> {
    // The result is one row, because sqlx passes each row through a channel.
    let row = sqlx::query(concat!(
        "SELECT (SELECT coalesce(max(id), 0) FROM users) AS last,
                (SELECT json_group_array(look) FROM (",
        held!(),
        ")) AS held"
    ))
    .bind(rows::encode(&looks)?)
    .bind(None::<i64>)
    .bind(held_since(now))
    .fetch_one(connection)
    .await?;
    Ok((row.try_get("last")?, rows::decode(row.try_get("held")?)?))
}

fn held_since(now: Timestamp) -> String {
    Timestamp::from_millis(now.millis() - HELD_DAYS * 24 * 60 * 60 * 1_000).to_string()
}

/// Returns groups of accounts whose names look alike, which older versions allowed.
pub(super) async fn alike(readers: &SqlitePool) -> Result<Vec<Vec<String>>, sqlx::Error> {
    let groups: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT json_group_array(name) FROM (
             SELECT look, users.name AS name FROM name_looks JOIN users ON users.id = name_looks.user_id
             WHERE users.account_name IS NOT NULL ORDER BY users.id)
         GROUP BY look HAVING count(*) > 1 LIMIT ?1",
    )
    .bind(MAX_GROUPS_LISTED)
    .fetch_all(readers)
    .await?;
    Ok(groups.iter().filter_map(|group| serde_json::from_str(group).ok()).collect())
}
