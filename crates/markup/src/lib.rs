//! The Markdown of a chat message, read once into plain data that a view can show without trusting it.
//!
//! It is the Markdown people write in chats, not CommonMark: a line break is a line break, `snake_case` and
//! `2*3*4` stay what they are, `@name` and `#room` mean something, and there is no HTML, no heading, no
//! picture. What is not understood stays text, exactly as written.
//!
//! Whatever the text, the work is proportional to its length and the nesting is bounded: no rule looks
//! twice for what it once did not find. This crate knows nothing of the chat, of HTML and of a browser.

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

/// Quotes and lists within each other, together, at most; what is deeper is text.
pub const MAX_BLOCK_DEPTH: usize = 8;

/// Bold, italic, struck and linked text within each other, at most; the marks of what is deeper are text.
pub const MAX_INLINE_DEPTH: usize = 8;

/// Reads the text of a message. There is no text that is wrong.
#[must_use]
pub fn parse(text: &str) -> Markup {
    let lines: Vec<&str> = text.lines().collect();
    Markup { blocks: blocks::read(&lines, 0) }
}
