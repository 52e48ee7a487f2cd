//! Counts work in unit tests, to check without a clock that it grows linearly with the length of a text.

/// Counts `steps`: characters read or entries taken from a stack.
#[cfg(not(test))]
#[inline(always)]
pub(crate) fn count(_steps: usize) {}

#[cfg(test)]
pub(crate) use counted::{count, of};

#[cfg(test)]
mod counted {
    use std::cell::Cell;

    thread_local! {
        static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    pub(crate) fn count(steps: usize) {
        STEPS.with(|total| total.set(total.get() + steps));
    }

    /// Returns the number of steps of `action`.
    pub(crate) fn of<T>(action: impl FnOnce() -> T) -> usize {
        let before = STEPS.with(Cell::get);
        action();
        STEPS.with(Cell::get) - before
    }
}
