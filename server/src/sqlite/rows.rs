//! Converts rows to values. Rules for input do not apply here, and no stored value makes a row unreadable: otherwise a
//! single bad row would make its room, or the list of all rooms, unavailable. A value that cannot be decoded is logged
//! and replaced.

mod attachment_row;
mod event_row;
mod json_rows;
mod message_row;
mod unreadable;

use std::borrow::Cow;

use hubbub_chat::{LostPositions, RoomRecord};
use hubbub_protocol::{RoomId, RoomName, Seq, Timestamp, Topic, User, UserId, UserName};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

pub(super) use attachment_row::{AttachmentRow, attachment_json};
pub(super) use event_row::{EventRow, event_json};
pub(super) use json_rows::JsonRows;
pub(super) use message_row::{MessageRow, message, message_json, messages};

/// The newest position of the room whose id is `$room` in the query.
macro_rules! head {
    ($room:literal) => {
        concat!(
            "max(coalesce((SELECT max(seq) FROM messages WHERE room_id = ",
            $room,
            "), 0), ",
            "coalesce((SELECT max(seq) FROM events WHERE room_id = ",
            $room,
            "), 0))"
        )
    };
}
pub(super) use head;

/// Removes the row after the first `limit`, which queries read to learn whether there are more. Returns whether there
/// was one.
pub(super) fn truncate<T>(rows: &mut Vec<T>, limit: u32) -> bool {
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    more
}

/// Decodes a room's id, topic, head and lost positions.
pub(super) fn room(row: &SqliteRow, name: RoomName) -> Result<RoomRecord, sqlx::Error> {
    Ok(RoomRecord {
        id: RoomId(row.try_get("id")?),
        name,
        topic: topic(row, "topic")?,
        head: Seq(row.try_get("head")?),
        lost: lost(row)?,
    })
}

fn lost(row: &SqliteRow) -> Result<Option<LostPositions>, sqlx::Error> {
    let after: Option<i64> = row.try_get("lost_after")?;
    let up_to: Option<i64> = row.try_get("lost_up_to")?;
    Ok(after.zip(up_to).map(|(after, up_to)| LostPositions { after: Seq(after), up_to: Seq(up_to) }))
}

/// Decodes a user's id and name from two columns.
pub(super) fn user(row: &SqliteRow, id: &str, name: &str) -> Result<User, sqlx::Error> {
    Ok(User { id: UserId(row.try_get(id)?), name: UserName::from_stored(text(row, name)?) })
}

/// Decodes a room name from a column.
pub(super) fn room_name(row: &SqliteRow, column: &str) -> Result<RoomName, sqlx::Error> {
    text(row, column).map(RoomName::from_stored)
}

/// Decodes a topic from a column.
pub(super) fn topic(row: &SqliteRow, column: &str) -> Result<Topic, sqlx::Error> {
    text(row, column).map(Topic::from_stored)
}

/// Decodes a time from a column.
pub(super) fn time(row: &SqliteRow, column: &str) -> Result<Timestamp, sqlx::Error> {
    Ok(time_of(column, &text(row, column)?))
}

/// Decodes a time. A value that cannot be decoded becomes 1970-01-01.
fn time_of(column: &str, stored: &str) -> Timestamp {
    stored.parse().unwrap_or_else(|_| {
        unreadable::log_once(column, stored);
        Timestamp::from_millis(0)
    })
}

/// Decodes a value of an enumeration; an unknown value becomes the default.
pub(super) fn known_or_default<T: Default>(
    row: &SqliteRow,
    column: &str,
    find: impl FnOnce(&str) -> Option<T>,
) -> Result<T, sqlx::Error> {
    let stored = text(row, column)?;
    Ok(find(&stored).unwrap_or_else(|| {
        unreadable::log_once(column, &stored);
        T::default()
    }))
}

/// Returns the text of a column. SQLite does not guarantee UTF-8: invalid bytes are replaced by U+FFFD.
pub(super) fn text<'r>(row: &'r SqliteRow, column: &str) -> Result<Cow<'r, str>, sqlx::Error> {
    row.try_get::<&[u8], _>(column).map(String::from_utf8_lossy)
}

/// Decodes JSON that a query of this module has built.
pub(super) fn decode<'j, T: Deserialize<'j>>(json: &'j str) -> Result<T, sqlx::Error> {
    serde_json::from_str(json).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// Encodes rows for a statement that reads them by `json_each`.
pub(super) fn encode<T: Serialize>(rows: &T) -> Result<String, sqlx::Error> {
    serde_json::to_string(rows).map_err(|error| sqlx::Error::Encode(error.into()))
}
