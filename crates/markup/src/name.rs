//! Mentions: `@name` and `#room`.

use crate::letter::{is_cased, is_caseless, is_of_word};
use crate::steps;

/// Longest room name, in characters (ASCII only).
const MAX_ROOM_NAME_CHARS: usize = 64;

/// Minimum digits of a room name that is a number. `#2024` is a room; `#1` is an ordinal or an issue.
const MIN_ROOM_NUMBER_DIGITS: usize = 4;

/// Returns whether `@name` or `#room` can begin after this character. `bob@example.org` and `C#` contain no
/// mention. In caseless scripts a word can end directly before the mention, as in `你好@bob`.
#[must_use]
pub fn may_begin_name(before: Option<char>) -> bool {
    before.is_none_or(|before| {
        let signs = before.is_whitespace() || "([{<\"'*_~|".contains(before);
        signs || (!before.is_ascii() && !is_cased(before))
    })
}

/// Returns whether a mentioned name can contain this character: letters and digits of any script with their
/// marks, `_`, `-`, `.`, and joiners inside words (Persian, Malayalam, Sinhala).
#[must_use]
pub fn is_of_name(character: char) -> bool {
    is_of_word(character) || is_joiner(character) || "_-.".contains(character)
}

/// Returns the text that mentions a user, without the `@`. Underscores replace characters that a mention
/// cannot contain and mark places where it would end too early. Empty if nothing remains.
#[must_use]
pub fn mention_of(name: &str) -> String {
    let mut mention = String::new();
    let mut word = NameScan::default();
    for character in name.chars() {
        if !word.takes(character) {
            mention.push('_');
            word.go_on('_');
        }
        if word.takes(character) {
            mention.push(character);
            word.go_on(character);
        }
    }
    let mention = mention.trim_end_matches(ends_name);
    if mention.contains(char::is_alphanumeric) { mention.to_owned() } else { String::new() }
}

/// Returns whether a mention, without its `@`, refers to the user of this name.
#[must_use]
pub fn mentions(mention: &str, name: &str) -> bool {
    // Converts each character by itself, because `str::to_lowercase` adds tables to the download of a browser.
    let lower = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<String>();
    lower(mention) == lower(&mention_of(name))
}

/// Returns whether `#name` can be a room: it is a valid room name and not a short number.
#[must_use]
pub fn names_room(name: &str) -> bool {
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
    let fits = (1..=MAX_ROOM_NAME_CHARS).contains(&name.len()) && name.bytes().all(is_of_room);
    fits && (!is_number || name.len() >= MIN_ROOM_NUMBER_DIGITS)
}

/// Returns the user name at the start of the text, without a dot or hyphen at its end, which belongs to the
/// sentence. After Latin letters the name ends where a caseless script begins, as in `@bob你好`.
pub(crate) fn person(text: &str) -> Option<&str> {
    let mut word = NameScan::default();
    let ends = |character| {
        steps::count(1);
        let ends = !word.takes(character);
        word.go_on(character);
        ends
    };
    let run = text.get(..text.find(ends).unwrap_or(text.len()))?;
    let name = run.trim_end_matches(ends_name);
    steps::count(run.len() - name.len());
    name.contains(char::is_alphanumeric).then_some(name)
}

/// Returns the room name at the start of the text.
pub(crate) fn room(text: &str) -> Option<&str> {
    let end =
        text.find(|character: char| !u8::try_from(character).is_ok_and(is_of_room)).unwrap_or(text.len());
    let name = text.get(..end)?;
    let cut = text.get(end..)?.starts_with(is_cased);
    steps::count(2 * end);
    (names_room(name) && !cut).then_some(name)
}

const fn is_of_room(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn ends_name(character: char) -> bool {
    matches!(character, '.' | '-') || is_joiner(character)
}

/// Returns whether a character is ZERO WIDTH NON-JOINER or ZERO WIDTH JOINER.
const fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

/// The state of the name that is being read.
#[derive(Default)]
struct NameScan {
    last: Option<char>,
    cased: bool,
    caseless: bool,
}

impl NameScan {
    /// Returns whether the name continues with this character.
    fn takes(&self, character: char) -> bool {
        let in_word = self.last.is_some_and(is_of_word);
        // A mark or joiner must follow a letter.
        if is_joiner(character) || (is_of_word(character) && !character.is_alphanumeric()) {
            return in_word;
        }
        let switches = is_caseless(character) && self.cased && !self.caseless && self.last != Some('_');
        is_of_name(character) && !switches
    }

    fn go_on(&mut self, character: char) {
        self.last = Some(character);
        self.cased |= is_cased(character);
        self.caseless |= is_caseless(character);
    }
}
