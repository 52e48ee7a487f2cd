//! The lower end of a terminal: what was said scrolls by, and below it stands what changes, which is who is
//! writing, what is on its way, and the line one writes.
//!
//! It does no I/O: it says which bytes to print. What it has drawn below is erased, lines are printed, and it is
//! drawn again; nothing above is ever touched, so that the terminal's own scrolling and searching work.

use std::fmt::Write;

use super::colour::{BOLD, FAINT, PLAIN, of_name};
use super::layout::{fit, lay, width, wrap};
use super::line::{INDENT, Line};

/// The screen, as far as it must be known.
#[derive(Debug)]
pub(crate) struct Screen {
    columns: usize,
    rows: usize,
    colours: bool,
    /// What stands below.
    drawn: Drawn,
}

/// Rows that were drawn, as wide as they are, and where the cursor is.
#[derive(Debug, Default, PartialEq, Eq)]
struct Drawn {
    rows: Vec<String>,
    cursor: (usize, usize),
}

/// What is to stand below.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Below<'a> {
    /// A row each.
    pub(crate) live: &'a [String],
    pub(crate) prompt: &'a str,
    pub(crate) text: &'a str,
    /// The cursor, in bytes of the text.
    pub(crate) at: usize,
}

impl Screen {
    pub(crate) fn new(columns: u16, rows: u16, colours: bool) -> Self {
        let mut screen = Self { columns: 80, rows: 24, colours, drawn: Drawn::default() };
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
        let broken = |row: &String| width(row).max(1).div_ceil(self.columns);
        let (row, column) = self.drawn.cursor;
        let above: usize = self.drawn.rows.iter().take(row).map(broken).sum();
        // What is below the cursor is erased in any case.
        self.drawn.rows.clear();
        self.drawn.cursor = (above + column / self.columns, 0);
    }

    /// What to print, so that these lines are said and this stands below them.
    pub(crate) fn draw(&mut self, lines: &[Line], below: Below<'_>) -> String {
        let next = self.lay(below);
        if lines.is_empty() && next == self.drawn {
            return String::new();
        }
        let mut bytes = self.erase();
        for line in lines {
            self.say(&mut bytes, line);
        }
        let live = next.rows.len() - self.text_rows(below);
        for (index, row) in next.rows.iter().enumerate() {
            let faint = self.colours && index < live;
            let (begin, end) = if faint { (FAINT, PLAIN) } else { ("", "") };
            let newline = if index == 0 { "" } else { "\r\n" };
            // Writing to a String does not fail.
            let _ = write!(bytes, "{newline}{begin}{row}{end}");
        }
        let (row, column) = next.cursor;
        let up = next.rows.len() - 1 - row;
        if up > 0 {
            let _ = write!(bytes, "\x1b[{up}A");
        }
        bytes.push('\r');
        if column > 0 {
            let _ = write!(bytes, "\x1b[{column}C");
        }
        self.drawn = next;
        bytes
    }

    /// What to print so that nothing stands below.
    pub(crate) fn erase(&mut self) -> String {
        let (row, _) = std::mem::take(&mut self.drawn).cursor;
        let up = if row > 0 { format!("\x1b[{row}A") } else { String::new() };
        format!("{up}\r\x1b[J")
    }

    /// What to print so that the screen is empty.
    pub(crate) fn clear(&mut self) -> String {
        self.drawn = Drawn::default();
        "\x1b[2J\x1b[H".to_owned()
    }

    fn lay(&self, below: Below<'_>) -> Drawn {
        let laid = self.lay_text(below);
        // Of a long text the part around the cursor, so that what was said can still be seen.
        let (row, column) = laid.cursor;
        let places = self.text_places();
        let first = (row + 1).saturating_sub(places);
        let text = laid.rows.into_iter().skip(first).take(places);
        let text: Vec<String> = text.collect();
        let live = below.live.iter().take(self.rows - 1 - text.len()).map(|row| fit(row, self.columns));
        let rows: Vec<String> = live.collect();
        let cursor = (rows.len() + row - first, column.min(self.columns - 1));
        Drawn { rows: rows.into_iter().chain(text).collect(), cursor }
    }

    fn lay_text(&self, below: Below<'_>) -> super::layout::Laid {
        // A prompt that leaves no place to write is of no use.
        let prompt = if width(below.prompt) * 2 > self.columns { "> " } else { below.prompt };
        lay(prompt, below.text, below.at, self.columns)
    }

    const fn text_places(&self) -> usize {
        self.rows / 2
    }

    fn text_rows(&self, below: Below<'_>) -> usize {
        self.lay_text(below).rows.len().min(self.text_places())
    }

    fn say(&self, bytes: &mut String, line: &Line) {
        let (name, text) = line.parts();
        for (index, part) in text.iter().enumerate() {
            let begin = if index == 0 { format!("{name} :: ") } else { INDENT.to_owned() };
            let rows = wrap(&format!("{begin}{part}"), self.columns, INDENT);
            for (row_index, row) in rows.iter().enumerate() {
                let first = index == 0 && row_index == 0;
                self.paint(bytes, line, row, first);
                bytes.push_str("\r\n");
            }
        }
    }

