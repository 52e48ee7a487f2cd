//! The delay before a retry after a temporary refusal.

use hubbub_protocol::Refusal;

use crate::Millis;

/// First delay in milliseconds.
const FIRST_MILLIS: u64 = 1_000;
/// Longest delay in milliseconds.
const LONGEST_MILLIS: u64 = 30_000;

/// Back-off from 1 s after the first `retry: later`, doubling to 30 s. Has no jitter, because it concerns one
/// room on an open connection and not many clients that reconnect.
#[derive(Clone, Debug, Default)]
pub(crate) struct RetryBackoff {
    wait: u64,
    until: Option<Millis>,
    /// Whether the refusal named the time.
    named: bool,
}

impl RetryBackoff {
    /// Returns whether a request may be sent.
    pub(crate) const fn is_ready(&self) -> bool {
        self.until.is_none()
    }

    /// Returns whether the last answer was a temporary refusal, after which only one request should be sent.
    pub(crate) const fn on_trial(&self) -> bool {
        self.wait > 0
    }

    /// Handles a temporary refusal. Refusals of requests that were sent together count as one.
    pub(crate) fn refused(&mut self, now: Millis) {
        self.wait_for(now, 0);
    }

    /// Handles a temporary refusal, which may contain the time after which to retry.
    pub(crate) fn refused_as(&mut self, refusal: &Refusal, now: Millis) {
        self.named = refusal.retry_after_ms.is_some();
        self.wait_for(now, refusal.retry_after_ms.unwrap_or_default());
    }

    fn wait_for(&mut self, now: Millis, at_least: u64) {
        if self.until.is_none() {
            self.wait = if self.wait == 0 { FIRST_MILLIS } else { (self.wait * 2).min(LONGEST_MILLIS) };
            self.until = Some(now.plus(self.wait.max(at_least.min(LONGEST_MILLIS))));
        }
    }

    /// Handles a positive answer.
    pub(crate) const fn granted(&mut self) {
        if self.until.is_none() {
            self.wait = 0;
        }
    }

    /// Prevents requests for the next second.
    pub(crate) fn pause(&mut self, now: Millis) {
        self.until = self.until.max(Some(now.plus(FIRST_MILLIS)));
    }

    /// Removes an expired delay, so that deadlines are always in the future.
    pub(crate) fn wake(&mut self, now: Millis) {
        self.until = self.until.filter(|until| *until > now);
        self.named &= self.until.is_some();
    }

    /// Returns the end of the delay if the server named it, that is after a rate limit.
    pub(crate) fn named_deadline(&self) -> Option<Millis> {
        self.until.filter(|_| self.named)
    }

    /// Returns the end of the delay.
    pub(crate) const fn deadline(&self) -> Option<Millis> {
        self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_to_thirty_seconds_and_resets_after_a_positive_answer() {
        let mut backoff = RetryBackoff::default();
        let mut now = Millis(0);
        for wait in [1, 2, 4, 8, 16, 30, 30] {
            assert!(backoff.is_ready());
            backoff.refused(now);
            // The other requests that were sent together.
            backoff.refused(now.plus(1));
            backoff.granted();
            let until = now.plus(wait * 1_000);
            assert_eq!(backoff.deadline(), Some(until));
            backoff.wake(Millis(until.0 - 1));
            assert!(!backoff.is_ready());
            backoff.wake(until);
            assert!(backoff.on_trial());
            assert_eq!(backoff.deadline(), None);
            now = until;
        }
        backoff.granted();
        assert!(!backoff.on_trial());
        backoff.refused(now);
        assert_eq!(backoff.deadline(), Some(now.plus(1_000)));
    }

    #[test]
    fn waits_for_the_named_time_up_to_the_longest_delay() {
        for (asked, waited) in [(200, 1_000), (2_500, 2_500), (u64::MAX, LONGEST_MILLIS)] {
            let mut backoff = RetryBackoff::default();
            backoff.refused_as(&Refusal::too_fast(asked), Millis(7));
            assert_eq!(backoff.deadline(), Some(Millis(7).plus(waited)));
        }
    }
}
