//! Looking for rooms: among mine, which are here, and among the public ones, which the server knows.

use hubbub_client::Intent;
use hubbub_protocol::{PublicRoom, RoomName};
use leptos::html::Input;
use leptos::prelude::*;

use super::icon::{Icon, IconName};
use crate::browser::{chat_task, clock};
use crate::i18n::strings;
use crate::state::ChatSignals;

/// So long after the last key the server is asked, in milliseconds.
const PAUSE_MILLIS: u64 = 120;

/// Asks for the public rooms whose name contains `query`, now and after each change of it.
pub(crate) fn follow(query: RwSignal<String>) {
    let handle = chat_task::use_handle();
    Effect::new(move |first: Option<()>| {
        let asked = query.get();
        let pause = if first.is_none() { 0 } else { PAUSE_MILLIS };
        clock::after(pause, move || {
            // The dialog may be closed by then, or something else be asked.
            if query.try_with_untracked(|query| *query == asked) == Some(true) {
                let query = bare(&asked).to_owned();
                handle.submit(Intent::Browse { query, after: None });
            }
        });
    });
}

/// What is looked for, without what people write around it.
pub(crate) fn bare(query: &str) -> &str {
    query.trim().trim_start_matches('#')
}

/// Whether the room is one of mine, or is known to be there.
pub(crate) fn is_known(chat: ChatSignals, name: &str) -> bool {
    let is_it = |room: &RoomName| room.as_str().eq_ignore_ascii_case(name);
    chat.rooms.keys.with(|rooms| rooms.iter().any(is_it))
        || chat.browsed.with(|browsed| {
            browsed
                .as_ref()
                .is_some_and(|browsed| browsed.rooms.iter().any(|public| is_it(&public.room.name)))
        })
}

/// The public rooms that were found, as far as they fit what is looked for by now.
pub(crate) fn found(chat: ChatSignals, query: &str) -> Vec<PublicRoom> {
    let query = bare(query).to_ascii_lowercase();
    chat.browsed.with(|browsed| {
        let rooms = browsed.iter().flat_map(|browsed| &browsed.rooms);
        rooms.filter(|public| contains(&public.room.name, &query)).cloned().collect()
    })
}

/// Whether the name contains it, whatever the case.
pub(crate) fn contains(room: &RoomName, lower_case: &str) -> bool {
    room.as_str().to_ascii_lowercase().contains(lower_case)
}

/// The field of a search. Props as of [`super::field::LineField`].
#[component]
pub(crate) fn SearchField(
    label: &'static str,
    text: RwSignal<String>,
    field: NodeRef<Input>,
    /// The list that the field is about, if its keys go there.
    #[prop(optional)]
    list: Option<&'static str>,
    /// Which line of the list is chosen.
    #[prop(optional, into)]
    active: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div class="search">
            <Icon name=IconName::Search size=18 />
            <input
                class="search-field"
                type="text"
                inputmode="search"
                enterkeyhint="go"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                placeholder=label
                aria-label=label
                role=list.map(|_| "combobox")
                aria-expanded=list.map(|_| "true")
                aria-autocomplete=list.map(|_| "list")
                aria-controls=list
                aria-activedescendant=active
                node_ref=field
                prop:value=text
                on:input=move |event| text.set(event_target_value(&event))
            />
        </div>
    }
}

/// How many were found, told when it changes; or why there are none.
#[component]
pub(crate) fn Found(chat: ChatSignals, query: RwSignal<String>, count: Signal<usize>) -> impl IntoView {
    let frame = strings().frame;
    let is_there = move || count.get() != 0;
    let message_item = move || match count.get() {
        0 if chat.browsed.with(Option::is_none) => frame.searching.to_owned(),
        0 if query.with(|query| bare(query).is_empty()) => frame.no_public_rooms.to_owned(),
        0 => frame.nothing_found.to_owned(),
        count => (frame.found)(count),
    };
    view! {
        <p class="found" role="status" class:visually-hidden=is_there>
            {message_item}
        </p>
    }
}
