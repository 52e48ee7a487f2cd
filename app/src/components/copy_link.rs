//! Copies the link of a room, to share it.

use hubbub_protocol::RoomName;
use leptos::prelude::*;

use crate::browser::{clipboard, clock, tab};
use crate::effect::effect;
use crate::i18n::strings;
use crate::route::room_path;

/// How long the button confirms that it has copied, in milliseconds.
const DONE_MILLIS: u64 = 2_000;

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

/// Copies the link of a room; `done` is true for a moment afterwards.
pub(crate) fn copy_link(room: &RoomName, done: RwSignal<bool>) {
    clipboard::copy(&address(room));
    done.set(true);
    clock::after(DONE_MILLIS, move || {
        // The button may have been removed by then.
        done.try_set(false);
    });
}

/// The link as text, with a button to copy it.
#[component]
pub(crate) fn RoomLink(room: RoomName) -> impl IntoView {
    // Only the browser knows the host name of the page.
    let shown = RwSignal::new(room_path(&room, None));
    let known = room.clone();
    effect(move || shown.set(address(&known)));
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
