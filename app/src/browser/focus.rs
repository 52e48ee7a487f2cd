//! Where the keyboard is.

use leptos::ev::KeyboardEvent;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Puts the focus on the first element that fits `selector` in the box, fitting `around`, in which the key
/// was pressed.
pub(crate) fn within(event: &KeyboardEvent, around: &str, selector: &str) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let around = target.and_then(|target| target.closest(around).ok().flatten());
    let found = around.and_then(|around| around.query_selector(selector).ok().flatten());
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        _ = element.focus();
    }
}
