//! A row of the timeline: a message, a notice or a change of membership.

use std::sync::Arc;

use hubbub_protocol::{Described, User};
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;

use super::avatar::Avatar;
use super::day_separator::{DaySeparator, NewDivider};
use super::message::Message;
use crate::conversation::{ConversationController, RowMode};
use crate::i18n::{isolated, strings};
use crate::state::timeline_item::{ItemKind, MembershipChanges, TimelineItem};

/// Maximum readers that are shown; the others are counted.
const READERS_SHOWN: usize = 5;

/// How a row came into the document. Only live changes are animated, neither the first rendering nor loaded
/// history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ItemEntry {
    /// The row came with the page or with loaded history, and has not changed since.
    Loaded,
    /// The row arrived at the end, as a new message.
    Arrived,
    /// The row changed after it was rendered.
    Changed,
}

impl ItemEntry {
    /// Returns the value of the attribute that style sheets select.
    const fn name(self) -> Option<&'static str> {
        match self {
            Self::Loaded => None,
            Self::Arrived => Some("arrived"),
            Self::Changed => Some("changed"),
        }
    }
}

/// A row, with the separator before it if a day or the unread messages begin with it.
#[component]
pub(crate) fn TimelineItemView(
    item: Arc<TimelineItem>,
    /// The editor, menu or popover that is open at this row.
    row_mode: RowMode,
    entry: ItemEntry,
    conversation: ConversationController,
) -> impl IntoView {
    let continued = conversation.room_signals.continued.of(&item.key);
    let readers = conversation.room_signals.readers.of(&item.key);
    let readers = move || {
        let readers = readers.get();
        (!readers.is_empty()).then(|| view! { <Readers readers /> })
    };
    let kind = match &item.kind {
        ItemKind::Message(message_item) => {
            EitherOf3::A(view! { <Message item=&item message_item row_mode conversation /> })
        }
        ItemKind::MembershipChanged(changes) => {
            EitherOf3::B(view! { <MembershipChanged changes=changes.clone() /> })
        }
        ItemKind::Described(described) => EitherOf3::C(view! { <Topic described=described.clone() /> }),
    };
    let is_message = item.message_item().is_some();
    view! {
        <div class="timeline-item" data-continued=move || continued.get().then_some("") data-entry=entry.name()>
            {item.day.map(|day| view! { <DaySeparator day /> })}
            {item.divided.then(|| view! { <NewDivider /> })}
            {kind}
            {is_message.then_some(readers)}
        </div>
    }
}

/// The notice about joins and leaves.
#[component]
fn MembershipChanged(changes: MembershipChanges) -> impl IntoView {
    let strings = strings();
    let sentence = |users: &[User], say: fn(&[&str]) -> String| {
        (!users.is_empty()).then(|| {
            let names: Vec<String> = users.iter().map(|user| isolated(user.name.as_str())).collect();
            let all = names.join(", ");
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            view! { <span title=all>{say(&names)}</span> }
        })
    };
    let both = !changes.joined.is_empty() && !changes.left.is_empty();
    view! {
        <p class="notice-line" data-notice="moved" data-seq=changes.last.0>
            {sentence(&changes.joined, strings.conversation.joined)}
            {both.then_some(" · ")}
            {sentence(&changes.left, strings.conversation.left)}
        </p>
    }
}

/// A notice that the topic of the room changed.
#[component]
fn Topic(described: Described) -> impl IntoView {
    let strings = strings();
    let Described { seq, user, topic, .. } = described;
    let name = isolated(user.name.as_str());
    let sentence = if topic.is_empty() {
        Either::Left((strings.conversation.topic_removed)(&name))
    } else {
        let message_item = (strings.conversation.topic_set)(&name);
        Either::Right(view! {
            {message_item}
            " "
            <bdi class="notice-topic">{topic.to_string()}</bdi>
        })
    };
    view! {
        <p class="notice-line" data-notice="topic" data-seq=seq.0>
            {sentence}
        </p>
    }
}

/// The users who have read up to here. They are placed on the edge of the row and take no space, so that
/// nothing moves. Screen readers do not announce changes.
#[component]
fn Readers(readers: Vec<User>) -> impl IntoView {
    let strings = strings();
    let names: Vec<&str> = readers.iter().map(|user| user.name.as_str()).collect();
    let label = (strings.conversation.read_by)(&names);
    let title = names.join(", ");
    let more = readers.len().saturating_sub(READERS_SHOWN);
    let avatars = readers.into_iter().take(READERS_SHOWN).map(|user| view! { <Avatar user presence=None /> });
    view! {
        <div class="readers" role="img" aria-label=label title=title aria-live="off" data-readers="">
            {avatars.collect_view()}
            {(more > 0).then(|| view! { <span class="readers-more">"+"{more}</span> })}
        </div>
    }
}
