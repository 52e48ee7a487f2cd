//! The read-only connections. When one of them fails, all are replaced: a file handle that was lost stays lost.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use hubbub_chat::StoreError;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use super::fault::{self, Fault};
use super::health::Health;

/// Read-only connections. Reads are short; more would only hold more page caches.
const CONNECTIONS: u32 = 4;
/// How long a reader waits for a connection: all of them hang on a disk that does not answer.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Time between two replacements, so that a disk that fails for long is not opened for each request.
const RENEWAL_INTERVAL: Duration = Duration::from_millis(250);

/// The connections of one database.
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
    /// When the database cannot be opened.
    pub(super) async fn open(options: SqliteConnectOptions, health: Health) -> Result<Self, sqlx::Error> {
        let pool = pool_options().connect_with(options.clone()).await?;
        Ok(Self { options, health, current: Mutex::new(Current { pool, since: Instant::now() }) })
    }

    /// The connections to read with.
    pub(super) fn pool(&self) -> SqlitePool {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).pool.clone()
    }

    /// Logs why a reading failed, and sees to it that the next one has a chance.
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

    fn renew(&self) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.since.elapsed() >= RENEWAL_INTERVAL {
            // Those that are in use are closed when they come back.
            let pool = pool_options().connect_lazy_with(self.options.clone());
            *current = Current { pool, since: Instant::now() };
        }
    }
}

fn pool_options() -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(ACQUIRE_TIMEOUT)
}
