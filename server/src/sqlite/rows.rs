//! Rows to values.

use hubbub_chat::{RoomRecord, StoreError};
use hubbub_protocol::{
    Deleted, Described, Edited, Emoji, Event, Message, MessageId, MessageText, Moved, Quote, Reacted,
    Reaction, RoomId, RoomName, Seq, Timestamp, Topic, User, UserId,
};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// Reads whole messages: `concat!(rows::messages!(), "WHERE ...")`. What a message quotes is as it is now.
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

/// A row of [`messages`].
pub(super) fn message(row: &SqliteRow) -> Result<Message, sqlx::Error> {
    let gone = is_set(row, "deleted_at")?;
    Ok(Message {
        id: MessageId(row.try_get("id")?),
        seq: Seq(row.try_get("seq")?),
        author: user(row, "author_id", "author")?,
        client_id: parsed(row, "client_id", |text| text.parse().map_err(|_| "not a UUID".to_owned()))?,
        text: if gone { None } else { Some(parsed(row, "text", text)?) },
        at: time(row, "created_at")?,
        reply_to: if gone { None } else { quote(row)? },
        changed: row.try_get::<Option<i64>, _>("version")?.map(Seq),
        edited_at: if is_set(row, "edited_at")? && !gone { Some(time(row, "edited_at")?) } else { None },
        reactions: parsed(row, "reactions", reactions)?,
    })
}

fn quote(row: &SqliteRow) -> Result<Option<Quote>, sqlx::Error> {
    let Some(message_id) = row.try_get::<Option<i64>, _>("reply_to")? else { return Ok(None) };
    let gone = is_set(row, "quoted_deleted_at")?;
    Ok(Some(Quote {
        message_id: MessageId(message_id),
        seq: Seq(row.try_get("quoted_seq")?),
        author: user(row, "quoted_author_id", "quoted_author")?,
        text: if gone { None } else { row.try_get("quoted_text")? },
    }))
}

/// `[["👍", 1, "alice"], ...]`, the first one first.
fn reactions(json: &str) -> Result<Vec<Reaction>, String> {
    let rows: Vec<(String, i64, String)> = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let mut reactions: Vec<Reaction> = Vec::new();
    for (emoji, id, name) in rows {
        let emoji = Emoji::parse(&emoji).map_err(|refusal| refusal.message)?;
        let id = UserId(id);
        let user = User { id, name: super::stored_name(id, &name) };
        match reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
            Some(reaction) => reaction.users.push(user),
            None => reactions.push(Reaction { emoji, users: vec![user] }),
        }
    }
    Ok(reactions)
}

/// A row of `events`, with `message_seq` where it is about a message.
pub(super) fn event(row: &SqliteRow) -> Result<Event, sqlx::Error> {
    let seq = Seq(row.try_get("seq")?);
    let at = time(row, "created_at")?;
    let user = user(row, "user_id", "user")?;
    let message_id = MessageId(row.try_get::<Option<i64>, _>("message_id")?.unwrap_or_default());
    let kind: &str = row.try_get("kind")?;
    Ok(match kind {
        "edited" => {
            let known = is_set(row, "text")?;
            let text = if known { Some(parsed(row, "text", text)?) } else { None };
            Event::Edited(Edited { seq, message_id, text, at })
        }
        "deleted" => {
            let message_seq = Seq(row.try_get("message_seq")?);
            Event::Deleted(Deleted { seq, message_id, message_seq, by: user.id, at })
        }
        "reacted" | "unreacted" => {
            let emoji = parsed(row, "text", |text| Emoji::parse(text).map_err(|refusal| refusal.message))?;
            Event::Reacted(Reacted { seq, message_id, user, emoji, on: kind == "reacted", at })
        }
        "joined" => Event::Joined(Moved { seq, user, at }),
        "left" => Event::Left(Moved { seq, user, at }),
        "described" => Event::Described(Described { seq, user, topic: parsed(row, "text", topic)?, at }),
        other => return Err(decoding("kind", format!("there is no event {other}"))),
    })
}

/// A room's id, topic and head.
pub(super) fn room(row: &SqliteRow, name: RoomName) -> Result<RoomRecord, sqlx::Error> {
    let topic = parsed(row, "topic", topic)?;
    Ok(RoomRecord { id: RoomId(row.try_get("id")?), name, topic, head: Seq(row.try_get("head")?) })
}

/// A user's id and name from two columns.
pub(super) fn user(row: &SqliteRow, id: &str, name: &str) -> Result<User, sqlx::Error> {
    let id = UserId(row.try_get(id)?);
    Ok(User { id, name: super::stored_name(id, row.try_get(name)?) })
}

/// A moment from a column.
pub(super) fn time(row: &SqliteRow, column: &str) -> Result<Timestamp, sqlx::Error> {
    parsed(row, column, |text| text.parse().map_err(|_| "not a time".to_owned()))
}

pub(super) fn topic(text: &str) -> Result<Topic, String> {
    Topic::parse(text).map_err(|refusal| refusal.message)
}

pub(super) fn text(text: &str) -> Result<MessageText, String> {
    MessageText::parse(text).map_err(|refusal| refusal.message)
}

/// Logs what went wrong, once, where it is known, and tells the rest only that it did.
#[expect(clippy::needless_pass_by_value, reason = "it is the end of the error's way, and used with map_err")]
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    tracing::error!(%error, "storage failed");
    StoreError(error.to_string())
}

/// A value from the text of a column.
pub(super) fn parsed<T>(
    row: &SqliteRow,
    column: &str,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Result<T, sqlx::Error> {
    parse(row.try_get(column)?).map_err(|why| decoding(column, why))
}

fn is_set(row: &SqliteRow, column: &str) -> Result<bool, sqlx::Error> {
    Ok(row.try_get::<Option<&str>, _>(column)?.is_some())
}

fn decoding(column: &str, why: String) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: why.into() }
}
