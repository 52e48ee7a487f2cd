//! Parses the Markdown of a chat message to plain data that a view can display without further checks.
//!
//! The syntax is the Markdown of chats, not CommonMark: line breaks are kept, `snake_case` and `2*3*4` are
//! text, `@name` and `#room` are mentions, and there is no HTML, heading or image. Unknown syntax is kept as
//! text.
//!
//! For every text, the work is linear in its length and the nesting is bounded: no rule repeats a search that
//! failed. The crate is independent of the chat, HTML and browsers.

mod address;
mod blocks;
mod emoji;
mod fence;
mod host;
mod inlines;
mod item;
mod letter;
mod lines;
mod markup;
mod name;
mod openers;
mod plain;
mod punycode;
mod steps;
mod token;
mod tree;
#[cfg(test)]
mod work;

pub use emoji::{MAX_LONE_EMOJI, emoji_count};
pub use markup::{Block, Inline, Markup};
pub use name::{is_of_name, may_begin_name, mention_of, mentions, names_room};

/// Maximum nesting of quotes and lists together; deeper ones are text.
pub const MAX_BLOCK_DEPTH: usize = 8;

/// Maximum nesting of bold, italic, strikethrough and links; the marks of deeper ones are text.
pub const MAX_INLINE_DEPTH: usize = 8;

/// Parses the text of a message. Every text is valid.
#[must_use]
pub fn parse(text: &str) -> Markup {
    let lines: Vec<&str> = text.lines().collect();
    Markup { blocks: blocks::parse(&lines, 0) }
}
