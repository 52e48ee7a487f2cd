//! Lines that begin a list item.

use crate::lines::indent;
use crate::steps;

/// Maximum digits of an item number, so that it fits into `u32`.
const MAX_DIGITS: usize = 9;

/// A list item: `- milk`, `* milk` or `1. milk`.
#[derive(Clone, Copy)]
pub(crate) struct ListItem<'a> {
    /// Indentation of the marker, in columns.
    pub(crate) indent: usize,
    /// Columns from the marker to the text.
    pub(crate) width: usize,
    /// Number of a numbered item.
    pub(crate) number: Option<u32>,
    /// Text after the marker.
    pub(crate) text: &'a str,
}

impl<'a> ListItem<'a> {
    pub(crate) fn parse(line: &'a str) -> Option<Self> {
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
        // A line of dashes or stars only is a separator, not an item.
        let is_text = |byte: u8| {
            steps::count(1);
            !matches!(byte, b'-' | b'*' | b' ' | b'\t')
        };
        let width = rest.len() - text.len();
        text.bytes().any(is_text).then_some(Self { indent: columns, width, number, text })
    }

    /// Returns whether a line with this indentation belongs to the item.
    pub(crate) fn holds(&self, columns: usize) -> bool {
        columns >= self.indent + 2
    }

    /// Returns whether the item can end a paragraph. A sentence whose next line begins with a year is not a
    /// list.
    pub(crate) fn can_interrupt_paragraph(&self) -> bool {
        self.number.is_none_or(|number| number == 1)
    }
}
