//! The line editor: a text and a cursor, which moves by grapheme clusters.

mod history;

use unicode_segmentation::UnicodeSegmentation;

use self::history::InputHistory;

/// A text that the user edits.
#[derive(Debug, Default)]
pub(crate) struct Editor {
    text: String,
    /// Bytes before the cursor, which is always at a grapheme boundary.
    at: usize,
    /// The text that was cut last.
    cut: String,
    history: InputHistory,
}

impl Editor {
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the position of the cursor in bytes.
    pub(crate) const fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Inserts text at the cursor. Control characters other than line break and tab are dropped.
    pub(crate) fn insert(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let text: String = text.chars().filter(|it| !it.is_control() || matches!(it, '\n' | '\t')).collect();
        self.text.insert_str(self.at, &text);
        self.at += text.len();
        // The inserted text may combine with the characters behind it.
        while !self.is_between(self.at) {
            self.at += 1;
        }
    }

    /// Replaces the text and puts the cursor at its end.
    pub(crate) fn set(&mut self, text: &str) {
        self.text.clear();
        self.at = 0;
        self.insert(text);
    }

    /// Removes and returns the text, and adds it to the history.
    pub(crate) fn take(&mut self) -> String {
        self.at = 0;
        let text = std::mem::take(&mut self.text);
        self.history.add(&text);
        text
    }

    pub(crate) fn left(&mut self) {
        self.at = self.before();
    }

    pub(crate) fn right(&mut self) {
        self.at = self.after();
    }

    pub(crate) fn word_left(&mut self) {
        let mut words = self.text[..self.at].unicode_word_indices();
        self.at = words.next_back().map_or(0, |(start, _)| start);
    }

    pub(crate) fn word_right(&mut self) {
        let next = self.text[self.at..].unicode_word_indices().next();
        self.at = next.map_or(self.text.len(), |(start, word)| self.at + start + word.len());
    }

    /// Moves the cursor to the beginning of the line.
    pub(crate) fn home(&mut self) {
        self.at = self.line_start();
    }

    /// Moves the cursor to the end of the line.
    pub(crate) fn end(&mut self) {
        self.at = self.line_end();
    }

    /// Moves the cursor up; in the first line, shows the previous text of the history.
    pub(crate) fn up(&mut self) {
        let start = self.line_start();
        if start > 0 {
            let column = self.text[start..self.at].graphemes(true).count();
            self.at = start - 1;
            self.go_to_column(column);
        } else if let Some(text) = self.history.earlier(&self.text) {
            self.set(&text);
        }
    }

    /// Moves the cursor down; in the last line, shows the next text of the history.
    pub(crate) fn down(&mut self) {
        let end = self.line_end();
        if end < self.text.len() {
            let column = self.text[self.line_start()..self.at].graphemes(true).count();
            self.at = end + 1;
            self.go_to_column(column);
        } else if let Some(text) = self.history.later() {
            self.set(&text);
        }
    }

    pub(crate) fn backspace(&mut self) {
        let end = self.at;
        self.left();
        self.text.drain(self.at..end);
    }

    pub(crate) fn delete(&mut self) {
        let end = self.after();
        self.text.drain(self.at..end);
    }

