//! The part of the write-ahead log that contains commits.

use sqlx::sqlite::SqliteConnection;

/// Bytes before the first frame of a write-ahead log (<https://www.sqlite.org/fileformat2.html#walformat>).
const LOG_HEADER_BYTES: u64 = 32;
/// Bytes before the page in a frame.
const FRAME_HEADER_BYTES: u64 = 24;

/// Returns the number of bytes that the log must have to contain all commits, according to its index.
pub(super) async fn bytes_of_commits(connection: &mut SqliteConnection) -> Result<u64, sqlx::Error> {
    let page_bytes: u32 = sqlx::query_scalar("PRAGMA page_size").fetch_one(&mut *connection).await?;
    // This mode only reads the index. The others would copy pages from the log into the database.
    let (_, frames, _): (i64, i64, i64) =
        sqlx::query_as("PRAGMA wal_checkpoint(NOOP)").fetch_one(&mut *connection).await?;
    let frames = u64::try_from(frames).unwrap_or_default();
    Ok(if frames == 0 { 0 } else { LOG_HEADER_BYTES + frames * (FRAME_HEADER_BYTES + u64::from(page_bytes)) })
}
