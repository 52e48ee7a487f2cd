//! The text of a message, as HTML.
//!
//! Markdown nests as deep as people write it, and views are types: so this is one function that writes escaped HTML,
//! the same on the server and in the browser.

mod walk;
mod writer;

use hubbub_markup::{emoji_count, parse};
use hubbub_protocol::{UserId, UserName};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

use self::writer::HtmlWriter;
use crate::browser::{clipboard, focus};
use crate::i18n::strings;

/// What decides how a text looks, besides the text.
struct Context {
    /// The label of the button beside code.
    copy: &'static str,
    me: Option<UserName>,
    acting_as: Option<UserId>,
}

/// The text of a message. It brings its own paragraphs, and no room for the time beside them: see
/// `style/markup.css`.
#[component]
pub(crate) fn Markup(
    text: String,
    /// The reader: mentions of this name stand out.
    #[prop(optional_no_strip)]
    me: Option<UserName>,
    /// The user for whom links to rooms are.
    #[prop(optional_no_strip)]
    acting_as: Option<UserId>,
) -> impl IntoView {
    let strings = strings().composer;
    let class = if emoji_count(&text).is_some() { "markup message-emoji" } else { "markup" };
    // One listener for all blocks of code and all names: the elements in a message have none.
    let on_click = move |event: MouseEvent| {
        clipboard::copy_code(&event, strings.copied);
        focus::person(&event);
    };
    let html = to_html(&text, &Context { copy: strings.copy, me, acting_as });
    view! {
        <div class=class on:click=on_click>
            <div inner_html=html></div>
        </div>
    }
}

fn to_html(text: &str, context: &Context) -> String {
    let mut writer = HtmlWriter::default();
    walk::blocks(&parse(text).blocks, context, &mut writer);
    writer.into_html()
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
