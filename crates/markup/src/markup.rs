//! What a message says, as data.

use crate::emoji::emoji_count;
use crate::plain;

/// A message, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markup {
    /// Its parts, from above to below.
    pub blocks: Vec<Block>,
}

/// A part that has its own lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Running text.
    Paragraph(Vec<Inline>),
    /// Text to be shown as it stands, in a font of one width.
    Code {
        /// The word behind the opening fence: at most 32 letters, digits and the signs of language names.
        language: Option<String>,
        /// The lines, without a line break at the end.
        text: String,
    },
    /// Items below each other.
    List {
        /// The number of the first item, where items are numbered.
        ordered: Option<u32>,
        /// What each item has in it.
        items: Vec<Vec<Block>>,
    },
    /// What somebody else has said.
    Quote(Vec<Block>),
}

/// A part of running text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Text without line breaks.
    Text(String),
    /// A line break.
    Break,
    /// `**strong**`
    Bold(Vec<Inline>),
    /// `*stressed*` or `_stressed_`
    Italic(Vec<Inline>),
    /// `~~taken back~~`
    Strike(Vec<Inline>),
    /// Text to be shown as it stands; it may have line breaks.
    Code(String),
    /// A link; there is none within another.
    Link {
        /// An address of one of the schemes `http`, `https` and `mailto`, without white space, control and
        /// invisible characters, and without a user's name before the host.
        url: String,
        /// What is shown: text and marks, but neither links nor mentions.
        text: Vec<Inline>,
        /// What must be shown behind the text, so that nobody is led astray: the host or the mailbox that the
        /// address leads to. None where the text is the address.
        destination: Option<String>,
    },
    /// Somebody's name, without the `@`. Whether there is such a person is not known here.
    Mention(String),
    /// The name of a room, without the `#`. Whether there is such a room is not known here.
    Room(String),
}

impl Markup {
    /// The message on one line, for previews and notifications: at most `max_chars` characters, the last of
    /// them `…` where something was left out.
    #[must_use]
    pub fn plain(&self, max_chars: usize) -> String {
        plain::line(self, max_chars)
    }

    /// Whether it is nothing but a few emoji ([`emoji_count`]), which are then shown large.
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
