//! The read-only connections. If one fails, all are replaced, because a lost file handle does not recover.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use hubbub_chat::StoreError;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use super::fault::{self, Fault};
use super::health::Health;

/// Number of read-only connections. Reads are short, and more connections would only need more page caches.
const CONNECTIONS: u32 = 4;
/// Maximum time that a read waits for a connection. It expires when a disk does not answer and blocks all connections.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Minimum time between two replacements, so that a disk that keeps failing is not opened for each request.
const RENEWAL_INTERVAL: Duration = Duration::from_millis(250);

/// The read-only connections of one database.
#[derive(Debug)]
pub(super) struct Readers {
    options: SqliteConnectOptions,
    health: Health,
    current: Mutex<Current>,
}

#[derive(Debug)]
struct Current {
    pool: SqlitePool,
    since: Instant,
}

impl Readers {
    /// # Errors
    /// If the database cannot be opened.
    pub(super) async fn open(options: SqliteConnectOptions, health: Health) -> Result<Self, sqlx::Error> {
        let pool = pool_options().connect_with(options.clone()).await?;
        Ok(Self { options, health, current: Mutex::new(Current { pool, since: Instant::now() }) })
    }

    /// Returns the current pool of connections.
    pub(super) fn pool(&self) -> SqlitePool {
        self.lock().pool.clone()
    }

    /// Logs why a read failed, and replaces the connections if they may be the cause.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "it is the end of the error's way, and used with map_err"
    )]
    pub(super) fn failed(&self, error: sqlx::Error) -> StoreError {
        let cause = fault::describe(&error);
        self.health.reading_failed(&cause);
        let fault = Fault::of(&error);
        if fault == Some(Fault::Damaged) {
            self.health.suspect_damage();
        }
        if fault.is_some_and(Fault::is_of_connection) {
            self.renew();
        }
        StoreError(cause)
    }

    /// Replaces all connections, and returns the former ones. Those in use are closed when they are returned.
    pub(super) fn replace(&self) -> SqlitePool {
        self.lock().replace(&self.options)
    }

    fn renew(&self) {
        let mut current = self.lock();
        if current.since.elapsed() >= RENEWAL_INTERVAL {
            current.replace(&self.options);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Current {
    fn replace(&mut self, options: &SqliteConnectOptions) -> SqlitePool {
        self.since = Instant::now();
        std::mem::replace(&mut self.pool, pool_options().connect_lazy_with(options.clone()))
    }
}

fn pool_options() -> SqlitePoolOptions {
    // A connection is not asked whether it works before each read: a failed read replaces all connections.
    SqlitePoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
}