    fn paint(&self, bytes: &mut String, line: &Line, row: &str, first: bool) {
        let _ = match line {
            _ if !self.colours => write!(bytes, "{row}"),
            Line::Notice(_) => write!(bytes, "{FAINT}{row}{PLAIN}"),
            Line::Said { name, mine, .. } => match row.strip_prefix(name.as_str()).filter(|_| first) {
                Some(rest) => {
                    let bold = if *mine { BOLD } else { "" };
                    write!(bytes, "{bold}{}{name}{PLAIN}{rest}", of_name(name))
                }
                None => write!(bytes, "{row}"),
            },
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Terminal {
        screen: Screen,
        seen: vt100::Parser,
        live: Vec<String>,
        text: String,
    }

    impl Terminal {
        fn new(columns: u16, rows: u16) -> Self {
            let seen = vt100::Parser::new(rows, columns, 100);
            Self { screen: Screen::new(columns, rows, true), seen, live: Vec::new(), text: String::new() }
        }

        fn draws(&mut self, lines: &[Line]) {
            let below = Below { live: &self.live, prompt: "room> ", text: &self.text, at: self.text.len() };
            let bytes = self.screen.draw(lines, below);
            self.seen.process(bytes.as_bytes());
        }

        fn rows(&self) -> Vec<String> {
            let (_, columns) = self.seen.screen().size();
            let rows: Vec<String> = self.seen.screen().rows(0, columns).collect();
            let used = rows.iter().rposition(|row| !row.is_empty()).map_or(0, |last| last + 1);
            rows[..used].to_vec()
        }

        fn cursor(&self) -> (u16, u16) {
            self.seen.screen().cursor_position()
        }
    }

    fn said(text: &str) -> Line {
        Line::Said { name: "ivan".to_owned(), mine: false, text: vec![text.to_owned()] }
    }

    #[test]
    fn what_comes_goes_above_what_is_being_written() {
        let mut terminal = Terminal::new(40, 10);
        terminal.text = "half a sent".to_owned();
        terminal.draws(&[]);
        assert_eq!(terminal.rows(), ["room> half a sent"]);
        terminal.draws(&[said("hi"), Line::notice("anna joined")]);
        assert_eq!(terminal.rows(), ["ivan :: hi", "system :: anna joined", "room> half a sent"]);
        assert_eq!(terminal.cursor(), (2, 17));
        terminal.live = vec!["anna is writing".to_owned()];
        terminal.draws(&[]);
        terminal.live.clear();
        terminal.draws(&[said("ho")]);
        assert_eq!(
            terminal.rows(),
            ["ivan :: hi", "system :: anna joined", "ivan :: ho", "room> half a sent"]
        );
    }

    #[test]
    fn nothing_is_printed_when_nothing_has_changed() {
        let mut screen = Screen::new(40, 10, true);
        let below = Below { live: &[], prompt: "> ", text: "x", at: 1 };
        assert!(!screen.draw(&[], below).is_empty());
        assert!(screen.draw(&[], below).is_empty());
    }

    #[test]
    fn a_long_message_cannot_put_a_line_of_its_own() {
        let mut terminal = Terminal::new(30, 10);
        terminal.draws(&[said(&format!("{}system :: ivan left", "x ".repeat(11)))]);
        let rows = terminal.rows();
        assert_eq!(rows.iter().filter(|row| row.starts_with("system")).count(), 0, "{rows:?}");
        assert!(rows[1].starts_with("    "), "{rows:?}");
    }

    #[test]
    fn a_text_of_many_rows_scrolls_around_its_cursor() {
        let mut terminal = Terminal::new(20, 6);
        terminal.live = vec!["one".to_owned(), "two".to_owned()];
        terminal.text = (0..9).map(|line| line.to_string()).collect::<Vec<_>>().join("\n");
        terminal.draws(&[said("hi")]);
        assert_eq!(terminal.rows(), ["ivan :: hi", "one", "two", "      6", "      7", "      8"]);
        terminal.text = "0".to_owned();
        terminal.draws(&[]);
        assert_eq!(terminal.rows(), ["ivan :: hi", "one", "two", "room> 0"]);
    }

    #[test]
    fn another_width_leaves_no_remains_of_what_stood_below() {
        let mut terminal = Terminal::new(40, 10);
        terminal.text = "write".to_owned();
        terminal.live = vec!["anna is writing".to_owned()];
        terminal.draws(&[said("hi")]);
        for (rows, columns) in [(8, 24), (12, 60), (10, 40)] {
            terminal.seen.screen_mut().set_size(rows, columns);
            terminal.screen.resize(columns, rows);
            terminal.draws(&[]);
            assert_eq!(terminal.rows(), ["ivan :: hi", "anna is writing", "room> write"]);
        }
    }

    #[test]
    fn rows_that_a_narrower_window_breaks_are_counted() {
        let mut screen = Screen::new(40, 10, false);
        let (live, text) = (["x".repeat(30)], "y".repeat(30));
        screen.draw(&[], Below { live: &live, prompt: "room> ", text: &text, at: text.len() });
        screen.resize(20, 10);
        // Two rows of what is live, and one of the text, are above the cursor now.
        assert_eq!(screen.erase(), "\x1b[3A\r\x1b[J");
    }

    #[test]
    fn wide_characters_and_full_rows_keep_the_cursor_right() {
        let mut terminal = Terminal::new(20, 6);
        terminal.text = "世界".to_owned();
        terminal.draws(&[]);
        assert_eq!(terminal.cursor(), (0, 10));
        terminal.text = "x".repeat(14);
        terminal.draws(&[]);
        assert_eq!(terminal.cursor(), (1, 0));
        terminal.draws(&[said("hi")]);
        assert_eq!(terminal.rows(), ["ivan :: hi", "room> xxxxxxxxxxxxxx"]);
    }

    #[test]
    fn without_colours_there_are_none() {
        let mut screen = Screen::new(40, 10, false);
        let below = Below { live: &["x".to_owned()], prompt: "> ", text: "", at: 0 };
        let bytes = screen.draw(&[said("hi"), Line::notice("ho")], below);
        assert_eq!(bytes, "\r\x1b[Jivan :: hi\r\nsystem :: ho\r\nx\r\n> \r\x1b[2C");
    }
}
