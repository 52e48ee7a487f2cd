//! The only task that writes to the database, by group commit. It continues after failures of commits, of the disk and
//! of its own code.

mod log_frames;
mod retry;
mod transaction;

use std::panic::AssertUnwindSafe;
use std::sync::Weak;
use std::time::Duration;

use futures_util::FutureExt;
use hubbub_chat::StoreError;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::mpsc;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until, timeout};

use super::append::Positions;
use super::database::Database;
use super::fault;
use super::folder_lock::FolderLock;
use super::health::Health;
use super::lineage::Lineage;
use super::readers::Readers;
use super::write_request::WriteRequest;
use retry::WriteRetry;
use transaction::{Replies, execute_all};

/// Maximum number of requests in one transaction. One sync to the disk serves them all, and none waits long for the
/// others.
const MAX_REQUESTS_PER_COMMIT: usize = 1_024;
/// Maximum time for closing a failed connection before another one is opened.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// The cause of a refusal while the commits of a removed log are not saved.
const LOG_REMOVED: &str = "the write-ahead log or its index was removed or replaced";
/// The cause of refusals until a restart. Only a new index of the log shows which commits are left.
const LOG_TRUNCATED: &str =
    "the write-ahead log was truncated, and its latest commits are lost; restart the server";

/// Owns the write connection. Receives all waiting requests, commits them in one transaction, then answers them.
pub(super) struct Writer {
    database: Database,
    /// `None` after a failed commit: SQLite may have rolled back by itself while sqlx expects an open transaction, and
    /// a lost file handle does not recover. The next batch opens a new connection.
    connection: Option<SqliteConnection>,
    retry: WriteRetry,
    /// Replaced together with the write connection. They are closed before the last checkpoint, so the writer does not
    /// keep them open.
    readers: Weak<Readers>,
    health: Health,
    queue: mpsc::Receiver<WriteRequest>,
    positions: Positions,
    lineage: Lineage,
    /// Held as long as the writer runs.
    lock: FolderLock,
}

impl Writer {
    pub(super) fn new(
        database: Database,
        connection: SqliteConnection,
        readers: Weak<Readers>,
        queue: mpsc::Receiver<WriteRequest>,
        health: Health,
        lineage: Lineage,
        lock: FolderLock,
    ) -> Self {
        let (retry, positions) = (WriteRetry::default(), Positions::default());
        Self {
            database,
            connection: Some(connection),
            retry,
            readers,
            health,
            queue,
            positions,
            lineage,
            lock,
        }
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
        let is_log_complete = self.refuse_truncated_log().await.is_ok();
        let Some(mut connection) = self.connection else { return };
        if !is_log_complete {
            // Closing the connection would copy the missing pages into the database as zeros.
            return std::mem::forget(connection);
        }
        if self.lock.renew().is_ok() {
            self.lineage.renew_fingerprint(&mut connection).await;
        }
        let merged = merge_log(&mut connection).await;
        if let Err(error) = merged.and(connection.close().await) {
            tracing::error!(%error, "closing the database failed");
        }
    }

    async fn serve(&mut self) {
        let mut requests = Vec::new();
        while self.queue.recv_many(&mut requests, MAX_REQUESTS_PER_COMMIT).await > 0 {
            self.gather(&mut requests).await;
            self.commit(&mut requests).await;
        }
    }

    /// Lets the other tasks run as long as they add requests. The replies to the last commit have woken many of them,
    /// and a commit for all costs little more than a commit for the first. Nothing waits for a time here.
    async fn gather(&mut self, requests: &mut Vec<WriteRequest>) {
        while requests.len() < MAX_REQUESTS_PER_COMMIT {
            yield_now().await;
            let before = requests.len();
            while requests.len() < MAX_REQUESTS_PER_COMMIT
                && let Ok(request) = self.queue.try_recv()
            {
                requests.push(request);
            }
            if requests.len() == before {
                return;
            }
        }
    }

    /// Commits all requests and answers them, or commits none and refuses all.
    async fn commit(&mut self, requests: &mut Vec<WriteRequest>) {
        if let Err(cause) = self.check_log().await {
            self.health.writing_failed(&cause);
            // Their callers see a failure.
            return requests.clear();
        }
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
        self.lock.renew()?;
        if !self.database.is_in_place() {
            return Err(
                "the database file was removed or replaced; put it back, or restart the server".to_owned()
            );
        }
        let connection = match &mut self.connection {
            Some(connection) => connection,
            None => {
                // Waits instead of refusing, so that requests right after the end of a fault are stored.
                if let Some(due) = self.retry.due() {
                    sleep_until(due).await;
                }
                let opened = self.database.connect().await.map_err(|error| fault::describe(&error))?;
                self.database.record_log();
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

    /// Checks that commits into the write-ahead log are not lost.
    async fn check_log(&mut self) -> Result<(), String> {
        self.replace_removed_log().await?;
        self.refuse_truncated_log().await
    }

    /// Fails if another program has truncated the write-ahead log. The next commit would then leave a hole in the file,
    /// and a checkpoint would overwrite the database with its zeros.
    async fn refuse_truncated_log(&mut self) -> Result<(), String> {
        if !self.database.has_log_shrunk() {
            return Ok(());
        }
        let Some(connection) = &mut self.connection else { return Ok(()) };
        match log_frames::bytes_of_commits(connection).await {
            Ok(bytes) if bytes <= self.database.log_bytes() => {
                // A checkpoint of another program has emptied the log.
                self.database.record_log();
                Ok(())
            }
            Ok(_) => Err(LOG_TRUNCATED.to_owned()),
            Err(error) => Err(fault::describe(&error)),
        }
    }

    /// Continues with new connections if the write-ahead log or its index was removed or replaced, because each connection keeps the
    /// removed one open. The commits in it are first moved into the database. Until that succeeds, the writer keeps its
    /// connection: only a connection that has the removed log open can still read it.
    async fn replace_removed_log(&mut self) -> Result<(), String> {
        if self.database.is_log_in_place() {
            return Ok(());
        }
        if let Some(connection) = &mut self.connection {
            let is_merged = merge_log(connection).await.map_err(|error| {
                format!("{LOG_REMOVED}, and its commits could not be saved yet: {}", fault::describe(&error))
            })?;
            if !is_merged {
                return Err(format!(
                    "{LOG_REMOVED}; its commits are saved when a read that is in progress ends"
                ));
            }
        }
        // The readers are closed first, because a connection that opens beside them uses their index of the log.
        if let Some(readers) = self.readers.upgrade() {
            _ = timeout(CLOSE_TIMEOUT, readers.replace().close()).await;
        }
        self.close().await;
        tracing::warn!("{LOG_REMOVED}; its commits are in the database now");
        Ok(())
    }

    /// Closes the connection after a failure, because it is unknown whether the assigned positions were stored.
    async fn disconnect(&mut self, cause: &str) {
        self.health.writing_failed(cause);
        self.close().await;
        self.retry.failed(Instant::now());
    }

    /// Closes the connection. The next batch opens another one and reads the newest positions.
    async fn close(&mut self) {
        self.positions = Positions::default();
        self.database.forget_log();
        if let Some(connection) = self.connection.take() {
            // Closing releases the lock, or blocks on a disk that does not answer.
            _ = timeout(CLOSE_TIMEOUT, connection.close()).await;
        }
    }
}

/// Moves all commits of the write-ahead log into the database file. Returns whether all were moved: a read that is in
/// progress prevents it.
async fn merge_log(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    let busy: i64 = sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(connection).await?;
    Ok(busy == 0)
}
