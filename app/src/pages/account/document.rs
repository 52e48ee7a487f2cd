//! The whole document around a page about accounts: text and forms. The one script shows times by the reader's clock.

use leptos::nonce::use_nonce;
use leptos::prelude::*;

use super::AccountPage;
use super::settings::AccountSettingsPage;
use super::sign_in::{RegisterPage, SignInPage};
use super::strings::strings;
use crate::document::LOCAL_TIME_SCRIPT;
use crate::{DisplaySettings, Language};

/// The document of a page, in a language, with the style at the path `css`.
#[must_use]
pub fn account_document(page: AccountPage, language: Language, css: String) -> impl IntoView {
    provide_context(language);
    let strings = strings();
    let display = use_context::<DisplaySettings>().unwrap_or_default();
    let (title, here) = match &page {
        AccountPage::Register(_) => (strings.register, "/register"),
        AccountPage::SignIn(_) => (strings.sign_in, "/sign-in"),
        AccountPage::Settings(_) => (strings.account, "/account"),
    };
    let is_wide = matches!(page, AccountPage::Settings(_));
    let page = match page {
        AccountPage::Register(entry) => view! { <RegisterPage entry /> }.into_any(),
        AccountPage::SignIn(entry) => view! { <SignInPage entry /> }.into_any(),
        AccountPage::Settings(settings) => view! { <AccountSettingsPage settings=*settings /> }.into_any(),
    };
    let card = if is_wide { "landing-card account-settings" } else { "landing-card" };
    view! {
        <!DOCTYPE html>
        <html
            lang=language.tag()
            data-theme=display.theme.name()
            data-text-size=display.text_size.name()
            data-reduced-motion=display.reduced_motion()
        >
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content=display.theme.name().unwrap_or("light dark") />
                <meta name="referrer" content="same-origin" />
                <title>{format!("{title} · Hubbub")}</title>
                <link rel="stylesheet" href=css />
                {is_wide.then(|| view! { <link rel="expect" href="#local-time" blocking="render" /> })}
                <link rel="icon" href="/icon.svg" type="image/svg+xml" />
            </head>
            <body>
                <main class="landing">
                    <section class=card>
                        <a class="account-home" href="/" aria-label=strings.to_chat>
                            <img src="/icon.svg" width="48" height="48" alt="" />
                        </a>
                        {page}
                    </section>
                    <div class="landing-foot">
                        <Languages here />
                    </div>
                </main>
                {is_wide
                    .then(|| view! { <script id="local-time" nonce=use_nonce() inner_html=LOCAL_TIME_SCRIPT></script> })}
            </body>
        </html>
    }
}

/// The way to the other languages.
#[component]
fn Languages(
    /// The path to come back to.
    here: &'static str,
) -> impl IntoView {
    let language = expect_context::<Language>();
    let others = Language::ALL.into_iter().filter(|other| *other != language).map(|other| {
        view! {
            <button
                class="button button-bare language-button"
                type="submit"
                name="language"
                value=other.tag()
                lang=other.tag()
            >
                {other.name()}
            </button>
        }
    });
    view! {
        <form class="language" method="post" action="/language" aria-label=strings().language>
            <input type="hidden" name="back" value=here />
            {others.collect_view()}
        </form>
    }
}
