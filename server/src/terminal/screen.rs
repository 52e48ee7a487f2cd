//! The screen: messages scroll, and below them is a footer with the users who are typing, the messages that are being
//! sent, and the line editor.
//!
//! It does no I/O, but returns the bytes to print. The footer is erased, lines are printed, and the footer is drawn
//! again; text above it is never changed, so that the terminal's own scrolling and search work.
//!
//! Only the terminal knows the width of a text, and terminals differ. Therefore nothing depends on it: automatic
//! wrapping is off while the screen is drawn, and this program begins each row itself. Otherwise the end of a text
//! could appear at the beginning of a row, where it looks like a line of another user.

use std::fmt::Write;

use super::colour::{BOLD, FAINT, PLAIN, of_name};
use super::layout::{CursorRow, EditorLayout, fit, lay, usual_width, width};
use super::line::TranscriptLine;

/// Turns off automatic wrapping (DECAWM): the terminal cuts text that is too long for a row.
const NO_BREAKS: &str = "\x1b[?7l";
/// Turns automatic wrapping on again, as other programs expect.
const BREAKS: &str = "\x1b[?7h";

/// The state of the screen that is needed to draw it.
#[derive(Debug)]
pub(crate) struct Screen {
    columns: usize,
    rows: usize,
    colours: bool,
    /// The rows of the footer.
    drawn: DrawnRows,
}

/// Drawn rows, and the position of the cursor.
#[derive(Debug, Default, PartialEq, Eq)]
struct DrawnRows {
    rows: Vec<String>,
    cursor: CursorRow,
}

/// The content of the footer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Footer<'a> {
    /// Rows above the prompt that change, such as the users who are typing.
    pub(crate) live: &'a [String],
    pub(crate) prompt: &'a str,
    pub(crate) text: &'a str,
    /// The position of the cursor, in bytes of the text.
    pub(crate) at: usize,
}

impl Screen {
    pub(crate) fn new(columns: u16, rows: u16, colours: bool) -> Self {
        let mut screen = Self { columns: 80, rows: 24, colours, drawn: DrawnRows::default() };
        screen.set_size(columns, rows);
        screen
    }

    fn set_size(&mut self, columns: u16, rows: u16) {
        // A terminal that does not know its size reports 0.
        self.columns = if columns == 0 { 80 } else { usize::from(columns).max(8) };
        self.rows = if rows == 0 { 24 } else { usize::from(rows).max(2) };
    }

    /// Adjusts to a new size of the window. Most terminals wrap rows that have become too long, and move the cursor
    /// accordingly.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.set_size(columns, rows);
        let broken = |row: &str| usual_width(row).max(1).div_ceil(self.columns);
        let CursorRow { row, bytes } = self.drawn.cursor;
        let above: usize = self.drawn.rows.iter().take(row).map(|row| broken(row)).sum();
        let before = self.drawn.rows.get(row).and_then(|row| row.get(..bytes)).unwrap_or_default();
        // The rows below the cursor are erased in any case.
        let row = above + usual_width(before) / self.columns;
        self.drawn = DrawnRows { rows: Vec::new(), cursor: CursorRow { row, bytes: 0 } };
    }

    /// Returns the bytes that print these lines with this footer below them.
    pub(crate) fn draw(&mut self, lines: &[TranscriptLine], footer: Footer<'_>) -> String {
        let next = self.lay(footer);
        if lines.is_empty() && next == self.drawn {
            return String::new();
        }
        let mut bytes = self.erase();
        bytes.push_str(NO_BREAKS);
        for line in lines {
            self.write_line(&mut bytes, line);
        }
        let live = next.rows.len() - self.text_rows(footer);
        for (index, row) in next.rows.iter().enumerate() {
            let faint = self.colours && index < live;
            let (begin, end) = if faint { (FAINT, PLAIN) } else { ("", "") };
            let newline = if index == 0 { "" } else { "\r\n" };
            // Writing to a String does not fail.
            _ = write!(bytes, "{newline}{begin}{row}{end}");
        }
        let CursorRow { row, bytes: before } = next.cursor;
        let up = next.rows.len() - 1 - row;
        if up > 0 {
            _ = write!(bytes, "\x1b[{up}A");
        }
        // Writing the row again up to the cursor moves the cursor to the right column, whatever widths the terminal
        // uses.
        let before = next.rows.get(row).and_then(|row| row.get(..before)).unwrap_or_default();
        _ = write!(bytes, "\r{before}{BREAKS}");
        self.drawn = next;
        bytes
    }

    /// Returns the bytes that erase the footer.
    pub(crate) fn erase(&mut self) -> String {
        let row = std::mem::take(&mut self.drawn).cursor.row;
        let up = if row > 0 { format!("\x1b[{row}A") } else { String::new() };
        format!("{up}\r\x1b[J")
    }

    /// Returns the bytes that clear the screen.
    pub(crate) fn clear(&mut self) -> String {
        self.drawn = DrawnRows::default();
        "\x1b[2J\x1b[H".to_owned()
    }

    fn lay(&self, footer: Footer<'_>) -> DrawnRows {
        let laid = self.lay_text(footer);
        // A long text is shown only around the cursor, so that messages remain visible.
        let CursorRow { row, bytes } = laid.cursor;
        let places = self.text_places();
        let first = (row + 1).saturating_sub(places);
        let text = laid.rows.into_iter().skip(first).take(places);
        let text: Vec<String> = text.collect();
        let live = footer.live.iter().take(self.rows - 1 - text.len()).map(|row| fit(row, self.columns));
        let rows: Vec<String> = live.collect();
        let cursor = CursorRow { row: rows.len() + row - first, bytes };
        DrawnRows { rows: rows.into_iter().chain(text).collect(), cursor }
    }

    fn lay_text(&self, footer: Footer<'_>) -> EditorLayout {
        // A prompt that leaves no space to write is replaced by a short one.
        let prompt = if width(footer.prompt) * 2 > self.columns { "> " } else { footer.prompt };
        lay(prompt, footer.text, footer.at, self.columns)
    }

    const fn text_places(&self) -> usize {
        self.rows / 2
    }

    fn text_rows(&self, footer: Footer<'_>) -> usize {
        self.lay_text(footer).rows.len().min(self.text_places())
    }

    fn write_line(&self, bytes: &mut String, line: &TranscriptLine) {
        for (index, row) in line.rows(self.columns).iter().enumerate() {
            self.paint(bytes, line, row, index == 0);
            bytes.push_str("\r\n");
        }
    }

    fn paint(&self, bytes: &mut String, line: &TranscriptLine, row: &str, first: bool) {
        _ = match line {
            _ if !self.colours => write!(bytes, "{row}"),
            TranscriptLine::Notice(_) => write!(bytes, "{FAINT}{row}{PLAIN}"),
            TranscriptLine::Said { name, mine, .. } => {
                match row.strip_prefix(name.as_str()).filter(|_| first) {
                    Some(rest) => {
                        let bold = if *mine { BOLD } else { "" };
                        write!(bytes, "{bold}{}{name}{PLAIN}{rest}", of_name(name))
                    }
                    None => write!(bytes, "{row}"),
                }
            }
        };
    }
}

#[cfg(test)]
mod forgery;
#[cfg(test)]
mod simulated_terminal;
#[cfg(test)]
mod tests;
