//! Elements that somebody wants to have.

use std::marker::PhantomData;

#[cfg(feature = "browser")]
use leptos::html::ElementType;
#[cfg(feature = "browser")]
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;

use super::RwSignal;

/// An element of the document, once it is there.
pub(crate) struct NodeRef<E> {
    element: RwSignal<Option<Element>>,
    kind: PhantomData<fn() -> E>,
}

impl<E> Clone for NodeRef<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for NodeRef<E> {}

impl<E> NodeRef<E> {
    pub(crate) fn new() -> Self {
        Self { element: RwSignal::new(None), kind: PhantomData }
    }

    /// The signal behind it.
    pub(crate) const fn element(self) -> RwSignal<Option<Element>> {
        self.element
    }
}

#[cfg(feature = "browser")]
impl<E: ElementType<Output: JsCast>> NodeRef<E> {
    /// The element; looks again when there is another one.
    pub(crate) fn get(self) -> Option<E::Output> {
        self.element.get().map(JsCast::unchecked_into)
    }

    pub(crate) fn get_untracked(self) -> Option<E::Output> {
        self.element.try_get_untracked().flatten().map(JsCast::unchecked_into)
    }
}
