//! The changes of a room that are stored one by one: reads the rows that authorization needs, and writes the change.

use hubbub_chat::text::shown_emoji;
use hubbub_chat::{AuthorizationContext, PendingEvent, RoomChange};
use hubbub_protocol::{
    Deleted, Described, Edited, Emoji, Event, Message, MessageId, Reacted, RoomId, Seq, Topic, User,
};
use sqlx::sqlite::SqliteTransaction;

use super::{attachments, rows};

/// Reads the rows that authorization of this event needs, and no others.
pub(super) async fn authorization_context(
    transaction: &mut SqliteTransaction<'_>,
    pending: &PendingEvent,
) -> Result<AuthorizationContext, sqlx::Error> {
    let mut context = AuthorizationContext::default();
    if let Some(id) = pending.target() {
        context.target = message(transaction, pending.room, id).await?;
    }
    match pending.change {
        RoomChange::Edit { message_id, .. } => {
            let edits: i64 = sqlx::query_scalar("SELECT count(*) FROM edits WHERE message_id = ?1")
                .bind(message_id.0)
                .fetch_one(&mut **transaction)
                .await?;
            context.edits = usize::try_from(edits).unwrap_or(usize::MAX);
        }
        RoomChange::Describe { .. } => {
            let row = sqlx::query("SELECT topic FROM rooms WHERE id = ?1")
                .bind(pending.room.0)
                .fetch_one(&mut **transaction)
                .await?;
            context.topic = rows::topic(&row, "topic")?;
        }
        RoomChange::Post { .. } => context.files = attachments::postable(transaction, pending).await?,
        // Memberships are read for a whole run, by `append/membership_run.rs`.
        RoomChange::Join { .. }
        | RoomChange::Leave
        | RoomChange::Delete { .. }
        | RoomChange::React { .. } => {}
    }
    Ok(context)
}

async fn message(
    transaction: &mut SqliteTransaction<'_>,
    room: RoomId,
    id: MessageId,
) -> Result<Option<Message>, sqlx::Error> {
    sqlx::query(concat!(rows::messages!(), "WHERE messages.id = ?1 AND messages.room_id = ?2"))
        .bind(id.0)
        .bind(room.0)
        .fetch_optional(&mut **transaction)
        .await?
        .as_ref()
        .map(rows::message)
        .transpose()
}

/// Writes an authorized change at position `seq`. Returns `None` for a change that belongs to a run.
pub(super) async fn write(
    transaction: &mut SqliteTransaction<'_>,
    pending: &PendingEvent,
    seq: Seq,
) -> Result<Option<Event>, sqlx::Error> {
    let (at, user) = (pending.at, pending.by.clone());
    let event = match &pending.change {
        // These are stored in runs, by `append.rs`.
        RoomChange::Post { .. } | RoomChange::Join { .. } | RoomChange::Leave => return Ok(None),
        RoomChange::Edit { message_id, text, remove_files } => {
            edit(transaction, *message_id, text.as_str(), &at.to_string(), seq).await?;
            attachments::remove(transaction, *message_id, remove_files, &at.to_string()).await?;
            Event::Edited(Edited {
                seq,
                message_id: *message_id,
                text: Some(text.clone()),
                at,
                removed_files: remove_files.clone(),
            })
        }
        RoomChange::Delete { message_id } => {
            let message_seq = delete(transaction, *message_id, &at.to_string(), seq).await?;
            attachments::remove_all(transaction, *message_id, &at.to_string()).await?;
            Event::Deleted(Deleted { seq, message_id: *message_id, message_seq, by: user.id, at })
        }
        RoomChange::React { message_id, emoji, on } => {
            react(transaction, *message_id, emoji, &user, seq, *on).await?;
            sqlx::query("UPDATE messages SET version = ?2 WHERE id = ?1")
                .bind(message_id.0)
                .bind(seq.0)
                .execute(&mut **transaction)
                .await?;
            Event::Reacted(Reacted { seq, message_id: *message_id, user, emoji: emoji.clone(), on: *on, at })
        }
        RoomChange::Describe { topic } => {
            describe(transaction, pending.room, topic).await?;
            Event::Described(Described { seq, user, topic: topic.clone(), at })
        }
    };
    record(transaction, pending, &event).await?;
    Ok(Some(event))
}

