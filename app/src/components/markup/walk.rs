//! Renders parsed markup to elements.

use hubbub_markup::{Block, Inline, mentions};
use hubbub_protocol::{RoomName, UserName};

use super::super::html_writer::{Attributes, HtmlWriter};
use super::Context;
use crate::route::room_path;

/// Renders blocks and their content; `hubbub-markup` limits the depth of both.
pub(super) fn blocks(blocks: &[Block], context: &Context, writer: &mut HtmlWriter) {
    for block in blocks {
        match block {
            Block::Paragraph(inside) => {
                writer.open("p", &[("dir", "auto")]);
                inlines(inside, context, writer);
                writer.close();
            }
            Block::Code { language, text } => code(language.as_deref(), text, context, writer),
            Block::List { ordered, items } => {
                let start = ordered.unwrap_or(1).to_string();
                let tag = if ordered.is_some() { "ol" } else { "ul" };
                let attributes: Attributes<'_> = if start == "1" { &[] } else { &[("start", &start)] };
                writer.open(tag, attributes);
                for item in items {
                    writer.open("li", &[]);
                    self::blocks(item, context, writer);
                    writer.close();
                }
                writer.close();
            }
            Block::Quote(inside) => {
                writer.open("blockquote", &[]);
                self::blocks(inside, context, writer);
                writer.close();
            }
        }
    }
}

fn code(language: Option<&str>, text: &str, context: &Context, writer: &mut HtmlWriter) {
    writer.open("div", &[("class", "code-block")]);
    writer.open("div", &[("class", "code-head")]);
    if let Some(language) = language {
        write_element("span", &[("class", "code-language")], language, writer);
    }
    write_element("button", &[("class", "code-copy needs-script"), ("type", "button")], context.copy, writer);
    writer.close();
    writer.open("pre", &[("dir", "ltr")]);
    write_element("code", &[], text, writer);
    writer.close();
    writer.close();
}

fn inlines(inlines: &[Inline], context: &Context, writer: &mut HtmlWriter) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => writer.text(text),
            Inline::Break => writer.line_break(),
            Inline::Bold(inside) => surround("strong", inside, context, writer),
            Inline::Italic(inside) => surround("em", inside, context, writer),
            Inline::Strike(inside) => surround("s", inside, context, writer),
            Inline::Code(code) => write_element("code", &[], code, writer),
            Inline::Link { url, text, destination } => {
                link(url, text, destination.as_deref(), context, writer);
            }
            Inline::Mention(name) => mention(name, context, writer),
            Inline::Room(name) => room(name, context, writer),
        }
    }
}

fn surround(tag: &'static str, inside: &[Inline], context: &Context, writer: &mut HtmlWriter) {
    writer.open(tag, &[]);
    inlines(inside, context, writer);
    writer.close();
}

fn write_element(tag: &'static str, attributes: Attributes<'_>, text: &str, writer: &mut HtmlWriter) {
    writer.open(tag, attributes);
    writer.text(text);
    writer.close();
}

/// Renders a link. `noreferrer` and `noopener` keep the target page from learning the address of this page or
/// controlling it. If the text hides the destination, its host is shown behind the text.
fn link(url: &str, text: &[Inline], destination: Option<&str>, context: &Context, writer: &mut HtmlWriter) {
    let attributes =
        [("href", url), ("target", "_blank"), ("rel", "noopener noreferrer nofollow"), ("title", url)];
    let count = if destination.is_none() { attributes.len() - 1 } else { attributes.len() };
    writer.open("a", &attributes[..count]);
    inlines(text, context, writer);
    if let Some(destination) = destination {
        // The host has its own text direction, whatever direction the preceding text has set.
        write_element(
            "span",
            &[("class", "link-host"), ("dir", "ltr")],
            &format!(" ({destination})"),
            writer,
        );
    }
    writer.close();
}

fn mention(name: &str, context: &Context, writer: &mut HtmlWriter) {
    let is_me = |me: &UserName| mentions(name, me.as_str());
    let class = if context.me.as_ref().is_some_and(is_me) { "mention mention-me" } else { "mention" };
    write_element("a", &[("class", class), ("href", "#people")], &format!("@{name}"), writer);
}

fn room(name: &str, context: &Context, writer: &mut HtmlWriter) {
    let text = format!("#{name}");
    match RoomName::parse(name) {
        Ok(room) => {
            let path = room_path(&room, context.acting_as);
            write_element("a", &[("class", "room-mention"), ("href", &path)], &text, writer);
        }
        // Both crates have the same rule for room names; if they differ, the name is shown as text.
        Err(_) => writer.text(&text),
    }
}
