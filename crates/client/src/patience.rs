//! How long to wait before asking again for what was refused for now.

use hubbub_protocol::Refusal;

use crate::Millis;

/// The first wait.
const FIRST_MILLIS: u64 = 1_000;
/// The longest wait.
const LONGEST_MILLIS: u64 = 30_000;

/// 1 s after the first `retry: later`, doubling to 30 s. Without jitter: what refuses is one room on a
/// connection that stands, not a crowd that comes back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patience {
    wait: u64,
    until: Option<Millis>,
    /// The refusal has named the time.
    named: bool,
}

impl Patience {
    /// Whether one may ask.
    pub(crate) const fn is_ready(&self) -> bool {
        self.until.is_none()
    }

    /// Whether the last answer was "later", so that one should ask for one thing only.
    pub(crate) const fn on_trial(&self) -> bool {
        self.wait > 0
    }

    /// The answer was "later". Several such answers to what was asked in one go count as one.
    pub(crate) fn refused(&mut self, now: Millis) {
        self.wait_for(now, 0);
    }

    /// The answer was "later", and may say when.
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

    /// The answer was "yes".
    pub(crate) const fn granted(&mut self) {
        if self.until.is_none() {
            self.wait = 0;
        }
    }

    /// Do not ask for the next second, whatever happens.
    pub(crate) fn pause(&mut self, now: Millis) {
        self.until = self.until.max(Some(now.plus(FIRST_MILLIS)));
    }

    /// Lets time pass. What is over is forgotten, so that a deadline is always in the future.
    pub(crate) fn wake(&mut self, now: Millis) {
        self.until = self.until.filter(|until| *until > now);
        self.named &= self.until.is_some();
    }

    /// When the wait ends, if the server has named a time: something was done too fast.
    pub(crate) fn named_deadline(&self) -> Option<Millis> {
        self.until.filter(|_| self.named)
    }

    /// When the wait ends.
    pub(crate) const fn deadline(&self) -> Option<Millis> {
        self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_to_half_a_minute_and_begins_again_after_a_yes() {
        let mut patience = Patience::default();
        let mut now = Millis(0);
        for wait in [1, 2, 4, 8, 16, 30, 30] {
            assert!(patience.is_ready());
            patience.refused(now);
            // The rest of what was asked in one go.
            patience.refused(now.plus(1));
            patience.granted();
            let until = now.plus(wait * 1_000);
            assert_eq!(patience.deadline(), Some(until));
            patience.wake(Millis(until.0 - 1));
            assert!(!patience.is_ready());
            patience.wake(until);
            assert!(patience.on_trial());
            assert_eq!(patience.deadline(), None);
            now = until;
        }
        patience.granted();
        assert!(!patience.on_trial());
        patience.refused(now);
        assert_eq!(patience.deadline(), Some(now.plus(1_000)));
    }

    #[test]
    fn who_says_when_is_not_asked_before_but_not_waited_for_for_ever() {
        for (asked, waited) in [(200, 1_000), (2_500, 2_500), (u64::MAX, LONGEST_MILLIS)] {
            let mut patience = Patience::default();
            patience.refused_as(&Refusal::too_fast(asked), Millis(7));
            assert_eq!(patience.deadline(), Some(Millis(7).plus(waited)));
        }
    }
}
