//! A message of the timeline in all its states.

use hubbub_client::{RowKey, RowState};
use hubbub_protocol::{Quote, User};
use leptos::either::Either;
use leptos::prelude::*;

use super::attachments::{Attachments, attachments_kind};
use super::avatar::{UserAvatar, hue_class};
use super::icon::{Icon, IconName};
use super::local_files::local_files;
use super::markup::Markup;
use super::message_tools::{AskDelete, Tools};
use super::reactions::Reactions;
use crate::client_only::ClientOnly;
use crate::conversation::{ConversationController, RowMode};
use crate::i18n::{Strings, strings};
use crate::lazy;
use crate::state::timeline_item::{MessageItem, TimelineItem};

/// A message. Its tools are rendered when the message is hovered, focused or tapped.
#[component]
pub(crate) fn Message<'a>(
    item: &'a TimelineItem,
    message_item: &'a MessageItem,
    /// The editor, menu or popover that is open at this message.
    row_mode: RowMode,
    conversation: ConversationController,
) -> impl IntoView + use<> {
    let strings = strings();
    let key = item.key;
    let author = message_item.author.clone();
    let shows_avatar = message_item.first && !message_item.own;
    let shown_progress = progress(message_item, strings);
    let in_progress = shown_progress.is_some();
    let in_full = (strings.date_and_time)(item.time);
    let at_hand = (row_mode == RowMode::Tools).then(|| ClientOnly(view! { <Tools item conversation /> }));
    let failure = message_item.failure().map(|refusal| {
        let reason = strings.failure(refusal);
        ClientOnly(view! { <Failure key reason conversation /> })
    });
    let asks =
        (row_mode == RowMode::ConfirmDelete).then(|| ClientOnly(view! { <AskDelete key conversation /> }));
    let files = message_item.files();
    let unsent_files = (!message_item.local_files().is_empty())
        .then(|| lazy::show(local_files(message_item.local_files().to_vec(), conversation), || ()));
    view! {
        <article
            class=class_of(message_item)
            tabindex="-1"
            data-message=""
            data-state=message_item.state()
            data-progress=in_progress.then_some("")
            data-edited=message_item.edited.is_some().then_some("")
            data-long=message_item.is_long().then_some("")
            data-bare=message_item.is_bare().then_some("")
            data-files=attachments_kind(message_item)
            data-changing=message_item.row.changing.then_some("")
            data-deleted=message_item.text().is_none().then_some("")
            data-seq=message_item.seq().map(|seq| seq.0)
        >
            {author.clone().filter(|_| shows_avatar).map(|user| view! { <UserAvatar user /> })}
            {author.map(|user| view! { <Author user first=message_item.first own=message_item.own /> })}
            <div class="message-body">
                <div class="message-row">
                    <div class="message-bubble" title=in_full.clone()>
                        {message_item.reply_to().map(|quote| view! { <Quoted quote=quote.clone() conversation /> })}
                        {(!files.is_empty()).then(|| view! { <Attachments files=&files /> })}
                        {unsent_files}
                        {text(message_item, conversation, strings)}
                        {edited(item, message_item, conversation, strings)}
                    </div>
                    {at_hand}
                </div>
                <Reactions key reactions=message_item.reactions() conversation />
                {asks}
                {failure}
                <div class="message-stamp">
                    <time datetime=item.at.to_string() title=in_full>
                        {item.time.short()}
                    </time>
                    {shown_progress}
                </div>
            </div>
        </article>
    }
}

/// The author. Screen readers read the name with every message. It is visible once in a group of messages,
/// and for the user's own messages only in the compact layout (`style/display.css`).
#[component]
fn Author(user: User, first: bool, own: bool) -> impl IntoView {
    let class = match (first, own) {
        (true, false) => "message-head",
        (true, true) => "message-head message-head-own visually-hidden",
        (false, _) => "message-head visually-hidden",
    };
    let hue = format!("message-author {}", hue_class(user.id));
    view! {
        <div class=class>
            <bdi class=hue>{user.name.to_string()}</bdi>
        </div>
    }
}

