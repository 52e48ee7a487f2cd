//! Detects that the database is in an earlier state than the folder: a backup was restored, or the end of the
//! write-ahead log was lost. The database then gets a new epoch, because the positions assigned since that state are
//! assigned again, and clients would mistake new events for known ones.
//!
//! There are two signs. A file beside the database counts the assigned positions after each commit: a database with
//! fewer positions went back. And the database stores the lock file's inode and change time, which no copy keeps, so a
//! folder that was restored as a whole, with its counter, is also detected.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use hubbub_protocol::MAX_CATCH_UP_EVENTS;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

use super::{folder, rows};

/// Number of positions that are assumed lost in a room if their number is unknown. A client that missed more events
/// starts over anyway.
const UNKNOWN_LOSS: i64 = MAX_CATCH_UP_EVENTS;

/// Counts the assigned positions.
#[derive(Debug)]
pub(super) struct Lineage {
    file: PathBuf,
    /// `None` if the file cannot be written; the next start then treats the database as another one.
    counter: Option<File>,
    positions: i64,
}

impl Lineage {
    /// Checks whether the database went back, gives it a new epoch if it did, and continues to count. A database that
    /// was never opened by a version with this check keeps its epoch.
    pub(super) async fn resume(
        connection: &mut SqliteConnection,
        folder: &Path,
    ) -> Result<Self, sqlx::Error> {
        let positions: i64 = sqlx::query_scalar(
            "SELECT (SELECT coalesce(max(id), 0) FROM messages) + (SELECT count(*) FROM events)",
        )
        .fetch_one(&mut *connection)
        .await?;
        let known: Option<String> = sqlx::query_scalar("SELECT value FROM server WHERE key = 'folder'")
            .fetch_optional(&mut *connection)
            .await?;
        let file = folder.join(folder::COUNTER_FILE);
        let counter = folder::private_file(&file);
        // The count in a file that cannot be written may be outdated.
        let counted =
            counter.as_ref().ok().and_then(|_| fs::read_to_string(&file).ok()?.trim().parse::<i64>().ok());
        let here = folder::fingerprint(folder);
        let lost = match (&known, counted) {
            (None, _) => None,
            (Some(known), _) if *known != here => Some(UNKNOWN_LOSS),
            (Some(_), Some(counted)) => Some(counted - positions).filter(|lost| *lost > 0),
            (Some(_), None) => Some(UNKNOWN_LOSS),
        };
        if lost.is_some() || known.as_ref() != Some(&here) {
            settle(connection, &here, lost).await?;
        }
        let mut lineage = Self { file, counter: None, positions };
        match counter.and_then(|counter| lineage.begin(counter)) {
            Ok(counter) => lineage.counter = Some(counter),
            Err(error) => lineage.give_up(&error),
        }
        Ok(lineage)
    }

    /// Adds the number of positions that a commit has assigned.
    pub(super) fn advance(&mut self, positions: i64) {
        self.positions += positions;
        let Some(counter) = self.counter.as_ref().filter(|_| positions > 0) else { return };
        // The count is not synced to the disk: a count that is too low is harmless, and a crash cannot make it too
        // high.
        if let Err(error) = write(counter, self.positions) {
            self.give_up(&error);
        }
    }

    fn begin(&self, counter: File) -> io::Result<File> {
        write(&counter, self.positions)?;
        counter.sync_all()?;
        Ok(counter)
    }

    fn give_up(&mut self, error: &io::Error) {
        self.counter = None;
        let file = self.file.display();
        tracing::warn!(%file, %error, "the number of stored positions cannot be recorded; after the next start, all clients load their rooms again");
        // A count that no longer increases must not be trusted at the next start.
        _ = fs::remove_file(&self.file);
    }
}

/// Stores the fingerprint of the folder and the number of lost positions.
async fn settle(connection: &mut SqliteConnection, here: &str, lost: Option<i64>) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query("INSERT OR REPLACE INTO server VALUES ('folder', ?1)")
        .bind(here)
        .execute(&mut *transaction)
        .await?;
    if let Some(lost) = lost {
        tracing::warn!(
            "the database is older than the last state of its folder: a backup was restored, the folder was moved, or the end of the write-ahead log was lost; all clients load their rooms again"
        );
        sqlx::query("UPDATE server SET value = lower(hex(randomblob(16))) WHERE key = 'epoch'")
            .execute(&mut *transaction)
            .await?;
        let mark_rooms = sqlx::query(concat!(
            "UPDATE rooms SET lost_after = min(coalesce(lost_after, ",
            rows::head!("rooms.id"),
            "), ",
            rows::head!("rooms.id"),
            "), lost_up_to = max(coalesce(lost_up_to, 0), ?1 + ",
            rows::head!("rooms.id"),
            ")"
        ));
        mark_rooms.bind(lost).execute(&mut *transaction).await?;
        // This number is for rooms that the database does not contain any more and that may be created again.
        sqlx::query(
            "INSERT INTO server VALUES ('lost', CAST(?1 AS TEXT))
             ON CONFLICT (key) DO UPDATE SET value = CAST(max(CAST(value AS INTEGER), ?1) AS TEXT)",
        )
        .bind(lost)
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await
}

/// Writes a fixed number of digits, so that a count overwrites the previous one completely.
fn write(counter: &File, positions: i64) -> io::Result<()> {
    let count = format!("{positions:019}\n");
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::write_all_at(counter, count.as_bytes(), 0);
    #[cfg(not(unix))]
    {
        use std::io::{Seek, SeekFrom, Write};

        let mut counter = counter;
        counter.seek(SeekFrom::Start(0))?;
        counter.write_all(count.as_bytes())
    }
}
