//! What is shown when the program in the page has ended badly; a style makes it visible then.

use leptos::prelude::*;

use crate::i18n::words;

#[component]
pub(crate) fn Broken() -> impl IntoView {
    let words = words();
    view! {
        <div class="broken" role="alert">
            {words.broken}
            <a class="button" href="">
                {words.reload}
            </a>
        </div>
    }
}
