//! The database file, and how a writing connection is opened.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};

use super::file_identity::FileIdentity;

/// Maximum time that a connection waits for a lock of another program, such as a backup.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Size in KiB of the writer's page cache. Each commit of a busy server changes pages of the indexes of many rooms and users;
/// pages that are not in the cache are read from the files again.
const WRITER_CACHE_KIB: u32 = 8 * 1024;
/// Pages in the write-ahead log at which a commit also moves them into the database: 8 MiB. A page that many commits
/// change is moved once.
const CHECKPOINT_PAGES: u32 = 2_000;
/// Suffixes of the write-ahead log and of its index, which all programs that use the database share.
const LOG_SUFFIXES: [&str; 2] = ["-wal", "-shm"];

/// `chat.db` of one data folder.
#[derive(Clone, Debug)]
pub(super) struct Database {
    file: PathBuf,
    /// Identity of the file when it was opened first.
    identity: Option<FileIdentity>,
    /// Identities of the write-ahead log into which the writer commits and of its index; `None` while such a file does
    /// not exist.
    log_identities: [Option<FileIdentity>; LOG_SUFFIXES.len()],
    /// Size of the write-ahead log in bytes after the last commit.
    log_bytes: u64,
}

impl Database {
    pub(super) const fn new(file: PathBuf) -> Self {
        Self { file, identity: None, log_identities: [None; LOG_SUFFIXES.len()], log_bytes: 0 }
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// Stores the identity of the open file, for [`Database::is_in_place`].
    ///
    /// # Errors
    /// If the metadata of the file cannot be read.
    pub(super) fn record_identity(&mut self) -> io::Result<()> {
        self.identity = Some(FileIdentity::of_path(&self.file)?);
        Ok(())
    }

    /// Whether the path still refers to the file that was opened first. Data written to a file that was removed or
    /// replaced is lost when this process ends.
    pub(super) fn is_in_place(&self) -> bool {
        self.identity.is_none() || FileIdentity::of_path(&self.file).ok() == self.identity
    }

    /// Stores identity and size of the write-ahead log of the open connection, for [`Database::is_log_in_place`] and
    /// [`Database::has_log_shrunk`].
    pub(super) fn record_log(&mut self) {
        for (known, suffix) in self.log_identities.iter_mut().zip(LOG_SUFFIXES) {
            if known.is_none() {
                *known = FileIdentity::of_path(&with_suffix(&self.file, suffix)).ok();
            }
        }
        self.log_bytes = self.log_bytes();
    }

    /// Accepts any write-ahead log, because SQLite may delete it when the last connection is closed.
    pub(super) const fn forget_log(&mut self) {
        self.log_identities = [None; LOG_SUFFIXES.len()];
        self.log_bytes = 0;
    }

    /// Whether the file of the write-ahead log is shorter than after the writer's last commit. Either another program has
    /// made a checkpoint, which is harmless, or the file was truncated: SQLite would then read the missing pages as zeros.
    pub(super) fn has_log_shrunk(&self) -> bool {
        self.log_bytes() < self.log_bytes
    }

    /// Returns the size of the write-ahead log in bytes.
    pub(super) fn log_bytes(&self) -> u64 {
        std::fs::metadata(with_suffix(&self.file, LOG_SUFFIXES[0])).map_or(0, |metadata| metadata.len())
    }

    /// Whether the paths of the write-ahead log and its index still lead to the files that the writer has open. Commits in
    /// a removed log are lost when this process ends. Another program that finds no index creates its own, and then neither program
    /// knows the commits of the other.
    pub(super) fn is_log_in_place(&self) -> bool {
        self.log_identities.iter().zip(LOG_SUFFIXES).all(|(known, suffix)| {
            known.is_none() || FileIdentity::of_path(&with_suffix(&self.file, suffix)).ok() == *known
        })
    }

    /// Returns the options of connections. Only the first connection may create the file.
    pub(super) fn options(&self) -> SqliteConnectOptions {
        SqliteConnectOptions::new()
            .filename(&self.file)
            .create_if_missing(self.identity.is_none())
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .disable_statement_logging()
    }

    /// Opens a connection that may write.
    pub(super) async fn connect(&self) -> Result<SqliteConnection, sqlx::Error> {
        self.options()
            .pragma("cache_size", format!("-{WRITER_CACHE_KIB}"))
            .pragma("wal_autocheckpoint", CHECKPOINT_PAGES.to_string())
            .connect()
            .await
    }
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.to_owned().into_os_string();
    name.push(suffix);
    name.into()
}
