//! The way back on a phone: it closes the drawer, menu or dialog on top before it leaves the room.
//!
//! While something lies over the page, the browser's history has one more entry for the same address. Back leaves that
//! entry, and what is on top closes; whatever closes otherwise takes its entry back.

use std::cell::Cell;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{HtmlDialogElement, HtmlElement};

use super::focus::all;

const OVERLAY: &str = ":popover-open, dialog[open]";
/// Where there is a button or a gesture for the way back, and drawers instead of columns.
const PHONE: &str = "(max-width: 47.99rem), (pointer: coarse)";

thread_local! {
    /// Whether the current entry of the history is that of what lies over the page.
    static IS_ENTERED: Cell<bool> = const { Cell::new(false) };
    /// Whether this module has gone back by itself, which is not the reader's way.
    static IS_RETURNING: Cell<bool> = const { Cell::new(false) };
}

/// Watches what opens and closes, for as long as the page lives.
pub(super) fn start() {
    let changed = Closure::<dyn FnMut()>::new(update);
    for event in ["toggle", "close"] {
        // These do not bubble, but are captured on the way down.
        _ = document().add_event_listener_with_callback_and_bool(
            event,
            changed.as_ref().unchecked_ref(),
            true,
        );
    }
    // The page never takes them back.
    changed.forget();
}

/// Whether the step of the history was one over the page, and is done with.
pub(super) fn takes_step_back() -> bool {
    if IS_RETURNING.take() {
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
    // Something may lie below it.
    update();
    true
}

/// Whether the next step is to take the place of the current entry, which belongs to what is about to close.
pub(super) fn gives_up_entry() -> bool {
    IS_ENTERED.take()
}

fn update() {
    let Ok(history) = window().history() else { return };
    let is_open = !overlays().is_empty();
    if is_open && !IS_ENTERED.get() && is_phone() {
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
