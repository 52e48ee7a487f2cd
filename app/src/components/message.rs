//! A message, in whatever state it is.

use hubbub_client::RowState;
use hubbub_protocol::UserName;
use leptos::prelude::*;

use super::avatar::{Avatar, hue_class};
use super::day_separator::DaySeparator;
use super::icon::{Icon, Picture};
use crate::i18n::{Words, words};
use crate::line::Line;

/// A line of the timeline: the message, and the day before it where one begins.
#[component]
pub(crate) fn MessageLine(line: Line, on_retry: Callback<()>, on_cancel: Callback<()>) -> impl IntoView {
    let words = words();
    let name = line.author.as_ref().map(|author| author.name.clone());
    let class = match (line.own, line.first) {
        (true, true) => "message message-own message-first",
        (true, false) => "message message-own",
        (false, true) => "message message-other message-first",
        (false, false) => "message message-other",
    };
    let shows_avatar = line.first && !line.own;
    view! {
        <div class="entry">
            {line.day.map(|day| view! { <DaySeparator day /> })}
            <article
                class=class
                data-message=""
                data-state=line.state()
                data-seq=line.seq().map(|seq| seq.0)
            >
                {shows_avatar.then(|| name.clone().map(|name| view! { <Avatar name /> }))}
                {name.map(|name| view! { <Author name seen=shows_avatar /> })}
                <div class="message-body">
                    <div class="message-bubble">
                        <div class="message-text" dir="auto">
                            {line.text().to_string()}
                        </div>
                        <div class="message-meta">
                            <time datetime=line.at.to_string() title=(words.date_and_time)(line.time)>
                                {line.time.short()}
                            </time>
                            {progress(&line, words)}
                        </div>
                    </div>
                    {line
                        .failure()
                        .map(|refusal| {
                            let reason = words.failure(refusal);
                            view! { <Failure reason on_retry on_cancel /> }
                        })}
                </div>
            </article>
        </div>
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

/// How far it has come, unless it has arrived.
fn progress(line: &Line, words: &Words) -> Option<impl IntoView + use<>> {
    let (picture, label) = match line.row.state {
        RowState::Saved(_) | RowState::Sent { .. } => return None,
        RowState::Pending(_) if line.online => (Picture::Clock, words.sending),
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
fn Failure(reason: String, on_retry: Callback<()>, on_cancel: Callback<()>) -> impl IntoView {
    let words = words();
    view! {
        <div class="message-failure">
            <span>{words.not_sent}". "{reason}</span>
            <button class="button" type="button" on:click=move |_| on_retry.run(())>
                {words.retry}
            </button>
            <button class="button" type="button" on:click=move |_| on_cancel.run(())>
                {words.cancel}
            </button>
        </div>
    }
}
