//! Popovers of a message: the menu, the emoji picker, the edit history. All share one `<dialog>`: the browser
//! keeps the focus inside, closes it on Esc and restores the focus.

use hubbub_protocol::{Edits, MessageId};
use leptos::html::Dialog;
use leptos::prelude::*;

use super::emoji_picker::EmojiPicker;
use super::icon::{Icon, IconName};
use super::message_tools::ActionMenu;
use crate::browser::{clock, modal, popover, recent_emoji};
use crate::client_only::lazy_view;
use crate::conversation::{ConversationController, Popover, PopoverKind};
use crate::effect::effect;
use crate::i18n::strings;
use crate::lazy;
use crate::lazy_part::lazy_part;
use crate::state::timeline_item::TimelineItem;

#[component]
pub(crate) fn Popovers(
    conversation: ConversationController,
    edits: RwSignal<Option<Edits>>,
) -> impl IntoView {
    let strings = strings();
    let dialog = NodeRef::<Dialog>::new();
    effect(move || popover::show(dialog, conversation.popover.with(Option::is_some)));
    let name = move || {
        conversation.popover.get().map(|popover| match popover.kind {
            PopoverKind::Menu => "menu",
            PopoverKind::Emoji => "emoji",
            PopoverKind::Edits(_) => "edits",
        })
    };
    let label = move || {
        conversation.popover.get().map(|popover| match popover.kind {
            PopoverKind::Menu => strings.conversation.actions,
            PopoverKind::Emoji => strings.conversation.react,
            PopoverKind::Edits(_) => strings.conversation.edits,
        })
    };
    let content = move || {
        let popover = conversation.popover.get()?;
        let on_late = move || {
            popover::show(dialog, true);
            modal::enter(dialog);
        };
        Some(lazy::show(popover_content(popover, conversation, edits), on_late))
    };
    view! {
        <dialog
            class="popover"
            closedby="any"
            data-popover=name
            aria-label=label
            node_ref=dialog
            on:close=move |_| {
                if !modal::is_open(dialog) {
                    conversation.popover.set(None);
                }
            }
        >
            {content}
        </dialog>
    }
}

lazy_part! {
    file message_menu, preload preload;
    pub(crate) fn popover_content(popover: Popover, conversation: ConversationController, edits: RwSignal<Option<Edits>>) -> AnyView {
        let Some(item) = conversation.item(popover.key) else { return Ok(().into_any()) };
        match popover.kind {
            PopoverKind::Menu => lazy_view(view! { <ActionMenu item=&item conversation /> }),
            PopoverKind::Emoji => {
                let recent = recent_emoji::recent();
                let on_pick = Callback::new(move |emoji: String| conversation.pick_emoji(popover.key, &emoji));
                lazy_view(view! { <EmojiPicker on_pick recent /> })
            }
            PopoverKind::Edits(id) => lazy_view(view! { <History id item=&item edits /> }),
        }
    }
}

/// The earlier versions and the current text of a message.
#[component]
fn History<'a>(
    id: MessageId,
    item: &'a TimelineItem,
    edits: RwSignal<Option<Edits>>,
) -> impl IntoView + use<> {
    let strings = strings();
    let now = item.message_item().and_then(|message_item| {
        Some((strings.conversation.now.to_owned(), message_item.text()?.to_string()))
    });
    let versions = move || {
        edits.with(|edits| {
            let edits = edits.as_ref().filter(|edits| edits.message_id == id)?;
            let clock = clock::here().clock;
            let before = edits.versions.iter();
            let before = before.map(|it| ((strings.date_and_time)(clock.local(it.at)), it.text.to_string()));
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
            <h2 class="edits-title">{strings.conversation.edits}</h2>
            <button class="button button-bare" type="submit" aria-label=strings.close>
                <Icon name=IconName::Close />
            </button>
        </form>
        {versions}
    }
}
