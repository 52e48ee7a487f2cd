//! The list of the user's rooms: a column on wide screens, else a drawer that a button opens. The rooms are
//! plain links; without a script they load the page of the room.

use hubbub_protocol::RoomName;
use leptos::html::Div;
use leptos::prelude::*;

use super::drawer_close::DrawerClose;
use super::icon::{Icon, IconName, Logo};
use super::me_menu::MeMenu;
use crate::browser::{chat_task, sidebar_list};
use crate::effect::effect;
use crate::i18n::short_count;
use crate::i18n::strings;
use crate::route::Route;
use crate::state::ChatSignals;
use crate::state::dialog_kind::DialogKind;

const ID: &str = "rooms";

/// The button that opens the drawer, with a mark if there are unread messages.
#[component]
pub(crate) fn SidebarToggle(chat: ChatSignals) -> impl IntoView {
    let strings = strings();
    let unread = move || chat.unread.get();
    view! {
        <button
            class="button button-bare sidebar-toggle"
            type="button"
            popovertarget=ID
            data-unread=move || (unread() > 0).then_some("")
        >
            <Icon name=IconName::Menu />
            <span class="visually-hidden">
                {strings.frame.show_rooms}
                {move || (unread() > 0).then(|| format!(", {}", (strings.frame.unread)(unread())))}
            </span>
        </button>
    }
}

/// The rooms, and buttons to find, browse and create rooms.
#[component]
pub(crate) fn Sidebar(chat: ChatSignals, dialog_kind: RwSignal<Option<DialogKind>>) -> impl IntoView {
    let strings = strings();
    let frame = strings.frame;
    // `/` redirects to the user's rooms; with a room in the query it shows the form.
    let (home, landing) = match chat.acting_as {
        Some(user) => (format!("/?as={user}"), format!("/?room=&as={user}")),
        None => ("/".to_owned(), "/?room=".to_owned()),
    };
    let list = NodeRef::<Div>::new();
    effect(move || {
        chat.rooms.keys.track();
        chat.route.track();
        sidebar_list::keep_in_view(list);
    });
    view! {
        <nav
            class="sidebar"
            id=ID
            popover="auto"
            aria-label=frame.rooms
            on:toggle=move |_| sidebar_list::keep_in_view(list)
        >
            <div class="sidebar-head">
                <a class="sidebar-home" href=home title=strings.to_entrance>
                    <Logo size=28 />
                    <span class="sidebar-word">"Hubbub"</span>
                </a>
                <DrawerClose drawer=ID class="button button-bare sidebar-close" />
            </div>
            <button
                class="sidebar-find needs-script"
                type="button"
                on:click=move |_| dialog_kind.set(Some(DialogKind::Switcher))
            >
                <Icon name=IconName::Search size=16 />
                <span>{frame.find_room}</span>
                <kbd class="sidebar-key" aria-hidden="true">
                    "Ctrl K"
                </kbd>
            </button>
            <RoomList chat list />
            <RoomActions dialog_kind />
            <a class="sidebar-action without-script" href=landing.clone()>
                {frame.new_room}
            </a>
            <MeMenu chat dialog_kind landing />
        </nav>
    }
}

/// The buttons below the list.
#[component]
fn RoomActions(dialog_kind: RwSignal<Option<DialogKind>>) -> impl IntoView {
    let frame = strings().frame;
    view! {
        <div class="sidebar-actions needs-script">
            <button
                class="sidebar-action"
                type="button"
                on:click=move |_| dialog_kind.set(Some(DialogKind::Browse))
            >
                <Icon name=IconName::Browse size=18 />
                {frame.browse_rooms}
            </button>
            <button
                class="sidebar-action"
                type="button"
                on:click=move |_| dialog_kind.set(Some(DialogKind::NewRoom(String::new())))
            >
                <Icon name=IconName::Plus size=18 />
                {frame.new_room}
            </button>
        </div>
    }
}

/// The user's rooms. Their order does not change while the pointer or the focus is in the list.
#[component]
fn RoomList(chat: ChatSignals, list: NodeRef<Div>) -> impl IntoView {
    let frame = strings().frame;
    let handle = chat_task::use_handle();
    let on_use = move || sidebar_list::hold_order(list, chat, handle);
    view! {
        <div
            class="sidebar-rooms"
            node_ref=list
            on:pointerenter=move |_| on_use()
            on:pointerleave=move |_| on_use()
            on:focusin=move |_| on_use()
            on:focusout=move |_| on_use()
        >
            <ul role="list">
                <For
                    each=move || chat.rooms.keys.get()
                    key=|room| room.clone()
                    children=move |room| view! { <RoomItem chat room /> }
                />
            </ul>
            {move || {
                let text = if chat.is_listed.get() { frame.no_rooms } else { frame.rooms_loading };
                let empty = !chat.is_listed.get() || chat.rooms.keys.with(Vec::is_empty);
                empty.then(|| view! { <p class="sidebar-empty">{text}</p> })
            }}
        </div>
    }
}

/// A room of the user.
#[component]
fn RoomItem(chat: ChatSignals, room: RoomName) -> impl IntoView {
    let strings = strings();
    let name = room.to_string();
    let path = Route::of(room.clone()).path(chat.acting_as);
    let shown = chat.rooms.value(&room);
    let unread = Signal::derive(move || shown.as_ref().map_or(0, |shown| shown.with(|shown| shown.unread)));
    let current = move || chat.route.with(|route| route.room == room).then_some("page");
    view! {
        <li>
            <a
                class="sidebar-room"
                href=path
                aria-current=current
                data-unread=move || (unread.get() > 0).then(|| unread.get())
            >
                <span class="sidebar-hash" aria-hidden="true">
                    "#"
                </span>
                <bdi class="sidebar-name">{name}</bdi>
                {move || {
                    let unread = unread.get();
                    (unread > 0)
                        .then(|| {
                            view! {
                                <span class="visually-hidden">", "{(strings.frame.unread)(unread)}</span>
                                <span class="count" aria-hidden="true">
                                    {short_count(unread)}
                                </span>
                            }
                        })
                }}
            </a>
        </li>
    }
}
