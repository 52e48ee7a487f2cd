//! The lower end of a terminal: what was said scrolls by, and below it stands what changes, which is who is
//! writing, what is on its way, and the line one writes.
//!
//! It does no I/O: it says which bytes to print. What it has drawn below is erased, lines are printed, and it is
//! drawn again; nothing above is ever touched, so that the terminal's own scrolling and searching work.
//!
//! How wide a text is, only the terminal knows, and terminals differ. So nothing depends on it: while it draws, the
//! terminal breaks no rows by itself, and each row begins where this program begins it. Else a text could put
//! its end at the beginning of a row, where it looks like a line of somebody else.

use std::fmt::Write;

use super::colour::{BOLD, FAINT, PLAIN, of_name};
use super::layout::{CursorRow, EditorLayout, fit, lay, usual_width, width};
use super::line::TranscriptLine;

/// Ends the breaking of rows by the terminal (DECAWM): what is too long for a row is cut.
const NO_BREAKS: &str = "\x1b[?7l";
/// Begins it again, as other programs expect it.
const BREAKS: &str = "\x1b[?7h";

/// The screen, as far as it must be known.
#[derive(Debug)]
pub(crate) struct Screen {
    columns: usize,
    rows: usize,
    colours: bool,
    /// What stands below.
    drawn: DrawnRows,
}

/// Rows that were drawn, and where the cursor is.
#[derive(Debug, Default, PartialEq, Eq)]
struct DrawnRows {
    rows: Vec<String>,
    cursor: CursorRow,
}

/// What is to stand below.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Footer<'a> {
    /// A row each.
    pub(crate) live: &'a [String],
    pub(crate) prompt: &'a str,
    pub(crate) text: &'a str,
    /// The cursor, in bytes of the text.
    pub(crate) at: usize,
}

impl Screen {
    pub(crate) fn new(columns: u16, rows: u16, colours: bool) -> Self {
        let mut screen = Self { columns: 80, rows: 24, colours, drawn: DrawnRows::default() };
        screen.set_size(columns, rows);
        screen
    }

    fn set_size(&mut self, columns: u16, rows: u16) {
        // A terminal that does not know its size says 0.
        self.columns = if columns == 0 { 80 } else { usize::from(columns).max(8) };
        self.rows = if rows == 0 { 24 } else { usize::from(rows).max(2) };
    }

    /// The window has another size. Most terminals break rows that have become too long, and the cursor goes along.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.set_size(columns, rows);
        let broken = |row: &str| usual_width(row).max(1).div_ceil(self.columns);
        let CursorRow { row, bytes } = self.drawn.cursor;
        let above: usize = self.drawn.rows.iter().take(row).map(|row| broken(row)).sum();
        let before = self.drawn.rows.get(row).and_then(|row| row.get(..bytes)).unwrap_or_default();
        // What is below the cursor is erased in any case.
        let row = above + usual_width(before) / self.columns;
        self.drawn = DrawnRows { rows: Vec::new(), cursor: CursorRow { row, bytes: 0 } };
    }

    /// What to print, so that these lines are said and this stands below them.
    pub(crate) fn draw(&mut self, lines: &[TranscriptLine], footer: Footer<'_>) -> String {
        let next = self.lay(footer);
        if lines.is_empty() && next == self.drawn {
            return String::new();
        }
        let mut bytes = self.erase();
        bytes.push_str(NO_BREAKS);
        for line in lines {
            self.say(&mut bytes, line);
        }
        let live = next.rows.len() - self.text_rows(footer);
        for (index, row) in next.rows.iter().enumerate() {
            let faint = self.colours && index < live;
            let (begin, end) = if faint { (FAINT, PLAIN) } else { ("", "") };
            let newline = if index == 0 { "" } else { "\r\n" };
            // Writing to a String does not fail.
            let _ = write!(bytes, "{newline}{begin}{row}{end}");
        }
        let CursorRow { row, bytes: before } = next.cursor;
        let up = next.rows.len() - 1 - row;
        if up > 0 {
            let _ = write!(bytes, "\x1b[{up}A");
        }
        // Written again up to the cursor, the row brings it to its column, whatever the terminal takes for that.
        let before = next.rows.get(row).and_then(|row| row.get(..before)).unwrap_or_default();
        let _ = write!(bytes, "\r{before}{BREAKS}");
        self.drawn = next;
        bytes
    }

    /// What to print so that nothing stands below.
    pub(crate) fn erase(&mut self) -> String {
        let row = std::mem::take(&mut self.drawn).cursor.row;
        let up = if row > 0 { format!("\x1b[{row}A") } else { String::new() };
        format!("{up}\r\x1b[J")
    }

    /// What to print so that the screen is empty.
    pub(crate) fn clear(&mut self) -> String {
        self.drawn = DrawnRows::default();
        "\x1b[2J\x1b[H".to_owned()
    }

    fn lay(&self, footer: Footer<'_>) -> DrawnRows {
        let laid = self.lay_text(footer);
        // Of a long text the part around the cursor, so that what was said can still be seen.
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
        // A prompt that leaves no place to write is of no use.
        let prompt = if width(footer.prompt) * 2 > self.columns { "> " } else { footer.prompt };
        lay(prompt, footer.text, footer.at, self.columns)
    }

    const fn text_places(&self) -> usize {
        self.rows / 2
    }

    fn text_rows(&self, footer: Footer<'_>) -> usize {
        self.lay_text(footer).rows.len().min(self.text_places())
    }

    fn say(&self, bytes: &mut String, line: &TranscriptLine) {
        for (index, row) in line.rows(self.columns).iter().enumerate() {
            self.paint(bytes, line, row, index == 0);
            bytes.push_str("\r\n");
        }
    }

    fn paint(&self, bytes: &mut String, line: &TranscriptLine, row: &str, first: bool) {
        let _ = match line {
            _ if !self.colours => write!(bytes, "{row}"),
            TranscriptLine::Notice(_) => write!(bytes, "{FAINT}{row}{PLAIN}"),
            TranscriptLine::Said { name, mine, .. } => {
                match row.strip_prefix(name.as_str()).filter(|_| first) {
                    Some(pending_work) => {
                        let bold = if *mine { BOLD } else { "" };
                        write!(bytes, "{bold}{}{name}{PLAIN}{pending_work}", of_name(name))
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
