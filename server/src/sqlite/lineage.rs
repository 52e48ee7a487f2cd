//! Detects that the database is in an earlier state than the folder: a backup was restored, or the end of the
//! write-ahead log was lost. The database then gets a new epoch, because the positions assigned since that state are
//! assigned again, and clients would mistake new events for known ones.
//!
//! There are two signs. A file beside the database counts the assigned positions after each commit: a database with
//! fewer positions went back. And the fingerprint of the folder, the lock file's inode and change time, is stored in the
//! database and in the counter file. No copy keeps it, and each start and each stop changes it, so that files of an
//! earlier run are detected even if the lock file was not restored with them.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use hubbub_protocol::MAX_CATCH_UP_EVENTS;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

use super::{fault, folder, rows};

/// Number of positions that are assumed lost in a room if their number is unknown. A client that missed more events
/// starts over anyway.
const UNKNOWN_LOSS: i64 = MAX_CATCH_UP_EVENTS;
/// Follows the stored fingerprint while the change time of the lock file changes. After a crash in this moment, only the
/// inode is compared.
const RENEWING: &str = " renewing";
/// Length of the first line of the counter file in bytes.
const COUNT_BYTES: u64 = 20;

/// Counts the assigned positions.
#[derive(Debug)]
pub(super) struct Lineage {
    folder: PathBuf,
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
            counter.as_ref().ok().and_then(|_| PositionCount::parse(&fs::read_to_string(&file).ok()?));
        let here = folder::fingerprint(folder);
        let lost = known.as_deref().and_then(|known| lost_positions(positions, known, counted, &here));
        if lost.is_some() || known.as_ref() != Some(&here) {
            settle(connection, &here, lost).await?;
        }
        let mut lineage = Self { folder: folder.to_owned(), counter: None, positions };
        match counter {
            Ok(counter) => lineage.counter = Some(counter),
            Err(error) => lineage.give_up(&error),
        }
        lineage.record();
        lineage.renew_fingerprint(connection).await;
        Ok(lineage)
    }

    /// Gives the lock file another change time, and stores it.
    pub(super) async fn renew_fingerprint(&mut self, connection: &mut SqliteConnection) {
        if let Err(error) = self.try_renew_fingerprint(connection).await {
            // The disk may be full. The stored fingerprint fits, and the counter still detects most restored databases.
            let cause = fault::describe(&error);
            tracing::warn!(
                cause,
                "the time of the lock file could not be stored; the next start or stop tries again"
            );
        }
    }

    async fn try_renew_fingerprint(&mut self, connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        store_fingerprint(connection, &(folder::fingerprint(&self.folder) + RENEWING)).await?;
        folder::touch_lock(&self.folder)?;
        self.record();
        store_fingerprint(connection, &folder::fingerprint(&self.folder)).await
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

    /// Writes the count and the fingerprint of the folder to the disk.
    fn record(&mut self) {
        let Some(counter) = &self.counter else { return };
        let fingerprint = folder::fingerprint(&self.folder);
        let length = COUNT_BYTES + fingerprint.len() as u64;
        let recorded = write(counter, self.positions)
            .and_then(|()| write_at(counter, fingerprint.as_bytes(), COUNT_BYTES))
            .and_then(|()| counter.set_len(length))
            .and_then(|()| counter.sync_all());
        if let Err(error) = recorded {
            self.give_up(&error);
        }
    }

    fn give_up(&mut self, error: &io::Error) {
        self.counter = None;
        let path = self.folder.join(folder::COUNTER_FILE);
        let file = path.display();
        tracing::warn!(%file, %error, "the number of stored positions cannot be recorded; after the next start, all clients load their rooms again");
        // A count that no longer increases must not be trusted at the next start.
        _ = fs::remove_file(&path);
    }
}

/// Content of the counter file.
struct PositionCount {
    positions: i64,
    /// `None` in a file of an older version.
    fingerprint: Option<String>,
}

impl PositionCount {
    fn parse(content: &str) -> Option<Self> {
        let mut lines = content.lines();
        let positions = lines.next()?.trim().parse().ok()?;
        Some(Self { positions, fingerprint: lines.next().map(str::to_owned) })
    }
}

/// Returns the number of positions that the database lost, or `None` if it did not go back.
fn lost_positions(positions: i64, known: &str, counted: Option<PositionCount>, here: &str) -> Option<i64> {
    let is_same_database = is_same_folder(known, here);
    // A counter file of another run or of a copy is no evidence.
    let counted = counted.filter(|count| match &count.fingerprint {
        Some(fingerprint) => fingerprint == here || (is_same_database && known.ends_with(RENEWING)),
        None => is_same_database,
    });
    match counted {
        Some(counted) if counted.positions > positions => Some(counted.positions - positions),
        Some(_) if is_same_database => None,
        _ => Some(UNKNOWN_LOSS),
    }
}

/// Whether two fingerprints name one folder: `known`, which the database stores, and `here`, of the folder itself.
fn is_same_folder(known: &str, here: &str) -> bool {
    let inode = |fingerprint: &str| fingerprint.split('.').next().map(str::to_owned);
    match known.strip_suffix(RENEWING) {
        Some(known) => inode(known) == inode(here),
        None => known == here,
    }
}

async fn store_fingerprint(connection: &mut SqliteConnection, fingerprint: &str) -> Result<(), sqlx::Error> {
    let store = sqlx::query("INSERT OR REPLACE INTO server VALUES ('folder', ?1)").bind(fingerprint);
    store.execute(connection).await.map(drop)
}

/// Stores the fingerprint of the folder and the number of lost positions.
async fn settle(connection: &mut SqliteConnection, here: &str, lost: Option<i64>) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    store_fingerprint(&mut transaction, here).await?;
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
    write_at(counter, format!("{positions:019}\n").as_bytes(), 0)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(not(unix))]
fn write_at(mut file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    use std::io::{Seek, SeekFrom, Write};

    file.seek(SeekFrom::Start(offset))?;
    file.write_all(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost(positions: i64, known: &str, counter: &str) -> Option<i64> {
        lost_positions(positions, known, PositionCount::parse(counter), "7.100.5")
    }

    #[test]
    fn detects_every_combination_of_restored_files() {
        for (what, expected, known, counter) in [
            ("nothing restored", None, "7.100.5", "0021\n7.100.5"),
            ("a count that a crash made too low", None, "7.100.5", "0020\n7.100.5"),
            ("a counter of an older version", None, "7.100.5", "0021\n"),
            ("killed before the lock file changed", None, "7.99.1 renewing", "0021\n7.99.1"),
            ("killed after the lock file changed", None, "7.99.1 renewing", "0021\n7.100.5"),
            ("only the database", Some(9), "7.99.1", "0030\n7.100.5"),
            ("the end of the log", Some(1), "7.100.5", "0022\n7.100.5"),
            ("the database and the counter", Some(UNKNOWN_LOSS), "7.99.1", "0021\n7.99.1"),
            ("only the counter", Some(UNKNOWN_LOSS), "7.100.5", "0021\n7.99.1"),
            ("all files, into another folder", Some(UNKNOWN_LOSS), "6.98.1", "0021\n6.98.1"),
            ("all files of an older version", Some(UNKNOWN_LOSS), "6.98.1", "0021\n"),
            ("no counter", Some(UNKNOWN_LOSS), "7.100.5", ""),
        ] {
            assert_eq!(lost(21, known, counter), expected, "{what}");
        }
    }
}
