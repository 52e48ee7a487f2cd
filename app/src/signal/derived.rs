//! Values that follow from others.

use std::marker::PhantomData;
use std::rc::Rc;

use leptos::reactive::computed::Memo as Version;
use leptos::reactive::traits::{Get, GetUntracked};

use super::StoredValue;
use super::arena::{self, Handle};

/// A value that is worked out each time somebody looks. Copies are the same.
pub(crate) struct Signal<T> {
    handle: Handle,
    kind: PhantomData<fn() -> T>,
}

type Look<T> = Box<dyn Fn() -> T>;

impl<T> Clone for Signal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Signal<T> {}

impl<T: 'static> Signal<T> {
    pub(crate) fn derive(look: impl Fn() -> T + 'static) -> Self {
        let look: Look<T> = Box::new(look);
        Self { handle: arena::keep(Rc::new(look)), kind: PhantomData }
    }

    /// Works it out, and again when something changes that it was made from.
    pub(crate) fn get(self) -> T {
        let look = self.handle.find().and_then(|look| look.downcast::<Look<T>>().ok());
        look.expect("a signal is used while its owner lives")()
    }
}

/// A value that is worked out only when something has changed that it was made from, and tells of it only when it is
/// another one then. Copies are the same.
pub(crate) struct Memo<T> {
    /// Counts the changes: what the graph has to know of the value.
    version: Version<u32>,
    value: StoredValue<Option<T>>,
}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Memo<T> {}

impl<T: PartialEq + 'static> Memo<T> {
    pub(crate) fn new(work_out: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        let value = StoredValue::new(None::<T>);
        let version = counted(Box::new(move || {
            let before = value.try_update_value(Option::take).flatten();
            let now = work_out(before.as_ref());
            let is_new = before.is_none_or(|before| before != now);
            value.set_value(Some(now));
            is_new
        }));
        Self { version, value }
    }

    /// Looks at the value, and again when it is another one.
    pub(crate) fn with<O>(self, look: impl FnOnce(&T) -> O) -> O {
        self.version.get();
        self.look(look)
    }

    pub(crate) fn with_untracked<O>(self, look: impl FnOnce(&T) -> O) -> O {
        // Works it out, if that has to be done.
        self.version.get_untracked();
        self.look(look)
    }

    fn look<O>(self, look: impl FnOnce(&T) -> O) -> O {
        self.value.with_value(|value| look(value.as_ref().expect("it was worked out")))
    }

    pub(crate) fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }
}

/// Counts how often the answer was yes.
fn counted(is_new: Box<dyn Fn() -> bool + Send + Sync>) -> Version<u32> {
    Version::new(move |before: Option<&u32>| {
        let before = before.copied().unwrap_or_default();
        if is_new() { before.wrapping_add(1) } else { before }
    })
}

/// Something to be done by those who cannot do it themselves. Copies do the same.
pub(crate) struct Callback<T> {
    handle: Handle,
    kind: PhantomData<fn(T)>,
}

type Act<T> = Box<dyn Fn(T)>;

impl<T> Clone for Callback<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Callback<T> {}

impl<T: 'static> Callback<T> {
    pub(crate) fn new(act: impl Fn(T) + 'static) -> Self {
        let act: Act<T> = Box::new(act);
        Self { handle: arena::keep(Rc::new(act)), kind: PhantomData }
    }

    /// Does it; nothing, when its owner is gone.
    pub(crate) fn run(self, about: T) {
        if let Some(act) = self.handle.find().and_then(|act| act.downcast::<Act<T>>().ok()) {
            act(about);
        }
    }
}
