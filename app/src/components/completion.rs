//! The list that completes what one is writing, after the pattern of a combobox with a listbox (WAI-ARIA
//! Authoring Practices): the focus stays in the field, and the field says which entry is chosen.
//!
//! Who owns the field does this:
//! - makes a [`Completion`] and shows `<CompletionList completion on_accept />` in the box around the field
//!   (a box with `position: relative`; the list stands above it);
//! - calls `completion.look(..)` with the text, the field's `selectionStart`, people and rooms after each
//!   `input`, and after a click or an arrow has moved the cursor; `completion.close()` on `blur` and on send;
//! - asks `completion.press(&event)` first on `keydown`. If it gives [`Pressed::Ignored`], the key is the
//!   field's; else the event has been stopped, and for [`Pressed::Accepted`] the text and the cursor are to be
//!   set, as in `on_accept`, which tells the same of a click;
//! - gives the field `aria-autocomplete="list"`, `aria-haspopup="listbox"`, `aria-controls=`[`LIST_ID`] and
//!   `aria-activedescendant=move || active_id(completion)`. A field of several lines may not call itself a
//!   combobox (ARIA in HTML, section 4), so that there are suggestions is said by a status here.

use hubbub_markup::mention_of;
use hubbub_protocol::User;
use leptos::either::EitherOf3;
use leptos::prelude::*;

use super::avatar::UserAvatar;
use crate::conversation::completion::Completion;
use crate::conversation::suggestions::{Accepted, Candidate, Suggestions};
use crate::i18n::{Language, strings};
use crate::lazy;
use crate::lazy_part::lazy_part;

/// The element of the list, for `aria-controls`.
pub(crate) const LIST_ID: &str = "completion";

/// The entries, while there are some.
#[component]
pub(crate) fn CompletionList(
    completion: Completion,
    /// An entry was clicked.
    on_accept: Callback<Accepted>,
) -> impl IntoView {
    let strings = strings().composer;
    let language = expect_context::<Language>();
    let list = move || {
        let suggestions = completion.suggestions.get();
        let is_open = !suggestions.candidates.is_empty();
        is_open.then(|| lazy::show(entries(suggestions, language, completion, on_accept), || ()))
    };
    let told = move || {
        let count = completion.suggestions.with(|suggestions| suggestions.candidates.len());
        (count > 0).then(|| (strings.suggested)(count))
    };
    view! {
        <div class="completion needs-script">
            <ul
                class="completion-list"
                id=LIST_ID
                role="listbox"
                aria-label=strings.suggestions
                hidden=move || !completion.is_open()
            >
                {list}
            </ul>
            <span class="visually-hidden" role="status">
                {told}
            </span>
        </div>
    }
}

lazy_part! {
    file completion, preload preload_entries;
    /// What is in the list.
    fn entries(
        suggestions: Suggestions,
        language: Language,
        completion: Completion,
        on_accept: Callback<Accepted>,
    ) -> AnyView {
        let take = move |index| {
            if let Some(accepted) = completion.accept(index) {
                on_accept.run(accepted);
            }
        };
        let Suggestions { candidates, chosen, .. } = suggestions;
        let entries = candidates.into_iter().enumerate().map(|(index, candidate)| {
            view! {
                <li
                    class="completion-entry"
                    id=entry_id(index)
                    role="option"
                    aria-selected=(index == chosen).to_string()
                    // The field keeps the focus, and so the cursor.
                    on:pointerdown=move |event| event.prevent_default()
                    on:mousedown=move |event| event.prevent_default()
                    on:click=move |_| take(index)
                >
                    {entry(candidate, language)}
                </li>
            }
        });
        entries.collect_view().into_any()
    }
}

/// What an entry shows: a picture, and what it is called.
fn entry(candidate: Candidate, language: Language) -> impl IntoView {
    let label = candidate.label(language);
    match candidate {
        Candidate::Person(user) => EitherOf3::A(view! { <Person user /> }),
        Candidate::Room(_) => EitherOf3::B(view! { <span class="completion-label">{label}</span> }),
        Candidate::Emoji(emoji) => EitherOf3::C(view! {
            <span class="completion-emoji" aria-hidden="true">
                {emoji.text}
            </span>
            <span class="completion-label">{label}</span>
        }),
    }
}

#[component]
fn Person(user: User) -> impl IntoView {
    let name = user.name.to_string();
    // Shown where it differs: so one learns how to write it.
    let mention = Some(mention_of(&name)).filter(|mention| *mention != name);
    view! {
        <UserAvatar user />
        <bdi class="completion-label">{name}</bdi>
        {mention.map(|mention| view! { <span class="completion-hint">"@"{mention}</span> })}
    }
}

/// The id of the chosen entry, for `aria-activedescendant`.
pub(crate) fn active_id(completion: Completion) -> Option<String> {
    completion.chosen().map(entry_id)
}

fn entry_id(index: usize) -> String {
    format!("{LIST_ID}-{index}")
}
