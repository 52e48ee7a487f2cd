//! An address that leads nowhere.

use hubbub_protocol::Refusal;

use crate::components::icon::Logo;
use crate::i18n::words;
use crate::tree::prelude::*;

#[component]
pub(crate) fn NotFoundPage(problem: Option<Refusal>) -> Tree {
    let words = words();
    let text = problem.map_or_else(|| words.not_found_text.to_owned(), |problem| words.refusal(&problem));
    view! {
        <main class="notice">
            <Logo size=48 />
            <h1 class="notice-title">{words.not_found_title}</h1>
            <p class="notice-text">{text}</p>
            <a class="button button-main" href="/">
                {words.to_entrance}
            </a>
        </main>
    }
}
