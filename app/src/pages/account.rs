//! Account pages: registration, sign-in, settings. Only the server renders them: they are plain forms, so the
//! program in the browser does not contain them.

mod settings;
mod sign_in;
mod time;

use leptos::either::EitherOf3;
use leptos::prelude::*;

use crate::components::icon::Logo;
use crate::components::language::LanguageSwitch;
use crate::i18n::strings;
use crate::snapshot::AccountPage;
use settings::AccountSettingsPage;
use sign_in::{RegisterPage, SignInPage};

#[component]
pub(crate) fn AccountPageView(page: AccountPage) -> impl IntoView {
    let back = page.path().to_owned();
    let card = match page {
        AccountPage::Settings(_) => "landing-card account-settings",
        AccountPage::Register(_) | AccountPage::SignIn(_) => "landing-card",
    };
    let page = match page {
        AccountPage::Register(form) => EitherOf3::A(view! { <RegisterPage form /> }),
        AccountPage::SignIn(form) => EitherOf3::B(view! { <SignInPage form /> }),
        AccountPage::Settings(settings) => EitherOf3::C(view! { <AccountSettingsPage settings=*settings /> }),
    };
    view! {
        <main class="landing">
            <section class=card>
                <a class="account-home" href="/" aria-label=strings().account.to_chat>
                    <Logo size=48 />
                </a>
                {page}
            </section>
            <div class="landing-foot">
                <LanguageSwitch back />
            </div>
        </main>
    }
}
