//! Text in columns: its width, its wrapping, and its truncation.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The spaces that replace a tab.
const TAB: &str = "    ";

/// Returns the maximum number of columns that a text takes. Terminals differ: one shows an emoji with a skin tone as
/// one picture, another as two side by side; a dash or a quotation mark is wide in Chinese text. A row that is broken
/// too early wastes some space; one that is broken too late would be cut.
pub(crate) fn width(text: &str) -> usize {
    text.graphemes(true).map(|grapheme| most_columns(shown(grapheme))).sum()
}

/// Returns the number of columns that a text takes by the Unicode tables.
pub(crate) fn usual_width(text: &str) -> usize {
    text.graphemes(true).map(|grapheme| shown(grapheme).width()).sum()
}

/// Returns the larger of the width of the grapheme cluster and the sum of the widths of its code points.
fn most_columns(grapheme: &str) -> usize {
    if grapheme.is_ascii() {
        return grapheme.len();
    }
    grapheme.width().max(grapheme.chars().map(columns).sum())
}

/// Returns the columns of a code point. Letters of ambiguous width count as narrow; otherwise Russian text would use
/// only half of a row.
fn columns(character: char) -> usize {
    match character {
        // Arrows, symbols and pictures are wide where the terminal has an emoji for them.
        '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' => 2,
        letter if letter.is_alphabetic() => letter.width().unwrap_or(0),
        other => other.width_cjk().unwrap_or(0),
    }
}

/// Returns the text that is printed for a grapheme cluster.
fn shown(grapheme: &str) -> &str {
    if grapheme == "\t" { TAB } else { grapheme }
}

/// Wraps the text in rows of at most `columns` columns. All rows but the first begin with `indent`, so that the rest of
/// a long line cannot look like a line of another user. Breaks between words where possible.
pub(crate) fn wrap(text: &str, columns: usize, indent: &str) -> Vec<String> {
    // A row that has no space for the indent has none for a word either.
    let indent = if columns > 2 * indent.len() { indent } else { "" };
    let mut rows = Vec::new();
    let mut row = String::new();
    let mut used = 0;
    for word in text.split_word_bounds() {
        let wide = width(word);
        if used + wide <= columns {
            row.extend(word.graphemes(true).map(shown));
            used += wide;
            continue;
        }
        if wide + indent.len() <= columns {
            rows.push(std::mem::replace(&mut row, indent.to_owned()));
            used = indent.len();
            // A line break replaces the space between two words.
            if !word.trim().is_empty() {
                row.extend(word.graphemes(true).map(shown));
                used += wide;
            }
            continue;
        }
        for grapheme in word.graphemes(true).map(shown) {
            let wide = most_columns(grapheme);
            if used + wide > columns {
                rows.push(std::mem::replace(&mut row, indent.to_owned()));
                used = indent.len();
            }
            row.push_str(grapheme);
            used += wide;
        }
    }
    rows.push(row);
    rows
}

/// Truncates the text to `columns` columns, with an ellipsis at the cut.
pub(crate) fn fit(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.graphemes(true).map(shown).collect();
    }
    let mut used = 1;
    let fits = |grapheme: &&str| {
        used += most_columns(grapheme);
        used <= columns
    };
    text.graphemes(true).map(shown).take_while(fits).chain(std::iter::once("…")).collect()
}

/// An edited text in rows, and the position of the cursor.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct EditorLayout {
    pub(crate) rows: Vec<String>,
    pub(crate) cursor: CursorRow,
}

/// A row, and the number of its bytes before the cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CursorRow {
    pub(crate) row: usize,
    pub(crate) bytes: usize,
}

/// Lays out a text after its prompt, with the cursor before the byte `at`. Further rows are indented by the width of
/// the prompt.
pub(crate) fn lay(prompt: &str, text: &str, at: usize, columns: usize) -> EditorLayout {
    let mut rows = vec![prompt.to_owned()];
    let indent = width(prompt);
    let (mut column, mut cursor) = (indent, None);
    let end = |rows: &[String]| CursorRow { row: rows.len() - 1, bytes: rows.last().map_or(0, String::len) };
    for (start, grapheme) in text.grapheme_indices(true) {
        let shown = shown(grapheme);
        let wide = most_columns(shown);
        if grapheme != "\n" && column + wide > columns {
            rows.push(String::new());
            column = 0;
        }
        if start >= at {
            cursor.get_or_insert(end(&rows));
        }
        if grapheme == "\n" {
            rows.push(" ".repeat(indent));
            column = indent;
        } else if let Some(row) = rows.last_mut() {
            row.push_str(shown);
            column += wide;
        }
    }
    let cursor = cursor.unwrap_or_else(|| {
        // After a full row, the cursor is at the beginning of the next.
        if column >= columns {
            rows.push(String::new());
        }
        end(&rows)
    });
    EditorLayout { rows, cursor }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_between_words_with_indentation() {
        assert_eq!(wrap("one two three", 9, "  "), ["one two ", "  three"]);
        assert_eq!(wrap("one two  x", 7, "  "), ["one two", "  x"]);
        assert_eq!(wrap("", 9, "  "), [""]);
    }

    #[test]
    fn wraps_long_words() {
        assert_eq!(wrap("abcdefghijkl", 6, "  "), ["abcdef", "  ghij", "  kl"]);
        assert_eq!(wrap("世界世界", 5, " "), ["世界", " 世界"]);
        assert_eq!(wrap("abcdef", 2, "    "), ["ab", "cd", "ef"]);
    }

    #[test]
    fn truncates_with_an_ellipsis() {
        assert_eq!(fit("hello", 5), "hello");
        assert_eq!(fit("hello", 4), "hel…");
        assert_eq!(fit("世界世界", 5), "世界…");
        assert_eq!(fit("世界世界", 4), "世…");
    }

    #[test]
    fn cursor_is_at_the_next_character() {
        let place = |row, bytes| CursorRow { row, bytes };
        assert_eq!(
            lay("> ", "ab", 2, 10),
            EditorLayout { rows: vec!["> ab".to_owned()], cursor: place(0, 4) }
        );
        assert_eq!(lay("> ", "世b", 3, 10).cursor, place(0, 5));
        assert_eq!(lay("> ", "abcd", 4, 6).cursor, place(1, 0));
        assert_eq!(lay("> ", "abcde", 4, 6).cursor, place(1, 0));
        assert_eq!(
            lay("> ", "a\nb", 2, 6),
            EditorLayout { rows: vec!["> a".to_owned(), "  b".to_owned()], cursor: place(1, 2) }
        );
        assert_eq!(lay("> ", "a世", 4, 4).rows, ["> a", "世"]);
    }

    #[test]
    fn uses_the_maximum_width_of_terminals() {
        for (text, columns) in [
            ("abc", 3),
            ("привет é", 8),
            ("世界", 4),
            ("👍", 2),
            ("👍🏽", 4),
            ("👨‍👩‍👧‍👦", 8),
            ("❤️", 2),
            ("🇩🇪", 4),
            ("→—“", 6),
            ("नमस्ते", 4),
            ("1️⃣", 2),
        ] {
            assert_eq!(width(text), columns, "{text}");
            assert!(usual_width(text) <= columns, "{text}");
        }
    }
}
