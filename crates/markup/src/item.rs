//! Lines that begin an item of a list.

use crate::lines::indent;
use crate::steps;

/// Digits of the longest number before an item, so that it fits.
const MAX_DIGITS: usize = 9;

/// `- milk`, `* milk` or `1. milk`.
#[derive(Clone, Copy)]
pub(crate) struct Item<'a> {
    /// How far the mark is moved in, in columns.
    pub(crate) indent: usize,
    /// Columns from the mark to the text.
    pub(crate) width: usize,
    /// The number, if it has one.
    pub(crate) number: Option<u32>,
    /// What stands behind the mark.
    pub(crate) text: &'a str,
}

impl<'a> Item<'a> {
    pub(crate) fn read(line: &'a str) -> Option<Self> {
        let (columns, rest) = indent(line);
        let digits = rest.bytes().take(MAX_DIGITS + 1).take_while(u8::is_ascii_digit).count();
        let (number, marked) = match digits {
            0 => (None, rest.strip_prefix(['-', '*'])?),
            1..=MAX_DIGITS => {
                let (number, marked) = rest.split_at_checked(digits)?;
                (number.parse().ok(), marked.strip_prefix('.')?)
            }
            _ => return None,
        };
        let text = marked.strip_prefix([' ', '\t'])?;
        // A line of dashes or stars alone separates; it lists nothing.
        let says = |byte: u8| {
            steps::add(1);
            !matches!(byte, b'-' | b'*' | b' ' | b'\t')
        };
        let width = rest.len() - text.len();
        text.bytes().any(says).then_some(Self { indent: columns, width, number, text })
    }

    /// Whether a line moved in so far belongs to this item.
    pub(crate) fn holds(&self, columns: usize) -> bool {
        columns >= self.indent + 2
    }

    /// Whether the item may end a paragraph: a sentence whose next line begins with a year is no list.
    pub(crate) fn interrupts(&self) -> bool {
        self.number.is_none_or(|number| number == 1)
    }
}
