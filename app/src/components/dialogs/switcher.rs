//! The room switcher: finds a room by some letters of its name.

use hubbub_protocol::{PublicRoom, RoomName};
use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;

use super::TITLE_ID;
use crate::browser::{address, keyboard, modal};
use crate::components::search::{self, SearchField};
use crate::effect::effect;
use crate::i18n::short_count;
use crate::i18n::strings;
use crate::route::Route;
use crate::state::ChatSignals;
use crate::state::dialog_kind::DialogKind;

const LIST_ID: &str = "switcher-rooms";
/// Maximum entries of the list.
const MAX_CHOICES: usize = 30;

/// An entry of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Choice {
    /// A room of the user.
    Mine(RoomName),
    /// A public room that the user has not joined.
    Public(RoomName),
    /// A room to create.
    New(RoomName),
}

impl Choice {
    const fn room(&self) -> &RoomName {
        match self {
            Self::Mine(room) | Self::Public(room) | Self::New(room) => room,
        }
    }
}

#[component]
pub(super) fn Switcher(chat: ChatSignals, dialog_kind: RwSignal<Option<DialogKind>>) -> impl IntoView {
    let frame = strings().frame;
    let query = RwSignal::new(String::new());
    let chosen = RwSignal::new(0);
    let field = NodeRef::<Input>::new();
    modal::focus_first(field);
    search::follow(query);
    let choices = Memo::new(move |_| {
        let here = chat.route.with(|route| route.room.clone());
        let query = query.get();
        let public = search::found(chat, &query);
        chat.rooms.keys.with(|mine| choices(&query, &here, mine, &public))
    });
    // A new query selects the first entry again.
    effect(move || {
        query.track();
        chosen.set(0);
    });
    let go = move |room: RoomName| {
        dialog_kind.set(None);
        address::go(chat, Route::of(room));
    };
    let on_keydown = keyboard::unless_composing(move |event: KeyboardEvent| {
        let last = choices.with_untracked(Vec::len).saturating_sub(1);
        let at = chosen.get_untracked().min(last);
        let key = event.key();
        if let Some(next) = neighbour(&key, at, last) {
            event.prevent_default();
            chosen.set(next);
            modal::reveal(&option_id(next));
        } else if key == "Enter" {
            event.prevent_default();
            if let Some(choice) = choices.with_untracked(|choices| choices.get(at).cloned()) {
                go(choice.room().clone());
            }
        }
    });
    let active = Signal::derive(move || {
        let at = chosen.get();
        choices.with(|choices| (at < choices.len()).then(|| option_id(at)))
    });
    view! {
        <h2 class="visually-hidden" id=TITLE_ID>
            {frame.find_room}
        </h2>
        <div on:keydown=on_keydown>
            <SearchField label=frame.find_room text=query field list=LIST_ID active />
        </div>
        <ul class="choices" id=LIST_ID role="listbox" aria-label=frame.rooms>
            {move || choice_items(chat, choices.get(), chosen, go)}
        </ul>
        <p class="dialog-hint">{frame.switcher_hint}</p>
    }
}

/// The entries of the list; a click opens a room.
fn choice_items(
    chat: ChatSignals,
    choices: Vec<Choice>,
    chosen: RwSignal<usize>,
    go: impl Fn(RoomName) + Copy + 'static,
) -> impl IntoView {
    let items = choices.into_iter().enumerate().map(|(index, choice)| {
        let room = choice.room().clone();
        view! {
            <li
                class="choice"
                id=option_id(index)
                role="option"
                aria-selected=move || if chosen.get() == index { "true" } else { "false" }
                on:click=move |_| go(room.clone())
            >
                <ChoiceLine chat choice />
            </li>
        }
    });
    items.collect_view()
}

/// Returns the entry that an arrow key selects. The first entry follows the last.
fn neighbour(key: &str, at: usize, last: usize) -> Option<usize> {
    match key {
        "ArrowDown" => Some(if at == last { 0 } else { at + 1 }),
        "ArrowUp" => Some(if at == 0 { last } else { at - 1 }),
        _ => None,
    }
}

