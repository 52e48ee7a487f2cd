//! The page for an address or a form that the server cannot read.

use leptos::prelude::*;

use crate::components::icon::Logo;
use crate::i18n::strings;

#[component]
pub(crate) fn BadRequestPage() -> impl IntoView {
    let strings = strings();
    view! {
        <main class="notice">
            <Logo size=48 />
            <h1 class="notice-title">{strings.pages.bad_request_title}</h1>
            <p class="notice-text">{strings.pages.bad_request_text}</p>
            <a class="button button-main" href="/">
                {strings.to_entrance}
            </a>
        </main>
    }
}
