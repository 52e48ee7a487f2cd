//! Values that tell those who look at them when they change.
//!
//! They have the names and ways of those of leptos, and use its graph of who looks at what. But that graph holds
//! values of each kind in code of its own, several kilobytes of it. Here the graph knows only bare triggers, the
//! values lie beside it, and what is left for each kind is to take a value out of its cell.

mod arena;
mod derived;
mod effect;
mod node_ref;

use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;

use leptos::reactive::signal::ArcTrigger;
use leptos::reactive::traits::{Notify, Track};

use arena::Handle;
pub(crate) use derived::{Callback, Memo, Signal};
pub(crate) use effect::Effect;
pub(crate) use node_ref::NodeRef;

/// A value with those who look at it. Copies show the same. It lives as long as somebody has it.
pub(crate) struct ArcRwSignal<T>(Rc<Cell<T>>);

struct Cell<T> {
    value: RefCell<T>,
    trigger: ArcTrigger,
}

impl<T> Clone for ArcRwSignal<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T: Default> Default for ArcRwSignal<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> ArcRwSignal<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Rc::new(Cell { value: RefCell::new(value), trigger: ArcTrigger::new() }))
    }

    /// Looks at the value, and again when it changes.
    pub(crate) fn with<O>(&self, look: impl FnOnce(&T) -> O) -> O {
        self.0.trigger.track();
        self.with_untracked(look)
    }

    pub(crate) fn with_untracked<O>(&self, look: impl FnOnce(&T) -> O) -> O {
        look(&self.0.value.borrow())
    }

    pub(crate) fn get(&self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    pub(crate) fn get_untracked(&self) -> T
    where
        T: Clone,
    {
        self.with_untracked(T::clone)
    }

    pub(crate) fn set(&self, value: T) {
        // What was there goes after the cell is free: it may look at it on its way.
        drop(self.0.value.replace(value));
        self.0.trigger.notify();
    }
}

/// The same as a handle. The value goes with the owner that was current when it was made.
pub(crate) struct RwSignal<T> {
    handle: Handle,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for RwSignal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for RwSignal<T> {}

impl<T: Default + 'static> Default for RwSignal<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: 'static> RwSignal<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { handle: arena::keep(ArcRwSignal::new(value).0), kind: PhantomData }
    }

    /// None when its owner is gone.
    fn found(self) -> Option<ArcRwSignal<T>> {
        self.handle.find().and_then(|cell| cell.downcast().ok()).map(ArcRwSignal)
    }

    fn here(self) -> ArcRwSignal<T> {
        self.found().expect("a signal is used while its owner lives")
    }

    /// Looks again when it changes.
    pub(crate) fn track(self) {
        self.here().0.trigger.track();
    }

    /// Looks at the value, and again when it changes.
    pub(crate) fn with<O>(self, look: impl FnOnce(&T) -> O) -> O {
        self.here().with(look)
    }

    pub(crate) fn with_untracked<O>(self, look: impl FnOnce(&T) -> O) -> O {
        self.here().with_untracked(look)
    }

    pub(crate) fn try_with_untracked<O>(self, look: impl FnOnce(&T) -> O) -> Option<O> {
        self.found().map(|cell| cell.with_untracked(look))
    }

    pub(crate) fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    pub(crate) fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.with_untracked(T::clone)
    }

    pub(crate) fn try_get_untracked(self) -> Option<T>
    where
        T: Clone,
    {
        self.try_with_untracked(T::clone)
    }

    /// Nothing happens once its owner is gone.
    pub(crate) fn set(self, value: T) {
        if let Some(cell) = self.found() {
            cell.set(value);
        }
    }

    pub(crate) fn update(self, change: impl FnOnce(&mut T)) {
        self.update_untracked(change);
        if let Some(cell) = self.found() {
            cell.0.trigger.notify();
        }
    }

    pub(crate) fn update_untracked(self, change: impl FnOnce(&mut T)) {
        if let Some(cell) = self.found() {
            change(&mut cell.0.value.borrow_mut());
        }
    }
}

/// A value that nobody looks at. It goes with the owner that was current when it was made.
pub(crate) struct StoredValue<T>(RwSignal<T>);

impl<T> Clone for StoredValue<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for StoredValue<T> {}

impl<T: Default + 'static> Default for StoredValue<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: 'static> StoredValue<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(RwSignal::new(value))
    }

    pub(crate) fn with_value<O>(self, look: impl FnOnce(&T) -> O) -> O {
        self.0.with_untracked(look)
    }

    pub(crate) fn try_with_value<O>(self, look: impl FnOnce(&T) -> O) -> Option<O> {
        self.0.try_with_untracked(look)
    }

    pub(crate) fn get_value(self) -> T
    where
        T: Clone,
    {
        self.0.get_untracked()
    }

    pub(crate) fn try_get_value(self) -> Option<T>
    where
        T: Clone,
    {
        self.0.try_get_untracked()
    }

    pub(crate) fn set_value(self, value: T) {
        self.0.update_untracked(|kept| *kept = value);
    }

    pub(crate) fn try_update_value<O>(self, change: impl FnOnce(&mut T) -> O) -> Option<O> {
        self.0.found().map(|cell| change(&mut cell.0.value.borrow_mut()))
    }
}

#[cfg(test)]
mod tests;
