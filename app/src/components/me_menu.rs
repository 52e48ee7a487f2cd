//! The button with the user's name and status, and the menu that it opens. The browser opens and closes the
//! menu (HTML popover), without a script.

mod content;
mod plain;

use hubbub_protocol::{Presence, Status};
use leptos::prelude::*;

use super::avatar::Avatar;
use crate::i18n::strings;
use crate::lazy;
use crate::state::ChatSignals;
use crate::state::dialog_kind::DialogKind;

const ID: &str = "me";
const TITLE_ID: &str = "me-title";

#[component]
pub(crate) fn MeMenu(
    chat: ChatSignals,
    dialog_kind: RwSignal<Option<DialogKind>>,
    /// URL of the page on which the user takes another name.
    landing: String,
) -> impl IntoView {
    let strings = strings();
    let frame = strings.frame;
    let status = move || chat.appearance.with(|appearance| appearance.status);
    let button = move || {
        let me = chat.me.get();
        let shown = me.as_ref().map_or_else(|| frame.me_unknown.to_owned(), |me| me.name.to_string());
        // Without a connection the user is offline for others, whatever status is chosen.
        let lost = move || chat.is_kept.get() || chat.connection_problem.with(Option::is_some);
        let presence =
            Signal::derive(move || Some(if lost() { Presence::Offline } else { presence_of(status()) }));
        view! {
            {me.map(|user| view! { <Avatar user presence /> })}
            <span class="me-name">
                <bdi>{shown}</bdi>
                <span class="me-status">
                    {move || if lost() { strings.offline } else { status_words(status()) }}
                </span>
            </span>
        }
    };
    // The content is created when the menu opens for the first time, and stays.
    let is_wanted = RwSignal::new(false);
    let plain = plain::links(&landing, &chat.route.with_untracked(|route| route.path(chat.acting_as)));
    let content = move || {
        is_wanted.get().then(|| lazy::show(content::menu_content(chat, dialog_kind, landing.clone()), || ()))
    };
    view! {
        <div class="me">
            <button
                class="me-button"
                type="button"
                popovertarget=ID
                title=frame.my_settings
                on:click=move |_| is_wanted.set(true)
            >
                {button}
                <span class="visually-hidden">", "{frame.my_settings}</span>
            </button>
            <div class="me-menu" id=ID popover="auto" role="group" aria-labelledby=TITLE_ID>
                <h2 class="visually-hidden" id=TITLE_ID>
                    {frame.my_settings}
                </h2>
                <div class="without-script" inner_html=plain></div>
                {content}
            </div>
        </div>
    }
}

/// Returns the presence that other users see for this status.
const fn presence_of(status: Status) -> Presence {
    match status {
        Status::Online => Presence::Online,
        Status::Away => Presence::Away,
        Status::Busy => Presence::Busy,
        Status::Invisible => Presence::Offline,
    }
}

fn status_words(status: Status) -> &'static str {
    let frame = strings().frame;
    match status {
        Status::Online => frame.status_online,
        Status::Away => frame.status_away,
        Status::Busy => frame.status_busy,
        Status::Invisible => frame.status_invisible,
    }
}
