//! What the browser says of the network and of the person: whether they are looking, and give a sign of life.

use std::cell::Cell;

use hubbub_client::{Intent, Millis};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, MouseEvent};

use super::chat_task::{ChatHandle, Input};
use super::clock;

/// So often a sign of life is worth passing on, in milliseconds. The client does not tell the server more
/// often than it must; this spares it the keys of a fast writer.
const SIGN_MILLIS: u64 = 10_000;

/// Listens for as long as the page lives.
pub(super) fn listen(chat: ChatHandle) {
    on("online", move || chat.step(Input::Intent(Intent::RetryNow)));
    on("offline", move || chat.step(Input::Intent(Intent::NetworkLost)));
    // After a sleep the socket may be gone without a word; this also finds out quickly whether it is.
    on("pageshow", move || chat.step(Input::Intent(Intent::RetryNow)));
    on("visibilitychange", move || chat.step(if document().hidden() { Input::Unseen } else { Input::Seen }));
    on("pagehide", move || chat.step(Input::Unseen));
    // By the DOM standard the window's `wheel` and `touchmove` are passive: no scrolling waits for these.
    for sign in ["keydown", "pointerdown", "wheel", "touchmove"] {
        on(sign, move || give_sign(chat));
    }
    drop(window_event_listener_untyped("pointermove", move |event| {
        if has_moved(&event) {
            give_sign(chat);
        }
    }));
    await_midnight(chat);
}

/// Whether the pointer is elsewhere on the screen. A browser also says that it moved when the page moved under it,
/// as it does with every message that comes.
fn has_moved(event: &Event) -> bool {
    thread_local! {
        static LAST: Cell<Option<(i32, i32)>> = const { Cell::new(None) };
    }
    let here = event.dyn_ref::<MouseEvent>().map(|event| (event.screen_x(), event.screen_y()));
    let last = LAST.replace(here);
    last.is_some() && last != here
}

fn on(event: &str, action: impl Fn() + 'static) {
    // A listener's handle does nothing when it is dropped; the page never takes these back.
    drop(window_event_listener_untyped(event, move |_| action()));
}

fn give_sign(chat: ChatHandle) {
    thread_local! {
        static LAST: Cell<Option<Millis>> = const { Cell::new(None) };
    }
    let now = clock::monotonic();
    if LAST.get().is_none_or(|last| now.since(last) >= SIGN_MILLIS) {
        LAST.set(Some(now));
        chat.step(Input::Intent(Intent::Active));
    }
}

/// When the day ends, today becomes yesterday.
fn await_midnight(chat: ChatHandle) {
    clock::after(clock::until_midnight(), move || {
        chat.step(Input::Day);
        await_midnight(chat);
    });
}
