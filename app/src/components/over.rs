//! What lies over the page about one message: everything that can be done with it, the emoji, what it said.
//! One `<dialog>` for all: the browser keeps the focus in it, closes it on Esc and gives the focus back.

use hubbub_protocol::{Edits, MessageId};
use leptos::html::Dialog;
use leptos::prelude::*;

use super::emoji_picker::EmojiPicker;
use super::icon::{Icon, Picture};
use super::message_tools::ActionMenu;
use crate::browser::{clock, emoji_keeper, modal, over};
use crate::i18n::words;
use crate::lazy::{self, lazy_part};
use crate::line::Line;
use crate::talk::{Float, Over, Talk};

#[component]
pub(crate) fn Overs(talk: Talk, edits: RwSignal<Option<Edits>>) -> impl IntoView {
    let words = words();
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move |_| over::show(dialog, talk.float.with(Option::is_some)));
    let name = move || {
        talk.float.get().map(|float| match float.what {
            Over::Menu => "menu",
            Over::Emoji => "emoji",
            Over::Edits(_) => "edits",
        })
    };
    let label = move || {
        talk.float.get().map(|float| match float.what {
            Over::Menu => words.talk.actions,
            Over::Emoji => words.talk.react,
            Over::Edits(_) => words.talk.edits,
        })
    };
    let content = move || {
        let float = talk.float.get()?;
        let on_late = move || {
            over::show(dialog, true);
            modal::enter(dialog);
        };
        Some(lazy::show(over_content(float, talk, edits), on_late))
    };
    view! {
        <dialog
            class="over"
            closedby="any"
            data-over=name
            aria-label=label
            node_ref=dialog
            on:close=move |_| {
                if !modal::is_open(dialog) {
                    talk.float.set(None);
                }
            }
        >
            {content}
        </dialog>
    }
}

lazy_part! {
    file message_menu, preload preload;
    /// What is in the dialog.
    pub(crate) fn over_content(float: Float, talk: Talk, edits: RwSignal<Option<Edits>>) -> AnyView {
        let Some(line) = talk.line(float.key) else { return Ok(().into_any()) };
        match float.what {
            Over::Menu => view! { <ActionMenu line=&line talk /> }.into_any(),
            Over::Emoji => {
                let recent = emoji_keeper::recent();
                let on_pick = Callback::new(move |emoji: String| talk.pick(float.key, &emoji));
                view! { <EmojiPicker on_pick recent /> }.into_any()
            }
            Over::Edits(id) => view! { <History id line=&line edits /> }.into_any(),
        }
    }
}

/// What a message said before, and says now.
#[component]
fn History<'a>(id: MessageId, line: &'a Line, edits: RwSignal<Option<Edits>>) -> impl IntoView + use<> {
    let words = words();
    let now = line.said().and_then(|said| Some((words.talk.now.to_owned(), said.text()?.to_string())));
    let versions = move || {
        edits.with(|edits| {
            let edits = edits.as_ref().filter(|edits| edits.message_id == id)?;
            let time = clock::here().clock;
            let before = edits.versions.iter();
            let before = before.map(|it| ((words.date_and_time)(time(it.at)), it.text.to_string()));
            let versions = before.chain(now.clone()).map(|(time, text)| {
                view! {
                    <li class="edits-version">
                        <span class="edits-time">{time}</span>
                        <div class="edits-text" dir="auto">
                            {text}
                        </div>
                    </li>
                }
            });
            Some(view! {
                <ol class="edits" role="list">
                    {versions.collect_view()}
                </ol>
            })
        })
    };
    view! {
        <form class="edits-head" method="dialog">
            <h2 class="edits-title">{words.talk.edits}</h2>
            <button class="button button-bare" type="submit" aria-label=words.close>
                <Icon picture=Picture::Close />
            </button>
        </form>
        {versions}
    }
}
