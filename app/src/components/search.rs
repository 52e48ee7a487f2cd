//! Search for rooms: in the user's rooms, which the client knows, and in the public rooms, which the server
//! knows.

use hubbub_client::Intent;
use hubbub_protocol::{PublicRoom, RoomName};
use leptos::html::Input;
use leptos::prelude::*;

use super::icon::{Icon, IconName};
use crate::browser::{chat_task, clock};
use crate::i18n::strings;
use crate::state::ChatSignals;

/// Delay between the last key press and the request to the server, in milliseconds.
const PAUSE_MILLIS: u64 = 120;

/// Requests the public rooms whose name contains `query`, now and after each change of `query`.
pub(crate) fn follow(query: RwSignal<String>) {
    let handle = chat_task::use_handle();
    Effect::new(move |first: Option<()>| {
        let asked = query.get();
        let pause = if first.is_none() { 0 } else { PAUSE_MILLIS };
        clock::after(pause, move || {
            // Skips the request if the dialog was closed or the query has changed meanwhile.
            if query.try_with_untracked(|query| *query == asked) == Some(true) {
                let query = bare(&asked).to_owned();
                handle.submit(Intent::Browse { query, after: None });
            }
        });
    });
}

/// Removes white space and a leading `#` from a query.
pub(crate) fn bare(query: &str) -> &str {
    query.trim().trim_start_matches('#')
}

/// Whether a room of this name is known to exist.
pub(crate) fn is_known(chat: ChatSignals, name: &str) -> bool {
    let is_it = |room: &RoomName| room.as_str().eq_ignore_ascii_case(name);
    chat.rooms.keys.with(|rooms| rooms.iter().any(is_it))
        || chat.browsed.with(|browsed| {
            browsed
                .as_ref()
                .is_some_and(|browsed| browsed.rooms.iter().any(|public| is_it(&public.room.name)))
        })
}

/// Returns the public rooms that match the current query, from the last answer of the server.
pub(crate) fn found(chat: ChatSignals, query: &str) -> Vec<PublicRoom> {
    let query = bare(query).to_ascii_lowercase();
    chat.browsed.with(|browsed| {
        let rooms = browsed.iter().flat_map(|browsed| &browsed.rooms);
        rooms.filter(|public| contains(&public.room.name, &query)).cloned().collect()
    })
}

/// Whether the name contains the text, ignoring case.
pub(crate) fn contains(room: &RoomName, lower_case: &str) -> bool {
    room.as_str().to_ascii_lowercase().contains(lower_case)
}

/// The search field. It has the same properties as [`super::field::LineField`].
#[component]
pub(crate) fn SearchField(
    label: &'static str,
    text: RwSignal<String>,
    field: NodeRef<Input>,
    /// Id of the list that the field controls, if arrow keys select its entries.
    #[prop(optional)]
    list: Option<&'static str>,
    /// Id of the selected entry.
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

/// The number of results, announced when it changes, or the reason why there are none.
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
