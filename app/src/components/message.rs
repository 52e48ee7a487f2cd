//! A message, in whatever state it is.

use hubbub_client::{RowKey, RowState};
use hubbub_protocol::{Quote, UserName};
use leptos::either::Either;
use leptos::prelude::*;

use super::avatar::{UserAvatar, hue_class};
use super::icon::{Icon, Picture};
use super::markup::Markup;
use super::message_tools::{AskDelete, Tools};
use super::reactions::Reactions;
use crate::i18n::{Words, words};
use crate::line::{Line, Said};
use crate::talk::{Face, Talk};

/// A message. What can be done with it comes when it is pointed at.
#[component]
pub(crate) fn Message<'a>(
    line: &'a Line,
    said: &'a Said,
    /// What is open at it.
    face: Face,
    talk: Talk,
) -> impl IntoView + use<> {
    let words = words();
    let key = line.key;
    let author = said.author.clone();
    let name = author.as_ref().map(|author| author.name.clone());
    let class = match (said.own, said.first) {
        (true, true) => "message message-own message-first",
        (true, false) => "message message-own",
        (false, true) => "message message-other message-first",
        (false, false) => "message message-other",
    };
    let shows_avatar = said.first && !said.own;
    let (me, acting_as) = talk.reader();
    let text = match said.text() {
        Some(text) => Either::Left(view! {
            <div class="message-text" dir="auto">
                <Markup text=text.to_string() me acting_as />
            </div>
        }),
        None => {
            let trace = if said.own { words.talk.deleted_own } else { words.talk.deleted };
            Either::Right(view! { <div class="message-text message-trace">{trace}</div> })
        }
    };
    let shown_progress = progress(said, words);
    let in_progress = shown_progress.is_some();
    let at_hand = (face == Face::Tools).then(|| view! { <Tools line talk /> });
    let asks = (face == Face::Asking).then(|| view! { <AskDelete key talk /> });
    view! {
        <article
            class=class
            tabindex="-1"
            data-message=""
            data-state=said.state()
            data-progress=in_progress.then_some("")
            data-edited=said.edited.is_some().then_some("")
            data-bare=said.is_bare().then_some("")
            data-changing=said.row.changing.then_some("")
            data-deleted=said.text().is_none().then_some("")
            data-seq=said.seq().map(|seq| seq.0)
        >
            {author.filter(|_| shows_avatar).map(|user| view! { <UserAvatar user /> })}
            {name.map(|name| view! { <Author name seen=shows_avatar /> })}
            <div class="message-body">
                <div class="message-row">
                    <div class="message-bubble">
                        {said.reply_to().map(|quote| view! { <Quoted quote=quote.clone() talk /> })}
                        {text}
                        <div class="message-meta">
                            {edited(line, said, talk, words)}
                            <time datetime=line.at.to_string() title=(words.date_and_time)(line.time)>
                                {line.time.short()}
                            </time>
                            {shown_progress}
                        </div>
                    </div>
                    {at_hand}
                </div>
                <Reactions key reactions=said.reactions() talk />
                {asks}
                {said
                    .failure()
                    .map(|refusal| {
                        let reason = words.failure(refusal);
                        view! { <Failure key reason talk /> }
                    })}
            </div>
        </article>
    }
}

/// Whose it is. A screen reader is told with every message; the eye sees it once in a group.
#[component]
fn Author(name: UserName, seen: bool) -> impl IntoView {
    let class = if seen { "message-head" } else { "message-head unseen" };
    let hue = format!("message-author {}", hue_class(&name));
    view! {
        <div class=class>
            <bdi class=hue>{name.to_string()}</bdi>
        </div>
    }
}

/// What it answers. Without a script the link leads there too.
#[component]
fn Quoted(quote: Quote, talk: Talk) -> impl IntoView {
    let words = words();
    let Quote { seq, author, text, .. } = quote;
    let hue = format!("message-author {}", hue_class(&author.name));
    let deleted = text.is_none();
    let text = text.unwrap_or_else(|| words.talk.quote_deleted.to_owned());
    let label = format!("{}: {text}", (words.talk.quote_of)(author.name.as_str()));
    let jump = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        talk.jump(seq);
    };
    view! {
        <a
            class="quote"
            href=talk.path_to(seq)
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

/// That it was edited, and when. Its author can see what it said before.
fn edited(line: &Line, said: &Said, talk: Talk, words: &'static Words) -> Option<impl IntoView + use<>> {
    let key = line.key;
    let title = (words.talk.edited_at)(said.edited?);
    Some(if said.own {
        Either::Left(view! {
            <button
                class="message-edited"
                type="button"
                tabindex="-1"
                title=title
                aria-description=words.talk.edits_show
                on:click=move |_| talk.show_edits(key)
            >
                {words.talk.edited}
            </button>
        })
    } else {
        Either::Right(view! {
            <span class="message-edited" title=title>
                {words.talk.edited}
            </span>
        })
    })
}

/// How far it has come, unless it has arrived.
fn progress(said: &Said, words: &Words) -> Option<impl IntoView + use<>> {
    let (picture, label) = match said.row.state {
        RowState::Saved(_) | RowState::Sent { .. } | RowState::Notice(_) if said.row.changing => {
            (Picture::Clock, words.sending)
        }
        RowState::Saved(_) | RowState::Sent { .. } | RowState::Notice(_) => return None,
        RowState::Pending(_) if said.online => (Picture::Clock, words.sending),
        RowState::Pending(_) => (Picture::Clock, words.waiting),
        RowState::Failed(..) => (Picture::Failed, words.not_sent),
    };
    Some(view! {
        <span class="message-progress" title=label>
            <Icon picture size=12 />
            <span class="unseen">{label}</span>
        </span>
    })
}

/// Why it was not sent, and what to do about it.
#[component]
fn Failure(key: RowKey, reason: String, talk: Talk) -> impl IntoView {
    let words = words();
    view! {
        <div class="message-failure">
            <span>{words.not_sent}". "{reason}</span>
            <button class="button" type="button" on:click=move |_| talk.retry(key)>
                {words.retry}
            </button>
            <button class="button" type="button" on:click=move |_| talk.cancel(key)>
                {words.cancel}
            </button>
        </div>
    }
}
