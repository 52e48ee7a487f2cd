//! Memberships, read positions and appearance of users.

use hubbub_chat::{MemberRecord, ReadProgress, ReadUpdate};
use hubbub_protocol::{
    Appearance, MessageText, MyRoom, PublicRoom, ReadState, Room, RoomId, Seq, Status, Timestamp, UserId,
    Version,
};
use sqlx::sqlite::{SqliteRow, SqliteTransaction};
use sqlx::{Row, SqlitePool};

use super::rows;

/// Number of unread messages of a member, counted up to `MAX_UNREAD_COUNTED`.
macro_rules! unread {
    () => {
        "(SELECT count(*) FROM (
              SELECT 1 FROM messages
              WHERE room_id = members.room_id AND seq > members.read_seq
                AND author_id <> members.user_id AND deleted_at IS NULL
              LIMIT 1000))"
    };
}

/// Returns the members of a room in the order of their id.
pub(super) async fn of_room(readers: &SqlitePool, room: RoomId) -> Result<Vec<MemberRecord>, sqlx::Error> {
    sqlx::query(
        "SELECT users.id, users.name, users.share_reads, members.read_seq
         FROM members JOIN users ON users.id = members.user_id
         WHERE members.room_id = ?1 ORDER BY users.id",
    )
    .bind(room.0)
    .fetch_all(readers)
    .await?
    .iter()
    .map(|row| {
        let user = rows::user(row, "id", "name")?;
        Ok(MemberRecord {
            user,
            read: Seq(row.try_get("read_seq")?),
            share_reads: row.try_get("share_reads")?,
        })
    })
    .collect()
}

/// Returns the time since which a user is a member.
pub(super) async fn since(
    readers: &SqlitePool,
    room: RoomId,
    user: UserId,
) -> Result<Option<String>, sqlx::Error> {
    let query = sqlx::query_scalar("SELECT since FROM members WHERE room_id = ?1 AND user_id = ?2");
    query.bind(room.0).bind(user.0).fetch_optional(readers).await
}

/// Stores the read position of a member.
pub(super) async fn mark(
    transaction: &mut SqliteTransaction<'_>,
    room: RoomId,
    user: UserId,
    mark: ReadUpdate,
    head: Seq,
) -> Result<(), sqlx::Error> {
    let (statement, seq) = match mark {
        ReadUpdate::UpTo(seq) => (
            "UPDATE members SET read_seq = max(read_seq, ?3) WHERE room_id = ?1 AND user_id = ?2",
            seq.min(head),
        ),
        ReadUpdate::From(seq) => (
            "UPDATE members SET read_seq = ?3 WHERE room_id = ?1 AND user_id = ?2",
            Seq(seq.0.saturating_sub(1)).min(head),
        ),
    };
    sqlx::query(statement).bind(room.0).bind(user.0).bind(seq.0).execute(&mut **transaction).await?;
    Ok(())
}

/// Returns the read position of a member, and the number of unread messages.
pub(super) async fn progress(
    readers: &SqlitePool,
    room: RoomId,
    user: UserId,
) -> Result<Option<ReadProgress>, sqlx::Error> {
    let row = sqlx::query(concat!(
        "SELECT read_seq, ",
        unread!(),
        " AS unread, ",
        rows::head!("members.room_id"),
        " AS head
         FROM members WHERE room_id = ?1 AND user_id = ?2"
    ))
    .bind(room.0)
    .bind(user.0)
    .fetch_optional(readers)
    .await?;
    row.as_ref().map(progress_of).transpose()
}

fn progress_of(row: &SqliteRow) -> Result<ReadProgress, sqlx::Error> {
    Ok(ReadProgress {
        read: Seq(row.try_get("read_seq")?),
        unread: row.try_get("unread")?,
        head: Seq(row.try_get("head")?),
    })
}

