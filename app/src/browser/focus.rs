//! Where the keyboard is.

use hubbub_markup::mentions;
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement};

/// Puts the focus on the first element that fits `selector` in the box, fitting `around`, in which the key
/// was pressed.
pub(crate) fn within(event: &KeyboardEvent, around: &str, selector: &str) {
    let around = closest(event, around);
    if let Some(element) = around.and_then(|around| around.query_selector(selector).ok().flatten()) {
        put_on(&element);
    }
}

/// Goes along the elements that fit `selector` in the box, fitting `around`, in which the key was pressed. After
/// the last comes the first.
pub(crate) fn along(event: &KeyboardEvent, around: &str, selector: &str) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let Some(around) = closest(event, around) else { return };
    let parts = all(&around, selector);
    let at = closest(event, selector).and_then(|part| parts.iter().position(|it| *it == part));
    let next = match (event.key().as_str(), at) {
        ("Home", _) | ("ArrowDown", None) => Some(0),
        ("ArrowDown", Some(at)) => Some((at + 1) % parts.len()),
        ("ArrowUp", Some(at @ 1..)) => Some(at - 1),
        ("End" | "ArrowUp", _) => parts.len().checked_sub(1),
        _ => return,
    };
    event.prevent_default();
    if let Some(part) = next.and_then(|next| parts.get(next)) {
        put_on(part);
    }
}

/// Goes to the person whose name was clicked in a message, if it was one: opens the list of people where it is
/// a drawer, and puts the focus on their line, if they have one.
pub(crate) fn person(event: &MouseEvent) {
    let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    let Some(mention) = closest(event, "a.mention").filter(|_| !modified) else { return };
    let list = document().get_element_by_id("people").and_then(|list| list.dyn_into::<HtmlElement>().ok());
    let Some(list) = list else { return };
    event.prevent_default();
    // A column has a size without being opened.
    if list.offset_width() == 0 && list.show_popover().is_err() {
        return;
    }
    let name = |element: &Element| element.text_content().unwrap_or_default();
    let mention = name(&mention);
    let scroll_target = mention.trim_start_matches('@');
    let is_wanted = |item: &Element| {
        let shown = item.query_selector("bdi").ok().flatten();
        shown.is_some_and(|shown| mentions(scroll_target, &name(&shown)))
    };
    if let Some(item) = all(&list, "[data-person]").into_iter().find(is_wanted) {
        // By hand only: the lines have nothing to press, and are no stops of the Tab key.
        _ = item.set_attribute("tabindex", "-1");
        // It scrolls there too.
        put_on(&item);
    }
}

/// All that fit, in the order of the document.
pub(super) fn all(inside: &Element, selector: &str) -> Vec<Element> {
    let Ok(list) = inside.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok()).collect()
}

/// The element that fits, and in which it happened.
pub(super) fn closest(event: &Event, selector: &str) -> Option<Element> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(selector).ok().flatten()
}

/// Puts the focus there.
pub(super) fn put_on(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        _ = element.focus();
    }
}
