//! Which room it is, what it is about, who is there, and what one can do with it as a whole.

use hubbub_protocol::RoomName;
use leptos::prelude::*;

use super::copy_link::CopyLink;
use super::dialogs::Overlay;
use super::icon::{Icon, Picture};
use super::people::{PeopleCount, PeopleToggle};
use super::sidebar::SidebarToggle;
use crate::chat::{Chat, RoomPicture};
use crate::i18n::words;

#[component]
pub(crate) fn RoomBar(
    chat: Chat,
    picture: RoomPicture,
    room: RoomName,
    overlay: RwSignal<Option<Overlay>>,
) -> impl IntoView {
    let words = words();
    let frame = words.frame;
    view! {
        <header class="room-bar">
            <SidebarToggle chat />
            <div class="room-heading">
                <h1 class="room-name">
                    <span class="room-hash">"#"</span>
                    <bdi>{room.to_string()}</bdi>
                </h1>
                <TopicLine picture overlay />
            </div>
            <PeopleCount people=picture.people />
            <div class="room-tools">
                <CopyLink room />
                <button
                    class="button button-bare needs-script"
                    type="button"
                    title=frame.leave_room
                    on:click=move |_| overlay.set(Some(Overlay::Leave))
                >
                    <Icon picture=Picture::Leave />
                    <span class="unseen">{frame.leave_room}</span>
                </button>
                <PeopleToggle people=picture.people />
            </div>
        </header>
    }
}

/// The topic. Whoever presses it says another one.
#[component]
fn TopicLine(picture: RoomPicture, overlay: RwSignal<Option<Overlay>>) -> impl IntoView {
    let frame = words().frame;
    let topic = move || picture.topic.with(ToString::to_string);
    let is_empty = move || picture.topic.with(hubbub_protocol::Topic::is_empty);
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
            on:click=move |_| overlay.set(Some(Overlay::Topic))
        >
            <span class="unseen">{frame.edit_topic}": "</span>
            {move || if is_empty() { frame.add_topic.to_owned() } else { topic() }}
        </button>
    }
}
