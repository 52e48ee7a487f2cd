//! The log of stored values that cannot be decoded.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Maximum number of values that are logged. One damaged page of the database holds many rows, and each is read again
/// with every page of history.
const MAX_LOGGED: usize = 256;
/// Number of characters of a value that are logged.
const MAX_LOGGED_CHARS: usize = 64;

static LOGGED: Mutex<BTreeSet<(String, String)>> = Mutex::new(BTreeSet::new());

/// Logs that a value could not be decoded, once per value.
pub(super) fn log_once(column: &str, value: &str) {
    let value: String = value.chars().take(MAX_LOGGED_CHARS).collect();
    let mut logged = LOGGED.lock().unwrap_or_else(PoisonError::into_inner);
    if logged.len() < MAX_LOGGED && logged.insert((column.to_owned(), value.clone())) {
        tracing::warn!(column, value, "a stored value cannot be decoded and was replaced");
    }
}
