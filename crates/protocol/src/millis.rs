//! A moment of a monotonic clock, handed to the pure parts as an argument.

/// Milliseconds of a monotonic clock (`performance.now()`, `Instant`). Where it begins means nothing; that
/// it never goes back does not have to hold: arithmetic saturates, and a jump costs at most a wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub u64);

impl Millis {
    /// The moment `millis` after this one.
    #[must_use]
    pub const fn plus(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this moment; 0 if `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}
