//! Converts rows to values. Rules for input do not apply here, and no stored value makes a row unreadable: otherwise a
//! single bad row would make its room, or the list of all rooms, unavailable. A value that cannot be decoded is logged
//! and replaced.

mod unreadable;

use std::borrow::Cow;

use hubbub_chat::text::shown_emoji;
use hubbub_chat::{LostPositions, RoomRecord};
use hubbub_protocol::{
    ClientId, Deleted, Described, Edited, Event, Message, MessageId, MessageText, Moved, Quote, Reacted,
    Reaction, RoomId, RoomName, Seq, Timestamp, Topic, User, UserId, UserName,
};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// Selects whole messages: `concat!(rows::messages!(), "WHERE ...")`. A quoted message appears in its current state.
macro_rules! messages {
    () => {
        "SELECT messages.*,
                quoted.seq AS quoted_seq, quoted.author_id AS quoted_author_id, quoted.author AS quoted_author,
                substr(quoted.text, 1, 160) AS quoted_text, quoted.deleted_at AS quoted_deleted_at,
                (SELECT json_group_array(json_array(emoji, user_id, user))
                 FROM (SELECT * FROM reactions WHERE message_id = messages.id ORDER BY since, seq)) AS reactions
         FROM messages LEFT JOIN messages AS quoted ON quoted.id = messages.reply_to "
    };
}
pub(super) use messages;

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

/// Decodes a row of [`messages`].
pub(super) fn message(row: &SqliteRow) -> Result<Message, sqlx::Error> {
    let gone = is_set(row, "deleted_at")?;
    let id: i64 = row.try_get("id")?;
    Ok(Message {
        id: MessageId(id),
        seq: Seq(row.try_get("seq")?),
        author: user(row, "author_id", "author")?,
        client_id: client_id(row, id)?,
        text: if gone { None } else { Some(MessageText::from_stored(text(row, "text")?)) },
        at: time(row, "created_at")?,
        reply_to: if gone { None } else { quote(row)? },
        changed: row.try_get::<Option<i64>, _>("version")?.map(Seq),
        edited_at: if is_set(row, "edited_at")? && !gone { Some(time(row, "edited_at")?) } else { None },
        reactions: reactions(&text(row, "reactions")?),
    })
}

/// Returns `None` also for an answer to a message that is not in the table.
fn quote(row: &SqliteRow) -> Result<Option<Quote>, sqlx::Error> {
    let Some(message_id) = row.try_get::<Option<i64>, _>("reply_to")? else { return Ok(None) };
    let Some(seq) = row.try_get::<Option<i64>, _>("quoted_seq")? else { return Ok(None) };
    let gone = is_set(row, "quoted_deleted_at")?;
    Ok(Some(Quote {
        message_id: MessageId(message_id),
        seq: Seq(seq),
        author: user(row, "quoted_author_id", "quoted_author")?,
        text: if gone { None } else { Some(text(row, "quoted_text")?.into_owned()) },
    }))
}

/// A message without a UUID gets one derived from its id, so that it is the same at each read.
fn client_id(row: &SqliteRow, id: i64) -> Result<ClientId, sqlx::Error> {
    let stored = text(row, "client_id")?;
    Ok(stored.parse().unwrap_or_else(|_| {
        unreadable::log_once("client_id", &stored);
        let mut bytes = [0; 16];
        bytes[8..].copy_from_slice(&id.to_be_bytes());
        ClientId::from_random_bytes(bytes)
    }))
}

/// Decodes reactions from `[["👍", 1, "alice"], ...]`, oldest first.
fn reactions(json: &str) -> Vec<Reaction> {
    let rows: Vec<(String, i64, String)> = serde_json::from_str(json).unwrap_or_else(|_| {
        unreadable::log_once("reactions", json);
        Vec::new()
    });
    let mut reactions: Vec<Reaction> = Vec::new();
    for (emoji, id, name) in rows {
        let emoji = shown_emoji(&emoji);
        let user = User { id: UserId(id), name: UserName::from_stored(name) };
        match reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
            // A user may have stored two forms of one emoji, because older versions treated them as different.
            Some(reaction) if reaction.users.iter().any(|other| other.id == user.id) => {}
            Some(reaction) => reaction.users.push(user),
            None => reactions.push(Reaction { emoji, users: vec![user] }),
        }
    }
    reactions
}

/// Decodes a row of `events`; `message_seq` is set if the event refers to a message.
pub(super) fn event(row: &SqliteRow) -> Result<Event, sqlx::Error> {
    let seq = Seq(row.try_get("seq")?);
    let at = time(row, "created_at")?;
    let user = user(row, "user_id", "user")?;
    let about = row.try_get::<Option<i64>, _>("message_id")?.map(MessageId);
    let about_seq = row.try_get::<Option<i64>, _>("message_seq")?.map(Seq);
    let kind = text(row, "kind")?;
    Ok(match (&*kind, about, about_seq) {
        ("edited", Some(message_id), _) => {
            let text = optional_text(row, "text")?.map(MessageText::from_stored);
            Event::Edited(Edited { seq, message_id, text, at })
        }
        ("deleted", Some(message_id), Some(message_seq)) => {
            Event::Deleted(Deleted { seq, message_id, message_seq, by: user.id, at })
        }
        ("reacted" | "unreacted", Some(message_id), _) => {
            let emoji = shown_emoji(&optional_text(row, "text")?.unwrap_or_default());
            Event::Reacted(Reacted { seq, message_id, user, emoji, on: &*kind == "reacted", at })
        }
        ("joined", ..) => Event::Joined(Moved { seq, user, at }),
        ("left", ..) => Event::Left(Moved { seq, user, at }),
        ("described", ..) => {
            let topic = Topic::from_stored(optional_text(row, "text")?.unwrap_or_default());
            Event::Described(Described { seq, user, topic, at })
        }
        _ => {
            unreadable::log_once("event", &format!("{kind} at {seq}"));
            changes_nothing(seq, at)
        }
    })
}

/// Replaces an event that cannot be decoded. Without it, the positions of the room would have a gap, which no client
/// could catch up over.
const fn changes_nothing(seq: Seq, at: Timestamp) -> Event {
    Event::Edited(Edited { seq, message_id: MessageId(0), text: None, at })
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

/// Decodes a time from a column. A value that cannot be decoded becomes 1970-01-01.
pub(super) fn time(row: &SqliteRow, column: &str) -> Result<Timestamp, sqlx::Error> {
    let stored = text(row, column)?;
    Ok(stored.parse().unwrap_or_else(|_| {
        unreadable::log_once(column, &stored);
        Timestamp::from_millis(0)
    }))
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

/// Returns the text of a column that may be NULL.
fn optional_text<'r>(row: &'r SqliteRow, column: &str) -> Result<Option<Cow<'r, str>>, sqlx::Error> {
    Ok(row.try_get::<Option<&[u8]>, _>(column)?.map(String::from_utf8_lossy))
}

fn is_set(row: &SqliteRow, column: &str) -> Result<bool, sqlx::Error> {
    Ok(row.try_get::<Option<&[u8]>, _>(column)?.is_some())
}
