//! The language switch. It is a plain form, so that it works without a script.

use leptos::prelude::*;

use crate::Language;
use crate::i18n::strings;

#[component]
pub(crate) fn LanguageSwitch(
    /// Path to which the server redirects afterwards.
    #[prop(into)]
    back: Signal<String>,
) -> impl IntoView {
    let strings = strings();
    let here = expect_context::<Language>();
    let others = Language::ALL.into_iter().filter(|language| *language != here);
    let buttons = others.map(|language| {
        view! {
            <button
                class="button button-bare language-button"
                type="submit"
                name="language"
                value=language.tag()
                lang=language.tag()
            >
                {language.name()}
            </button>
        }
    });
    view! {
        <form class="language" method="post" action="/language" aria-label=strings.language>
            <input type="hidden" name="back" value=back />
            {buttons.collect_view()}
        </form>
    }
}
