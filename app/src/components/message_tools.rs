//! Actions on a message: a toolbar with the frequent actions, and a menu with all actions.

use hubbub_client::RowKey;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::icon::{Icon, IconName};
use crate::browser::keys::FieldKey;
use crate::browser::{field, focus, keyboard};
use crate::conversation::ConversationController;
use crate::i18n::strings;
use crate::state::message_action::MessageAction;
use crate::state::timeline_item::TimelineItem;

/// The toolbar.
#[component]
pub(crate) fn Tools<'a>(
    item: &'a TimelineItem,
    conversation: ConversationController,
) -> impl IntoView + use<> {
    let strings = strings();
    let key = item.key;
    let buttons = MessageAction::BAR.into_iter().filter(|action| action.is_for(item)).map(|action| {
        let label = action.label(strings);
        view! {
            <button
                class="tool"
                type="button"
                aria-haspopup=(action == MessageAction::More).then_some("menu")
                aria-label=label
                title=label
                data-action=action.name()
                on:click=move |_| conversation.perform(action, key)
            >
                <Icon name=icon_of(action) size=18 />
            </button>
        }
    });
    view! {
        <div class="tools-anchor">
            <div class="tools" role="toolbar" aria-label=strings.conversation.actions aria-live="off">
                {buttons.collect_view()}
            </div>
        </div>
    }
}

/// The menu, with labels.
#[component]
pub(crate) fn ActionMenu<'a>(
    item: &'a TimelineItem,
    conversation: ConversationController,
) -> impl IntoView + use<> {
    let strings = strings();
    let key = item.key;
    let items = MessageAction::MENU.into_iter().filter(|action| action.is_for(item)).map(|action| {
        view! {
            <button
                class="menu-item"
                role="menuitem"
                type="button"
                data-action=action.name()
                on:click=move |_| conversation.perform(action, key)
            >
                <Icon name=icon_of(action) size=18 />
                {action.label(strings)}
            </button>
        }
    });
    let on_key =
        keyboard::unless_composing(|event: KeyboardEvent| focus::along(&event, ".menu", ".menu-item"));
    view! {
        <div class="menu" role="menu" aria-label=strings.conversation.actions on:keydown=on_key>
            {items.collect_view()}
        </div>
    }
}

/// The confirmation of a deletion.
#[component]
pub(crate) fn AskDelete(key: RowKey, conversation: ConversationController) -> impl IntoView {
    let strings = strings();
    let on_key = keyboard::unless_composing(move |event: KeyboardEvent| {
        if field::key(&event) == Some(FieldKey::Escape) {
            event.prevent_default();
            conversation.delete(key, false);
        }
    });
    view! {
        <div
            class="message-failure"
            role="alertdialog"
            aria-label=strings.conversation.ask_delete
            data-asking=""
            on:keydown=on_key
        >
            <span>{strings.conversation.ask_delete}</span>
            <button class="button button-danger" type="button" on:click=move |_| conversation.delete(key, true)>
                {strings.conversation.delete}
            </button>
            <button class="button" type="button" on:click=move |_| conversation.delete(key, false)>
                {strings.conversation.keep}
            </button>
        </div>
    }
}

const fn icon_of(action: MessageAction) -> IconName {
    match action {
        MessageAction::React => IconName::Smile,
        MessageAction::Reply => IconName::Reply,
        MessageAction::Edit => IconName::Edit,
        MessageAction::CopyText => IconName::Copy,
        MessageAction::CopyLink => IconName::Link,
        MessageAction::MarkUnread => IconName::Unread,
        MessageAction::Delete => IconName::Delete,
        MessageAction::More => IconName::More,
    }
}
