//! From what was meant to elements.

use hubbub_markup::{Block, Inline, mentions};
use hubbub_protocol::{RoomName, UserName};

use super::Written;
use super::sheet::{Attributes, Sheet};
use crate::snapshot::room_path;

/// Writes the blocks, and what is in them; both nest no deeper than `hubbub-markup` lets them.
pub(super) fn blocks(blocks: &[Block], written: &Written, sheet: &mut Sheet) {
    for block in blocks {
        match block {
            Block::Paragraph(inside) => {
                sheet.open("p", &[("dir", "auto")]);
                inlines(inside, written, sheet);
                sheet.close();
            }
            Block::Code { language, text } => code(language.as_deref(), text, written, sheet),
            Block::List { ordered, items } => {
                let start = ordered.unwrap_or(1).to_string();
                let tag = if ordered.is_some() { "ol" } else { "ul" };
                let attributes: Attributes<'_> = if start == "1" { &[] } else { &[("start", &start)] };
                sheet.open(tag, attributes);
                for item in items {
                    sheet.open("li", &[]);
                    self::blocks(item, written, sheet);
                    sheet.close();
                }
                sheet.close();
            }
            Block::Quote(inside) => {
                sheet.open("blockquote", &[]);
                self::blocks(inside, written, sheet);
                sheet.close();
            }
        }
    }
}

fn code(language: Option<&str>, text: &str, written: &Written, sheet: &mut Sheet) {
    sheet.open("div", &[("class", "code-block")]);
    sheet.open("div", &[("class", "code-head")]);
    if let Some(language) = language {
        element("span", &[("class", "code-language")], language, sheet);
    }
    element("button", &[("class", "code-copy needs-script"), ("type", "button")], written.copy, sheet);
    sheet.close();
    sheet.open("pre", &[("dir", "ltr")]);
    element("code", &[], text, sheet);
    sheet.close();
    sheet.close();
}

fn inlines(inlines: &[Inline], written: &Written, sheet: &mut Sheet) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => sheet.text(text),
            Inline::Break => sheet.line_break(),
            Inline::Bold(inside) => surround("strong", inside, written, sheet),
            Inline::Italic(inside) => surround("em", inside, written, sheet),
            Inline::Strike(inside) => surround("s", inside, written, sheet),
            Inline::Code(code) => element("code", &[], code, sheet),
            Inline::Link { url, text, destination } => {
                link(url, text, destination.as_deref(), written, sheet);
            }
            Inline::Mention(name) => mention(name, written, sheet),
            Inline::Room(name) => room(name, written, sheet),
        }
    }
}

fn surround(tag: &'static str, inside: &[Inline], written: &Written, sheet: &mut Sheet) {
    sheet.open(tag, &[]);
    inlines(inside, written, sheet);
    sheet.close();
}

fn element(tag: &'static str, attributes: Attributes<'_>, text: &str, sheet: &mut Sheet) {
    sheet.open(tag, attributes);
    sheet.text(text);
    sheet.close();
}

/// The page that is linked to learns nothing of this one and gets no hold of it. Where the text does not say
/// where the link leads, its destination stands behind.
fn link(url: &str, text: &[Inline], destination: Option<&str>, written: &Written, sheet: &mut Sheet) {
    let attributes =
        [("href", url), ("target", "_blank"), ("rel", "noopener noreferrer nofollow"), ("title", url)];
    let count = if destination.is_none() { attributes.len() - 1 } else { attributes.len() };
    sheet.open("a", &attributes[..count]);
    inlines(text, written, sheet);
    if let Some(destination) = destination {
        // Its direction is its own, whatever the text before it turns.
        element("span", &[("class", "link-host"), ("dir", "ltr")], &format!(" ({destination})"), sheet);
    }
    sheet.close();
}

fn mention(name: &str, written: &Written, sheet: &mut Sheet) {
    let is_me = |me: &UserName| mentions(name, me.as_str());
    let class = if written.me.as_ref().is_some_and(is_me) { "mention mention-me" } else { "mention" };
    element("a", &[("class", class), ("href", "#people")], &format!("@{name}"), sheet);
}

fn room(name: &str, written: &Written, sheet: &mut Sheet) {
    let text = format!("#{name}");
    match RoomName::parse(name) {
        Ok(room) => {
            let path = room_path(&room, written.acting_as);
            element("a", &[("class", "room-mention"), ("href", &path)], &text, sheet);
        }
        // Both crates have the same rule for rooms; should they ever differ, this is text.
        Err(_) => sheet.text(&text),
    }
}
