//! The delay before a reconnect.

use crate::random::Random;

/// First delay in milliseconds, before jitter.
const SHORTEST_MILLIS: u64 = 500;
/// Longest delay in milliseconds.
const LONGEST_MILLIS: u64 = 30_000;

/// Exponential back-off with equal jitter. The delay doubles from 0.5 s to 30 s. Half of it is fixed, which
/// protects the server, and half is random, so that clients do not reconnect at the same time.
///
/// Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
#[derive(Clone, Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Returns the number of consecutive failures.
    pub(crate) const fn failures(&self) -> u32 {
        self.failures
    }

    /// Resets the failures after a healthy connection.
    pub(crate) const fn reset(&mut self) {
        self.failures = 0;
    }

    /// Counts a failed attempt.
    pub(crate) const fn failed(&mut self) {
        self.failures = self.failures.saturating_add(1);
    }

    /// Returns the milliseconds before the next attempt.
    pub(crate) fn wait(&self, random: &mut Random) -> u64 {
        let doublings = self.failures.saturating_sub(1).min(16);
        jittered(SHORTEST_MILLIS << doublings, random)
    }

    /// Returns the milliseconds to wait if the server is overloaded.
    pub(crate) fn longest_wait(random: &mut Random) -> u64 {
        jittered(LONGEST_MILLIS, random)
    }
}

fn jittered(wait: u64, random: &mut Random) -> u64 {
    let half = wait.min(LONGEST_MILLIS) / 2;
    half + random.up_to(half)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn stays_within_the_shortest_and_longest_delay(seed: u64, failures in 0_u32..200) {
            let mut random = Random::new(seed);
            let backoff = Backoff { failures };
            let whole = (500_u64 << failures.saturating_sub(1).min(10)).min(30_000);
            for _ in 0..20 {
                let wait = backoff.wait(&mut random);
                prop_assert!((whole / 2..=whole).contains(&wait), "{wait} of {whole}");
            }
            prop_assert!((15_000..=30_000).contains(&Backoff::longest_wait(&mut random)));
        }
    }

    #[test]
    fn grows_with_each_failure_and_resets_after_success() {
        let mut random = Random::new(1);
        let mut backoff = Backoff::default();
        let mut mean = |backoff: &Backoff| (0..200).map(|_| backoff.wait(&mut random)).sum::<u64>() / 200;
        let mut last = 0;
        for _ in 0..7 {
            backoff.failed();
            let now = mean(&backoff);
            assert!(now > last + last / 2, "{now} after {last}");
            last = now;
        }
        backoff.reset();
        assert!(mean(&backoff) <= 500);
    }

    #[test]
    fn clients_reconnect_at_different_times() {
        let backoff = Backoff { failures: 7 };
        let mut waits: Vec<u64> = (0..100).map(|seed| backoff.wait(&mut Random::new(seed))).collect();
        waits.sort_unstable();
        waits.dedup();
        assert!(waits.len() > 90, "{} different waits of a hundred", waits.len());
    }
}
