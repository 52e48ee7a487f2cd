//! The menu of a room. The browser opens and closes it (HTML popover) and restores the focus.

use hubbub_protocol::RoomName;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::copy_link::copy_link;
use super::icon::{Icon, IconName};
use crate::browser::{focus, popover, roving_focus};
use crate::client_only::lazy_view;
use crate::i18n::strings;
use crate::lazy;
use crate::lazy_part::lazy_part;
use crate::state::dialog_kind::DialogKind;

const ID: &str = "room-menu";
const FIRST_ITEM: &str = "#room-menu .menu-item";

/// The button and its menu.
#[component]
pub(crate) fn RoomMenu(room: RoomName, dialog_kind: RwSignal<Option<DialogKind>>) -> impl IntoView {
    let label = strings().frame.room_menu;
    // The content is created when the menu opens for the first time, and stays.
    let is_wanted = RwSignal::new(false);
    let is_open = RwSignal::new(false);
    let on_toggle = move |_| {
        is_open.set(popover::is_open(ID));
        if is_open.get_untracked() {
            roving_focus::focus_soon(FIRST_ITEM);
        }
    };
    let content = move || {
        let on_late = || roving_focus::focus_soon(FIRST_ITEM);
        is_wanted.get().then(|| lazy::show(menu_content(room.clone(), dialog_kind), on_late))
    };
    let on_key = |event: KeyboardEvent| focus::along(&event, ".menu", ".menu-item");
    view! {
        <button
            class="button button-bare needs-script"
            type="button"
            popovertarget=ID
            title=label
            aria-label=label
            aria-haspopup="menu"
            aria-expanded=move || if is_open.get() { "true" } else { "false" }
            on:click=move |_| is_wanted.set(true)
        >
            <Icon name=IconName::More />
        </button>
        <div
            class="menu room-menu"
            id=ID
            popover="auto"
            role="menu"
            aria-label=label
            on:toggle=on_toggle
            on:keydown=on_key
        >
            {content}
        </div>
    }
}

lazy_part! {
    file menus, preload preload;
    pub(crate) fn menu_content(room: RoomName, dialog_kind: RwSignal<Option<DialogKind>>) -> AnyView {
        let strings = strings();
        let is_copied = RwSignal::new(false);
        let open = move |kind: DialogKind| {
            // The menu closes before the dialog opens, so that the dialog restores the focus to the button of
            // the menu.
            popover::hide(ID);
            dialog_kind.set(Some(kind));
        };
        let copied = move || {
            let (icon, label) = if is_copied.get() {
                (IconName::Check, strings.link_copied)
            } else {
                (IconName::Link, strings.copy_link)
            };
            view! {
                <Icon name=icon size=18 />
                <span aria-live="polite">{label}</span>
            }
        };
        let items = view! {
            <button
                class="menu-item"
                role="menuitem"
                type="button"
                data-action="copy-link"
                on:click=move |_| copy_link(&room, is_copied)
            >
                {copied}
            </button>
            <button
                class="menu-item"
                role="menuitem"
                type="button"
                data-action="topic"
                on:click=move |_| open(DialogKind::Topic)
            >
                <Icon name=IconName::Edit size=18 />
                {strings.frame.edit_topic}
            </button>
            <div class="menu-separator" role="separator"></div>
            <button
                class="menu-item"
                role="menuitem"
                type="button"
                data-action="leave"
                on:click=move |_| open(DialogKind::Leave)
            >
                <Icon name=IconName::Leave size=18 />
                {strings.frame.leave_room}
            </button>
        };
        lazy_view(items)
    }
}
