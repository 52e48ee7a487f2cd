//! The only place that reads clocks.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use hubbub_protocol::{Millis, Timestamp};

/// Wall-clock time for times that people read, monotonic time for deadlines.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    started: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { started: Instant::now() }
    }

    /// Returns monotonic milliseconds. They start above 0, so that a deadline of 0 is always past.
    pub(crate) fn now(self) -> Millis {
        Millis(u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_add(1))
    }

    /// Returns the instant at which [`Clock::now`] reaches this value.
    pub(crate) fn instant(self, at: Millis) -> tokio::time::Instant {
        (self.started + std::time::Duration::from_millis(at.0)).into()
    }
}

/// Returns the wall-clock time. A clock set before 1970 reads as 1970.
pub(crate) fn wall_time() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
