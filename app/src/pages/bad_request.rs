//! The page for an address or a form that the server refused before it read its values.

use leptos::prelude::*;

use crate::components::icon::Logo;
use crate::i18n::strings;
use crate::snapshot::BadRequestReason;

#[component]
pub(crate) fn BadRequestPage(reason: BadRequestReason) -> impl IntoView {
    let strings = strings();
    let (title, text) = reason.texts(strings);
    view! {
        <main class="notice">
            <Logo size=48 />
            <h1 class="notice-title">{title}</h1>
            <p class="notice-text">{text}</p>
            <a class="button button-main" href="/">
                {strings.to_entrance}
            </a>
        </main>
    }
}
