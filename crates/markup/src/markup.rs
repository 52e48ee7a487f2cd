//! The tree of a parsed message.

use crate::emoji::emoji_count;
use crate::plain;

/// A parsed message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markup {
    /// Blocks, from top to bottom.
    pub blocks: Vec<Block>,
}

/// A block element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph of running text.
    Paragraph(Vec<Inline>),
    /// Preformatted text, shown in a monospace font.
    Code {
        /// Language after the opening fence: at most 32 letters, digits and signs of language names.
        language: Option<String>,
        /// Lines without a line break at the end.
        text: String,
    },
    /// A list.
    List {
        /// Number of the first item of a numbered list.
        ordered: Option<u32>,
        /// Blocks of each item.
        items: Vec<Vec<Block>>,
    },
    /// A block quote, marked with `>`.
    Quote(Vec<Block>),
}

/// An inline element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Text without line breaks.
    Text(String),
    /// A line break.
    Break,
    /// Bold text: `**bold**`
    Bold(Vec<Inline>),
    /// Italic text: `*italic*` or `_italic_`
    Italic(Vec<Inline>),
    /// Strikethrough: `~~deleted~~`
    Strike(Vec<Inline>),
    /// Inline code; may contain line breaks.
    Code(String),
    /// A link. Links are not nested.
    Link {
        /// Address with the scheme `http`, `https` or `mailto`, without white space, control and invisible
        /// characters, and without a user name before the host.
        url: String,
        /// Text of the link: text and emphasis, without links or mentions.
        text: Vec<Inline>,
        /// Host or mailbox to show after the text, so that the link cannot deceive. `None` if the text is the
        /// address.
        destination: Option<String>,
    },
    /// A mentioned user name without the `@`. The parser does not know whether the user exists.
    Mention(String),
    /// A room name without the `#`. The parser does not know whether the room exists.
    Room(String),
}

impl Markup {
    /// Returns the message on one line for previews and notifications: at most `max_chars` characters, ending
    /// with `…` if it is truncated.
    #[must_use]
    pub fn plain(&self, max_chars: usize) -> String {
        plain::line(self, max_chars)
    }

    /// Returns whether the message consists of a few emoji only ([`emoji_count`]), which are shown in large
    /// size.
    #[must_use]
    pub fn is_emoji_only(&self) -> bool {
        let [Block::Paragraph(inlines)] = self.blocks.as_slice() else { return false };
        let mut text = String::new();
        for inline in inlines {
            match inline {
                Inline::Text(part) => text.push_str(part),
                Inline::Break => text.push('\n'),
                _ => return false,
            }
        }
        emoji_count(&text).is_some()
    }
}
