//! Reads the events of a room: catch-ups and pages of history.

use hubbub_chat::{History, PageAnchor};
use hubbub_protocol::{Event, Message, RoomId, Seq};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqlitePool};

use super::rows::{self, EventRow, MessageRow};

/// Selects messages of room `?1` as one JSON array: `posts!("seq > ?2 ORDER BY seq LIMIT ?3")`.
macro_rules! posts {
    ($which:literal) => {
        concat!(
            "(SELECT json_group_array(",
            rows::message_json!(),
            ") FROM (SELECT * FROM messages WHERE room_id = ?1 AND ",
            $which,
            ") AS messages LEFT JOIN messages AS quoted ON quoted.id = messages.reply_to)"
        )
    };
}

/// Selects rows of `events` of room `?1` as one JSON array.
macro_rules! events {
    ($($which:literal),+) => {
        concat!(
            "(SELECT json_group_array(",
            rows::event_json!(),
            ") FROM (SELECT * FROM events WHERE room_id = ?1 AND ",
            $($which,)+
            ") AS events)"
        )
    };
}

/// Selects the events that are rows of the timeline, as one JSON array.
macro_rules! notices {
    ($which:literal) => {
        events!("kind IN ('joined', 'left', 'described') AND ", $which)
    };
}

/// Returns at most `limit` events after a position, in order.
pub(super) async fn events_after(
    readers: &SqlitePool,
    room: RoomId,
    after: Seq,
    limit: u32,
) -> Result<Vec<Event>, sqlx::Error> {
    // Both lists belong to one statement. Otherwise events that are committed between two would look like gaps.
    let row = sqlx::query(concat!(
        "SELECT ",
        posts!("seq > ?2 ORDER BY seq LIMIT ?3"),
        " AS posts, ",
        events!("seq > ?2 ORDER BY seq LIMIT ?3"),
        " AS events"
    ))
    .bind(room.0)
    .bind(after.0)
    .bind(limit)
    .fetch_one(readers)
    .await?;
    let mut events = merged(&row, "posts", "events")?;
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

/// Returns at most `limit` timeline rows of one kind, and the head of the room.
pub(super) async fn history(
    readers: &SqlitePool,
    room: RoomId,
    anchor: PageAnchor,
    limit: u32,
    kind: HistoryKind,
) -> Result<History, sqlx::Error> {
    // The position that separates the older part from the newer one, and the rows wanted of each.
    let (split, older_limit, newer_limit) = match anchor {
        PageAnchor::Newest => (Seq(i64::MAX), limit, 0),
        PageAnchor::Before(seq) => (seq, limit, 0),
        PageAnchor::After(seq) => (seq.next(), 0, limit),
        PageAnchor::Around(seq) => (seq, limit / 2, limit.div_ceil(2)),
    };
    // Each list is read with one row more than requested: if this row exists, the room has further rows. One statement reads
    // the head and all lists, so they belong to the same state of the database.
    let with_one_more = |limit: u32| i64::from(limit) + 1;
    let notices = |limit: u32| if kind == HistoryKind::All { with_one_more(limit) } else { 0 };
    let row = sqlx::query(concat!(
        "SELECT ",
        rows::head!("?1"),
        " AS head, ",
        posts!("seq < ?2 ORDER BY seq DESC LIMIT ?3"),
        " AS older_posts, ",
        notices!("seq < ?2 ORDER BY seq DESC LIMIT ?4"),
        " AS older_notices, ",
        posts!("seq >= ?2 ORDER BY seq LIMIT ?5"),
        " AS newer_posts, ",
        notices!("seq >= ?2 ORDER BY seq LIMIT ?6"),
        " AS newer_notices"
    ))
    .bind(room.0)
    .bind(split.0)
    .bind(with_one_more(older_limit))
    .bind(notices(older_limit))
    .bind(with_one_more(newer_limit))
    .bind(notices(newer_limit))
    .fetch_one(readers)
    .await?;
    let mut events = merged(&row, "older_posts", "older_notices")?;
    let surplus = events.len().saturating_sub(older_limit as usize);
    events.drain(..surplus);
    let mut newer_events = merged(&row, "newer_posts", "newer_notices")?;
    let newer = rows::truncate(&mut newer_events, newer_limit);
    events.append(&mut newer_events);
    Ok(History { events, older: surplus > 0, newer, head: Seq(row.try_get("head")?) })
}

/// Returns the messages and the other events of two columns in the order of their positions.
fn merged(row: &SqliteRow, posts: &str, others: &str) -> Result<Vec<Event>, sqlx::Error> {
    let (posts, others) = (rows::text(row, posts)?, rows::text(row, others)?);
    let posts = rows::decode::<Vec<MessageRow<'_>>>(&posts)?.into_iter();
    let others = rows::decode::<Vec<EventRow<'_>>>(&others)?.into_iter();
    let mut events: Vec<Event> =
        posts.map(|post| Event::Posted(Message::from(post))).chain(others.map(Event::from)).collect();
    events.sort_by_key(Event::seq);
    Ok(events)
}
