//! Reads a database without changing it, for `hubbub check`.

use std::path::Path;

use hubbub_protocol::FileId;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Row};

use super::check::{IntegrityResult, check};
use super::storage_key::StorageKey;
use super::{fault, folder, rows};

/// The damage of a database and the files that it names.
#[derive(Debug)]
pub(crate) struct Inspection {
    /// Description of the damage, if there is any.
    pub(crate) damage: Option<String>,
    /// All complete files that are not deleted.
    pub(crate) files: Vec<InspectedFile>,
    /// Keys of deleted files and of incomplete uploads, whose objects may exist.
    pub(crate) unfinished: Vec<StorageKey>,
}

/// A complete file.
#[derive(Debug)]
pub(crate) struct InspectedFile {
    pub(crate) id: FileId,
    pub(crate) name: String,
    pub(crate) key: StorageKey,
    /// Size in bytes.
    pub(crate) size: u64,
}

/// Inspects the database in a folder.
///
/// # Errors
/// If there is no database, or it cannot be read; in one line.
pub(crate) async fn inspect(data: &Path) -> Result<Inspection, String> {
    let file = data.join(folder::DATABASE_FILE);
    let options = SqliteConnectOptions::new().filename(&file).read_only(true);
    let failed = |error: sqlx::Error| format!("cannot read {}: {}", file.display(), fault::describe(&error));
    let mut connection = options.connect().await.map_err(failed)?;
    let damage = match check(&mut connection).await {
        IntegrityResult::Healthy => None,
        IntegrityResult::Damaged(damage) => Some(damage),
        IntegrityResult::Failed(cause) => return Err(format!("cannot check {}: {cause}", file.display())),
    };
    let found = sqlx::query(
        "SELECT id, name, storage_key, size, completed_at IS NOT NULL AND deleted_at IS NULL AS is_complete
         FROM files ORDER BY id",
    );
    let found = found.fetch_all(&mut connection).await.map_err(failed)?;
    let (mut files, mut unfinished) = (Vec::new(), Vec::new());
    for row in &found {
        let key = rows::text(row, "storage_key").map_err(failed)?;
        let key = StorageKey::from_stored(&key);
        if !row.try_get::<bool, _>("is_complete").map_err(failed)? {
            unfinished.push(key);
            continue;
        }
        files.push(InspectedFile {
            id: FileId(row.try_get("id").map_err(failed)?),
            name: rows::text(row, "name").map_err(failed)?.into_owned(),
            key,
            size: u64::try_from(row.try_get::<i64, _>("size").map_err(failed)?).unwrap_or_default(),
        });
    }
    // The connection only reads, so nothing is lost if closing fails.
    _ = connection.close().await;
    Ok(Inspection { damage, files, unfinished })
}
