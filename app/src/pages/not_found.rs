//! The page for an address that does not exist.

use hubbub_protocol::Refusal;
use leptos::prelude::*;

use crate::components::icon::Logo;
use crate::i18n::strings;

#[component]
pub(crate) fn NotFoundPage(problem: Option<Refusal>) -> impl IntoView {
    let strings = strings();
    let text =
        problem.map_or_else(|| strings.pages.not_found_text.to_owned(), |problem| strings.refusal(&problem));
    view! {
        <main class="notice">
            <Logo size=48 />
            <h1 class="notice-title">{strings.pages.not_found_title}</h1>
            <p class="notice-text">{text}</p>
            <a class="button button-main" href="/">
                {strings.to_entrance}
            </a>
        </main>
    }
}
