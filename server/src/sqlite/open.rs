//! Opening the database of a data folder, and what can be wrong with it.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use hubbub_protocol::Epoch;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::SqliteStore;
use super::writer::Writer;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Read-only connections. Reads are short; more would only hold more page caches.
const READERS: u32 = 4;
/// Jobs that may wait for the writer before those who send them wait too.
const WRITER_QUEUE_JOBS: usize = 4_096;
/// Size up to which a database is looked through at every start: a fraction of a second. A larger one opens at
/// once, and a damage shows when its page is read.
const MAX_CHECKED_BYTES: u64 = 64 * 1024 * 1024;
/// How long a connection waits for a lock that another program holds, such as a backup.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

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
        let lock = claim(folder)?;
        let file = folder.join("chat.db");
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .disable_statement_logging();
        let corrupt =
            |cause: sqlx::Error| OpenError::Corrupt { file: file.clone(), cause: cause.to_string() };

        let mut connection = SqliteConnection::connect_with(&options).await.map_err(corrupt)?;
        check(&mut connection, &file).await?;
        migrate(&mut connection, &file).await?;
        // Whom they belonged to comes back by another one, or not at all.
        sqlx::query("DELETE FROM sessions WHERE expires_at <= strftime('%Y-%m-%dT%H:%M:%fZ')")
            .execute(&mut connection)
            .await
            .map_err(corrupt)?;
        let epoch = sqlx::query_scalar("SELECT value FROM server WHERE key = 'epoch'")
            .fetch_one(&mut connection)
            .await
            .map_err(corrupt)?;

        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.read_only(true).create_if_missing(false))
            .await
            .map_err(corrupt)?;
        let (jobs, queue) = mpsc::channel(WRITER_QUEUE_JOBS);
        let writer = Writer::new(connection, queue, lock);
        Ok((Self { readers, jobs, epoch: Epoch(epoch) }, tokio::spawn(writer.run())))
    }
}

/// Makes the folder and takes it for this process: two writers with their own idea of the newest position
/// would number messages twice. The system frees the lock when the process ends, however it ends.
fn claim(folder: &Path) -> Result<File, OpenError> {
    let failed = |cause| OpenError::Folder { folder: folder.to_owned(), cause };
    fs::create_dir_all(folder).map_err(failed)?;
    let lock = File::create(folder.join("hubbub.lock")).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(folder.to_owned())),
        Err(TryLockError::Error(cause)) => Err(failed(cause)),
    }
}

/// Looks through all pages, before anything is written on top of a damage.
async fn check(connection: &mut SqliteConnection, file: &Path) -> Result<(), OpenError> {
    let bytes = fs::metadata(file).map_or(0, |metadata| metadata.len());
    if bytes > MAX_CHECKED_BYTES {
        return Ok(());
    }
    let found: Result<String, _> = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(connection).await;
    let cause = match found {
        Ok(verdict) if verdict == "ok" => return Ok(()),
        Ok(damage) => damage.lines().next_back().unwrap_or_default().to_owned(),
        Err(error) => error.to_string(),
    };
    Err(OpenError::Corrupt { file: file.to_owned(), cause })
}

async fn migrate(connection: &mut SqliteConnection, file: &Path) -> Result<(), OpenError> {
    MIGRATIONS.run_direct(None, connection, false).await.map_err(|error| match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => {
            OpenError::Newer(file.to_owned())
        }
        MigrateError::Execute(cause) => {
            OpenError::Corrupt { file: file.to_owned(), cause: cause.to_string() }
        }
        cause => OpenError::Migration { file: file.to_owned(), cause },
    })
}
