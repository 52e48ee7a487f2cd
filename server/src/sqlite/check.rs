//! Checks the whole database for damage.

use std::fs;
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use super::fault::{self, Fault};
use super::health::Health;

/// Largest size in bytes of a database that is checked before the server starts, which takes a fraction of a second. A
/// larger database is checked while the server runs.
const MAX_CHECKED_FIRST_BYTES: u64 = 64 * 1024 * 1024;
/// Time between two checks that failed reads have triggered.
const CHECK_INTERVAL: Duration = Duration::from_secs(60);

/// The result of a check.
#[derive(Debug)]
pub(super) enum IntegrityResult {
    Healthy,
    /// Description of the damage, in one line.
    Damaged(String),
    /// The check could not be completed.
    Failed(String),
}

/// Whether the database is small enough to be checked at start.
pub(super) fn is_quick(file: &Path) -> bool {
    fs::metadata(file).map_or(0, |metadata| metadata.len()) <= MAX_CHECKED_FIRST_BYTES
}

/// Checks all pages.
pub(super) async fn check(connection: &mut SqliteConnection) -> IntegrityResult {
    let found: Result<String, _> = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(connection).await;
    match found {
        Ok(verdict) if verdict == "ok" => IntegrityResult::Healthy,
        Ok(damage) => IntegrityResult::Damaged(damage.lines().next_back().unwrap_or_default().to_owned()),
        Err(error) if Fault::of(&error) == Some(Fault::Damaged) => {
            IntegrityResult::Damaged(fault::describe(&error))
        }
        Err(error) => IntegrityResult::Failed(fault::describe(&error)),
    }
}

/// Checks the database on a connection of its own while the server runs: at start if it was not checked before, and
/// whenever a read reports damage. Never returns.
pub(super) async fn watch(options: SqliteConnectOptions, health: Health, checked: bool) {
    if !checked {
        check_served(&options, &health).await;
    }
    loop {
        health.damage_is_suspected().await;
        check_served(&options, &health).await;
        tokio::time::sleep(CHECK_INTERVAL).await;
    }
}

async fn check_served(options: &SqliteConnectOptions, health: &Health) {
    let verdict = match options.connect().await {
        Ok(mut connection) => {
            let verdict = check(&mut connection).await;
            // The connection only reads, so nothing is lost if closing fails.
            _ = connection.close().await;
            verdict
        }
        Err(error) => IntegrityResult::Failed(fault::describe(&error)),
    };
    match verdict {
        IntegrityResult::Healthy => {
            tracing::info!("the database was checked and is healthy");
            health.set_damage(None);
        }
        IntegrityResult::Damaged(damage) => {
            tracing::error!(damage, "the database is damaged; restore a backup");
            health.set_damage(Some(damage));
        }
        IntegrityResult::Failed(cause) => tracing::warn!(cause, "the database could not be checked"),
    }
}
