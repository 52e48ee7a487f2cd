//! Where values lie that are known by a handle: in the arena of leptos, which takes them away after all that an owner
//! does at its end. It knows them as one kind.

use std::any::Any;
use std::rc::Rc;

use leptos::reactive::owner::{LocalStorage, StoredValue};
use leptos::reactive::traits::GetValue;

#[derive(Clone, Copy)]
pub(super) struct Handle(StoredValue<Rc<dyn Any>, LocalStorage>);

/// Keeps a value until the current owner goes. It is found on this thread only, on which a page is rendered from its
/// beginning to its end.
pub(super) fn keep(value: Rc<dyn Any>) -> Handle {
    Handle(StoredValue::new_local(value))
}

impl Handle {
    pub(super) fn find(self) -> Option<Rc<dyn Any>> {
        self.0.try_get_value()
    }
}