/// The quoted message. It is a link, which works without a script too.
#[component]
fn Quoted(quote: Quote, conversation: ConversationController) -> impl IntoView {
    let strings = strings();
    let text = quote_text(&quote, strings);
    let Quote { seq, author, text: quoted, .. } = quote;
    let hue = format!("message-author {}", hue_class(author.id));
    let deleted = quoted.is_none();
    let label = format!("{}: {text}", (strings.conversation.quote_of)(author.name.as_str()));
    let jump = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        conversation.scroll_to(seq);
    };
    view! {
        <a
            class="quote"
            href=conversation.path_to(seq)
            title=label
            data-deleted=deleted.then_some("")
            on:click=jump
        >
            <bdi class=hue>{author.name.to_string()}</bdi>
            <span class="quote-text" dir="auto">
                {text}
            </span>
        </a>
    }
}

/// Returns the line that stands for a quoted message: its text, the name of its first attachment, or that it was deleted.
pub(super) fn quote_text(quote: &Quote, strings: &Strings) -> String {
    match &quote.text {
        None => strings.conversation.quote_deleted.to_owned(),
        Some(text) if text.is_empty() => quote.file.as_ref().map(ToString::to_string).unwrap_or_default(),
        Some(text) => text.clone(),
    }
}

const fn class_of(message_item: &MessageItem) -> &'static str {
    match (message_item.own, message_item.first) {
        (true, true) => "message message-own message-first",
        (true, false) => "message message-own",
        (false, true) => "message message-other message-first",
        (false, false) => "message message-other",
    }
}

/// The text, or the trace of a deleted message. A message with attachments may have no text.
fn text(
    message_item: &MessageItem,
    conversation: ConversationController,
    strings: &Strings,
) -> Option<impl IntoView + use<>> {
    let (me, acting_as) = conversation.viewer();
    let view = match message_item.text() {
        Some(text) if text.is_empty() => return None,
        Some(text) => Either::Left(view! {
            <div class="message-text" dir="auto">
                <Markup text=text.to_string() me acting_as />
            </div>
        }),
        None => {
            let trace = if message_item.own {
                strings.conversation.deleted_own
            } else {
                strings.conversation.deleted
            };
            Either::Right(view! { <div class="message-text message-trace">{trace}</div> })
        }
    };
    Some(view)
}

/// The mark of an edited message, with the time. For the author it opens the earlier versions.
fn edited(
    item: &TimelineItem,
    message_item: &MessageItem,
    conversation: ConversationController,
    strings: &'static Strings,
) -> Option<impl IntoView + use<>> {
    let key = item.key;
    let title = (strings.conversation.edited_at)(message_item.edited?);
    let edited = if message_item.own {
        Either::Left(view! {
            <button
                class="message-edited"
                type="button"
                tabindex="-1"
                title=title
                aria-description=strings.conversation.edits_show
                on:click=move |_| conversation.show_edits(key)
            >
                {strings.conversation.edited}
            </button>
        })
    } else {
        Either::Right(view! {
            <span class="message-edited" title=title>
                {strings.conversation.edited}
            </span>
        })
    };
    Some(view! { <div class="message-meta">{edited}</div> })
}

/// The sending state of a pending message.
fn progress(message_item: &MessageItem, strings: &Strings) -> Option<impl IntoView + use<>> {
    let (icon, label) = match message_item.row.state {
        RowState::Saved(_) | RowState::Sent { .. } | RowState::Notice(_) if message_item.row.changing => {
            (IconName::Clock, strings.sending)
        }
        RowState::Saved(_) | RowState::Sent { .. } | RowState::Notice(_) => return None,
        RowState::Pending(_) if message_item.online => (IconName::Clock, strings.sending),
        RowState::Pending(_) => (IconName::Clock, strings.waiting),
        RowState::Failed(..) => (IconName::Failed, strings.not_sent),
    };
    Some(ClientOnly(view! {
        <span class="message-progress" title=label>
            <Icon name=icon size=12 />
            <span class="visually-hidden">{label}</span>
        </span>
    }))
}

/// The error of a message that was refused, with buttons to retry or cancel.
#[component]
fn Failure(key: RowKey, reason: String, conversation: ConversationController) -> impl IntoView {
    let strings = strings();
    view! {
        <div class="message-failure">
            <span>{strings.not_sent}". "{reason}</span>
            <button class="button" type="button" on:click=move |_| conversation.retry(key)>
                {strings.retry}
            </button>
            <button class="button" type="button" on:click=move |_| conversation.cancel(key)>
                {strings.cancel}
            </button>
        </div>
    }
}
