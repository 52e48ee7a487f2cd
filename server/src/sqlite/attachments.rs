//! Attachments: the files of messages, as posts, edits and deletions change them.

use std::collections::HashMap;

use hubbub_chat::PendingEvent;
use hubbub_protocol::{Attachment, FileId, MessageId};
use sqlx::sqlite::SqliteTransaction;

use super::rows::{self, AttachmentRow, attachment_json};

/// Returns those of the requested files that may become attachments, in the order of the request: complete uploads of
/// the author in the room that no message has.
pub(super) async fn postable(
    transaction: &mut SqliteTransaction<'_>,
    pending: &PendingEvent,
) -> Result<Vec<Attachment>, sqlx::Error> {
    if pending.files().is_empty() {
        return Ok(Vec::new());
    }
    let found: String = sqlx::query_scalar(concat!(
        "SELECT json_group_array(",
        attachment_json!(),
        ") FROM files
         WHERE id IN (SELECT value FROM json_each(?1)) AND owner_id = ?2 AND room_id = ?3
           AND completed_at IS NOT NULL AND message_id IS NULL AND deleted_at IS NULL"
    ))
    .bind(rows::encode(&pending.files())?)
    .bind(pending.by.id.0)
    .bind(pending.room.0)
    .fetch_one(&mut **transaction)
    .await?;
    let found = rows::decode::<Vec<AttachmentRow<'_>>>(&found)?.into_iter().map(Attachment::from);
    let mut found: HashMap<FileId, Attachment> = found.map(|file| (file.id, file)).collect();
    Ok(pending.files().iter().filter_map(|id| found.remove(id)).collect())
}

/// Gives files to messages. `rows` is a JSON array of arrays of file id, message id and position.
pub(super) async fn attach(transaction: &mut SqliteTransaction<'_>, rows: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE files SET message_id = row.value ->> 1, position = row.value ->> 2
         FROM json_each(?1) AS row WHERE files.id = row.value ->> 0",
    )
    .bind(rows)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Removes these attachments of a message. Their content is deleted later.
pub(super) async fn remove(
    transaction: &mut SqliteTransaction<'_>,
    message: MessageId,
    files: &[FileId],
    at: &str,
) -> Result<(), sqlx::Error> {
    if files.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE files SET deleted_at = ?3
         WHERE message_id = ?1 AND id IN (SELECT value FROM json_each(?2)) AND deleted_at IS NULL",
    )
    .bind(message.0)
    .bind(rows::encode(&files)?)
    .bind(at)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Removes all attachments of a message.
pub(super) async fn remove_all(
    transaction: &mut SqliteTransaction<'_>,
    message: MessageId,
    at: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE files SET deleted_at = ?2 WHERE message_id = ?1 AND deleted_at IS NULL")
        .bind(message.0)
        .bind(at)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
