//! The dialog that changes the topic of a room.

use hubbub_client::Intent;
use hubbub_protocol::{Refusal, Topic};
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;

use super::DialogHead;
use crate::browser::{chat_task, modal};
use crate::components::field::LineField;
use crate::i18n::strings;
use crate::state::ChatSignals;
use crate::state::dialog_kind::DialogKind;

#[component]
pub(super) fn EditTopic(chat: ChatSignals, dialog_kind: RwSignal<Option<DialogKind>>) -> impl IntoView {
    let strings = strings();
    let frame = strings.frame;
    let handle = chat_task::use_handle();
    let room = chat.route.get_untracked().room;
    let before = chat.topic_of(&room);
    let topic = RwSignal::new(before.clone());
    let problem = RwSignal::new(None::<Refusal>);
    let field = NodeRef::<Input>::new();
    modal::focus_first(field);
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        match Topic::parse(&topic.get_untracked()) {
            Ok(topic) => {
                if topic.as_str() != before {
                    handle.submit(Intent::Describe { room: room.clone(), topic, only_if_empty: false });
                }
                dialog_kind.set(None);
            }
            Err(refusal) => problem.set(Some(refusal)),
        }
    };
    view! {
        <DialogHead title=frame.edit_topic />
        <form class="dialog-form" on:submit=save>
            <LineField id="topic" label=frame.topic text=topic field problem hint=frame.topic_hint />
            <div class="dialog-foot">
                <button class="button" type="button" on:click=move |_| dialog_kind.set(None)>
                    {strings.cancel}
                </button>
                <button class="button button-main" type="submit">
                    {frame.save}
                </button>
            </div>
        </form>
    }
}
