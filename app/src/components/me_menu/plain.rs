//! The menu of a page without a script, as an HTML string: hydration keeps it as it is, so the program
//! contains no code for it.

/// Links for the language, the account and another name.
#[cfg(feature = "ssr")]
pub(super) fn links(landing: &str, back: &str) -> String {
    use leptos::prelude::*;

    use crate::components::icon::{Icon, IconName};
    use crate::components::language::LanguageSwitch;
    use crate::i18n::strings;

    let frame = strings().frame;
    let (landing, back) = (landing.to_owned(), back.to_owned());
    let links = view! {
        <LanguageSwitch back />
        <a class="menu-item" href="/account">
            <Icon name=IconName::Account size=18 />
            {frame.account}
        </a>
        <a class="menu-item" href=landing>
            <Icon name=IconName::Edit size=18 />
            {frame.other_name}
        </a>
    };
    links.to_html()
}

#[cfg(not(feature = "ssr"))]
pub(super) const fn links(_landing: &str, _back: &str) -> String {
    String::new()
}
