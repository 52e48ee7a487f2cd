//! The database file, and how a connection that writes to it is opened.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};

/// How long a connection waits for a lock that another program holds, such as a backup.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// `chat.db` of one data folder.
#[derive(Clone, Debug)]
pub(super) struct Database {
    file: PathBuf,
    /// Which file it was when it was opened first.
    identity: Option<FileIdentity>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileIdentity {
    device: u64,
    inode: u64,
}

impl Database {
    pub(super) const fn new(file: PathBuf) -> Self {
        Self { file, identity: None }
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// Remembers which file is open, for [`Database::is_in_place`].
    ///
    /// # Errors
    /// When the file cannot be looked at.
    pub(super) fn identify(&mut self) -> io::Result<()> {
        self.identity = Some(identity(&self.file)?);
        Ok(())
    }

    /// Whether the path still leads to the file that was opened first. What is written to a file that was removed or
    /// replaced is gone with the end of this process.
    pub(super) fn is_in_place(&self) -> bool {
        self.identity.is_none() || identity(&self.file).ok() == self.identity
    }

    /// How the connections are opened. Only the first one may make the file.
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

    /// A connection that writes.
    pub(super) async fn connect(&self) -> Result<SqliteConnection, sqlx::Error> {
        self.options().connect().await
    }
}

#[cfg(unix)]
fn identity(file: &Path) -> io::Result<FileIdentity> {
    use std::os::unix::fs::MetadataExt;

    let metadata = fs::metadata(file)?;
    Ok(FileIdentity { device: metadata.dev(), inode: metadata.ino() })
}

/// Elsewhere an open file cannot be removed.
#[cfg(not(unix))]
fn identity(file: &Path) -> io::Result<FileIdentity> {
    fs::metadata(file).map(|_| FileIdentity { device: 0, inode: 0 })
}
