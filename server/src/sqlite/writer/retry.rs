//! Decides when a failed connection is opened again.

use std::time::Duration;

use tokio::time::Instant;

/// Pause after the second failure in a row; it doubles with each further failure. The first failure has no pause.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
/// Maximum pause. Writes wait during it, so it is the longest delay after the end of a fault, and the shortest time
/// that a refusal takes while a fault lasts.
const MAX_PAUSE: Duration = Duration::from_millis(100);
/// Number of doublings after which the pause is at its maximum.
const MAX_DOUBLINGS: u32 = 4;

/// Exponential back-off with a maximum.
#[derive(Debug, Default)]
pub(super) struct WriteRetry {
    /// Number of failures in a row.
    failures: u32,
    /// Earliest time of the next attempt.
    due: Option<Instant>,
}

impl WriteRetry {
    /// Returns when the next connection may be opened; `None` if at once.
    pub(super) const fn due(&self) -> Option<Instant> {
        self.due
    }

    pub(super) const fn succeeded(&mut self) {
        self.failures = 0;
        self.due = None;
    }

    pub(super) fn failed(&mut self, now: Instant) {
        let pause = match self.failures {
            0 => Duration::ZERO,
            failures => FIRST_PAUSE.saturating_mul(1 << (failures - 1).min(MAX_DOUBLINGS)).min(MAX_PAUSE),
        };
        self.failures = self.failures.saturating_add(1);
        self.due = Some(now + pause);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delay_grows_up_to_a_limit() {
        let now = Instant::now();
        let mut retry = WriteRetry::default();
        let mut pauses = Vec::new();
        for _ in 0..7 {
            retry.failed(now);
            pauses.push(retry.due().unwrap().duration_since(now).as_millis());
        }
        assert_eq!(pauses, [0, 10, 20, 40, 80, 100, 100]);
        retry.succeeded();
        assert_eq!(retry.due(), None);
    }
}
