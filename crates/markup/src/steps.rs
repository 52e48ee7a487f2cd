//! How much work was done, counted in unit tests only: that it grows with the length of a text and not with
//! its square is a property of the code and must not be measured with a clock.

/// Counts `steps`: characters looked at, or entries taken from a stack.
#[cfg(not(test))]
#[inline(always)]
pub(crate) fn add(_steps: usize) {}

#[cfg(test)]
pub(crate) use counted::{add, of};

#[cfg(test)]
mod counted {
    use std::cell::Cell;

    thread_local! {
        static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    pub(crate) fn add(steps: usize) {
        STEPS.with(|count| count.set(count.get() + steps));
    }

    /// The steps that `action` takes.
    pub(crate) fn of<T>(action: impl FnOnce() -> T) -> usize {
        let before = STEPS.with(Cell::get);
        action();
        STEPS.with(Cell::get) - before
    }
}
