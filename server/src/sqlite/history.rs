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

/// The side of a position on which rows are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PageSide {
    /// The newest rows before the position.
    Before,
    /// The oldest rows from the position on.
    From,
}

/// Selects messages and notices of the room `?1` whose position compares to `?2` in this way.
macro_rules! side_queries {
    ($comparison:literal, $order:literal) => {
        (
            sqlx::query(concat!(
                rows::messages!(),
                "WHERE messages.room_id = ?1 AND messages.seq ",
                $comparison,
                " ?2 ORDER BY messages.seq ",
                $order,
                " LIMIT ?3"
            )),
            sqlx::query(concat!(
                events!(),
                "WHERE events.room_id = ?1 AND events.seq ",
                $comparison,
                " ?2 AND events.kind IN ('joined', 'left', 'described') ORDER BY events.seq ",
                $order,
                " LIMIT ?3"
            )),
        )
    };
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
            let (events, older) =
                read_side(&mut reading, room, PageSide::Before, Seq(i64::MAX), limit, kind).await?;
            (events, older, false)
        }
        PageAnchor::Before(seq) => {
            let (events, older) = read_side(&mut reading, room, PageSide::Before, seq, limit, kind).await?;
            let (_, newer) = read_side(&mut reading, room, PageSide::From, seq, 0, kind).await?;
            (events, older, newer)
        }
        PageAnchor::After(seq) => {
            let (events, newer) =
                read_side(&mut reading, room, PageSide::From, seq.next(), limit, kind).await?;
            let (_, older) = read_side(&mut reading, room, PageSide::Before, seq.next(), 0, kind).await?;
            (events, older, newer)
        }
        PageAnchor::Around(seq) => {
            let (mut events, older) =
                read_side(&mut reading, room, PageSide::Before, seq, limit / 2, kind).await?;
            let (after, newer) =
                read_side(&mut reading, room, PageSide::From, seq, limit.div_ceil(2), kind).await?;
            events.extend(after);
            (events, older, newer)
        }
    };
    reading.commit().await?;
    events.sort_by_key(Event::seq);
    Ok(History { events, older, newer, head: Seq(head) })
}

/// Returns the rows nearest to a position on one side, oldest first, and whether there are more on that side. Reads one
/// more row of each kind than requested, which shows whether there are more.
async fn read_side(
    reading: &mut SqliteTransaction<'_>,
    room: RoomId,
    side: PageSide,
    seq: Seq,
    limit: u32,
    kind: HistoryKind,
) -> Result<(Vec<Event>, bool), sqlx::Error> {
    let (posts, notices) = match side {
        PageSide::Before => side_queries!("<", "DESC"),
        PageSide::From => side_queries!(">=", "ASC"),
    };
    let most = i64::from(limit) + 1;
    let posts = posts.bind(room.0).bind(seq.0).bind(most).fetch_all(&mut **reading).await?;
    let notices = match kind {
        HistoryKind::All => notices.bind(room.0).bind(seq.0).bind(most).fetch_all(&mut **reading).await?,
        HistoryKind::Messages => Vec::new(),
    };
    let posts = posts.iter().map(|row| rows::message(row).map(Event::Posted));
    let mut events: Vec<Event> = posts.chain(notices.iter().map(rows::event)).collect::<Result<_, _>>()?;
    events.sort_by_key(Event::seq);
    if side == PageSide::Before {
        events.reverse();
    }
    let more = rows::truncate(&mut events, limit);
    if side == PageSide::Before {
        events.reverse();
    }
    Ok((events, more))
}
