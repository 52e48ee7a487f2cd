//! The header of a room: name, topic, members, and the room menu.

use hubbub_protocol::RoomName;
use leptos::prelude::*;

use super::people::{PeopleCount, PeopleToggle};
use super::room_menu::RoomMenu;
use super::sidebar::SidebarToggle;
use crate::i18n::strings;
use crate::state::dialog_kind::DialogKind;
use crate::state::{ChatSignals, RoomSignals};

#[component]
pub(crate) fn RoomBar(
    chat: ChatSignals,
    room_signals: RoomSignals,
    room: RoomName,
    dialog_kind: RwSignal<Option<DialogKind>>,
) -> impl IntoView {
    view! {
        <header class="room-bar">
            <SidebarToggle chat />
            <div class="room-heading">
                <h1 class="room-name">
                    <span class="room-hash">"#"</span>
                    <bdi>{room.to_string()}</bdi>
                </h1>
                <TopicLine room_signals dialog_kind />
            </div>
            <PeopleCount people=room_signals.people />
            <div class="room-tools">
                <PeopleToggle people=room_signals.people />
                <RoomMenu room dialog_kind />
            </div>
        </header>
    }
}

/// The topic. A click opens the dialog that changes it.
#[component]
fn TopicLine(room_signals: RoomSignals, dialog_kind: RwSignal<Option<DialogKind>>) -> impl IntoView {
    let frame = strings().frame;
    let topic = move || room_signals.topic.with(ToString::to_string);
    let is_empty = move || room_signals.topic.with(hubbub_protocol::Topic::is_empty);
    view! {
        <p class="room-topic without-script" dir="auto">
            {topic}
        </p>
        <button
            class="room-topic needs-script"
            class:room-topic-none=is_empty
            type="button"
            dir="auto"
            title=move || if is_empty() { frame.edit_topic.to_owned() } else { topic() }
            on:click=move |_| dialog_kind.set(Some(DialogKind::Topic))
        >
            <span class="visually-hidden">{frame.edit_topic}": "</span>
            {move || if is_empty() { frame.add_topic.to_owned() } else { topic() }}
        </button>
    }
}
