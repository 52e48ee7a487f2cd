//! A compact text form of a parsed message for tests.

use hubbub_markup::{Block, Inline, parse};

/// Returns the blocks of a text as `p(..)`, `code:language(..)`, `ul(..)`, `ol3(..)`, `li(..)` or
/// `quote(..)`, with inline elements as `b(..)`, `i(..)`, `s(..)`, `c(..)`, `a:url(..)`, `@(..)`, `#(..)`,
/// and `/` for a line break.
pub(crate) fn shown(text: &str) -> String {
    blocks(&parse(text).blocks)
}

/// Returns the inline elements of a message of one paragraph.
pub(crate) fn inline(text: &str) -> String {
    let markup = parse(text);
    let [Block::Paragraph(inside)] = markup.blocks.as_slice() else { panic!("{:?}", markup.blocks) };
    inlines(inside)
}

/// Returns all visible text in order, without separators.
pub(crate) fn visible_text(text: &str) -> String {
    let mut seen = String::new();
    parse(text).blocks.iter().for_each(|block| see_block(block, &mut seen));
    seen
}

fn blocks(blocks: &[Block]) -> String {
    blocks.iter().map(block).collect::<Vec<_>>().join(" ")
}

fn block(block: &Block) -> String {
    match block {
        Block::Paragraph(inside) => format!("p({})", inlines(inside)),
        Block::Code { language: None, text } => format!("code({text})"),
        Block::Code { language: Some(language), text } => format!("code:{language}({text})"),
        Block::Quote(inside) => format!("quote({})", blocks(inside)),
        Block::List { ordered, items } => {
            let items: Vec<String> = items.iter().map(|item| format!("li({})", blocks(item))).collect();
            let name = ordered.map_or("ul".to_owned(), |start| format!("ol{start}"));
            format!("{name}({})", items.join(" "))
        }
    }
}

fn inlines(inside: &[Inline]) -> String {
    inside.iter().map(one).collect()
}

fn one(inline: &Inline) -> String {
    match inline {
        Inline::Text(text) => text.clone(),
        Inline::Break => "/".to_owned(),
        Inline::Bold(inside) => format!("b({})", inlines(inside)),
        Inline::Italic(inside) => format!("i({})", inlines(inside)),
        Inline::Strike(inside) => format!("s({})", inlines(inside)),
        Inline::Code(code) => format!("c({code})"),
        Inline::Link { url, text, destination: None } => format!("a:{url}({})", inlines(text)),
        Inline::Link { url, text, destination: Some(to) } => format!("a:{url}({} <{to}>)", inlines(text)),
        Inline::Mention(name) => format!("@({name})"),
        Inline::Room(name) => format!("#({name})"),
    }
}

fn see_block(block: &Block, seen: &mut String) {
    match block {
        Block::Paragraph(inside) => see(inside, seen),
        Block::Code { language, text } => {
            seen.push_str(language.as_deref().unwrap_or_default());
            seen.push_str(text);
        }
        Block::Quote(inside) => inside.iter().for_each(|block| see_block(block, seen)),
        Block::List { items, .. } => items.iter().flatten().for_each(|block| see_block(block, seen)),
    }
}

fn see(inside: &[Inline], seen: &mut String) {
    for inline in inside {
        match inline {
            Inline::Text(text) | Inline::Code(text) => seen.push_str(text),
            Inline::Break => {}
            Inline::Bold(inside) | Inline::Italic(inside) | Inline::Strike(inside) => see(inside, seen),
            Inline::Link { text, .. } => see(text, seen),
            Inline::Mention(name) => seen.extend(["@", name]),
            Inline::Room(name) => seen.extend(["#", name]),
        }
    }
}
