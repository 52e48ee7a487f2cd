//! When a connection that failed is opened again.

use std::time::Duration;

use tokio::time::Instant;

/// The pause after a second failure in a row; it doubles with each further one. The first failure has none.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
/// Longest pause. Writes wait meanwhile, so this is how late the end of a fault is noticed at most, and how long a refusal
/// takes at least while a fault lasts.
const MAX_PAUSE: Duration = Duration::from_millis(100);
/// Doublings after which the pause is at its longest.
const MAX_DOUBLINGS: u32 = 4;

/// Exponential back-off with a bound.
#[derive(Debug, Default)]
pub(super) struct Retry {
    /// In a row.
    failures: u32,
    /// Not before.
    due: Option<Instant>,
}

impl Retry {
    /// When the next connection may be opened; none for at once.
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
    fn waits_longer_after_each_failure_up_to_a_bound() {
        let now = Instant::now();
        let mut retry = Retry::default();
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
