//! An address that leads nowhere.

use hubbub_protocol::Refusal;
use leptos::prelude::*;

use crate::components::icon::Logo;
use crate::i18n::words;

#[component]
pub(crate) fn NotFoundPage(problem: Option<Refusal>) -> impl IntoView {
    let words = words();
    let text =
        problem.map_or_else(|| words.pages.not_found_text.to_owned(), |problem| words.refusal(&problem));
    view! {
        <main class="notice">
            <Logo size=48 />
            <h1 class="notice-title">{words.pages.not_found_title}</h1>
            <p class="notice-text">{text}</p>
            <a class="button button-main" href="/">
                {words.to_entrance}
            </a>
        </main>
    }
}
