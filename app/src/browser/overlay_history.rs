//! The back button of a phone closes the drawer, menu or dialog on top before it leaves the room.
//!
//! While an overlay is open, the history of the browser has one more entry for the same address. The back button leaves
//! that entry, and the overlay on top closes. An overlay that is closed in another way removes the entry.

use std::cell::Cell;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Event, HtmlDialogElement, HtmlElement};

use super::focus::all;

const OVERLAY: &str = ":popover-open, dialog[open]";
/// Media query for devices with a back button or a back gesture, and with drawers instead of columns.
const PHONE: &str = "(max-width: 47.99rem), (pointer: coarse)";

thread_local! {
    /// Whether the current entry of the history belongs to an overlay.
    static IS_ENTERED: Cell<bool> = const { Cell::new(false) };
    /// Whether this module has called `history.back()`, and its `popstate` has not arrived.
    static IS_RETURNING: Cell<bool> = const { Cell::new(false) };
}

/// Watches overlays for the lifetime of the page.
pub(super) fn start() {
    let changed = Closure::<dyn FnMut(Event)>::new(|event: Event| update(is_opening(&event)));
    // `toggle` arrives in a later task, and the user may press the back button earlier, so `beforetoggle`
    // adds the entry.
    for event in ["beforetoggle", "toggle", "close"] {
        // These events do not bubble, so the document can receive them only in the capture phase.
        _ = document().add_event_listener_with_callback_and_bool(
            event,
            changed.as_ref().unchecked_ref(),
            true,
        );
    }
    // The listeners are never removed.
    changed.forget();
}

fn is_opening(event: &Event) -> bool {
    let state = js_sys::Reflect::get(event, &"newState".into()).ok();
    event.type_() == "beforetoggle" && state.is_some_and(|state| state == "open")
}

/// Handles a step back. Returns whether the entry belonged to an overlay, so that nothing else is to be done.
pub(super) fn handle_step_back() -> bool {
    if IS_RETURNING.take() {
        // An overlay may have opened meanwhile.
        update(false);
        return true;
    }
    if !IS_ENTERED.take() {
        return false;
    }
    if let Some(top) = overlays().pop() {
        if let Some(dialog) = top.dyn_ref::<HtmlDialogElement>() {
            dialog.close();
        } else if let Some(popover) = top.dyn_ref::<HtmlElement>() {
            _ = popover.hide_popover();
        }
    }
    // Another overlay may be open below it.
    update(false);
    true
}

/// Returns whether the next entry is to replace the current one, which belongs to an overlay that is about to close.
pub(super) fn release_entry() -> bool {
    IS_ENTERED.take()
}

/// Adds or removes the entry. `is_opening` is set if an overlay is about to open.
fn update(is_opening: bool) {
    let Ok(history) = window().history() else { return };
    let is_open = is_opening || !overlays().is_empty();
    if is_open && !IS_ENTERED.get() && !IS_RETURNING.get() && is_phone() {
        IS_ENTERED.set(history.push_state(&JsValue::NULL, "").is_ok());
    } else if !is_open && IS_ENTERED.take() {
        IS_RETURNING.set(history.back().is_ok());
    }
}

/// Open popovers and dialogs in document order: a nested one comes after the one that contains it.
fn overlays() -> Vec<web_sys::Element> {
    document().document_element().map(|root| all(&root, OVERLAY)).unwrap_or_default()
}

fn is_phone() -> bool {
    let query = window().match_media(PHONE).ok().flatten();
    query.is_some_and(|query| query.matches())
}
