//! The text field of the composer. Its value is set by functions and not bound to a signal, because a bound
//! value would overwrite text that the user types before hydration.

use leptos::ev::{self, KeyboardEvent};
use leptos::html::Textarea;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, FocusOptions, HtmlDocument, HtmlElement};

use super::keyboard;
use super::keys::FieldKey;

/// Returns the text of the field.
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

/// Changes the text of the field and sets the cursor, in UTF-16 code units as in the DOM. Undo reverts the
/// change like typed text.
pub(crate) fn write(field: NodeRef<Textarea>, text: &str, cursor: u32) {
    let Some(field) = field.get_untracked() else { return };
    let before = field.value();
    if before != text {
        let (from, to, inserted) = difference(&before, text);
        _ = field.focus();
        _ = field.set_selection_range(from, to);
        if !insert(inserted) || field.value() != text {
            // Fallback for browsers without editing commands.
            field.set_value(text);
        }
    }
    _ = field.set_selection_range(cursor, cursor);
}

/// Replaces the selection of the focused field as if the user had typed the text. Returns whether the browser
/// supports it.
fn insert(text: &str) -> bool {
    let Ok(document) = document().dyn_into::<HtmlDocument>() else { return false };
    let command = if text.is_empty() { "delete" } else { "insertText" };
    document.exec_command_with_show_ui_and_value(command, false, text) == Ok(true)
}

/// Returns the range of `before` that differs from `after`, in UTF-16 code units, and the text that replaces
/// it.
fn difference<'a>(before: &str, after: &'a str) -> (u32, u32, &'a str) {
    let same = |(a, b): &(char, char)| a == b;
    let bytes = |(char, _): (char, char)| char.len_utf8();
    let start: usize = before.chars().zip(after.chars()).take_while(same).map(bytes).sum();
    let (rest_before, rest_after) = (&before[start..], &after[start..]);
    let backwards = rest_before.chars().rev().zip(rest_after.chars().rev());
    let end: usize = backwards.take_while(same).map(bytes).sum();
    let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
    let from = units(&before[..start]);
    let replaced = &rest_before[..rest_before.len() - end];
    (from, from + units(replaced), &rest_after[..rest_after.len() - end])
}

/// Returns the position of the cursor in UTF-16 code units.
pub(crate) fn cursor(field: NodeRef<Textarea>) -> u32 {
    let cursor = field.get_untracked().and_then(|field| field.selection_end().ok().flatten());
    cursor.unwrap_or_default()
}

pub(crate) fn focus(field: NodeRef<Textarea>) {
    // The signal is gone if the user has left the room.
    if let Some(field) = field.try_get_untracked().flatten() {
        _ = field.focus();
    }
}

/// Returns the meaning of a key. On a touch keyboard, where Shift+Enter is not possible, Enter inserts a line
/// break and only the button sends.
pub(crate) fn key(event: &KeyboardEvent) -> Option<FieldKey> {
    if event.shift_key() || event.ctrl_key() || event.alt_key() || event.meta_key() {
        return None;
    }
    match event.key().as_str() {
        "Enter" => (!keyboard::is_on_screen()).then_some(FieldKey::Send),
        "ArrowUp" => Some(FieldKey::Up),
        "Escape" => Some(FieldKey::Escape),
        _ => None,
    }
}

/// Directs typing and pasting anywhere on the page to the field, for the lifetime of the conversation. With a
/// hardware keyboard the field gets the focus at once, except with `is_linked`: then the user has followed a
/// link to a message and wants to read it first.
pub(crate) fn start(field: NodeRef<Textarea>, is_linked: bool) {
    focus_on_stray_keys(field);
    insert_stray_paste(field);
    if keyboard::is_on_screen() {
        if let Some(field) = field.get_untracked() {
            _ = field.set_attribute("enterkeyhint", "enter");
        }
    } else if !is_linked {
        // A dialog that led to this room closes first, which restores the previous focus.
        request_animation_frame(move || focus_on_arrival(field));
    }
}

/// Focuses the field, unless the user is using another field, a dialog or a selection.
fn focus_on_arrival(field: NodeRef<Textarea>) {
    let is_busy = document().active_element().is_some_and(|focused| {
        !focused.matches("body, a, button").unwrap_or_default()
            || focused.closest("dialog").is_ok_and(|dialog| dialog.is_some())
    });
    let is_covered =
        document().query_selector("dialog[open], :popover-open").is_ok_and(|over| over.is_some());
    let selects = window().get_selection().ok().flatten().is_some_and(|selection| !selection.is_collapsed());
    if let Some(field) = field.try_get_untracked().flatten()
        && !is_busy
        && !is_covered
        && !selects
    {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        _ = field.focus_with_options(&options);
    }
}

fn focus_on_stray_keys(field: NodeRef<Textarea>) {
    let handle = keyboard::listen(move |event| {
        if is_writing(&event) && !is_at_home(&event) {
            // The browser then delivers the key to the focused field.
            focus(field);
        }
    });
    on_cleanup(move || handle.remove());
}

fn insert_stray_paste(field: NodeRef<Textarea>) {
    let handle = window_event_listener(ev::paste, move |event| {
        let text = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
        if let Some(text) = text.filter(|text| !text.is_empty() && !is_at_home(&event)) {
            event.prevent_default();
            focus(field);
            insert(&text);
        }
    });
    on_cleanup(move || handle.remove());
}

/// Whether the key writes a character. The space bar is excluded, because it scrolls and presses buttons.
fn is_writing(event: &KeyboardEvent) -> bool {
    let key = event.key();
    let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
    key != " " && key.chars().count() == 1 && !modified && !event.default_prevented()
}

/// Whether a key or a paste belongs to the focused element: a field, or an open overlay.
pub(super) fn is_at_home(event: &Event) -> bool {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
        return false;
    };
    let editable = target.dyn_ref::<HtmlElement>().is_some_and(HtmlElement::is_content_editable);
    editable || matches!(target.closest("input, textarea, select, dialog, :popover-open"), Ok(Some(_)))
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn replaces_only_the_changed_range() {
        assert_eq!(difference("hi @bo, you", "hi @bob , you"), (6, 6, "b "));
        assert_eq!(difference("😀 :smi", "😀 🙂 "), (3, 7, "🙂 "));
        assert_eq!(difference("aa", "aaa"), (2, 2, "a"));
        assert_eq!(difference("abc", ""), (0, 3, ""));
    }
}
