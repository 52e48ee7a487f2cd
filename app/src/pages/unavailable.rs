//! The page for a server that cannot read its storage.

use leptos::prelude::*;

use crate::components::icon::Logo;
use crate::i18n::strings;

#[component]
pub(crate) fn UnavailablePage() -> impl IntoView {
    let strings = strings();
    view! {
        <main class="notice">
            <Logo size=48 />
            <h1 class="notice-title">{strings.pages.unavailable_title}</h1>
            <p class="notice-text">{strings.pages.unavailable_text}</p>
            // An empty `href` reloads the page.
            <a class="button button-main" href="">
                {strings.load_again}
            </a>
        </main>
    }
}