/// Adds or removes a reaction. Removal covers every form of the emoji that older versions have stored.
async fn react(
    transaction: &mut SqliteTransaction<'_>,
    message: MessageId,
    emoji: &Emoji,
    user: &User,
    seq: Seq,
    on: bool,
) -> Result<(), sqlx::Error> {
    let stored: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT DISTINCT CAST(emoji AS BLOB) FROM reactions WHERE message_id = ?1")
            .bind(message.0)
            .fetch_all(&mut **transaction)
            .await?;
    let stored = stored.iter().map(|stored| String::from_utf8_lossy(stored));
    let forms: Vec<_> = stored.filter(|stored| shown_emoji(stored) == *emoji).collect();
    let statement = if on {
        "INSERT INTO reactions (message_id, emoji, user_id, user, seq, since)
         SELECT ?1, ?4, ?3, ?5, ?6, coalesce(min(since), ?6)
         FROM reactions WHERE message_id = ?1 AND emoji IN (SELECT value FROM json_each(?2))"
    } else {
        "DELETE FROM reactions
         WHERE message_id = ?1 AND emoji IN (SELECT value FROM json_each(?2)) AND user_id = ?3"
    };
    // Serialising fails only for map keys, which a list of strings does not have.
    let forms = serde_json::to_string(&forms).unwrap_or_default();
    let mut query = sqlx::query(statement).bind(message.0).bind(forms).bind(user.id.0);
    if on {
        query = query.bind(emoji.as_str()).bind(user.name.as_str()).bind(seq.0);
    }
    query.execute(&mut **transaction).await?;
    Ok(())
}

async fn edit(
    transaction: &mut SqliteTransaction<'_>,
    message: MessageId,
    text: &str,
    at: &str,
    seq: Seq,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO edits (message_id, number, text, since)
         SELECT id, (SELECT count(*) + 1 FROM edits WHERE message_id = messages.id), text,
                coalesce(edited_at, created_at)
         FROM messages WHERE id = ?1",
    )
    .bind(message.0)
    .execute(&mut **transaction)
    .await?;
    sqlx::query("UPDATE messages SET text = ?2, edited_at = ?3, version = ?4 WHERE id = ?1")
        .bind(message.0)
        .bind(text)
        .bind(at)
        .bind(seq.0)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Deletes a message: removes its text, earlier versions and reactions, and the texts of its edit events.
async fn delete(
    transaction: &mut SqliteTransaction<'_>,
    message: MessageId,
    at: &str,
    seq: Seq,
) -> Result<Seq, sqlx::Error> {
    for statement in [
        "DELETE FROM edits WHERE message_id = ?1",
        "DELETE FROM reactions WHERE message_id = ?1",
        "UPDATE events SET text = NULL WHERE message_id = ?1 AND kind = 'edited'",
    ] {
        sqlx::query(statement).bind(message.0).execute(&mut **transaction).await?;
    }
    let message_seq = sqlx::query_scalar(
        "UPDATE messages SET text = '', deleted_at = ?2, edited_at = NULL, reply_to = NULL, version = ?3
         WHERE id = ?1 RETURNING seq",
    )
    .bind(message.0)
    .bind(at)
    .bind(seq.0)
    .fetch_one(&mut **transaction)
    .await?;
    Ok(Seq(message_seq))
}

async fn describe(
    transaction: &mut SqliteTransaction<'_>,
    room: RoomId,
    topic: &Topic,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE rooms SET topic = ?2 WHERE id = ?1")
        .bind(room.0)
        .bind(topic.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

async fn record(
    transaction: &mut SqliteTransaction<'_>,
    pending: &PendingEvent,
    event: &Event,
) -> Result<(), sqlx::Error> {
    let removed_files = match event {
        Event::Edited(edited) if !edited.removed_files.is_empty() => {
            Some(rows::encode(&edited.removed_files)?)
        }
        _ => None,
    };
    let (kind, text) = match event {
        Event::Posted(_) | Event::Joined(_) | Event::Left(_) => return Ok(()),
        Event::Edited(edited) => ("edited", edited.text.as_ref().map(ToString::to_string)),
        Event::Deleted(_) => ("deleted", None),
        Event::Reacted(reacted) if reacted.on => ("reacted", Some(reacted.emoji.to_string())),
        Event::Reacted(reacted) => ("unreacted", Some(reacted.emoji.to_string())),
        Event::Described(described) => ("described", Some(described.topic.to_string())),
    };
    sqlx::query(
        "INSERT INTO events (room_id, seq, kind, created_at, user_id, user, message_id, text, removed_files)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )
    .bind(pending.room.0)
    .bind(event.seq().0)
    .bind(kind)
    .bind(pending.at.to_string())
    .bind(pending.by.id.0)
    .bind(pending.by.name.as_str())
    .bind(pending.target().map(|message| message.0))
    .bind(text)
    .bind(removed_files)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}
