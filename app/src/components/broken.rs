//! What is shown when the program in the page has ended badly; a style makes it visible then.

use crate::tree::prelude::*;

use crate::i18n::words;

#[component]
pub(crate) fn Broken() -> Tree {
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
