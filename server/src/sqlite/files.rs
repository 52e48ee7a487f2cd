//! The files of messages and their uploads, without their bytes.

use hubbub_protocol::{Attachment, FileId, FileName, MessageId, RoomId, Timestamp, UserId};
use sqlx::sqlite::{SqliteRow, SqliteTransaction};
use sqlx::{Row, SqlitePool};

use super::rows;
use super::storage_key::StorageKey;

/// A file or an upload as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct FileRecord {
    pub(crate) id: FileId,
    pub(crate) owner: UserId,
    pub(crate) room: RoomId,
    /// The message that contains the file, if it was posted.
    pub(crate) message: Option<MessageId>,
    pub(crate) key: StorageKey,
    pub(crate) name: FileName,
    /// Bytes of the whole file; of the upload, while it is not complete.
    pub(crate) size: u64,
    /// Bytes that are on the disk for certain.
    pub(crate) received: u64,
    pub(crate) created_at: Timestamp,
    /// Set when the upload is complete.
    pub(crate) facts: Option<FileFacts>,
    pub(crate) is_deleted: bool,
}

/// Facts about the content of a complete file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FileFacts {
    /// Media type, found from the content.
    pub(crate) content_type: String,
    /// SHA-256 of the content as hexadecimal digits.
    pub(crate) sha256: String,
    /// Width and height of a picture in pixels, as it is shown.
    pub(crate) pixels: Option<(u32, u32)>,
    /// A tiny version of a picture.
    pub(crate) preview: Option<String>,
}

/// An upload that begins.
#[derive(Clone, Debug)]
pub(crate) struct NewFile {
    pub(crate) owner: UserId,
    pub(crate) room: RoomId,
    /// The client's id of the upload.
    pub(crate) upload_id: String,
    pub(crate) key: StorageKey,
    pub(crate) name: FileName,
    pub(crate) size: u64,
    pub(crate) at: Timestamp,
}

/// A change of a file or an upload.
#[derive(Debug)]
pub(crate) enum FileChange {
    /// Creates an upload, unless the owner has one with this upload id.
    Create(NewFile),
    /// Stores how many bytes of an upload are on the disk.
    Receive { file: FileId, received: u64 },
    /// Completes an upload of `received` bytes; the file that is stored has `size` bytes.
    Complete { file: FileId, received: u64, size: u64, facts: FileFacts, at: Timestamp },
    /// Marks a file that is not part of a message as deleted.
    Delete { file: FileId, at: Timestamp },
    /// Removes the row of a deleted file, after its object was removed.
    Forget { file: FileId },
}

/// The bytes that uploads and files occupy, counted with the size that incomplete uploads will have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct StorageUsage {
    pub(crate) of_user: u64,
    pub(crate) in_total: u64,
    /// Number of files of the user that are not part of a message.
    pub(crate) unposted: u64,
}

impl FileRecord {
    /// Returns the length of the upload. The file may be smaller, because private data of pictures is removed.
    pub(crate) const fn upload_bytes(&self) -> u64 {
        if self.facts.is_some() { self.received } else { self.size }
    }

    /// Returns the file as clients see it; `None` while its upload is not complete, and after its deletion.
    pub(crate) fn attachment(&self) -> Option<Attachment> {
        let facts = self.facts.as_ref().filter(|_| !self.is_deleted)?;
        Some(Attachment {
            id: self.id,
            name: self.name.clone(),
            size: self.size,
            content_type: facts.content_type.clone(),
            width: facts.pixels.map(|(width, _)| width),
            height: facts.pixels.map(|(_, height)| height),
            preview: facts.preview.clone(),
        })
    }
}

macro_rules! files {
    () => {
        "SELECT id, owner_id, room_id, message_id, storage_key, name, size, received, content_type, sha256, width, \
         height, preview, created_at, completed_at IS NOT NULL AS is_complete, deleted_at IS NOT NULL AS is_deleted \
         FROM files "
    };
}

/// Returns the file with this id.
pub(super) async fn by_id(readers: &SqlitePool, file: FileId) -> Result<Option<FileRecord>, sqlx::Error> {
    let query = sqlx::query(concat!(files!(), "WHERE id = ?1")).bind(file.0);
    query.fetch_optional(readers).await?.as_ref().map(record).transpose()
}

/// Returns the file whose object has this key.
pub(super) async fn by_key(
    readers: &SqlitePool,
    key: &StorageKey,
) -> Result<Option<FileRecord>, sqlx::Error> {
    let query = sqlx::query(concat!(files!(), "WHERE storage_key = ?1")).bind(key.as_str());
    query.fetch_optional(readers).await?.as_ref().map(record).transpose()
}

/// Returns the upload of a user with this id of the client.
pub(super) async fn by_upload_id(
    readers: &SqlitePool,
    owner: UserId,
    upload_id: &str,
) -> Result<Option<FileRecord>, sqlx::Error> {
    let query = sqlx::query(concat!(files!(), "WHERE owner_id = ?1 AND upload_id = ?2"));
    query.bind(owner.0).bind(upload_id).fetch_optional(readers).await?.as_ref().map(record).transpose()
}

