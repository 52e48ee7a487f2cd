//! A monotonic clock's reading, handed to the pure parts as an argument.

use std::ops::{Add, Sub};

/// Milliseconds since some fixed moment of the past, never going back. Only differences mean something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub u64);

impl Add<u64> for Millis {
    type Output = Self;

    fn add(self, milliseconds: u64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }
}

impl Sub for Millis {
    type Output = u64;

    /// Milliseconds from `earlier` to `self`; 0 if it is not earlier.
    fn sub(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}
