//! Reads the events of a room: catch-ups and pages of history.

use hubbub_chat::{History, PageAnchor};
use hubbub_protocol::{Event, RoomId, Seq};
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteTransaction;

use super::rows;

/// Selects rows of `events` with the position of the message that each refers to.
macro_rules! events {
    () => {
        "SELECT events.*, messages.seq AS message_seq
         FROM events LEFT JOIN messages ON messages.id = events.message_id "
    };
}

/// Returns at most `limit` events after a position, in order.
pub(super) async fn events_after(
    readers: &SqlitePool,
    room: RoomId,
    after: Seq,
    limit: u32,
) -> Result<Vec<Event>, sqlx::Error> {
    // Both queries run in one transaction. Otherwise events that are committed between them would look like gaps.
    let mut reading = readers.begin().await?;
    let posts = sqlx::query(concat!(
        rows::messages!(),
        "WHERE messages.room_id = ?1 AND messages.seq > ?2 ORDER BY messages.seq LIMIT ?3"
    ))
    .bind(room.0)
    .bind(after.0)
    .bind(limit)
    .fetch_all(&mut *reading)
    .await?;
    let others = sqlx::query(concat!(
        events!(),
        "WHERE events.room_id = ?1 AND events.seq > ?2 ORDER BY events.seq LIMIT ?3"
    ))
    .bind(room.0)
    .bind(after.0)
    .bind(limit)
    .fetch_all(&mut *reading)
    .await?;
    reading.commit().await?;
    let mut events: Vec<Event> = posts
        .iter()
        .map(|row| rows::message(row).map(Event::Posted))
        .chain(others.iter().map(rows::event))
        .collect::<Result<_, _>>()?;
    events.sort_by_key(Event::seq);
    events.truncate(limit as usize);
    Ok(events)
}

/// The kinds of timeline rows to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HistoryKind {
    /// Messages and notices.
    All,
    /// Messages only.
    Messages,
}

/// Returns at most `limit` timeline rows of a room, and the head of the room.
pub(super) async fn history(
    readers: &SqlitePool,
    room: RoomId,
    anchor: PageAnchor,
    limit: u32,
) -> Result<History, sqlx::Error> {
    read(readers, room, anchor, limit, HistoryKind::All).await
}

/// Returns at most `limit` timeline rows of one kind, and the head of the room.
pub(super) async fn read(
    readers: &SqlitePool,
    room: RoomId,
    anchor: PageAnchor,
    limit: u32,
    kind: HistoryKind,
) -> Result<History, sqlx::Error> {
    // The queries share one transaction, so that the rows and the head belong to the same state.
    let mut reading = readers.begin().await?;
    let head = sqlx::query_scalar(concat!("SELECT ", rows::head!("?1")))
        .bind(room.0)
        .fetch_one(&mut *reading)
        .await?;
    let (mut events, older, newer) = match anchor {
        PageAnchor::Newest => {
            let (events, older) = before(&mut reading, room, Seq(i64::MAX), limit, kind).await?;
            (events, older, false)
        }
        PageAnchor::Before(seq) => {
            let (events, older) = before(&mut reading, room, seq, limit, kind).await?;
            let (_, newer) = from(&mut reading, room, seq, 0, kind).await?;
            (events, older, newer)
        }
        PageAnchor::After(seq) => {
            let (events, newer) = from(&mut reading, room, seq.next(), limit, kind).await?;
            let (_, older) = before(&mut reading, room, seq.next(), 0, kind).await?;
            (events, older, newer)
        }
        PageAnchor::Around(seq) => {
            let (mut events, older) = before(&mut reading, room, seq, limit / 2, kind).await?;
            let (after, newer) = from(&mut reading, room, seq, limit.div_ceil(2), kind).await?;
            events.extend(after);
            (events, older, newer)
        }
    };
    reading.commit().await?;
    events.sort_by_key(Event::seq);
    Ok(History { events, older, newer, head: Seq(head) })
}

/// Returns the newest rows before a position, and whether there are older ones.
async fn before(
    reading: &mut SqliteTransaction<'_>,
    room: RoomId,
    seq: Seq,
    limit: u32,
    kind: HistoryKind,
) -> Result<(Vec<Event>, bool), sqlx::Error> {
    let posts = sqlx::query(concat!(
        rows::messages!(),
        "WHERE messages.room_id = ?1 AND messages.seq < ?2 ORDER BY messages.seq DESC LIMIT ?3"
    ));
    let notices = sqlx::query(concat!(
        events!(),
        "WHERE events.room_id = ?1 AND events.seq < ?2 AND events.kind IN ('joined', 'left', 'described')
         ORDER BY events.seq DESC LIMIT ?3"
    ));
    let mut lines = merge(reading, (posts, notices), (room, seq), limit, kind).await?;
    lines.sort_by_key(|event| std::cmp::Reverse(event.seq()));
    let more = rows::truncate(&mut lines, limit);
    lines.reverse();
    Ok((lines, more))
}

/// Returns the oldest rows from a position on, and whether there are newer ones.
async fn from(
    reading: &mut SqliteTransaction<'_>,
    room: RoomId,
    seq: Seq,
    limit: u32,
    kind: HistoryKind,
) -> Result<(Vec<Event>, bool), sqlx::Error> {
    let posts = sqlx::query(concat!(
        rows::messages!(),
        "WHERE messages.room_id = ?1 AND messages.seq >= ?2 ORDER BY messages.seq LIMIT ?3"
    ));
    let notices = sqlx::query(concat!(
        events!(),
        "WHERE events.room_id = ?1 AND events.seq >= ?2 AND events.kind IN ('joined', 'left', 'described')
         ORDER BY events.seq LIMIT ?3"
    ));
    let mut lines = merge(reading, (posts, notices), (room, seq), limit, kind).await?;
    lines.sort_by_key(Event::seq);
    let more = rows::truncate(&mut lines, limit);
    Ok((lines, more))
}

type HistoryQuery = sqlx::query::Query<'static, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

/// Merges messages and notices. Reads one more row of each kind than requested, which shows whether there are more.
async fn merge(
    reading: &mut SqliteTransaction<'_>,
    (posts, notices): (HistoryQuery, HistoryQuery),
    (room, seq): (RoomId, Seq),
    limit: u32,
    kind: HistoryKind,
) -> Result<Vec<Event>, sqlx::Error> {
    let limit = i64::from(limit) + 1;
    let posts = posts.bind(room.0).bind(seq.0).bind(limit).fetch_all(&mut **reading).await?;
    let notices = match kind {
        HistoryKind::All => notices.bind(room.0).bind(seq.0).bind(limit).fetch_all(&mut **reading).await?,
        HistoryKind::Messages => Vec::new(),
    };
    let posts = posts.iter().map(|row| rows::message(row).map(Event::Posted));
    posts.chain(notices.iter().map(rows::event)).collect()
}
