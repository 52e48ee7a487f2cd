//! A line of the timeline, whatever it shows.

use std::sync::Arc;

use hubbub_protocol::{Described, User};
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;

use super::avatar::Avatar;
use super::day_separator::{DaySeparator, NewDivider};
use super::message::Message;
use crate::i18n::{isolated, words};
use crate::line::{Line, Moves, What};
use crate::talk::{Face, Talk};

/// So many readers are shown; the rest is counted.
const READERS_SHOWN: usize = 5;

/// A line: what it shows, and the day or the new that begins with it.
#[component]
pub(crate) fn LineView(
    line: Arc<Line>,
    /// What is open at it.
    face: Face,
    talk: Talk,
) -> impl IntoView {
    let readers = talk.picture.readers.of(&line.key);
    let readers = move || {
        let readers = readers.get();
        (!readers.is_empty()).then(|| view! { <Readers readers /> })
    };
    let what = match &line.what {
        What::Message(said) => EitherOf3::A(view! { <Message line=&line said face talk /> }),
        What::Moved(moves) => EitherOf3::B(view! { <Moved moves=moves.clone() /> }),
        What::Described(described) => EitherOf3::C(view! { <Topic described=described.clone() /> }),
    };
    let is_message = line.said().is_some();
    view! {
        <div class="entry">
            {line.day.map(|day| view! { <DaySeparator day /> })}
            {line.divided.then(|| view! { <NewDivider /> })}
            {what}
            {is_message.then_some(readers)}
        </div>
    }
}

/// Who came and who went.
#[component]
fn Moved(moves: Moves) -> impl IntoView {
    let words = words();
    let sentence = |users: &[User], say: fn(&[&str]) -> String| {
        (!users.is_empty()).then(|| {
            let names: Vec<String> = users.iter().map(|user| isolated(user.name.as_str())).collect();
            let all = names.join(", ");
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            view! { <span title=all>{say(&names)}</span> }
        })
    };
    let both = !moves.joined.is_empty() && !moves.left.is_empty();
    view! {
        <p class="notice-line" data-notice="moved" data-seq=moves.last.0>
            {sentence(&moves.joined, words.talk.joined)}
            {both.then_some(" · ")}
            {sentence(&moves.left, words.talk.left)}
        </p>
    }
}

/// What the room is about from here on.
#[component]
fn Topic(described: Described) -> impl IntoView {
    let words = words();
    let Described { seq, user, topic, .. } = described;
    let name = isolated(user.name.as_str());
    let sentence = if topic.is_empty() {
        Either::Left((words.talk.topic_removed)(&name))
    } else {
        let said = (words.talk.topic_set)(&name);
        Either::Right(view! {
            {said}
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

/// Who has read up to here. They stand on the edge of the line and take no place of their own, so that nothing
/// moves when they do; nor is a screen reader told each time.
#[component]
fn Readers(readers: Vec<User>) -> impl IntoView {
    let words = words();
    let names: Vec<&str> = readers.iter().map(|user| user.name.as_str()).collect();
    let label = (words.talk.read_by)(&names);
    let title = names.join(", ");
    let more = readers.len().saturating_sub(READERS_SHOWN);
    let avatars =
        readers.into_iter().take(READERS_SHOWN).map(|user| view! { <Avatar name=user.name presence=None /> });
    view! {
        <div class="readers" role="img" aria-label=label title=title aria-live="off" data-readers="">
            {avatars.collect_view()}
            {(more > 0).then(|| view! { <span class="readers-more">"+"{more}</span> })}
        </div>
    }
}