/// Returns the rooms of a member in the order of names.
pub(super) async fn rooms_of(readers: &SqlitePool, user: UserId) -> Result<Vec<MyRoom>, sqlx::Error> {
    sqlx::query(concat!(
        "SELECT rooms.id, rooms.name, rooms.topic, members.since, members.read_seq, ", unread!(), " AS unread, ",
        rows::head!("members.room_id"), " AS head,
                (SELECT created_at FROM messages WHERE room_id = rooms.id ORDER BY seq DESC LIMIT 1) AS last_post
         FROM members JOIN rooms ON rooms.id = members.room_id
         WHERE members.user_id = ?1 ORDER BY rooms.name"
    ))
    .bind(user.0)
    .fetch_all(readers)
    .await?
    .iter()
    .map(|row| {
        let room = room(row)?;
        let ReadProgress { read, unread, head } = progress_of(row)?;
        let since = rows::time(row, "since")?;
        let posted: Option<&[u8]> = row.try_get("last_post")?;
        let posted = posted.and_then(|text| str::from_utf8(text).ok()?.parse::<Timestamp>().ok());
        let read = ReadState { room: room.name.clone(), seq: read, unread, head };
        Ok(MyRoom { room, read, active_at: posted.map_or(since, |posted| posted.max(since)) })
    })
    .collect()
}

/// Newest messages among which the rooms that were active last are looked for.
const RECENT_MESSAGES: i64 = 2_000;

/// Returns at most `limit` rooms: those with the newest messages first, then the newest rooms that have members. The query
/// reads `RECENT_MESSAGES` messages and `limit` other rooms and no more, so in a large database some rooms are missing.
pub(super) async fn active_rooms(readers: &SqlitePool, limit: u32) -> Result<Vec<PublicRoom>, sqlx::Error> {
    sqlx::query(
        "SELECT rooms.id, rooms.name, rooms.topic,
                (SELECT count(*) FROM members WHERE room_id = rooms.id) AS members
         FROM (SELECT room_id, max(message) AS newest
               FROM (SELECT room_id, message FROM
                       (SELECT room_id, id AS message FROM messages ORDER BY id DESC LIMIT ?1)
                     UNION ALL
                     SELECT room_id, 0 FROM (SELECT id AS room_id FROM rooms
                       WHERE EXISTS (SELECT 1 FROM members WHERE room_id = rooms.id) ORDER BY id DESC LIMIT ?2))
               GROUP BY room_id) AS active
         JOIN rooms ON rooms.id = active.room_id
         ORDER BY active.newest DESC, rooms.id DESC LIMIT ?2",
    )
    .bind(RECENT_MESSAGES)
    .bind(i64::from(limit))
    .fetch_all(readers)
    .await?
    .iter()
    .map(|row| Ok(PublicRoom { room: room(row)?, members: row.try_get("members")?, joined: false }))
    .collect()
}

fn room(row: &SqliteRow) -> Result<Room, sqlx::Error> {
    Ok(Room {
        id: RoomId(row.try_get("id")?),
        name: rows::room_name(row, "name")?,
        topic: rows::topic(row, "topic")?,
    })
}

/// Returns the earlier versions of a message, oldest first, and its author.
pub(super) async fn edits(
    readers: &SqlitePool,
    room: RoomId,
    message: i64,
) -> Result<Option<(UserId, Vec<Version>)>, sqlx::Error> {
    let author = sqlx::query_scalar("SELECT author_id FROM messages WHERE id = ?1 AND room_id = ?2")
        .bind(message)
        .bind(room.0)
        .fetch_optional(readers)
        .await?;
    let Some(author) = author else { return Ok(None) };
    let versions = sqlx::query("SELECT text, since FROM edits WHERE message_id = ?1 ORDER BY number")
        .bind(message)
        .fetch_all(readers)
        .await?
        .iter()
        .map(|row| {
            let text = MessageText::from_stored(rows::text(row, "text")?);
            Ok(Version { text, at: rows::time(row, "since")? })
        })
        .collect::<Result<_, sqlx::Error>>()?;
    Ok(Some((UserId(author), versions)))
}

/// Returns the appearance that a user has chosen.
pub(super) async fn appearance(readers: &SqlitePool, user: UserId) -> Result<Appearance, sqlx::Error> {
    let row = sqlx::query("SELECT status, share_reads FROM users WHERE id = ?1")
        .bind(user.0)
        .fetch_optional(readers)
        .await?;
    let Some(row) = row else { return Ok(Appearance::default()) };
    Ok(Appearance {
        status: rows::known_or_default(&row, "status", Status::from_wire)?,
        share_reads: row.try_get("share_reads")?,
    })
}

/// Stores the appearance that a user has chosen.
pub(super) async fn set_appearance(
    transaction: &mut SqliteTransaction<'_>,
    user: UserId,
    appearance: Appearance,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET status = ?2, share_reads = ?3 WHERE id = ?1")
        .bind(user.0)
        .bind(appearance.status.as_str())
        .bind(appearance.share_reads)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
