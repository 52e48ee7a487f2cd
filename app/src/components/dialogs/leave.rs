//! Asks before leaving a room.

use hubbub_client::Intent;
use leptos::prelude::*;

use super::DialogHead;
use crate::browser::{address, chat_task};
use crate::i18n::strings;
use crate::route::Route;
use crate::state::dialog_kind::DialogKind;
use crate::state::{ChatSignals, MembershipStatus};

#[component]
pub(super) fn Leave(chat: ChatSignals, dialog_kind: RwSignal<Option<DialogKind>>) -> impl IntoView {
    let strings = strings();
    let frame = strings.frame;
    let handle = chat_task::use_handle();
    let room = chat.route.get_untracked().room;
    let title = (frame.leave_title)(room.as_str());
    let is_waiting = RwSignal::new(false);
    let leave = move |_| {
        let next =
            chat.rooms.keys.with_untracked(|rooms| rooms.iter().find(|other| **other != room).cloned());
        handle.submit(Intent::Leave { room: room.clone() });
        if let Some(next) = next {
            dialog_kind.set(None);
            address::go(chat, Route::of(next));
        } else {
            is_waiting.set(true);
        }
    };
    // The landing page redirects a member to their last room, so the server has to know that this user has left.
    Effect::new(move |_| {
        if is_waiting.get() && chat.membership.get() == MembershipStatus::Left {
            address::to_entrance(chat);
        }
    });
    view! {
        <DialogHead title />
        <p class="dialog-text">{frame.leave_text}</p>
        <form class="dialog-foot" method="dialog">
            <button class="button" type="submit" autofocus=true>
                {strings.cancel}
            </button>
            <button class="button button-danger" type="button" disabled=is_waiting on:click=leave>
                {frame.leave}
            </button>
        </form>
    }
}
