//! Whether storage works at the moment, for `/readyz` and for the log.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// Time between two log lines about the same failure.
const LOG_INTERVAL: Duration = Duration::from_secs(10);

/// The state of storage, shared by the writer, the readers and health checks.
#[derive(Clone, Debug, Default)]
pub(super) struct Health {
    state: Arc<Mutex<HealthState>>,
    suspicion: Arc<Notify>,
}

#[derive(Debug, Default)]
struct HealthState {
    writing: Option<Failure>,
    reading: Option<Failure>,
    /// Damage that a check of the whole database has found.
    damage: Option<String>,
}

/// A failure and the time since when it lasts.
#[derive(Debug)]
struct Failure {
    cause: String,
    since: Instant,
    logged: Instant,
}

impl Health {
    // Held only for a look-up or a change, never across an await.
    fn state(&self) -> MutexGuard<'_, HealthState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the cause of the last failed write; `None` if writing works.
    pub(super) fn write_failure(&self) -> Option<String> {
        self.state().writing.as_ref().map(|failure| failure.cause.clone())
    }

    /// Returns the damage that a check of the database has found.
    pub(super) fn damage(&self) -> Option<String> {
        self.state().damage.clone()
    }

    pub(super) fn set_damage(&self, damage: Option<String>) {
        self.state().damage = damage;
    }

    /// Requests a check of the database after a read that indicates damage.
    pub(super) fn suspect_damage(&self) {
        self.suspicion.notify_one();
    }

    /// Waits until a check is requested.
    pub(super) async fn damage_is_suspected(&self) {
        self.suspicion.notified().await;
    }

    pub(super) fn writing_failed(&self, cause: &str) {
        if record_failure(&mut self.state().writing, cause) {
            tracing::error!(cause, "writing to the database failed; writes are refused until it works again");
        }
    }

    pub(super) fn reading_failed(&self, cause: &str) {
        if record_failure(&mut self.state().reading, cause) {
            tracing::error!(cause, "reading from the database failed");
        }
    }

    pub(super) fn writing_works(&self) {
        if let Some(failure) = self.state().writing.take() {
            let seconds = failure.since.elapsed().as_secs();
            tracing::warn!(seconds, cause = failure.cause, "writing to the database works again");
        }
    }

    pub(super) fn reading_works(&self) {
        self.state().reading = None;
    }
}

/// Stores a failure and returns whether to log it, because a lasting failure must not fill the log.
fn record_failure(known: &mut Option<Failure>, cause: &str) -> bool {
    let now = Instant::now();
    match known {
        Some(failure) if failure.cause == cause && now.duration_since(failure.logged) < LOG_INTERVAL => false,
        Some(failure) => {
            cause.clone_into(&mut failure.cause);
            failure.logged = now;
            true
        }
        None => {
            *known = Some(Failure { cause: cause.to_owned(), since: now, logged: now });
            true
        }
    }
}
