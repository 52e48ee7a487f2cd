//! Toasts: short notices about refusals, which disappear after a while.

use leptos::prelude::*;

use super::icon::{Icon, IconName};
use crate::client_only::ClientOnly;
use crate::i18n::strings;
use crate::state::{ChatSignals, Toast};

#[component]
pub(crate) fn Toasts(chat: ChatSignals) -> impl IntoView {
    let strings = strings();
    let item = move |toast: Toast| {
        let close = move |_| chat.close_toast(toast.number);
        let sentence = strings.refusal(&toast.refusal);
        ClientOnly(view! {
            <div class="toast" data-toast="">
                <p class="toast-text">
                    <bdi class="toast-room">{format!("#{}", toast.room)}</bdi>
                    " "
                    {sentence}
                </p>
                <button class="button button-bare" type="button" aria-label=strings.close on:click=close>
                    <Icon name=IconName::Close size=16 />
                </button>
            </div>
        })
    };
    view! {
        // The element always exists, so that screen readers announce new content.
        <div class="toasts" role="status" aria-label=strings.frame.notices>
            <For each=move || chat.toasts.get() key=|toast| toast.number children=item />
        </div>
    }
}
