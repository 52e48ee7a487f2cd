//! The only task that writes to the database, by group commit. It continues after failures of commits, of the disk and
//! of its own code.

mod retry;
mod transaction;

use std::fs::File;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use hubbub_chat::StoreError;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

use super::append::Positions;
use super::database::Database;
use super::fault;
use super::health::Health;
use super::lineage::Lineage;
use super::write_request::WriteRequest;
use retry::WriteRetry;
use transaction::{Replies, execute_all};

/// Maximum number of requests in one transaction. One sync to the disk serves them all, and none waits long for the
/// others.
const MAX_JOBS_PER_COMMIT: usize = 1_024;
/// Maximum time for closing a failed connection before another one is opened.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// Owns the write connection. Receives all waiting requests, commits them in one transaction, then answers them.
pub(super) struct Writer {
    database: Database,
    /// `None` after a failed commit: SQLite may have rolled back by itself while sqlx expects an open transaction, and
    /// a lost file handle does not recover. The next batch opens a new connection.
    connection: Option<SqliteConnection>,
    retry: WriteRetry,
    health: Health,
    queue: mpsc::Receiver<WriteRequest>,
    positions: Positions,
    lineage: Lineage,
    /// Held as long as the writer runs.
    _lock: File,
}

impl Writer {
    pub(super) fn new(
        database: Database,
        connection: SqliteConnection,
        queue: mpsc::Receiver<WriteRequest>,
        health: Health,
        lineage: Lineage,
        lock: File,
    ) -> Self {
        let (retry, positions) = (WriteRetry::default(), Positions::default());
        Self { database, connection: Some(connection), retry, health, queue, positions, lineage, _lock: lock }
    }

    /// Writes until the last store is dropped. After a panic it continues with a new connection; the requests of that
    /// batch are dropped, which their callers see as a failure.
    pub(super) async fn run(mut self) {
        while let Err(panic) = AssertUnwindSafe(self.serve()).catch_unwind().await {
            let message = panic.downcast_ref::<String>().map(String::as_str);
            let message = message.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("unknown");
            tracing::error!(message, "the writer panicked and was restarted");
            self.disconnect("the writer panicked").await;
        }
        // Moves all data into the one file, so that a plain copy of it is complete.
        let Some(mut connection) = self.connection else { return };
        let merged = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await;
        if let Err(error) = merged.and(connection.close().await) {
            tracing::error!(%error, "closing the database failed");
        }
    }

    async fn serve(&mut self) {
        let mut requests = Vec::new();
        while self.queue.recv_many(&mut requests, MAX_JOBS_PER_COMMIT).await > 0 {
            self.commit(&mut requests).await;
        }
    }

    /// Commits all requests and answers them, or commits none and refuses all.
    async fn commit(&mut self, requests: &mut Vec<WriteRequest>) {
        let mut replies = Replies::with_capacity(requests.len());
        let outcome = match self.store(requests, &mut replies).await {
            Ok(()) => {
                self.database.record_log();
                self.lineage.advance(self.positions.take_assigned_count());
                self.retry.succeeded();
                self.health.writing_works();
                Ok(())
            }
            Err(cause) => {
                self.disconnect(&cause).await;
                Err(StoreError(cause))
            }
        };
        // A request without a prepared reply is dropped here, which its caller sees as a failure.
        requests.clear();
        for reply in replies {
            reply(outcome.clone());
        }
    }

    /// Executes the requests in one transaction. The error is one readable line.
    async fn store(&mut self, requests: &mut Vec<WriteRequest>, replies: &mut Replies) -> Result<(), String> {
        if !self.database.is_in_place() {
            return Err(
                "the database file was removed or replaced; put it back, or restart the server".to_owned()
            );
        }
        if !self.database.is_log_in_place() {
            self.merge_removed_log().await;
            return Err("the write-ahead log was removed or replaced; restart the server".to_owned());
        }
        let connection = match &mut self.connection {
            Some(connection) => connection,
            None => {
                // Waits instead of refusing, so that requests right after the end of a fault are stored.
                if let Some(due) = self.retry.due() {
                    sleep_until(due).await;
                }
                let opened = self.database.connect().await.map_err(|error| fault::describe(&error))?;
                self.connection.insert(opened)
            }
        };
        let outcome = async {
            let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
            execute_all(&mut transaction, &mut self.positions, requests, replies).await?;
            transaction.commit().await
        };
        outcome.await.map_err(|error: sqlx::Error| fault::describe(&error))
    }

    /// Moves the commits of a removed write-ahead log into the database file. The connection holds the log open until it
    /// is closed. A new connection would create another log, which the connections of the readers would not see, so
    /// only a restart helps.
    async fn merge_removed_log(&mut self) {
        if let Some(connection) = &mut self.connection {
            let merged = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(connection).await;
            if let Err(error) = merged {
                tracing::error!(%error, "the commits of a removed write-ahead log could not be saved");
            }
        }
    }

    /// Closes the connection after a failure. It is unknown whether the assigned positions were stored, so the newest
    /// positions are read again.
    async fn disconnect(&mut self, cause: &str) {
        self.positions = Positions::default();
        self.health.writing_failed(cause);
        if self.database.is_log_in_place() {
            self.database.forget_log();
        }
        if let Some(connection) = self.connection.take() {
            // Closing releases the lock, or blocks on a disk that does not answer.
            _ = timeout(CLOSE_TIMEOUT, connection.close()).await;
        }
        self.retry.failed(Instant::now());
    }
}
