//! Modal dialogs. All share one `<dialog>`: the browser keeps the focus inside, closes it on Esc and restores
//! the focus.

mod browse;
mod keys;
mod leave;
mod new_room;
mod switcher;
mod topic;

use leptos::html::Dialog;
use leptos::prelude::*;

use super::icon::{Icon, IconName};
use crate::browser::modal;
use crate::client_only::lazy_view;
use crate::effect::effect;
use crate::i18n::strings;
use crate::lazy;
use crate::lazy_part::lazy_part;
use crate::state::ChatSignals;
use crate::state::dialog_kind::DialogKind;
use browse::Browse;
use keys::Keys;
use leave::Leave;
use new_room::NewRoom;
use switcher::Switcher;
use topic::EditTopic;

const TITLE_ID: &str = "dialog-title";

#[component]
pub(crate) fn Dialogs(chat: ChatSignals, dialog_kind: RwSignal<Option<DialogKind>>) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    effect(move || modal::show(dialog, dialog_kind.with(Option::is_some)));
    let content = move || {
        let which = dialog_kind.get()?;
        Some(lazy::show(dialog_content(which, chat, dialog_kind), move || modal::enter(dialog)))
    };
    view! {
        <dialog
            class="dialog"
            closedby="any"
            aria-labelledby=TITLE_ID
            node_ref=dialog
            on:close=move |_| {
                if !modal::is_open(dialog) {
                    dialog_kind.set(None);
                }
            }
        >
            {content}
        </dialog>
    }
}

lazy_part! {
    file dialogs, preload preload;
    pub(crate) fn dialog_content(which: DialogKind, chat: ChatSignals, dialog_kind: RwSignal<Option<DialogKind>>) -> AnyView {
        match which {
            DialogKind::Switcher => lazy_view(view! { <Switcher chat dialog_kind /> }),
            DialogKind::Keys => lazy_view(view! { <Keys /> }),
            DialogKind::Browse => lazy_view(view! { <Browse chat dialog_kind /> }),
            DialogKind::NewRoom(name) => lazy_view(view! { <NewRoom chat dialog_kind name /> }),
            DialogKind::Topic => lazy_view(view! { <EditTopic chat dialog_kind /> }),
            DialogKind::Leave => lazy_view(view! { <Leave chat dialog_kind /> }),
        }
    }
}

/// The title of a dialog and its close button.
#[component]
fn DialogHead(#[prop(into)] title: String) -> impl IntoView {
    let strings = strings();
    view! {
        // A form with `method="dialog"` closes the dialog without a script (HTML, section 4.10.21.3).
        <form class="dialog-head" method="dialog">
            <h2 class="dialog-title" id=TITLE_ID>
                {title}
            </h2>
            <button class="button button-bare dialog-close" type="submit" aria-label=strings.close>
                <Icon name=IconName::Close />
            </button>
        </form>
    }
}
