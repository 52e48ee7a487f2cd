//! Keyboard focus.

use hubbub_markup::mentions;
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement};

/// Focuses the first element that matches `selector`, inside the closest ancestor of the event's target that
/// matches `around`.
pub(crate) fn within(event: &KeyboardEvent, around: &str, selector: &str) {
    let around = closest(event, around);
    if let Some(element) = around.and_then(|around| around.query_selector(selector).ok().flatten()) {
        focus_element(&element);
    }
}

/// Moves the focus through the elements that match `selector`, inside the closest ancestor that matches
/// `around`. Wraps at both ends.
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
        focus_element(part);
    }
}

/// If a user name in a message was clicked, opens the list of members, where it is a drawer, and focuses the
/// entry of that user.
pub(crate) fn person(event: &MouseEvent) {
    let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    let Some(mention) = closest(event, "a.mention").filter(|_| !modified) else { return };
    let list = document().get_element_by_id("people").and_then(|list| list.dyn_into::<HtmlElement>().ok());
    let Some(list) = list else { return };
    event.prevent_default();
    // A column is visible without being opened.
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
        // The entries are not interactive, so only this function can focus them; the Tab key skips them.
        _ = item.set_attribute("tabindex", "-1");
        // Focusing also scrolls the entry into view.
        focus_element(&item);
    }
}

/// Returns the matching descendants in document order.
pub(super) fn all(inside: &Element, selector: &str) -> Vec<Element> {
    let Ok(list) = inside.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok()).collect()
}

/// Returns the closest ancestor of the event's target that matches.
pub(super) fn closest(event: &Event, selector: &str) -> Option<Element> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(selector).ok().flatten()
}

pub(super) fn focus_element(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        _ = element.focus();
    }
}
