//! What lies over the page and wants an answer. There is one `<dialog>` for all of them: the browser keeps the
//! focus in it, closes it on Esc and gives the focus back.

mod browse;
mod keys;
mod leave;
mod new_room;
mod switcher;
mod topic;

use leptos::html::Dialog;
use leptos::prelude::*;

use super::icon::{Icon, Picture};
use crate::browser::modal;
use crate::chat::Chat;
use crate::i18n::words;
use crate::lazy::{self, lazy_part};
use browse::Browse;
use keys::Keys;
use leave::Leave;
use new_room::NewRoom;
use switcher::Switcher;
use topic::EditTopic;

const TITLE_ID: &str = "dialog-title";

/// Which of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Overlay {
    /// Go to a room.
    Switcher,
    /// What the keys do.
    #[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "a key opens it"))]
    Keys,
    /// The public rooms.
    Browse,
    /// Make a room, perhaps with this name.
    NewRoom(String),
    /// Say what the room is about.
    Topic,
    /// Belong to the room no longer?
    Leave,
}

#[component]
pub(crate) fn Dialogs(chat: Chat, overlay: RwSignal<Option<Overlay>>) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move |_| modal::show(dialog, overlay.with(Option::is_some)));
    let content = move || {
        let which = overlay.get()?;
        Some(lazy::show(dialog_content(which, chat, overlay), move || modal::enter(dialog)))
    };
    view! {
        <dialog
            class="dialog"
            closedby="any"
            aria-labelledby=TITLE_ID
            node_ref=dialog
            on:close=move |_| {
                if !modal::is_open(dialog) {
                    overlay.set(None);
                }
            }
        >
            {content}
        </dialog>
    }
}

lazy_part! {
    file dialogs, preload preload;
    /// What is in the dialog.
    pub(crate) fn dialog_content(which: Overlay, chat: Chat, overlay: RwSignal<Option<Overlay>>) -> AnyView {
        match which {
            Overlay::Switcher => view! { <Switcher chat overlay /> }.into_any(),
            Overlay::Keys => view! { <Keys /> }.into_any(),
            Overlay::Browse => view! { <Browse chat overlay /> }.into_any(),
            Overlay::NewRoom(name) => view! { <NewRoom chat overlay name /> }.into_any(),
            Overlay::Topic => view! { <EditTopic chat overlay /> }.into_any(),
            Overlay::Leave => view! { <Leave chat overlay /> }.into_any(),
        }
    }
}

/// The title of a dialog and the button that closes it.
#[component]
fn DialogHead(#[prop(into)] title: String) -> impl IntoView {
    let words = words();
    view! {
        // Closes the dialog by itself (HTML, section 4.10.21.3).
        <form class="dialog-head" method="dialog">
            <h2 class="dialog-title" id=TITLE_ID>
                {title}
            </h2>
            <button class="button button-bare dialog-close" type="submit" aria-label=words.close>
                <Icon picture=Picture::Close />
            </button>
        </form>
    }
}
