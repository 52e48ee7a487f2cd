//! The database file, and how a writing connection is opened.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};

/// Maximum time that a connection waits for a lock of another program, such as a backup.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// `chat.db` of one data folder.
#[derive(Clone, Debug)]
pub(super) struct Database {
    file: PathBuf,
    /// Identity of the file when it was opened first.
    identity: Option<FileIdentity>,
    /// Identity of the write-ahead log into which the writer commits; `None` while the file does not exist.
    log_identity: Option<FileIdentity>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileIdentity {
    device: u64,
    inode: u64,
}

impl Database {
    pub(super) const fn new(file: PathBuf) -> Self {
        Self { file, identity: None, log_identity: None }
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// Stores the identity of the open file, for [`Database::is_in_place`].
    ///
    /// # Errors
    /// If the metadata of the file cannot be read.
    pub(super) fn record_identity(&mut self) -> io::Result<()> {
        self.identity = Some(identity(&self.file)?);
        Ok(())
    }

    /// Whether the path still refers to the file that was opened first. Data written to a file that was removed or
    /// replaced is lost when this process ends.
    pub(super) fn is_in_place(&self) -> bool {
        self.identity.is_none() || identity(&self.file).ok() == self.identity
    }

    /// Stores the identity of the write-ahead log of the open connection, for [`Database::is_log_in_place`].
    pub(super) fn record_log(&mut self) {
        if self.log_identity.is_none() {
            self.log_identity = identity(&self.log_file()).ok();
        }
    }

    /// Accepts any write-ahead log, because SQLite may delete it when the last connection is closed.
    pub(super) fn forget_log(&mut self) {
        self.log_identity = None;
    }

    /// Whether the write-ahead log is still the one into which the writer commits. Commits in a log that was removed are
    /// lost when this process ends.
    pub(super) fn is_log_in_place(&self) -> bool {
        self.log_identity.is_none() || identity(&self.log_file()).ok() == self.log_identity
    }

    fn log_file(&self) -> PathBuf {
        let mut name = self.file.clone().into_os_string();
        name.push("-wal");
        name.into()
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
        self.options().connect().await
    }
}

#[cfg(unix)]
fn identity(file: &Path) -> io::Result<FileIdentity> {
    use std::os::unix::fs::MetadataExt;

    let metadata = fs::metadata(file)?;
    Ok(FileIdentity { device: metadata.dev(), inode: metadata.ino() })
}

/// On other systems an open file cannot be removed.
#[cfg(not(unix))]
fn identity(file: &Path) -> io::Result<FileIdentity> {
    fs::metadata(file).map(|_| FileIdentity { device: 0, inode: 0 })
}
