//! Opens the database of a data folder, and defines the errors of doing so.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hubbub_protocol::Epoch;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::check::{self, IntegrityResult};
use super::database::Database;
use super::fault::{self, Fault};
use super::health::Health;
use super::lineage::Lineage;
use super::migrations::migrator;
use super::readers::Readers;
use super::writer::Writer;
use super::{SqliteStore, folder};

/// Maximum number of requests that wait for the writer. Beyond it, callers wait to send.
const WRITER_QUEUE_REQUESTS: usize = 4_096;

/// Reason why a database cannot be used. Each message says in one line what to do; nothing has been overwritten.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder cannot be created or written.
    #[error("cannot write to the data folder {}: {cause}; choose another with --data", .folder.display())]
    Folder {
        /// The data folder.
        folder: PathBuf,
        /// The error of the system.
        cause: std::io::Error,
    },
    /// Another server uses the folder.
    #[error("the data folder {} is in use by another hubbub process; stop it first, or choose another with --data", .0.display())]
    InUse(PathBuf),
    /// The file is not a database, or is damaged.
    #[error("{} is not a healthy database: {cause}; it was not changed; restore a backup or move it away", .file.display())]
    Corrupt {
        /// The database file.
        file: PathBuf,
        /// The error of SQLite.
        cause: String,
    },
    /// The file cannot be read or written at the moment, without a sign of damage.
    #[error("cannot use {} now: {cause}; it was not changed; start again when the cause is removed", .file.display())]
    Unavailable {
        /// The database file.
        file: PathBuf,
        /// The fault and the error of SQLite.
        cause: String,
    },
    /// A newer version of the program has written the database.
    #[error("{} was written by a newer version of hubbub; use that version or a later one", .0.display())]
    Newer(PathBuf),
    /// A migration failed, or was changed after it had run.
    #[error("cannot migrate {}: {cause}", .file.display())]
    Migration {
        /// The database file.
        file: PathBuf,
        /// The error of the migration.
        cause: MigrateError,
    },
}

impl SqliteStore {
    /// Opens `folder/chat.db`, creates it if it does not exist, and starts its writer. The writer writes all requests
    /// and ends when the last clone of the store is dropped.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open(folder: &Path) -> Result<(Self, JoinHandle<()>), OpenError> {
        let lock = folder::claim(folder)?;
        let mut database = Database::new(folder.join(folder::DATABASE_FILE));
        let file = database.file().to_owned();
        let failed = |cause: sqlx::Error| failed(&file, &cause);

        let mut connection = database.connect().await.map_err(failed)?;
        let is_quick = check::is_quick(&file);
        if is_quick {
            // The database is checked before the first write, which could make damage worse.
            match check::check(&mut connection).await {
                IntegrityResult::Healthy => {}
                IntegrityResult::Damaged(cause) => return Err(OpenError::Corrupt { file, cause }),
                IntegrityResult::Failed(cause) => return Err(OpenError::Unavailable { file, cause }),
            }
        }
        migrate(&mut connection, &file).await?;
        // Only now is the folder known to belong to this program.
        folder::tighten(folder);
        database.record_identity().map_err(|cause| failed(cause.into()))?;
        // Expired sessions are useless: their browsers sign in again and get new sessions.
        let expired = sqlx::query("DELETE FROM sessions WHERE expires_at <= strftime('%Y-%m-%dT%H:%M:%fZ')");
        if let Err(error) = expired.execute(&mut connection).await {
            // The disk may be full. Reading still works, and an expired session is not accepted.
            tracing::warn!(
                cause = fault::describe(&error),
                "expired sessions could not be deleted; the next start tries again"
            );
        }
        let lineage = Lineage::resume(&mut connection, folder).await.map_err(failed)?;
        // The names are completed on a separate connection, because a failed commit makes a connection unusable.
        let mut names = database.connect().await.map_err(failed)?;
        if let Err(error) = super::names::compute_missing_forms(&mut names).await {
            // The next start continues. Until then such an account is found only by its stored name.
            tracing::warn!(
                cause = fault::describe(&error),
                "the comparison forms of some user names could not be stored; the next start tries again"
            );
        }
        drop(names);
        let epoch = sqlx::query_scalar("SELECT value FROM server WHERE key = 'epoch'")
            .fetch_one(&mut connection)
            .await
            .map_err(failed)?;

        let health = Health::default();
        let options = database.options().read_only(true);
        let readers = Arc::new(Readers::open(options.clone(), health.clone()).await.map_err(failed)?);
        let (requests, queue) = mpsc::channel(WRITER_QUEUE_REQUESTS);
        let for_writer = Arc::downgrade(&readers);
        database.record_log();
        let writer = Writer::new(database, connection, for_writer, queue, health.clone(), lineage, lock);
        let watch = check::watch(options, health.clone(), is_quick);
        let running = tokio::spawn(async move {
            tokio::select! {
                () = writer.run() => {}
                () = watch => {}
            }
        });
        let store = Self { readers, requests, health, epoch: Epoch(epoch) };
        Ok((store, running))
    }
}

/// Treats a database as damaged only if SQLite reports it; a full disk, for example, is no damage.
fn failed(file: &Path, error: &sqlx::Error) -> OpenError {
    let (file, cause) = (file.to_owned(), fault::describe(error));
    match Fault::of(error) {
        Some(Fault::Damaged) | None => OpenError::Corrupt { file, cause },
        Some(_) => OpenError::Unavailable { file, cause },
    }
}

async fn migrate(connection: &mut SqliteConnection, file: &Path) -> Result<(), OpenError> {
    migrator().run_direct(None, connection, false).await.map_err(|error| match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => {
            OpenError::Newer(file.to_owned())
        }
        MigrateError::Execute(cause) => failed(file, &cause),
        MigrateError::ExecuteMigration(cause, _) if Fault::of(&cause).is_some() => failed(file, &cause),
        cause => OpenError::Migration { file: file.to_owned(), cause },
    })
}
