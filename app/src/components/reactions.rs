//! The reactions to a message.

use hubbub_client::RowKey;
use hubbub_protocol::{Reaction, User};
use leptos::prelude::*;

use super::icon::{Icon, IconName};
use crate::conversation::ConversationController;
use crate::i18n::{isolated, strings};
use crate::state::message_action::MessageAction;

/// The emoji with the number of users for each. A click adds or removes the user's own reaction.
#[component]
pub(crate) fn Reactions<'a>(
    key: RowKey,
    reactions: &'a [Reaction],
    conversation: ConversationController,
) -> impl IntoView + use<> {
    let strings = strings();
    if reactions.is_empty() {
        return None;
    }
    let chips = reactions.iter().map(|reaction| view! { <ReactionChip key reaction conversation /> });
    Some(view! {
        <ul class="reactions" role="list" aria-live="off">
            {chips.collect_view()}
            <li class="needs-script">
                <button
                    class="reaction reaction-add"
                    type="button"
                    tabindex="-1"
                    aria-label=strings.conversation.react
                    title=strings.conversation.react
                    on:click=move |_| conversation.perform(MessageAction::React, key)
                >
                    <Icon name=IconName::Smile size=16 />
                </button>
            </li>
        </ul>
    })
}

/// The button that adds or removes the user's reaction. Its tooltip lists all users who reacted with this emoji.
#[component]
fn ReactionChip<'a>(
    key: RowKey,
    reaction: &'a Reaction,
    conversation: ConversationController,
) -> impl IntoView + use<> {
    let strings = strings();
    let me = conversation.me();
    let own = reaction.users.iter().any(|user| Some(user.id) == me);
    let name = |user: &User| {
        if Some(user.id) == me { strings.conversation.me.to_owned() } else { isolated(user.name.as_str()) }
    };
    let names: Vec<String> = reaction.users.iter().map(name).collect();
    let emoji = reaction.emoji.clone();
    let title = names.join(", ");
    let label = format!("{emoji} {}: {title}", names.len());
    view! {
        <li>
            <button
                class="reaction"
                type="button"
                tabindex="-1"
                aria-pressed=if own { "true" } else { "false" }
                aria-label=label
                title=title
                data-reaction=emoji.to_string()
                on:click=move |_| conversation.react(key, emoji.clone())
            >
                <span aria-hidden="true">{reaction.emoji.to_string()}</span>
                <span class="reaction-count" aria-hidden="true">
                    {names.len()}
                </span>
            </button>
        </li>
    }
}
