//! Key events without those of input methods: while an input method composes a word, Enter, Esc and the arrow
//! keys select its suggestions. All key handlers use this module.

use leptos::ev::{self, KeyboardEvent};
use leptos::leptos_dom::helpers::WindowListenerHandle;
use leptos::prelude::{window, window_event_listener};

/// Key code of every key event during composition (UI Events, section 7.3.1). Safari also uses it for the
/// Enter that ends the composition, after `isComposing` has become false.
const COMPOSING_KEY_CODE: u32 = 229;

/// Wraps a handler of `keydown` so that it does not receive keys of an input method.
pub(crate) fn unless_composing(handler: impl Fn(KeyboardEvent)) -> impl Fn(KeyboardEvent) {
    move |event| {
        if !event.is_composing() && event.key_code() != COMPOSING_KEY_CODE {
            handler(event);
        }
    }
}

/// Listens to all key events of the page, except those of an input method.
pub(super) fn listen(handler: impl Fn(KeyboardEvent) + 'static) -> WindowListenerHandle {
    window_event_listener(ev::keydown, unless_composing(handler))
}

/// Whether the primary pointer is a finger, so that text is typed on a touch keyboard.
pub(super) fn is_on_screen() -> bool {
    let query = window().match_media("(pointer: coarse)").ok().flatten();
    query.is_some_and(|query| query.matches())
}
