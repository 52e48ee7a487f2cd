//! The list of suggestions for the text in the composer, as a combobox with a listbox (WAI-ARIA Authoring
//! Practices): the focus stays in the field, and the field refers to the selected entry.
//!
//! The owner of the field must:
//! - create a [`Completion`] and place `<CompletionList completion on_accept />` above the field, in a container
//!   with `position: relative`;
//! - call `completion.update_completion(..)` with the text, the `selectionStart` of the field, the members and the rooms after
//!   each `input` event, and after a click or arrow key has moved the cursor; call `completion.close()` on `blur`
//!   and after sending;
//! - pass each `keydown` event to `completion.press(&event)` first. [`Pressed::Ignored`] leaves the key to the
//!   field; for other results the event was stopped. [`Pressed::Accepted`] contains the new text and cursor, as
//!   `on_accept` does after a click;
//! - give the field `aria-autocomplete="list"`, `aria-haspopup="listbox"`, `aria-controls=`[`LIST_ID`] and
//!   `aria-activedescendant=move || active_id(completion)`. A multi-line field must not have the role combobox
//!   (ARIA in HTML, section 4), so a status element announces the suggestions.

use hubbub_markup::mention_of;
use hubbub_protocol::User;
use leptos::either::EitherOf3;
use leptos::prelude::*;

use super::avatar::UserAvatar;
use crate::client_only::ClientOnly;
use crate::conversation::completion::Completion;
use crate::conversation::suggestions::{Accepted, Candidate, Suggestions};
use crate::i18n::{Language, strings};
use crate::lazy;
use crate::lazy_part::lazy_part;

/// Id of the list, for `aria-controls`.
pub(crate) const LIST_ID: &str = "completion";

/// The suggestions, if there are any.
#[component]
pub(crate) fn CompletionList(
    completion: Completion,
    /// Called when an entry is clicked.
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
                    // Prevents that the field loses the focus and the cursor.
                    on:pointerdown=move |event| event.prevent_default()
                    on:mousedown=move |event| event.prevent_default()
                    on:click=move |_| take(index)
                >
                    {entry(candidate, language)}
                </li>
            }
        });
        ClientOnly(entries.collect_view()).into_any()
    }
}

/// An entry: its picture and its name.
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
    // The mention is shown if it differs from the name, to teach how it is typed.
    let mention = Some(mention_of(&name)).filter(|mention| *mention != name);
    view! {
        <UserAvatar user />
        <bdi class="completion-label">{name}</bdi>
        {mention.map(|mention| view! { <span class="completion-hint">"@"{mention}</span> })}
    }
}

/// Returns the id of the selected entry, for `aria-activedescendant`.
pub(crate) fn active_id(completion: Completion) -> Option<String> {
    completion.chosen().map(entry_id)
}

fn entry_id(index: usize) -> String {
    format!("{LIST_ID}-{index}")
}
