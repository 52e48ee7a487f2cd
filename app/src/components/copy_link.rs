//! The link to a room, to be sent to others.

use hubbub_protocol::RoomName;
use leptos::prelude::*;

use crate::browser::{clipboard, clock, tab};
use crate::i18n::strings;
use crate::route::room_path;

/// How long the button says that it has done its work, in milliseconds.
const DONE_MILLIS: u64 = 2_000;

/// A button that copies the link.
#[component]
fn CopyLink(room: RoomName) -> impl IntoView {
    let strings = strings();
    let done = RwSignal::new(false);
    let copy = move |_| copy_link(&room, done);
    view! {
        <button
            class="button button-main needs-script"
            type="button"
            title=strings.copy_link
            on:click=copy
        >
            <span aria-live="polite">
                {move || if done.get() { strings.link_copied } else { strings.copy_link }}
            </span>
        </button>
    }
}

/// Copies the link of a room; `done` is true for a while.
pub(crate) fn copy_link(room: &RoomName, done: RwSignal<bool>) {
    clipboard::copy(&address(room));
    done.set(true);
    clock::after(DONE_MILLIS, move || {
        // The button may be gone by then.
        done.try_set(false);
    });
}

/// The link, to be read and copied.
#[component]
pub(crate) fn RoomLink(room: RoomName) -> impl IntoView {
    // Only the browser knows under which name it has found the server.
    let shown = RwSignal::new(room_path(&room, None));
    let known = room.clone();
    Effect::new(move |_| shown.set(address(&known)));
    view! {
        <div class="room-link">
            <span class="room-link-address">{shown}</span>
            <CopyLink room />
        </div>
    }
}

fn address(room: &RoomName) -> String {
    tab::origin() + &room_path(room, None)
}
