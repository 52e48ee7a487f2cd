//! What somebody wrote, shown as they meant it.
//!
//! What the server wrote is taken over as it stands: the browser reads the Markdown of a message only when its
//! text changes.

mod sheet;
mod walk;

use hubbub_markup::{emoji_count, parse};
use hubbub_protocol::{UserId, UserName};
use leptos::ev::MouseEvent;

use self::sheet::Sheet;
use crate::browser::{clipboard, focus};
use crate::i18n::words;
use crate::tree::Element;
use crate::tree::prelude::*;

/// A text, and what else decides how it looks.
struct Written {
    text: String,
    /// What the button beside code says.
    copy: &'static str,
    me: Option<UserName>,
    acting_as: Option<UserId>,
}

impl Written {
    /// Differs from that of all that look otherwise.
    fn key(&self) -> String {
        let me = self.me.as_ref().map_or("", UserName::as_str);
        let acting_as = self.acting_as.map_or(0, |user| user.0);
        // A name has no line break.
        format!("{}\n{me}\n{acting_as}\n{}", self.copy, self.text)
    }

    fn trees(&self) -> Vec<Tree> {
        let mut sheet = Sheet::default();
        walk::blocks(&parse(&self.text).blocks, self, &mut sheet);
        sheet.into_trees()
    }
}

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
) -> Tree {
    let words = words().writing;
    let class = if emoji_count(&text).is_some() { "markup message-emoji" } else { "markup" };
    // One listener for all blocks of code and all names: the elements in a message have none.
    let on_click = move |event: MouseEvent| {
        clipboard::copy_code(&event, words.copied);
        focus::person(&event);
    };
    let written = Written { text, copy: words.copy, me, acting_as };
    let inside: Tree = Element::new("div").fixed(written.key(), move || written.trees()).into();
    view! {
        <div class=class on:click=on_click>
            {inside}
        </div>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
