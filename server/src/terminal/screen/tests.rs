//! Tests of the screen on a terminal.

use super::*;

struct TerminalModel {
    screen: Screen,
    seen: vt100::Parser,
    live: Vec<String>,
    text: String,
}

impl TerminalModel {
    fn new(columns: u16, rows: u16) -> Self {
        let seen = vt100::Parser::new(rows, columns, 100);
        Self { screen: Screen::new(columns, rows, true), seen, live: Vec::new(), text: String::new() }
    }

    fn draws(&mut self, lines: &[TranscriptLine]) {
        let footer = Footer { live: &self.live, prompt: "room> ", text: &self.text, at: self.text.len() };
        let bytes = self.screen.draw(lines, footer);
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

fn said(text: &str) -> TranscriptLine {
    TranscriptLine::Said { name: "ivan".to_owned(), mine: false, text: vec![text.to_owned()] }
}

#[test]
fn prints_new_lines_above_the_prompt() {
    let mut terminal = TerminalModel::new(40, 10);
    terminal.text = "half a sent".to_owned();
    terminal.draws(&[]);
    assert_eq!(terminal.rows(), ["room> half a sent"]);
    terminal.draws(&[said("hi"), TranscriptLine::notice("anna joined")]);
    assert_eq!(terminal.rows(), ["ivan :: hi", "system :: anna joined", "room> half a sent"]);
    assert_eq!(terminal.cursor(), (2, 17));
    terminal.live = vec!["anna is writing".to_owned()];
    terminal.draws(&[]);
    terminal.live.clear();
    terminal.draws(&[said("ho")]);
    assert_eq!(terminal.rows(), ["ivan :: hi", "system :: anna joined", "ivan :: ho", "room> half a sent"]);
}

#[test]
fn prints_nothing_without_a_change() {
    let mut screen = Screen::new(40, 10, true);
    let footer = Footer { live: &[], prompt: "> ", text: "x", at: 1 };
    assert!(!screen.draw(&[], footer).is_empty());
    assert!(screen.draw(&[], footer).is_empty());
}

#[test]
fn long_message_cannot_forge_a_line() {
    let mut terminal = TerminalModel::new(30, 10);
    terminal.draws(&[said(&format!("{}system :: ivan left", "x ".repeat(11)))]);
    let rows = terminal.rows();
    assert_eq!(rows.iter().filter(|row| row.starts_with("system")).count(), 0, "{rows:?}");
    assert!(rows[1].starts_with("    "), "{rows:?}");
}

#[test]
fn long_input_scrolls_around_the_cursor() {
    let mut terminal = TerminalModel::new(20, 6);
    terminal.live = vec!["one".to_owned(), "two".to_owned()];
    terminal.text = (0..9).map(|line| line.to_string()).collect::<Vec<_>>().join("\n");
    terminal.draws(&[said("hi")]);
    assert_eq!(terminal.rows(), ["ivan :: hi", "one", "two", "      6", "      7", "      8"]);
    terminal.text = "0".to_owned();
    terminal.draws(&[]);
    assert_eq!(terminal.rows(), ["ivan :: hi", "one", "two", "room> 0"]);
}

#[test]
fn resize_leaves_no_remains() {
    let mut terminal = TerminalModel::new(40, 10);
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
fn counts_rows_wrapped_by_a_narrower_window() {
    let mut screen = Screen::new(40, 10, false);
    let (live, text) = (["x".repeat(30)], "y".repeat(30));
    screen.draw(&[], Footer { live: &live, prompt: "room> ", text: &text, at: text.len() });
    screen.resize(20, 10);
    // After wrapping, two changing rows and one row of the text are above the cursor.
    assert_eq!(screen.erase(), "\x1b[3A\r\x1b[J");
}

#[test]
fn places_the_cursor_after_wide_characters_and_full_rows() {
    let mut terminal = TerminalModel::new(20, 6);
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
fn prints_no_colours_if_disabled() {
    let mut screen = Screen::new(40, 10, false);
    let footer = Footer { live: &["x".to_owned()], prompt: "> ", text: "", at: 0 };
    let bytes = screen.draw(&[said("hi"), TranscriptLine::notice("ho")], footer);
    assert_eq!(bytes, "\r\x1b[J\x1b[?7livan :: hi\r\nsystem :: ho\r\nx\r\n> \r> \x1b[?7h");
}
