//! Who is in the room: a column where there is space, else a drawer that a button in the bar opens. The
//! browser opens and closes it by itself (the HTML popover), so it works without the script too.

use hubbub_protocol::UserName;
use leptos::prelude::*;

use super::avatar::Avatar;
use super::icon::{Icon, Picture};
use crate::chat::People;
use crate::i18n::words;

const ID: &str = "people";
const TITLE_ID: &str = "people-title";

/// The button that opens the drawer and says how many people there are.
#[component]
pub(crate) fn PeopleToggle(people: RwSignal<People>) -> impl IntoView {
    let words = words();
    let count = move || people.with(|people| people.count);
    view! {
        <button
            class="button button-bare people-toggle"
            type="button"
            popovertarget=ID
            aria-label=move || (words.people_count)(count())
        >
            <Icon picture=Picture::People />
            <span aria-hidden="true">{count}</span>
        </button>
    }
}

/// How many people there are, in words.
#[component]
pub(crate) fn PeopleCount(people: RwSignal<People>) -> impl IntoView {
    let words = words();
    view! {
        <p class="room-count" data-people-count="">
            {move || (words.people_count)(people.with(|people| people.count))}
        </p>
    }
}

/// The people by name.
#[component]
pub(crate) fn PeopleList(people: RwSignal<People>) -> impl IntoView {
    let words = words();
    let list = move || {
        let People { me, listed, count } = people.get();
        let more = usize::try_from(count).unwrap_or(usize::MAX).saturating_sub(listed.len());
        let persons = listed.into_iter().map(|user| {
            let you = me == Some(user.id);
            view! { <Person name=user.name you /> }
        });
        view! {
            // Without its markers a list is none to some screen readers, unless it says so.
            <ul role="list" aria-labelledby=TITLE_ID>
                {persons.collect_view()}
            </ul>
            {(more > 0).then(|| view! { <p class="people-more">{(words.and_more)(more)}</p> })}
        }
    };
    view! {
        <aside class="people" id=ID popover="auto" aria-labelledby=TITLE_ID>
            <div class="people-head">
                <h2 class="people-title" id=TITLE_ID>
                    {words.people_here}
                </h2>
                <button
                    class="button button-bare people-close"
                    type="button"
                    popovertarget=ID
                    popovertargetaction="hide"
                    aria-label=words.close
                >
                    <Icon picture=Picture::Close />
                </button>
            </div>
            {list}
        </aside>
    }
}

#[component]
fn Person(name: UserName, you: bool) -> impl IntoView {
    let words = words();
    view! {
        <li class="person">
            <Avatar name=name.clone() />
            <bdi class="person-name">{name.to_string()}</bdi>
            {you.then(|| view! { <span class="person-you">" "{words.you}</span> })}
        </li>
    }
}
