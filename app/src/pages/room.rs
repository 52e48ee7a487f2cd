//! `/rooms/{room}`: my rooms, what is said in this one, and who is there. One goes from room to room without
//! leaving the page: the chat lives in it, and what belongs to one room is made anew.

use hubbub_client::Client;
use leptos::prelude::*;

use crate::RoomPage;
use crate::browser::{address, chat_task, random, shortcuts, tab, title};
use crate::chat::{Chat, RoomPicture, client_of};
use crate::components::conversation::Conversation;
use crate::components::dialogs::{Dialogs, Overlay};
use crate::components::people::PeopleList;
use crate::components::room_bar::RoomBar;
use crate::components::sidebar::Sidebar;
use crate::components::toasts::Toasts;
use crate::lazy;
use crate::line::Here;
use crate::place::Place;

#[component]
pub(crate) fn Room(
    page: RoomPage,
    /// The version of this page.
    version: Option<String>,
    /// Whether it comes from this device, and not from the server.
    is_kept: bool,
) -> impl IntoView {
    let client = client_of(&page, random::seed());
    let chat = Chat::new(&client, &page, version, is_kept);
    let overlay = RwSignal::new(None::<Overlay>);
    // The first room is as the server knew it; those that follow are as the living client knows them.
    let first = StoredValue::new(Some(page));
    let client = StoredValue::new(Some(client));
    Effect::new(move |_| {
        // Before the rooms, whose fields take the keys that nobody else wants.
        shortcuts::start(chat, overlay);
        address::start(chat);
        title::start(chat);
        tab::keep_shell();
        lazy::preload();
        if let Some(client) = client.try_update_value(Option::take).flatten() {
            chat_task::start(client, chat);
        }
    });
    // Wherever one goes, nothing lies over it.
    Effect::watch(move || chat.place.track(), move |(), _, _| overlay.set(None), false);
    let room = move |place: Place| {
        let page = first.try_update_value(Option::take).flatten();
        let page = page.unwrap_or_else(|| RoomPage::unread(place.room, chat.acting_as));
        view! { <RoomPart chat page client overlay /> }
    };
    view! {
        <div class="frame">
            <Sidebar chat overlay />
            <For each=move || [chat.place.get()] key=|place| place.room.clone() children=room />
        </div>
        <Dialogs chat overlay />
        <Toasts chat />
    }
}

/// All that belongs to one room.
#[component]
fn RoomPart(
    chat: Chat,
    page: RoomPage,
    /// What is known before the chat is live.
    client: StoredValue<Option<Client>>,
    overlay: RwSignal<Option<Overlay>>,
) -> impl IntoView {
    let picture = RoomPicture::new();
    provide_context(picture);
    let name = page.room.to_string();
    let room = page.room.clone();
    if !chat_task::enter(&room, picture) {
        client.with_value(|client| {
            if let Some(client) = client
                && let Some(known) = client.room(&room)
            {
                // Whether there is a connection shows only on what waits, and nothing does yet.
                picture.show_all(known, client.me(), true, Here::NOWHERE);
            }
        });
        let room = room.clone();
        Effect::new(move |_| {
            chat_task::enter(&room, picture);
        });
    }
    view! {
        <div class="room" data-room=name>
            <RoomBar chat picture room overlay />
            <main class="room-main">
                <Conversation chat picture page />
            </main>
            <PeopleList people=picture.people />
        </div>
    }
}
