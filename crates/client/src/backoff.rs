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
