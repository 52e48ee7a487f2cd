//! The dialog that lists the public rooms.

use hubbub_client::Intent;
use hubbub_protocol::PublicRoom;
use leptos::html::Input;
use leptos::prelude::*;

use super::DialogHead;
use crate::browser::{chat_task, modal};
use crate::components::icon::{Icon, IconName};
use crate::components::search::{self, Found, SearchField};
use crate::i18n::strings;
use crate::route::Route;
use crate::state::ChatSignals;
use crate::state::dialog_kind::DialogKind;

#[component]
pub(super) fn Browse(chat: ChatSignals, dialog_kind: RwSignal<Option<DialogKind>>) -> impl IntoView {
    let frame = strings().frame;
    let handle = chat_task::use_handle();
    let query = RwSignal::new(String::new());
    let field = NodeRef::<Input>::new();
    modal::focus_first(field);
    search::follow(query);
    let rooms = Memo::new(move |_| query.with(|query| search::found(chat, query)));
    let count = Signal::derive(move || rooms.with(Vec::len));
    let has_more = move || chat.browsed.with(|browsed| browsed.as_ref().is_some_and(|browsed| browsed.more));
    let more = move |_| {
        let after = chat.browsed.with_untracked(|browsed| {
            browsed.as_ref().and_then(|browsed| browsed.rooms.last()).map(|last| last.room.name.clone())
        });
        let query = search::bare(&query.get_untracked()).to_owned();
        handle.submit(Intent::Browse { query, after });
    };
    view! {
        <DialogHead title=frame.browse_rooms />
        <SearchField label=frame.search text=query field />
        <div class="dialog-list">
            <Found chat query count />
            <ul class="public-rooms" role="list">
                <For
                    each=move || rooms.get()
                    key=|public| public.room.name.clone()
                    children=move |public| view! { <PublicLine chat public /> }
                />
            </ul>
            {move || {
                has_more()
                    .then(|| {
                        view! {
                            <button class="button dialog-more" type="button" on:click=more>
                                {frame.more}
                            </button>
                        }
                    })
            }}
        </div>
        <div class="dialog-foot">
            <button
                class="button"
                type="button"
                on:click=move |_| {
                    dialog_kind.set(Some(DialogKind::NewRoom(search::bare(&query.get_untracked()).to_owned())));
                }
            >
                <Icon name=IconName::Plus size=16 />
                {frame.new_room}
            </button>
        </div>
    }
}

/// A public room. It is a plain link, because opening a room joins it.
#[component]
fn PublicLine(chat: ChatSignals, public: PublicRoom) -> impl IntoView {
    let strings = strings();
    let frame = strings.frame;
    let PublicRoom { room, members, joined } = public;
    let path = Route::of(room.name.clone()).path(chat.acting_as);
    let topic = room.topic.to_string();
    view! {
        <li>
            <a class="public-room" href=path>
                <span class="public-name">
                    <span class="room-hash" aria-hidden="true">
                        "#"
                    </span>
                    <bdi>{room.name.to_string()}</bdi>
                </span>
                <span class="public-members">{(frame.members)(members)}</span>
                <span class="public-topic" dir="auto">
                    {topic}
                </span>
                <span class=if joined { "public-joined" } else { "public-join" }>
                    {if joined { frame.joined } else { strings.join }}
                </span>
            </a>
        </li>
    }
}
