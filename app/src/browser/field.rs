//! The field of the composer. Its text is set by hand and not bound: a bound value would overwrite what was
//! written before the page came alive.

use leptos::ev::{self, KeyboardEvent};
use leptos::html::Textarea;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::keys::FieldKey;

/// What a browser reports for every key while an input method is composing (UI Events, section 7.3.1).
const COMPOSING_KEY_CODE: u32 = 229;

/// What stands in the field.
pub(crate) fn text(field: NodeRef<Textarea>) -> String {
    field.get_untracked().map(|field| field.value()).unwrap_or_default()
}

/// Writes into the field; the cursor stays where it is if the text is there already.
pub(crate) fn set_text(field: NodeRef<Textarea>, text: &str) {
    if let Some(field) = field.get_untracked()
        && field.value() != text
    {
        field.set_value(text);
    }
}

/// Writes into the field and puts the cursor there, counted as the browser does: in UTF-16 code units.
pub(crate) fn write(field: NodeRef<Textarea>, text: &str, cursor: u32) {
    set_text(field, text);
    if let Some(field) = field.get_untracked() {
        _ = field.set_selection_range(cursor, cursor);
    }
}

/// Where the cursor is, counted likewise.
pub(crate) fn cursor(field: NodeRef<Textarea>) -> u32 {
    let cursor = field.get_untracked().and_then(|field| field.selection_end().ok().flatten());
    cursor.unwrap_or_default()
}

/// Puts the focus there.
pub(crate) fn focus(field: NodeRef<Textarea>) {
    if let Some(field) = field.get_untracked() {
        _ = field.focus();
    }
}

/// What the key means, if anything.
pub(crate) fn key(event: &KeyboardEvent) -> Option<FieldKey> {
    let modified = event.shift_key() || event.ctrl_key() || event.alt_key() || event.meta_key();
    if modified || event.is_composing() || event.key_code() == COMPOSING_KEY_CODE {
        return None;
    }
    match event.key().as_str() {
        "Enter" => Some(FieldKey::Send),
        "ArrowUp" => Some(FieldKey::Up),
        "Escape" => Some(FieldKey::Escape),
        _ => None,
    }
}

/// Typing anywhere goes to the field, for as long as the conversation is shown.
pub(crate) fn take_stray_keys(field: NodeRef<Textarea>) {
    let handle = window_event_listener(ev::keydown, move |event| {
        if is_writing(&event) && !is_at_home(&event) {
            // The key itself then goes to where the focus is.
            focus(field);
        }
    });
    on_cleanup(move || handle.remove());
}

/// Whether the key writes a character. The space does more useful things elsewhere.
fn is_writing(event: &KeyboardEvent) -> bool {
    let key = event.key();
    let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
    key != " " && key.chars().count() == 1 && !modified && !event.is_composing() && !event.default_prevented()
}

/// Whether the key is meant for what has the focus: a field, or something that lies over the page.
pub(super) fn is_at_home(event: &KeyboardEvent) -> bool {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
        return false;
    };
    let editable = target.dyn_ref::<HtmlElement>().is_some_and(HtmlElement::is_content_editable);
    editable || matches!(target.closest("input, textarea, select, dialog, :popover-open"), Ok(Some(_)))
}
