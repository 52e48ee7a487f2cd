//! Queries for rooms by id or name, as one user sees them, and for messages by id.

use hubbub_chat::RoomRecord;
use hubbub_protocol::{Message, MessageId, PublicRoom, Room, RoomId, RoomName, Seq, Timestamp, UserId};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqlitePool};

use super::rows;

/// A room as one user sees it.
#[derive(Clone, Debug)]
pub(crate) struct FoundRoom {
    pub(crate) record: RoomRecord,
    pub(crate) created_at: Timestamp,
    pub(crate) members: u32,
    /// Whether that user is a member.
    pub(crate) joined: bool,
}

impl From<FoundRoom> for PublicRoom {
    fn from(found: FoundRoom) -> Self {
        let RoomRecord { id, name, topic, .. } = found.record;
        Self { room: Room { id, name, topic }, members: found.members, joined: found.joined }
    }
}

macro_rules! found_rooms {
    () => {
        concat!(
            "SELECT rooms.id, rooms.name, rooms.topic, rooms.created_at, rooms.lost_after, rooms.lost_up_to, ",
            rows::head!("rooms.id"),
            " AS head,
                    (SELECT count(*) FROM members WHERE room_id = rooms.id) AS members,
                    EXISTS (SELECT 1 FROM members WHERE room_id = rooms.id AND user_id = ?1) AS joined
             FROM rooms "
        )
    };
}

/// Returns the room with this id.
pub(super) async fn room(
    readers: &SqlitePool,
    room: RoomId,
    user: UserId,
) -> Result<Option<FoundRoom>, sqlx::Error> {
    let query = sqlx::query(concat!(found_rooms!(), "WHERE rooms.id = ?2")).bind(user.0).bind(room.0);
    query.fetch_optional(readers).await?.as_ref().map(found).transpose()
}

/// Returns at most `limit` rooms whose names contain `query`, in the order of names, after the name `after`; and
/// whether there are more.
pub(super) async fn rooms(
    readers: &SqlitePool,
    user: UserId,
    query: &str,
    after: Option<&RoomName>,
    limit: u32,
) -> Result<(Vec<FoundRoom>, bool), sqlx::Error> {
    let mut rooms = sqlx::query(concat!(
        found_rooms!(),
        "WHERE instr(lower(rooms.name), lower(?2)) AND rooms.name > ?3 ORDER BY rooms.name LIMIT ?4"
    ))
    .bind(user.0)
    .bind(query)
    .bind(after.map_or("", RoomName::as_str))
    .bind(i64::from(limit) + 1)
    .fetch_all(readers)
    .await?
    .iter()
    .map(found)
    .collect::<Result<Vec<_>, _>>()?;
    let more = rows::truncate(&mut rooms, limit);
    Ok((rooms, more))
}

fn found(row: &SqliteRow) -> Result<FoundRoom, sqlx::Error> {
    Ok(FoundRoom {
        record: rows::room(row, rows::room_name(row, "name")?)?,
        created_at: rows::time(row, "created_at")?,
        members: row.try_get("members")?,
        joined: row.try_get("joined")?,
    })
}

/// Returns the message with this id, and its room.
pub(super) async fn message(
    readers: &SqlitePool,
    message: MessageId,
) -> Result<Option<(RoomId, Message)>, sqlx::Error> {
    let query = sqlx::query(concat!(rows::messages!(), "WHERE messages.id = ?1")).bind(message.0);
    let row = query.fetch_optional(readers).await?;
    row.map(|row| Ok((RoomId(row.try_get("room_id")?), rows::message(&row)?))).transpose()
}

/// Returns the last message of a room up to a position.
pub(super) async fn message_up_to(
    readers: &SqlitePool,
    room: RoomId,
    seq: Seq,
) -> Result<Option<Message>, sqlx::Error> {
    let query = concat!(
        rows::messages!(),
        "WHERE messages.room_id = ?1 AND messages.seq <= ?2 ORDER BY messages.seq DESC LIMIT 1"
    );
    let row = sqlx::query(query).bind(room.0).bind(seq.0).fetch_optional(readers).await?;
    row.as_ref().map(rows::message).transpose()
}

/// Returns the room with the newest message.
pub(super) async fn last_active_room(readers: &SqlitePool) -> Result<Option<RoomId>, sqlx::Error> {
    let room = sqlx::query_scalar("SELECT room_id FROM messages ORDER BY id DESC LIMIT 1");
    Ok(room.fetch_optional(readers).await?.map(RoomId))
}

/// Returns the name of a room.
pub(super) async fn room_name(readers: &SqlitePool, room: RoomId) -> Result<Option<RoomName>, sqlx::Error> {
    let query = sqlx::query("SELECT name FROM rooms WHERE id = ?1").bind(room.0);
    query.fetch_optional(readers).await?.map(|row| rows::room_name(&row, "name")).transpose()
}
