//! `/rooms/{room}`: my rooms, what is said in this one, and who is there. One goes from room to room without
//! leaving the page: the chat lives in it, and what belongs to one room is made anew.

use hubbub_client::Client;
use leptos::prelude::*;

use crate::RoomPage;
use crate::browser::chat_task::{self, ChatHandle};
use crate::browser::{address, random, shortcuts, tab, title};
use crate::components;
use crate::components::conversation::Conversation;
use crate::components::dialogs::Dialogs;
use crate::components::people::PeopleList;
use crate::components::room_bar::RoomBar;
use crate::components::sidebar::Sidebar;
use crate::components::toasts::Toasts;
use crate::route::Route;
use crate::state::dialog_kind::DialogKind;
use crate::state::timeline_item::LocalContext;
use crate::state::{ChatSignals, RoomSignals, client_of};

#[component]
pub(crate) fn Room(
    page: RoomPage,
    /// The version of this page.
    version: Option<String>,
    /// Whether it comes from this device, and not from the server.
    is_kept: bool,
) -> impl IntoView {
    let client = client_of(&page, random::seed());
    let chat = ChatSignals::new(&client, &page, version, is_kept);
    let handle = ChatHandle::new();
    provide_context(handle);
    let dialog_kind = RwSignal::new(None::<DialogKind>);
    // The first room is as the server knew it; those that follow are as the living client knows them.
    let first = StoredValue::new(Some(page));
    let client = StoredValue::new(Some(client));
    Effect::new(move |_| {
        // Before the rooms, whose fields take the keys that nobody else wants.
        shortcuts::start(chat, dialog_kind);
        address::start(chat);
        title::start(chat);
        tab::keep_shell();
        components::preload();
        if let Some(client) = client.try_update_value(Option::take).flatten() {
            handle.start(client, chat);
        }
    });
    // Wherever one goes, nothing lies over it.
    Effect::watch(move || chat.route.track(), move |(), _, _| dialog_kind.set(None), false);
    let room = move |route: Route| {
        let page = first.try_update_value(Option::take).flatten();
        let page = page.unwrap_or_else(|| RoomPage::unread(route.room, chat.acting_as));
        view! { <RoomPart chat page client dialog_kind /> }
    };
    view! {
        <div class="frame">
            <Sidebar chat dialog_kind />
            <For each=move || [chat.route.get()] key=|route| route.room.clone() children=room />
        </div>
        <Dialogs chat dialog_kind />
        <Toasts chat />
    }
}

/// All that belongs to one room.
#[component]
fn RoomPart(
    chat: ChatSignals,
    page: RoomPage,
    /// What is known before the chat is live.
    client: StoredValue<Option<Client>>,
    dialog_kind: RwSignal<Option<DialogKind>>,
) -> impl IntoView {
    let handle = chat_task::use_handle();
    let room_signals = RoomSignals::new();
    provide_context(room_signals);
    let name = page.room.to_string();
    let room = page.room.clone();
    let here = LocalContext::of_first_render(page.utc_offset);
    if !handle.enter(&room, room_signals) {
        client.with_value(|client| {
            if let Some(client) = client
                && let Some(known) = client.room(&room)
            {
                // Whether there is a connection shows only on what waits, and nothing does yet.
                room_signals.show_all(known, client.me(), true, here);
            }
        });
        let room = room.clone();
        Effect::new(move |_| {
            handle.enter(&room, room_signals);
        });
    }
    view! {
        <div class="room" data-room=name>
            <RoomBar chat room_signals room dialog_kind />
            <main class="room-main">
                <Conversation chat room_signals page />
            </main>
            <PeopleList people=room_signals.people />
        </div>
    }
}