/// Returns at most `limit` files that are not part of a message and were created before a time, oldest first.
pub(super) async fn unposted_before(
    readers: &SqlitePool,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<FileRecord>, sqlx::Error> {
    let query = sqlx::query(concat!(
        files!(),
        "WHERE message_id IS NULL AND deleted_at IS NULL AND created_at < ?1 ORDER BY id LIMIT ?2"
    ));
    query.bind(before.to_string()).bind(limit).fetch_all(readers).await?.iter().map(record).collect()
}

/// Returns at most `limit` deleted files after the id `after`, in the order of their ids.
pub(super) async fn deleted_after(
    readers: &SqlitePool,
    after: FileId,
    limit: u32,
) -> Result<Vec<FileRecord>, sqlx::Error> {
    let query =
        sqlx::query(concat!(files!(), "WHERE deleted_at IS NOT NULL AND id > ?1 ORDER BY id LIMIT ?2"));
    query.bind(after.0).bind(limit).fetch_all(readers).await?.iter().map(record).collect()
}

/// Returns the bytes in use. Deleted files do not count.
pub(super) async fn usage(readers: &SqlitePool, user: UserId) -> Result<StorageUsage, sqlx::Error> {
    let row = sqlx::query(
        "SELECT coalesce(sum(size) FILTER (WHERE owner_id = ?1), 0) AS of_user, coalesce(sum(size), 0) AS in_total,
                count(*) FILTER (WHERE owner_id = ?1 AND message_id IS NULL) AS unposted
         FROM files WHERE deleted_at IS NULL",
    );
    let row = row.bind(user.0).fetch_one(readers).await?;
    Ok(StorageUsage {
        of_user: unsigned(&row, "of_user")?,
        in_total: unsigned(&row, "in_total")?,
        unposted: unsigned(&row, "unposted")?,
    })
}

/// Executes a change, and returns the file in its new state. `None` if there is no such file, or if the change does not
/// apply to it.
pub(super) async fn change(
    transaction: &mut SqliteTransaction<'_>,
    change: FileChange,
) -> Result<Option<FileRecord>, sqlx::Error> {
    let file = match change {
        FileChange::Create(new) => return create(transaction, new).await.map(Some),
        FileChange::Receive { file, received } => {
            let update = sqlx::query("UPDATE files SET received = ?2 WHERE id = ?1 AND completed_at IS NULL");
            update.bind(file.0).bind(signed(received)).execute(&mut **transaction).await?;
            file
        }
        FileChange::Complete { file, received, size, facts, at } => {
            sqlx::query(
                "UPDATE files SET size = ?2, received = ?9, content_type = ?3, sha256 = ?4, width = ?5, height = ?6,
                                  preview = ?7, completed_at = ?8
                 WHERE id = ?1 AND completed_at IS NULL AND deleted_at IS NULL",
            )
            .bind(file.0)
            .bind(signed(size))
            .bind(facts.content_type)
            .bind(facts.sha256)
            .bind(facts.pixels.map(|(width, _)| width))
            .bind(facts.pixels.map(|(_, height)| height))
            .bind(facts.preview)
            .bind(at.to_string())
            .bind(signed(received))
            .execute(&mut **transaction)
            .await?;
            file
        }
        FileChange::Delete { file, at } => {
            let update = sqlx::query(
                "UPDATE files SET deleted_at = ?2 WHERE id = ?1 AND message_id IS NULL AND deleted_at IS NULL",
            );
            update.bind(file.0).bind(at.to_string()).execute(&mut **transaction).await?;
            file
        }
        FileChange::Forget { file } => {
            let delete = sqlx::query("DELETE FROM files WHERE id = ?1 AND deleted_at IS NOT NULL");
            delete.bind(file.0).execute(&mut **transaction).await?;
            file
        }
    };
    let query = sqlx::query(concat!(files!(), "WHERE id = ?1")).bind(file.0);
    query.fetch_optional(&mut **transaction).await?.as_ref().map(record).transpose()
}

async fn create(transaction: &mut SqliteTransaction<'_>, new: NewFile) -> Result<FileRecord, sqlx::Error> {
    sqlx::query(
        "INSERT INTO files (owner_id, room_id, upload_id, storage_key, name, size, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (owner_id, upload_id) DO NOTHING",
    )
    .bind(new.owner.0)
    .bind(new.room.0)
    .bind(&new.upload_id)
    .bind(new.key.as_str())
    .bind(new.name.as_str())
    .bind(signed(new.size))
    .bind(new.at.to_string())
    .execute(&mut **transaction)
    .await?;
    let query = sqlx::query(concat!(files!(), "WHERE owner_id = ?1 AND upload_id = ?2"));
    record(&query.bind(new.owner.0).bind(&new.upload_id).fetch_one(&mut **transaction).await?)
}

fn record(row: &SqliteRow) -> Result<FileRecord, sqlx::Error> {
    let is_complete: bool = row.try_get("is_complete")?;
    let (width, height): (Option<u32>, Option<u32>) = (row.try_get("width")?, row.try_get("height")?);
    let facts = is_complete.then(|| {
        Ok::<_, sqlx::Error>(FileFacts {
            content_type: rows::text(row, "content_type")?.into_owned(),
            sha256: row.try_get::<Option<String>, _>("sha256")?.unwrap_or_default(),
            pixels: width.zip(height),
            preview: row.try_get("preview")?,
        })
    });
    Ok(FileRecord {
        id: FileId(row.try_get("id")?),
        owner: UserId(row.try_get("owner_id")?),
        room: RoomId(row.try_get("room_id")?),
        message: row.try_get::<Option<i64>, _>("message_id")?.map(MessageId),
        key: StorageKey::from_stored(&rows::text(row, "storage_key")?),
        name: FileName::from_stored(rows::text(row, "name")?),
        size: unsigned(row, "size")?,
        received: unsigned(row, "received")?,
        created_at: rows::time(row, "created_at")?,
        facts: facts.transpose()?,
        is_deleted: row.try_get("is_deleted")?,
    })
}

/// Decodes a number that is never negative.
fn unsigned(row: &SqliteRow, column: &str) -> Result<u64, sqlx::Error> {
    Ok(u64::try_from(row.try_get::<i64, _>(column)?).unwrap_or_default())
}

/// SQLite has no unsigned numbers. Sizes are far below the limit.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
