//! What is said in passing: something was refused. It goes by itself after a while.

use leptos::prelude::*;

use super::icon::{Icon, Picture};
use crate::chat::{Chat, Toast};
use crate::i18n::words;

#[component]
pub(crate) fn Toasts(chat: Chat) -> impl IntoView {
    let words = words();
    let line = move |toast: Toast| {
        let close = move |_| chat.close_toast(toast.number);
        let sentence = words.refusal(&toast.refusal);
        view! {
            <div class="toast" data-toast="">
                <p class="toast-text">
                    <bdi class="toast-room">{format!("#{}", toast.room)}</bdi>
                    " "
                    {sentence}
                </p>
                <button class="button button-bare" type="button" aria-label=words.close on:click=close>
                    <Icon picture=Picture::Close size=16 />
                </button>
            </div>
        }
    };
    view! {
        // It is always there, so that what comes into it is read aloud.
        <div class="toasts" role="status" aria-label=words.frame.notices>
            <For each=move || chat.toasts.get() key=|toast| toast.number children=line />
        </div>
    }
}
