//! The notice after a panic; a style makes it visible.

use leptos::prelude::*;

use crate::i18n::strings;

#[component]
pub(crate) fn CrashNotice() -> impl IntoView {
    let strings = strings();
    view! {
        <div class="broken" role="alert">
            {strings.broken}
            <a class="button" href="">
                {strings.reload}
            </a>
        </div>
    }
}
