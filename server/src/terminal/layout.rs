//! Text in columns: how wide it is, where it breaks, what fits.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How a tab is shown.
const TAB: &str = "    ";

/// Columns that a text takes at most. Terminals do not agree on that: one shows an emoji with a skin tone as one
/// picture, another as two, side by side; a dash or a quotation mark is wide where text is Chinese. A row that is
/// broken too early costs some space; one that is broken too late would be cut.
pub(crate) fn width(text: &str) -> usize {
    text.graphemes(true).map(|grapheme| most_columns(shown(grapheme))).sum()
}

/// Columns that a text takes by the tables of Unicode.
pub(crate) fn usual_width(text: &str) -> usize {
    text.graphemes(true).map(|grapheme| shown(grapheme).width()).sum()
}

/// The wider of a character as one and its code points side by side.
fn most_columns(grapheme: &str) -> usize {
    if grapheme.is_ascii() {
        return grapheme.len();
    }
    grapheme.width().max(grapheme.chars().map(columns).sum())
}

/// Columns of a code point. Letters of ambiguous width are taken for narrow, or Russian would have half the row.
fn columns(character: char) -> usize {
    match character {
        // Arrows, signs and pictures: wide where the terminal has an emoji for them.
        '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' => 2,
        letter if letter.is_alphabetic() => letter.width().unwrap_or(0),
        other => other.width_cjk().unwrap_or(0),
    }
}

/// A character as it is shown.
fn shown(grapheme: &str) -> &str {
    if grapheme == "\t" { TAB } else { grapheme }
}

/// The text in rows of at most so many columns, all but the first beginning with `indent`: whoever writes a long
/// line cannot make the rest of it look like a line of somebody else. Breaks between words, where there are any.
pub(crate) fn wrap(text: &str, columns: usize, indent: &str) -> Vec<String> {
    // Where there is no place for the indent there is none for a word either.
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
            // A break stands for the space that it replaces.
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

/// So much of the text as fits into so many columns, with a sign where it is cut.
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

/// A text that is being written, in rows, and where the cursor is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct EditorLayout {
    pub(crate) rows: Vec<String>,
    pub(crate) cursor: CursorRow,
}

/// A row, and the bytes of it before the cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CursorRow {
    pub(crate) row: usize,
    pub(crate) bytes: usize,
}

/// Lays out a text behind its prompt, with the cursor before the byte `at`. Further lines begin below the first.
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
        // Behind a full row it is at the beginning of the next.
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
    fn rows_break_between_words_and_are_indented() {
        assert_eq!(wrap("one two three", 9, "  "), ["one two ", "  three"]);
        assert_eq!(wrap("one two  x", 7, "  "), ["one two", "  x"]);
        assert_eq!(wrap("", 9, "  "), [""]);
    }

    #[test]
    fn what_has_no_breaks_breaks_anyway() {
        assert_eq!(wrap("abcdefghijkl", 6, "  "), ["abcdef", "  ghij", "  kl"]);
        assert_eq!(wrap("世界世界", 5, " "), ["世界", " 世界"]);
        assert_eq!(wrap("abcdef", 2, "    "), ["ab", "cd", "ef"]);
    }

    #[test]
    fn what_does_not_fit_is_cut_and_says_so() {
        assert_eq!(fit("hello", 5), "hello");
        assert_eq!(fit("hello", 4), "hel…");
        assert_eq!(fit("世界世界", 5), "世界…");
        assert_eq!(fit("世界世界", 4), "世…");
    }

    #[test]
    fn the_cursor_is_where_the_next_character_goes() {
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
    fn the_widest_of_what_terminals_show_counts() {
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
