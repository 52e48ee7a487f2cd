//! The text of a message as HTML.
//!
//! Markdown can be nested, and the type of a Leptos view contains the types of its children. Therefore a
//! function writes escaped HTML as a string, the same on the server and in the browser.

mod walk;

use hubbub_markup::{emoji_count, parse};
use hubbub_protocol::{UserId, UserName};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::html_writer::HtmlWriter;
use crate::browser::{clipboard, focus};
use crate::i18n::strings;

/// The inputs of the rendering, besides the text.
struct Context {
    /// Label of the copy button of a code block.
    copy: &'static str,
    me: Option<UserName>,
    acting_as: Option<UserId>,
}

/// The text of a message. The element contains its own paragraphs; `style/markup.css` explains the layout of
/// the time beside them.
#[component]
pub(crate) fn Markup(
    text: String,
    /// The user who reads; mentions of this name are highlighted.
    #[prop(optional_no_strip)]
    me: Option<UserName>,
    /// The user whose id links to rooms carry.
    #[prop(optional_no_strip)]
    acting_as: Option<UserId>,
) -> impl IntoView {
    let strings = strings().composer;
    let class = if emoji_count(&text).is_some() { "markup message-emoji" } else { "markup" };
    // One listener for all code blocks and names, because rendered HTML has no listeners of its own.
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
