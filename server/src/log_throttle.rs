//! Limits log lines that any peer can cause.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Minimum time between two lines.
const INTERVAL: Duration = Duration::from_secs(60);

/// Allows one line per [`INTERVAL`] and counts the others.
#[derive(Debug, Default)]
pub(crate) struct LogThrottle {
    // The lock is held for a look-up and a change, never across an await.
    last: Mutex<Option<Logged>>,
}

#[derive(Debug)]
struct Logged {
    at: Instant,
    /// Number of occurrences since `at` that were not logged.
    unlogged: u64,
}

impl LogThrottle {
    pub(crate) const fn new() -> Self {
        Self { last: Mutex::new(None) }
    }

    /// Whether to log this occurrence. If so, returns the number of earlier ones that were not logged.
    pub(crate) fn admit(&self, now: Instant) -> Option<u64> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match last.as_mut() {
            Some(logged) if now.saturating_duration_since(logged.at) < INTERVAL => {
                logged.unlogged += 1;
                None
            }
            _ => Some(last.replace(Logged { at: now, unlogged: 0 }).map_or(0, |before| before.unlogged)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admits_one_line_in_each_interval() {
        let (throttle, start) = (LogThrottle::new(), Instant::now());
        assert_eq!(throttle.admit(start), Some(0));
        assert_eq!(throttle.admit(start), None);
        assert_eq!(throttle.admit(start + INTERVAL / 2), None);
        assert_eq!(throttle.admit(start + INTERVAL), Some(2));
        assert_eq!(throttle.admit(start + INTERVAL), None);
    }
}
