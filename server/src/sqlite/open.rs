//! Opening the database of a data folder, and what can be wrong with it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hubbub_protocol::Epoch;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::SqliteConnection;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::check::{self, IntegrityResult};
use super::database::Database;
use super::fault::{self, Fault};
use super::health::Health;
use super::lineage::Lineage;
use super::readers::Readers;
use super::writer::Writer;
use super::{SqliteStore, folder};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Jobs that may wait for the writer before those who send them wait too.
const WRITER_QUEUE_JOBS: usize = 4_096;

/// Why a database cannot be used. Each says in one line what to do; nothing has been overwritten.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder cannot be made or written.
    #[error("cannot write to the data folder {}: {cause}; choose another with --data", .folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The system's reason.
        cause: std::io::Error,
    },
    /// Another server has it open.
    #[error("the data folder {} is in use by another hubbub; stop it first, or choose another with --data", .0.display())]
    InUse(PathBuf),
    /// The file is not a database, or a damaged one.
    #[error("{} is not a healthy database: {cause}; it was left as it is; restore a backup or move it away", .file.display())]
    Corrupt {
        /// The file.
        file: PathBuf,
        /// What SQLite says.
        cause: String,
    },
    /// The file cannot be read or written now, and nothing says that it is damaged.
    #[error("cannot use {} now: {cause}; the file is as it was; start again when this is resolved", .file.display())]
    Unavailable {
        /// The file.
        file: PathBuf,
        /// What is wrong, and what SQLite says.
        cause: String,
    },
    /// A later version of the program has been here.
    #[error("{} was written by a newer hubbub; use that version or a later one", .0.display())]
    Newer(PathBuf),
    /// A migration failed or was changed after it had run.
    #[error("cannot bring {} up to date: {cause}", .file.display())]
    Migration {
        /// The file.
        file: PathBuf,
        /// What went wrong.
        cause: MigrateError,
    },
}

impl SqliteStore {
    /// Opens `folder/chat.db`, makes it if there is none, and starts its writer. The writer ends, with
    /// everything written, when the last clone of the store is dropped.
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
            // Before anything is written on top of a damage.
            match check::check(&mut connection).await {
                IntegrityResult::Healthy => {}
                IntegrityResult::Damaged(cause) => return Err(OpenError::Corrupt { file, cause }),
                IntegrityResult::Failed(cause) => return Err(OpenError::Unavailable { file, cause }),
            }
        }
        migrate(&mut connection, &file).await?;
        // Now that it is known to be this program's.
        folder::tighten(folder);
        database.identify().map_err(|cause| failed(cause.into()))?;
        // The browsers they belonged to come back with another one, or not at all.
        let expired = sqlx::query("DELETE FROM sessions WHERE expires_at <= strftime('%Y-%m-%dT%H:%M:%fZ')");
        if let Err(error) = expired.execute(&mut connection).await {
            // The disk is full: people can read all the same, and an expired session opens nothing.
            tracing::warn!(cause = fault::describe(&error), "expired sessions could not be deleted");
        }
        let lineage = Lineage::resume(&mut connection, folder).await.map_err(failed)?;
        // On a connection of its own: a commit that fails leaves one that cannot be used.
        let mut names = database.connect().await.map_err(failed)?;
        if let Err(error) = super::names::complete(&mut names).await {
            // The next start goes on; until then, such an account is found by its name as it is stored.
            tracing::warn!(cause = fault::describe(&error), "the names of older versions could not be read");
        }
        drop(names);
        let epoch = sqlx::query_scalar("SELECT value FROM server WHERE key = 'epoch'")
            .fetch_one(&mut connection)
            .await
            .map_err(failed)?;

        let health = Health::default();
        let options = database.options().read_only(true);
        let readers = Readers::open(options.clone(), health.clone()).await.map_err(failed)?;
        let (requests, queue) = mpsc::channel(WRITER_QUEUE_JOBS);
        let writer = Writer::new(database, connection, queue, health.clone(), lineage, lock);
        let watch = check::watch(options, health.clone(), is_quick);
        let running = tokio::spawn(async move {
            tokio::select! {
                () = writer.run() => {}
                () = watch => {}
            }
        });
        let store = Self { readers: Arc::new(readers), requests, health, epoch: Epoch(epoch) };
        Ok((store, running))
    }
}

/// A database that cannot be used is damaged only if SQLite says so. A full disk is none of its fault.
fn failed(file: &Path, error: &sqlx::Error) -> OpenError {
    let (file, cause) = (file.to_owned(), fault::describe(error));
    match Fault::of(error) {
        Some(Fault::Damaged) | None => OpenError::Corrupt { file, cause },
        Some(_) => OpenError::Unavailable { file, cause },
    }
}

async fn migrate(connection: &mut SqliteConnection, file: &Path) -> Result<(), OpenError> {
    MIGRATIONS.run_direct(None, connection, false).await.map_err(|error| match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => {
            OpenError::Newer(file.to_owned())
        }
        MigrateError::Execute(cause) => failed(file, &cause),
        MigrateError::ExecuteMigration(cause, _) if Fault::of(&cause).is_some() => failed(file, &cause),
        cause => OpenError::Migration { file: file.to_owned(), cause },
    })
}
