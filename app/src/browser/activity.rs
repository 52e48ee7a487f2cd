//! Observes the network and the user's activity: whether the page is visible and focused, and whether the
//! user operates it.

use std::cell::Cell;

use hubbub_client::{Intent, Millis};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, MouseEvent};

use super::chat_input::Input;
use super::chat_task::ChatHandle;
use super::clock;

/// Minimum interval between two reports of activity to the client, in milliseconds. The client limits its own
/// reports to the server; this limit avoids work for each key press.
const REPORT_INTERVAL_MILLIS: u64 = 10_000;

/// Listens for the lifetime of the page.
pub(super) fn listen(chat: ChatHandle) {
    on_window_event("online", move || chat.step(Input::Intent(Intent::RetryNow)));
    on_window_event("offline", move || chat.step(Input::Intent(Intent::NetworkLost)));
    // After the device has slept, the socket may be dead without a close event. A retry detects this quickly.
    on_window_event("pageshow", move || chat.step(Input::Intent(Intent::RetryNow)));
    on_window_event("visibilitychange", move || {
        chat.step(if document().hidden() { Input::Unseen } else { Input::Seen })
    });
    on_window_event("pagehide", move || chat.step(Input::Unseen));
    // `wheel` and `touchmove` listeners of the window are passive by the DOM standard, so they do not delay
    // scrolling.
    for sign in ["keydown", "pointerdown", "wheel", "touchmove"] {
        on_window_event(sign, move || report_activity(chat));
    }
    drop(window_event_listener_untyped("pointermove", move |event| {
        if has_moved(&event) {
            report_activity(chat);
        }
    }));
    await_midnight(chat);
}

/// Whether the pointer moved on the screen. Browsers also send `pointermove` when the page moves under a
/// resting pointer, for example when a message arrives.
fn has_moved(event: &Event) -> bool {
    thread_local! {
        static LAST: Cell<Option<(i32, i32)>> = const { Cell::new(None) };
    }
    let here = event.dyn_ref::<MouseEvent>().map(|event| (event.screen_x(), event.screen_y()));
    let last = LAST.replace(here);
    last.is_some() && last != here
}

fn on_window_event(event: &str, action: impl Fn() + 'static) {
    // Dropping the handle does not remove the listener, which lives as long as the page.
    drop(window_event_listener_untyped(event, move |_| action()));
}

fn report_activity(chat: ChatHandle) {
    thread_local! {
        static LAST: Cell<Option<Millis>> = const { Cell::new(None) };
    }
    let now = clock::monotonic();
    if LAST.get().is_none_or(|last| now.since(last) >= REPORT_INTERVAL_MILLIS) {
        LAST.set(Some(now));
        chat.step(Input::Intent(Intent::Active));
    }
}

/// Updates the day separators at midnight.
fn await_midnight(chat: ChatHandle) {
    clock::after(clock::until_midnight(), move || {
        chat.step(Input::Day);
        await_midnight(chat);
    });
}