    /// Cuts the word before the cursor, up to white space, as shells do.
    pub(crate) fn cut_word(&mut self) {
        let before = self.text[..self.at].trim_end();
        let start = before.rfind(char::is_whitespace);
        let start = start.map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8));
        self.cut(start, self.at);
    }

    pub(crate) fn cut_to_start(&mut self) {
        self.cut(self.line_start(), self.at);
    }

    pub(crate) fn cut_to_end(&mut self) {
        self.cut(self.at, self.line_end());
    }

    /// Inserts the text that was cut last.
    pub(crate) fn paste_cut(&mut self) {
        let cut = self.cut.clone();
        self.insert(&cut);
    }

    fn cut(&mut self, from: usize, to: usize) {
        if from < to {
            self.cut = self.text.drain(from..to).collect();
            self.at = from;
        }
    }

    fn line_start(&self) -> usize {
        self.text[..self.at].rfind('\n').map_or(0, |at| at + 1)
    }

    fn line_end(&self) -> usize {
        self.text[self.at..].find('\n').map_or(self.text.len(), |at| self.at + at)
    }

    fn go_to_column(&mut self, column: usize) {
        let (start, end) = (self.line_start(), self.line_end());
        let before = self.text[start..end].graphemes(true).take(column).map(str::len).sum::<usize>();
        self.at = start + before;
    }

    fn before(&self) -> usize {
        self.text[..self.at].grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        self.at + self.text[self.at..].graphemes(true).next().map_or(0, str::len)
    }

    fn is_between(&self, at: usize) -> bool {
        at == self.text.len() || self.text.grapheme_indices(true).any(|(start, _)| start == at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Creates an editor with this text, and the cursor at the `|`.
    fn editor(text: &str) -> Editor {
        let (before, after) = text.split_once('|').unwrap();
        let mut editor = Editor::default();
        editor.insert(&format!("{before}{after}"));
        editor.at = before.len();
        editor
    }

    fn after(text: &str, press: impl Fn(&mut Editor)) -> String {
        let mut editor = editor(text);
        press(&mut editor);
        format!("{}|{}", &editor.text[..editor.at], &editor.text[editor.at..])
    }

    #[test]
    fn edits_by_grapheme_clusters() {
        for character in ["a", "я", "世", "e\u{301}", "👩‍👩‍👧", "🇫🇷"] {
            assert_eq!(after(&format!("x{character}|y"), Editor::backspace), "x|y");
            assert_eq!(after(&format!("x|{character}y"), Editor::delete), "x|y");
            assert_eq!(after(&format!("x{character}|y"), Editor::left), format!("x|{character}y"));
            assert_eq!(after(&format!("x|{character}y"), Editor::right), format!("x{character}|y"));
        }
        for (text, press) in
            [("|", Editor::backspace as fn(&mut Editor)), ("|", Editor::delete), ("|", Editor::left)]
        {
            assert_eq!(after(text, press), "|");
        }
    }

    #[test]
    fn does_not_split_joined_characters() {
        assert_eq!(after("e|x", |it| it.insert("\u{301}")), "e\u{301}|x");
        assert_eq!(after("|\u{301}x", |it| it.insert("e")), "e\u{301}|x");
    }

    #[test]
    fn moves_and_deletes_by_words() {
        assert_eq!(after("один два  |x", Editor::cut_word), "один |x");
        assert_eq!(after("один|", Editor::cut_word), "|");
        assert_eq!(after("one two|", Editor::word_left), "one |two");
        assert_eq!(after("|  one two", Editor::word_right), "  one| two");
        assert_eq!(after("a\u{3000}世界|", Editor::cut_word), "a\u{3000}|");
        assert_eq!(
            after("one two|", |it| {
                it.cut_word();
                it.home();
                it.paste_cut();
            }),
            "two|one "
        );
    }

    #[test]
    fn home_and_end_apply_to_the_line() {
        assert_eq!(after("one\ntw|o", Editor::home), "one\n|two");
        assert_eq!(after("o|ne\ntwo", Editor::end), "one|\ntwo");
        assert_eq!(after("one\ntw|o", Editor::cut_to_start), "one\n|o");
        assert_eq!(after("o|ne\ntwo", Editor::cut_to_end), "o|\ntwo");
        assert_eq!(after("one\ntw|o", Editor::up), "on|e\ntwo");
        assert_eq!(after("on|e\nt\nx", Editor::down), "one\nt|\nx");
    }

    #[test]
    fn history_restores_lines_and_the_draft() {
        let mut editor = editor("|");
        for text in ["one", "two", "two", " "] {
            editor.set(text);
            editor.take();
        }
        editor.set("draft");
        let mut seen = Vec::new();
        for press in [Editor::up, Editor::up, Editor::up, Editor::down, Editor::down, Editor::down] {
            press(&mut editor);
            seen.push(editor.text().to_owned());
        }
        assert_eq!(seen, ["two", "one", "one", "two", "draft", "draft"]);
    }

    #[test]
    fn paste_keeps_lines_and_removes_control_characters() {
        assert_eq!(after("a|d", |it| it.insert("b\r\n\tc\u{1b}[2J")), "ab\n\tc[2J|d");
    }
}
