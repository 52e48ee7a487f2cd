//! How long to wait before the next try to connect.

use crate::random::Random;

/// The first wait, before jitter.
const SHORTEST_MILLIS: u64 = 500;
/// The longest wait.
const LONGEST_MILLIS: u64 = 30_000;

/// Exponential back-off with equal jitter: half of a wait that doubles from 0.5 s to 30 s is certain, so
/// that no server is hammered, and half is random, so that ten thousand clients do not come back at once.
///
/// Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
#[derive(Clone, Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Tries that failed in a row.
    pub(crate) const fn failures(&self) -> u32 {
        self.failures
    }

    /// A connection was healthy: the next failure is a first one.
    pub(crate) const fn reset(&mut self) {
        self.failures = 0;
    }

    /// A try has failed.
    pub(crate) const fn failed(&mut self) {
        self.failures = self.failures.saturating_add(1);
    }

    /// Milliseconds to wait before the next try.
    pub(crate) fn wait(&self, random: &mut Random) -> u64 {
        let doublings = self.failures.saturating_sub(1).min(16);
        jittered(SHORTEST_MILLIS << doublings, random)
    }

    /// Milliseconds to wait when the server says that it has too many clients.
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
        fn a_wait_is_never_short_and_never_longer_than_the_longest(seed: u64, failures in 0_u32..200) {
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
    fn it_grows_with_each_failure_and_starts_again_after_success() {
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
    fn clients_do_not_come_back_in_step() {
        let backoff = Backoff { failures: 7 };
        let mut waits: Vec<u64> = (0..100).map(|seed| backoff.wait(&mut Random::new(seed))).collect();
        waits.sort_unstable();
        waits.dedup();
        assert!(waits.len() > 90, "{} different waits of a hundred", waits.len());
    }
}
