//! Sanitizes text of other users for printing: it can neither control the terminal nor look like a line of another
//! user.

/// First strong isolate: the direction of the text after it is independent of its surroundings (Unicode Standard Annex
/// #9, section 2.4).
const ISOLATE: char = '\u{2068}';
/// Pop directional isolate: ends the part of text that [`ISOLATE`] begins.
const END_OF_ISOLATE: char = '\u{2069}';

/// Returns the sanitized lines of a text. There is at least one.
pub(crate) fn lines(text: &str) -> Vec<String> {
    let breaks = ['\n', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    text.replace("\r\n", "\n").split(breaks).map(line).collect()
}

/// Sanitizes one line: control characters become visible, and changes of the writing direction end with the line.
pub(crate) fn line(text: &str) -> String {
    let shown: String = text.chars().map(visible).collect();
    if shown.chars().any(turns_direction) { isolated(&shown) } else { shown }
}

/// Returns the character, or its picture (Unicode block "Control Pictures") if it is a control character.
fn visible(character: char) -> char {
    match character {
        '\t' => character,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => '\u{fffd}',
        other => other,
    }
}

/// Whether a character can change the position of its neighbours: the formatting characters of UAX #9, and the blocks
/// of the scripts that run from right to left.
const fn turns_direction(character: char) -> bool {
    matches!(character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Encloses the text in an isolate that its content cannot end: an unmatched end is dropped, an unmatched beginning
/// gets an end. The end of an isolate also ends embeddings and overrides in it.
fn isolated(text: &str) -> String {
    let mut safe = String::from(ISOLATE);
    let mut open = 0_usize;
    for character in text.chars() {
        match character {
            '\u{2066}'..='\u{2068}' => open += 1,
            END_OF_ISOLATE if open == 0 => continue,
            END_OF_ISOLATE => open -= 1,
            _ => {}
        }
        safe.push(character);
    }
    safe.extend(std::iter::repeat_n(END_OF_ISOLATE, open + 1));
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_unchanged() {
        for text in ["hi", "привет, 世界", "👩‍👩‍👧 and é", "a\tb", ""] {
            assert_eq!(lines(text), [text]);
        }
    }

    #[test]
    fn shows_control_characters_as_symbols() {
        assert_eq!(line("\u{1b}[2J\u{7}"), "␛[2J␇");
        assert_eq!(line("\u{9b}31m\u{7f}\0"), "\u{fffd}31m␡␀");
        assert_eq!(lines("fine\rsystem :: bye"), ["fine␍system :: bye"]);
    }

    #[test]
    fn splits_at_all_line_breaks() {
        assert_eq!(lines("a\nb\r\nc\u{2028}d\u{85}e\u{b}f"), ["a", "b", "c", "d", "e", "f"]);
    }

    #[test]
    fn bidirectional_text_is_isolated() {
        assert_eq!(line("\u{202e}evil"), "\u{2068}\u{202e}evil\u{2069}");
        assert_eq!(line("\u{2069}\u{202e}x"), "\u{2068}\u{202e}x\u{2069}");
        assert_eq!(line("\u{2066}x\u{2069}\u{2069}"), "\u{2068}\u{2066}x\u{2069}\u{2069}");
        assert_eq!(line("\u{2067}\u{2067}"), "\u{2068}\u{2067}\u{2067}\u{2069}\u{2069}\u{2069}");
        assert_eq!(line("שלום"), "\u{2068}שלום\u{2069}");
    }
}
