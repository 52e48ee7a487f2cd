//! Simulated terminals, which differ in the width of texts.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The rule by which a simulated terminal counts the columns of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Widths {
    /// A grapheme cluster is one picture, as in terminals that support emoji sequences.
    Joined,
    /// Each code point is counted, as in tmux.
    Apart,
    /// No character is wide.
    Narrow,
    /// All characters outside ASCII are wide, also those that take no column in other terminals.
    Wide,
}

/// A simulated terminal with a fixed number of columns and unlimited rows. It supports only the commands that the
/// screen uses.
#[derive(Debug)]
pub(super) struct SimulatedTerminal {
    widths: Widths,
    /// Whether the terminal supports turning off automatic wrapping.
    obeys: bool,
    breaks: bool,
    columns: usize,
    rows: Vec<Vec<String>>,
    row: usize,
    column: usize,
}

impl SimulatedTerminal {
    pub(super) fn new(widths: Widths, obeys: bool, columns: usize) -> Self {
        Self { widths, obeys, breaks: true, columns, rows: vec![Vec::new()], row: 0, column: 0 }
    }

    pub(super) fn process(&mut self, bytes: &str) {
        let mut rest = bytes;
        while let Some(first) = rest.chars().next() {
            if let Some(command) = rest.strip_prefix("\x1b[") {
                let end = command.find(|character: char| character.is_ascii_alphabetic()).unwrap();
                self.obey(&command[..end], &command[end..=end]);
                rest = &command[end + 1..];
            } else if first.is_control() {
                match first {
                    '\r' => self.column = 0,
                    '\n' => self.down(),
                    other => panic!("{other:?}"),
                }
                rest = &rest[1..];
            } else {
                let end = rest.find(char::is_control).unwrap_or(rest.len());
                self.show(&rest[..end]);
                rest = &rest[end..];
            }
        }
    }

    /// Returns the content of the terminal, row by row.
    pub(super) fn rows(&self) -> Vec<String> {
        self.rows.iter().map(|cells| cells.concat()).collect()
    }

    /// Returns the column of the cursor.
    pub(super) const fn column(&self) -> usize {
        self.column
    }

    fn obey(&mut self, argument: &str, command: &str) {
        match command {
            "A" => self.row -= argument.parse::<usize>().unwrap(),
            "J" => {
                self.rows.truncate(self.row + 1);
                self.rows[self.row].truncate(self.column);
            }
            "h" | "l" => self.breaks = command == "h" || !self.obeys,
            "m" => {}
            other => panic!("{other:?}"),
        }
    }

    fn show(&mut self, text: &str) {
        if self.widths == Widths::Joined {
            text.graphemes(true).for_each(|grapheme| self.put(grapheme, grapheme.width()));
            return;
        }
        for character in text.chars() {
            let usual = character.width().unwrap_or(0);
            let wide = match self.widths {
                Widths::Narrow => usual.min(1),
                Widths::Wide if !character.is_ascii() => 2,
                _ => usual,
            };
            self.put(character.encode_utf8(&mut [0; 4]), wide);
        }
    }

    fn put(&mut self, text: &str, wide: usize) {
        if wide == 0 {
            // The text combines with the character before it.
            if let Some(before) = self.column.checked_sub(1).and_then(|at| self.rows[self.row].get_mut(at)) {
                before.push_str(text);
            }
            return;
        }
        if self.column + wide > self.columns {
            if self.breaks {
                self.down();
                self.column = 0;
            } else {
                self.column = self.columns - wide;
            }
        }
        let row = &mut self.rows[self.row];
        row.resize((self.column + wide).max(row.len()), " ".to_owned());
        row[self.column] = text.to_owned();
        row[self.column + 1..self.column + wide].fill(String::new());
        self.column += wide;
    }

    fn down(&mut self) {
        self.row += 1;
        if self.row == self.rows.len() {
            self.rows.push(Vec::new());
        }
    }
}