#[component]
fn ChoiceLine(chat: ChatSignals, choice: Choice) -> impl IntoView {
    let strings = strings();
    let frame = strings.frame;
    let name = choice.room().to_string();
    let (title, unread, about) = match &choice {
        Choice::New(room) => ((frame.create_named)(room.as_str()), 0, None),
        Choice::Public(_) => (format!("#{name}"), 0, Some(strings.join)),
        Choice::Mine(room) => {
            let unread = chat.rooms.value(room).map_or(0, |shown| shown.with_untracked(|shown| shown.unread));
            (format!("#{name}"), unread, None)
        }
    };
    view! {
        <bdi class="choice-name">{title}</bdi>
        {about.map(|about| view! { <span class="choice-about">{about}</span> })}
        {(unread > 0)
            .then(|| {
                view! {
                    <span class="visually-hidden">", "{(frame.unread)(unread)}</span>
                    <span class="count" aria-hidden="true">
                        {short_count(unread)}
                    </span>
                }
            })}
    }
}

fn option_id(index: usize) -> String {
    format!("switcher-{index}")
}

/// Returns the rooms that match `query`: first the user's rooms, with those that begin with the query in
/// front, then public rooms, then a room to create. Without a query the open room is omitted, so that the
/// first entry is the room that was open before.
fn choices(query: &str, here: &RoomName, mine: &[RoomName], public: &[PublicRoom]) -> Vec<Choice> {
    let query = search::bare(query);
    let folded = query.to_ascii_lowercase();
    let mut own: Vec<&RoomName> = mine
        .iter()
        .filter(|room| if query.is_empty() { *room != here } else { search::contains(room, &folded) })
        .collect();
    own.sort_by_key(|room| !room.as_str().to_ascii_lowercase().starts_with(&folded));
    let others = public.iter().map(|public| &public.room.name).filter(|room| !mine.contains(room));
    let own = own.into_iter().cloned().map(Choice::Mine);
    let mut choices: Vec<Choice> = own.chain(others.cloned().map(Choice::Public)).take(MAX_CHOICES).collect();
    let is_there = choices.iter().any(|choice| choice.room().as_str().eq_ignore_ascii_case(query));
    if let Some(new) = RoomName::parse(query).ok().filter(|_| !is_there) {
        choices.push(Choice::New(new));
    }
    choices
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::{Room, RoomId, Topic};

    use super::*;

    fn room(name: &str) -> RoomName {
        RoomName::parse(name).expect("a name")
    }

    fn public(name: &str) -> PublicRoom {
        let room = Room { id: RoomId(1), name: room(name), topic: Topic::default() };
        PublicRoom { room, members: 1, joined: false }
    }

    fn message_item(query: &str) -> Vec<String> {
        let mine = ["coffee", "tea", "green-tea", "tea-time"].map(room);
        let public = [public("tea"), public("teapot")];
        let public: Vec<PublicRoom> =
            public.into_iter().filter(|public| search::contains(&public.room.name, query)).collect();
        let shown = |choice: &Choice| match choice {
            Choice::Mine(room) => room.to_string(),
            Choice::Public(room) => format!("join {room}"),
            Choice::New(room) => format!("new {room}"),
        };
        choices(query, &room("coffee"), &mine, &public).iter().map(shown).collect()
    }

    #[test]
    fn first_choice_is_the_previous_room() {
        assert_eq!(message_item(""), ["tea", "green-tea", "tea-time", "join teapot"]);
    }

    #[test]
    fn ranks_prefix_matches_first_and_offers_to_create_a_room() {
        assert_eq!(message_item("tea"), ["tea", "tea-time", "green-tea", "join teapot"]);
        assert_eq!(message_item("te"), ["tea", "tea-time", "green-tea", "join teapot", "new te"]);
        assert_eq!(message_item("no such"), Vec::<String>::new());
    }
}
