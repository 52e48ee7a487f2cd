//! The dialog that creates a room.

use hubbub_client::Intent;
use hubbub_protocol::{Refusal, RoomName, Topic};
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;

use super::DialogHead;
use crate::browser::chat_task::{self, ChatHandle};
use crate::browser::{address, modal};
use crate::components::field::LineField;
use crate::components::search;
use crate::i18n::strings;
use crate::route::Route;
use crate::state::ChatSignals;
use crate::state::dialog_kind::DialogKind;

#[component]
pub(super) fn NewRoom(
    chat: ChatSignals,
    dialog_kind: RwSignal<Option<DialogKind>>,
    /// Initial text of the name field.
    name: String,
) -> impl IntoView {
    let strings = strings();
    let frame = strings.frame;
    let handle = chat_task::use_handle();
    let name = RwSignal::new(name);
    let topic = RwSignal::new(String::new());
    let (name_problem, topic_problem) = (RwSignal::new(None::<Refusal>), RwSignal::new(None::<Refusal>));
    let (name_field, topic_field) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    modal::focus_first(name_field);
    search::follow(name);
    let exists = move || name.with(|name| search::is_known(chat, name.trim()));
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        let room = RoomName::parse(name.get_untracked().trim());
        let topic = Topic::parse(&topic.get_untracked());
        name_problem.set(room.as_ref().err().cloned());
        topic_problem.set(topic.as_ref().err().cloned());
        if let (Ok(room), Ok(topic)) = (room, topic) {
            dialog_kind.set(None);
            enter(chat, handle, room, topic);
        }
    };
    view! {
        <DialogHead title=frame.new_room />
        <form class="dialog-form" on:submit=on_submit>
            <LineField
                id="room-name"
                label=frame.name
                text=name
                field=name_field
                problem=name_problem
                hint=frame.name_rule
            />
            <p class="dialog-text" role="status" class:visually-hidden=move || !exists()>
                {move || exists().then_some(frame.exists)}
            </p>
            <LineField
                id="room-topic"
                label=frame.topic_optional
                text=topic
                field=topic_field
                problem=topic_problem
                hint=frame.topic_hint
            />
            <div class="dialog-foot">
                <button class="button" type="button" on:click=move |_| dialog_kind.set(None)>
                    {strings.cancel}
                </button>
                <button class="button button-main" type="submit">
                    {move || if exists() { strings.join } else { frame.create }}
                </button>
            </div>
        </form>
    }
}

/// Opens the page of the room. A room that does not exist yet gets the topic.
fn enter(chat: ChatSignals, handle: ChatHandle, room: RoomName, topic: Topic) {
    if !topic.is_empty() && !search::is_known(chat, room.as_str()) {
        handle.submit(Intent::Open { room: room.clone() });
        // The room may exist already, or the list of rooms may not have arrived.
        handle.submit(Intent::Describe { room: room.clone(), topic, only_if_empty: true });
    }
    address::go(chat, Route::of(room));
}
