//! The page of a room at `/rooms/{room}`: sidebar, conversation, members. Opening another room keeps the page
//! and the client, and creates new components for the room.

use hubbub_client::Client;
use leptos::either::Either;
use leptos::prelude::*;

use crate::RoomPage;
use crate::browser::chat_task::{self, ChatHandle};
use crate::browser::{address, clock, random, shortcuts, tab, title};
use crate::client_only::lazy_view;
use crate::components::conversation::Conversation;
use crate::components::dialogs::Dialogs;
use crate::components::people::PeopleList;
use crate::components::room_bar::RoomBar;
use crate::components::sidebar::Sidebar;
use crate::components::toasts::Toasts;
use crate::effect::effect;
use crate::hydrated_only::hydrated_only;
use crate::lazy;
use crate::lazy_part::lazy_part;
use crate::route::Route;
use crate::state::dialog_kind::DialogKind;
use crate::state::timeline_item::LocalContext;
use crate::state::{ChatSignals, RoomSignals, client_with_page};

#[component]
pub(crate) fn Room(
    page: RoomPage,
    /// The version of the server that rendered this page.
    version: Option<String>,
    /// Whether the data comes from the local copy and not from the server.
    is_kept: bool,
) -> impl IntoView {
    let client = client_with_page(&page, random::seed());
    let chat = ChatSignals::new(&client, &page, version, is_kept);
    let handle = ChatHandle::new();
    provide_context(handle);
    let dialog_kind = RwSignal::new(None::<DialogKind>);
    // The first room is rendered from the snapshot, later ones from the client.
    let first = StoredValue::new(Some(page));
    let client = StoredValue::new(Some(client));
    effect(move || {
        // Before the rooms, because their fields handle the keys that are not shortcuts.
        shortcuts::start(chat, dialog_kind);
        address::start(chat);
        title::start(chat);
        clock::when_idle(tab::register_service_worker);
        load_parts();
        if let Some(client) = client.try_update_value(Option::take).flatten() {
            handle.start(client, chat);
        }
    });
    // Closes an open dialog when the room changes.
    Effect::watch(move || chat.route.track(), move |(), _, _| dialog_kind.set(None), false);
    let room = move |route: Route| match first.try_update_value(Option::take).flatten() {
        Some(page) if !is_kept => {
            Either::Left(hydrated_only(view! { <RoomPart chat page client dialog_kind /> }))
        }
        kept => {
            let page = kept.unwrap_or_else(|| RoomPage::unread(route.room, chat.acting_as));
            Either::Right(lazy::show_main(new_room(chat, page, client, dialog_kind)))
        }
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

/// Loads the lazy parts while the browser is idle, so that they are available when the user needs them. A
/// part that fails to load is loaded again on use.
#[cfg(feature = "split")]
fn load_parts() {
    use crate::browser::unsent_store;
    use crate::components::{dialogs, popovers, room_menu};
    use crate::conversation::completion;

    clock::when_idle(|| {
        leptos::task::spawn_local(async {
            _ = preload().await;
            _ = completion::preload().await;
            _ = popovers::preload().await;
            _ = room_menu::preload().await;
            _ = dialogs::preload().await;
            _ = unsent_store::preload().await;
        });
    });
}

#[cfg(not(feature = "split"))]
const fn load_parts() {}

lazy_part! {
    file room, preload preload;
    /// A room that the server did not render. Only this needs the code that builds all of a room.
    fn new_room(
        chat: ChatSignals,
        page: RoomPage,
        client: StoredValue<Option<Client>>,
        dialog_kind: RwSignal<Option<DialogKind>>,
    ) -> AnyView {
        lazy_view(view! { <RoomPart chat page client dialog_kind /> })
    }
}

/// The components of one room.
#[component]
fn RoomPart(
    chat: ChatSignals,
    page: RoomPage,
    /// The client before it is started; `None` afterwards.
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
                // The connection state affects only pending rows, and there are none yet.
                room_signals.show_all(known, client.me(), true, here);
            }
        });
        let room = room.clone();
        effect(move || {
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
