//! When a connection that failed is opened again.

use std::time::Duration;

use tokio::time::Instant;

/// The pause after a second failure in a row; it doubles with each further one. The first failure has none.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// Longest pause. Writes are refused at once meanwhile, so this is how late the end of a fault is noticed at most.
const MAX_PAUSE: Duration = Duration::from_secs(1);
/// Doublings after which the pause is at its longest.
const MAX_DOUBLINGS: u32 = 5;

/// Exponential back-off with a bound.
#[derive(Debug, Default)]
pub(super) struct Retry {
    /// In a row.
    failures: u32,
    /// Not before.
    due: Option<Instant>,
}

impl Retry {
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.due.is_none_or(|due| now >= due)
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
    fn waits_longer_after_each_failure_up_to_a_bound() {
        let now = Instant::now();
        let mut retry = Retry::default();
        let mut pauses = Vec::new();
        for _ in 0..9 {
            retry.failed(now);
            let pause = (0..=2_000).find(|millis| retry.is_due(now + Duration::from_millis(*millis)));
            pauses.push(pause.unwrap());
        }
        assert_eq!(pauses, [0, 50, 100, 200, 400, 800, 1_000, 1_000, 1_000]);
        retry.succeeded();
        assert!(retry.is_due(now));
    }
}
