//! Asks before one leaves a room.

use hubbub_client::Intent;
use leptos::prelude::*;

use super::{DialogHead, Overlay};
use crate::browser::{address, chat_task};
use crate::chat::Chat;
use crate::i18n::words;
use crate::place::Place;

#[component]
pub(super) fn Leave(chat: Chat, overlay: RwSignal<Option<Overlay>>) -> impl IntoView {
    let words = words();
    let frame = words.frame;
    let room = chat.place.get_untracked().room;
    let title = (frame.leave_title)(room.as_str());
    let leave = move |_| {
        overlay.set(None);
        let next =
            chat.rooms.keys.with_untracked(|rooms| rooms.iter().find(|other| **other != room).cloned());
        chat_task::submit(Intent::Leave { room: room.clone() });
        match next {
            Some(next) => address::go(chat, Place::of(next)),
            None => address::to_entrance(chat),
        }
    };
    view! {
        <DialogHead title />
        <p class="dialog-text">{frame.leave_text}</p>
        <form class="dialog-foot" method="dialog">
            <button class="button" type="submit" autofocus=true>
                {words.cancel}
            </button>
            <button class="button button-danger" type="button" on:click=leave>
                {frame.leave}
            </button>
        </form>
    }
}
