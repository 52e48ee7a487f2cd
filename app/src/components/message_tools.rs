//! What can be done with a message: a small bar at it, and a menu with everything.

use hubbub_client::RowKey;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::icon::Icon;
use crate::action::Action;
use crate::browser::field::{self, FieldKey};
use crate::browser::focus;
use crate::i18n::words;
use crate::line::Line;
use crate::talk::Talk;

/// The bar.
#[component]
pub(crate) fn Tools<'a>(line: &'a Line, talk: Talk) -> impl IntoView + use<> {
    let words = words();
    let key = line.key;
    let buttons = Action::BAR.into_iter().filter(|action| action.is_for(line)).map(|action| {
        let label = action.label(words);
        view! {
            <button
                class="tool"
                type="button"
                aria-haspopup=(action == Action::More).then_some("menu")
                aria-label=label
                title=label
                data-action=action.name()
                on:click=move |_| talk.act(action, key)
            >
                <Icon picture=action.picture() size=18 />
            </button>
        }
    });
    view! {
        <div class="tools-place">
            <div class="tools" role="toolbar" aria-label=words.talk.actions aria-live="off">
                {buttons.collect_view()}
            </div>
        </div>
    }
}

/// Everything, with names.
#[component]
pub(crate) fn ActionMenu<'a>(line: &'a Line, talk: Talk) -> impl IntoView + use<> {
    let words = words();
    let key = line.key;
    let items = Action::MENU.into_iter().filter(|action| action.is_for(line)).map(|action| {
        view! {
            <button
                class="menu-item"
                role="menuitem"
                type="button"
                data-action=action.name()
                on:click=move |_| talk.act(action, key)
            >
                <Icon picture=action.picture() size=18 />
                {action.label(words)}
            </button>
        }
    });
    let on_key = |event: KeyboardEvent| focus::along(&event, ".menu", ".menu-item");
    view! {
        <div class="menu" role="menu" aria-label=words.talk.actions on:keydown=on_key>
            {items.collect_view()}
        </div>
    }
}

/// Whether it is really to be deleted.
#[component]
pub(crate) fn AskDelete(key: RowKey, talk: Talk) -> impl IntoView {
    let words = words();
    let on_key = move |event: KeyboardEvent| {
        if field::key(&event) == Some(FieldKey::Escape) {
            event.prevent_default();
            talk.delete(key, false);
        }
    };
    view! {
        <div
            class="message-failure"
            role="alertdialog"
            aria-label=words.talk.ask_delete
            data-asking=""
            on:keydown=on_key
        >
            <span>{words.talk.ask_delete}</span>
            <button class="button button-danger" type="button" on:click=move |_| talk.delete(key, true)>
                {words.talk.delete}
            </button>
            <button class="button" type="button" on:click=move |_| talk.delete(key, false)>
                {words.talk.keep}
            </button>
        </div>
    }
}
