//! What somebody wrote, shown as they meant it.
//!
//! A message is not a tree of typed views: types cannot nest as deep as people do, and an erased view
//! (`into_any`) carries 60 KB of ways to render that the browser never uses. It is one view that writes its
//! own elements ([`Written`]), the same on both sides because one walk (`walk.rs`) writes to HTML and to the
//! document (`sheet.rs`). What the server wrote is taken over as it stands: the browser reads the Markdown
//! of a message again only when its text changes.

mod sheet;
mod walk;
mod written;

use hubbub_markup::emoji_count;
use hubbub_protocol::{UserId, UserName};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

use self::written::Written;
use crate::browser::clipboard;
use crate::i18n::words;

/// The text of a message. It brings its own paragraphs, and no room for the time beside them: see
/// `style/markup.css`.
#[component]
pub(crate) fn Markup(
    text: String,
    /// Who looks: names of theirs stand out.
    #[prop(optional_no_strip)]
    me: Option<UserName>,
    /// Whom links to rooms are for.
    #[prop(optional_no_strip)]
    acting_as: Option<UserId>,
) -> impl IntoView {
    let words = words().writing;
    let class = if emoji_count(&text).is_some() { "markup message-emoji" } else { "markup" };
    // One listener for all blocks of code: the elements in a message have none.
    let on_click = move |event: MouseEvent| clipboard::copy_code(&event, words.copied);
    view! {
        <div class=class on:click=on_click>
            {Written { text, copy: words.copy, me, acting_as }}
        </div>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
