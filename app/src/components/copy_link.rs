//! The link to a room, to be sent to others.

use hubbub_protocol::RoomName;
use leptos::prelude::*;

use super::icon::{Icon, IconName};
use crate::browser::{clipboard, clock, tab};
use crate::i18n::strings;

/// How long the button says that it has done its work, in milliseconds.
const DONE_MILLIS: u64 = 2_000;

/// A button that copies the link.
#[component]
pub(crate) fn CopyLink(
    room: RoomName,
    /// Whether it shows its words, and not only a picture.
    #[prop(optional)]
    worded: bool,
) -> impl IntoView {
    let strings = strings();
    let done = RwSignal::new(false);
    let copy = move |_| {
        clipboard::copy(&address(&room));
        done.set(true);
        clock::after(DONE_MILLIS, move || {
            // The room may have filled meanwhile, and the button be gone.
            done.try_set(false);
        });
    };
    let (class, text_class) = if worded {
        ("button button-main needs-script", "")
    } else {
        ("button button-bare needs-script", "unseen")
    };
    let content = move || {
        let (icon, label) = if done.get() {
            (IconName::Check, strings.link_copied)
        } else {
            (IconName::Link, strings.copy_link)
        };
        view! {
            {(!worded).then(|| view! { <Icon name=icon /> })}
            <span class=text_class aria-live="polite">
                {label}
            </span>
        }
    };
    view! {
        <button class=class type="button" title=strings.copy_link on:click=copy>
            {content}
        </button>
    }
}

/// The link, to be read and copied.
#[component]
pub(crate) fn RoomLink(room: RoomName) -> impl IntoView {
    // Only the browser knows under which name it has found the server.
    let shown = RwSignal::new(path(&room));
    let known = room.clone();
    Effect::new(move |_| shown.set(address(&known)));
    view! {
        <div class="room-link">
            <span class="room-link-address">{shown}</span>
            <CopyLink room worded=true />
        </div>
    }
}

fn address(room: &RoomName) -> String {
    tab::origin() + &path(room)
}

fn path(room: &RoomName) -> String {
    format!("/rooms/{room}")
}
