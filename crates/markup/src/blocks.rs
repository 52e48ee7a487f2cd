//! Parses lines to blocks.

use crate::fence::Fence;
use crate::inlines;
use crate::item::ListItem;
use crate::lines::{indent, is_blank, outdent};
use crate::{Block, MAX_BLOCK_DEPTH, steps};

/// A block and the lines after it.
type BlockAndRest<'l, 'a> = (Block, &'l [&'a str]);

/// Returns the blocks of the lines, which are nested in `depth` quotes and lists.
pub(crate) fn parse(lines: &[&str], depth: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut rest = lines;
    while let Some((line, after)) = rest.split_first() {
        if is_blank(line) {
            rest = after;
            continue;
        }
        let (block, after) = match Fence::open(line) {
            Some(fence) if !fence.has_no_content(after) => fence.code_block(after),
            _ if depth == MAX_BLOCK_DEPTH => paragraph(rest, depth),
            _ if opens_quote(line) => quote(rest, depth),
            _ => match ListItem::parse(line) {
                Some(first) => list(first, after, depth),
                None => paragraph(rest, depth),
            },
        };
        blocks.push(block);
        rest = after;
    }
    blocks
}

/// Reads the first line, whatever it is, and the lines that continue its paragraph.
fn paragraph<'l, 'a>(lines: &'l [&'a str], depth: usize) -> BlockAndRest<'l, 'a> {
    let goes_on = |line: &&&str| !is_blank(line) && !interrupts_paragraph(line, depth);
    let count = 1 + lines.iter().skip(1).take_while(goes_on).count();
    let (inside, after) = lines.split_at_checked(count).unwrap_or((lines, &[]));
    (Block::Paragraph(inlines::parse(&inside.join("\n"))), after)
}

fn interrupts_paragraph(line: &str, depth: usize) -> bool {
    let nests =
        || opens_quote(line) || ListItem::parse(line).is_some_and(|item| item.can_interrupt_paragraph());
    Fence::open(line).is_some() || (depth < MAX_BLOCK_DEPTH && nests())
}

fn quote<'l, 'a>(lines: &'l [&'a str], depth: usize) -> BlockAndRest<'l, 'a> {
    let inside: Vec<&str> = lines.iter().map_while(|line| quoted(line)).collect();
    let after = lines.get(inside.len()..).unwrap_or_default();
    (Block::Quote(parse(&inside, depth + 1)), after)
}

/// Returns the line without its `>`. A space must follow the sign, because `>_<` is an emoticon.
fn quoted(line: &str) -> Option<&str> {
    let (_, rest) = indent(line);
    let text = rest.strip_prefix('>')?;
    let behind = text.trim_start_matches('>');
    steps::count(rest.len() - behind.len());
    let spaced = behind.is_empty() || behind.starts_with(' ');
    spaced.then(|| text.strip_prefix(' ').unwrap_or(text))
}

/// Returns whether a line begins a quote. A `>` without text is text.
fn opens_quote(line: &str) -> bool {
    quoted(line).is_some_and(|text| {
        let content = text.trim_start_matches(['>', ' ']);
        steps::count(text.len() - content.len());
        !content.is_empty()
    })
}

fn list<'l, 'a>(first: ListItem<'a>, lines: &'l [&'a str], depth: usize) -> BlockAndRest<'l, 'a> {
    let mut items = Vec::new();
    let mut next = Some(first);
    let mut rest = lines;
    while let Some(item) = next {
        let mut inside = vec![item.text];
        next = None;
        // A blank line belongs to the list only if the list continues after it.
        while let Some(gap) = rest.iter().position(|line| !is_blank(line))
            && let Some((line, after)) = rest.get(gap..).and_then(<[&str]>::split_first)
        {
            if !item.holds(indent(line).0) {
                next = ListItem::parse(line).filter(|next| next.number.is_some() == item.number.is_some());
                rest = if next.is_some() { after } else { rest };
                break;
            }
            inside.resize(inside.len() + gap, "");
            inside.push(outdent(line, item.indent + item.width));
            rest = after;
        }
        items.push(parse(&inside, depth + 1));
    }
    (Block::List { ordered: first.number, items }, rest)
}
