//! The keys of the keyboard, as far as they are keys: while an input method composes a word, Enter, Esc and the arrows
//! choose among its proposals and mean nothing to the page. Every handler of keys goes through this module.

use leptos::ev::{self, KeyboardEvent};
use leptos::leptos_dom::helpers::WindowListenerHandle;
use leptos::prelude::{window, window_event_listener};

/// What a browser reports for every key while an input method composes, and Safari for the Enter that ends a word as
/// well, when the event no longer says so itself (UI Events, section 7.3.1).
const COMPOSING_KEY_CODE: u32 = 229;

/// Makes a handler of `keydown` that gets no keys of an input method.
pub(crate) fn unless_composing(handler: impl Fn(KeyboardEvent)) -> impl Fn(KeyboardEvent) {
    move |event| {
        if !event.is_composing() && event.key_code() != COMPOSING_KEY_CODE {
            handler(event);
        }
    }
}

/// Listens to the keys of the whole page, those of an input method excepted.
pub(super) fn listen(handler: impl Fn(KeyboardEvent) + 'static) -> WindowListenerHandle {
    window_event_listener(ev::keydown, unless_composing(handler))
}

/// Whether the main pointer is a finger, so that letters come from a keyboard on the screen.
pub(super) fn is_on_screen() -> bool {
    let query = window().match_media("(pointer: coarse)").ok().flatten();
    query.is_some_and(|query| query.matches())
}
