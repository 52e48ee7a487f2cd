//! The messages of a room.

use hubbub_client::RowKey;
use hubbub_protocol::{ClientId, RoomName};
use leptos::either::Either;
use leptos::html::Div;
use leptos::prelude::*;

use super::copy_link::RoomLink;
use super::icon::{Icon, Picture};
use super::message::MessageLine;
use crate::chat::{Before, Chat};
use crate::i18n::words;

/// The messages of a room, the newest at the end, where the view rests.
#[component]
pub(crate) fn Timeline(
    chat: Chat,
    room: RoomName,
    /// The box that scrolls, and what is in it.
    scroller: NodeRef<Div>,
    content: NodeRef<Div>,
    /// Where older messages are, for a page that is not alive.
    older_path: Option<String>,
    /// Where the newest messages are, when this page does not end with them.
    newest_path: Option<String>,
    on_retry: Callback<ClientId>,
    on_cancel: Callback<ClientId>,
    on_to_end: Callback<()>,
) -> impl IntoView {
    let words = words();
    let alive = newest_path.is_none();
    let line = move |key: RowKey| {
        // Only rows that are known by a `ClientId` can fail.
        let about = move |callback: Callback<ClientId>| {
            Callback::new(move |()| {
                if let RowKey::Mine(client_id) = key {
                    callback.run(client_id);
                }
            })
        };
        let (on_retry, on_cancel) = (about(on_retry), about(on_cancel));
        let line = chat.line(key);
        move || line.as_ref().map(|line| view! { <MessageLine line=line.get() on_retry on_cancel /> })
    };
    view! {
        <div class="timeline-frame">
            <div class="timeline" role="log" aria-label=words.messages tabindex="0" node_ref=scroller>
                <div class="timeline-content" node_ref=content>
                    <Beginning before=chat.before room older_path alive />
                    <For each=move || chat.keys.get() key=|key| *key children=line />
                    {newest_path
                        .map(|path| {
                            view! {
                                <p class="timeline-edge">
                                    <a class="button" href=path>
                                        {words.newest_messages}
                                    </a>
                                </p>
                            }
                        })}
                </div>
            </div>
            <ToEnd chat on_to_end />
        </div>
    }
}

/// What is before the first message.
#[component]
fn Beginning(
    before: RwSignal<Before>,
    room: RoomName,
    older_path: Option<String>,
    /// Whether older messages come by themselves, once the script is there.
    alive: bool,
) -> impl IntoView {
    let words = words();
    let link_class = if alive { "timeline-edge without-script" } else { "timeline-edge" };
    let link = older_path.map(|path| {
        view! {
            <p class=link_class>
                <a class="button" href=path>
                    {words.older_messages}
                </a>
            </p>
        }
    });
    let sentence = |sentence| Some(Either::Right(view! { <p class="timeline-edge">{sentence}</p> }));
    let edge = move || match before.get() {
        Before::Unknown | Before::Messages => None,
        Before::Silence => Some(Either::Left(view! { <EmptyRoom room=room.clone() /> })),
        Before::Nothing => sentence(words.beginning),
        Before::Loading => sentence(words.loading),
    };
    view! {
        {link}
        {edge}
    }
}

/// A room in which nobody has said anything: what to do.
#[component]
fn EmptyRoom(room: RoomName) -> impl IntoView {
    let words = words();
    view! {
        <div class="timeline-empty">
            <h2 class="timeline-empty-title">{words.empty_title}</h2>
            <p class="timeline-empty-text">{words.empty_text}</p>
            <RoomLink room />
        </div>
    }
}

/// The way to the end for one who has left it, and how much is new there.
#[component]
fn ToEnd(chat: Chat, on_to_end: Callback<()>) -> impl IntoView {
    let words = words();
    // The last line at the moment of leaving: what comes after it is new.
    let left_at = RwSignal::new(None::<RowKey>);
    Effect::new(move |_| {
        let at_end = chat.at_end.get();
        left_at.set(if at_end { None } else { chat.keys.with_untracked(|keys| keys.last().copied()) });
    });
    move || {
        if chat.at_end.get() {
            return None;
        }
        let new = left_at.get().map_or(0, |left_at| chat.keys.with(|keys| new_since(keys, left_at)));
        let (class, text_class, text) = match new {
            0 => ("button timeline-pill", "unseen", words.newest_messages.to_owned()),
            new => ("button button-main timeline-pill", "", (words.new_messages)(new)),
        };
        Some(view! {
            <button class=class type="button" on:click=move |_| on_to_end.run(())>
                <Icon picture=Picture::Down size=16 />
                <span class=text_class>{text}</span>
            </button>
        })
    }
}

/// How many messages of others come after this line.
fn new_since(keys: &[RowKey], left_at: RowKey) -> usize {
    // A line that is gone says nothing about what came after it.
    let Some(position) = keys.iter().position(|key| *key == left_at) else { return 0 };
    keys[position..].iter().skip(1).filter(|key| matches!(key, RowKey::Other(_))).count()
}
