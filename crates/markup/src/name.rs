//! `@name` and `#room`.

use crate::letter::{is_cased, is_caseless, is_of_word};
use crate::steps;

/// Longest name of a room, in characters (all of them ASCII).
const MAX_ROOM_NAME_CHARS: usize = 64;

/// Digits that a number has at least to name a room: `#2024` does, `#1` is the first of something or an issue.
const MIN_ROOM_NUMBER_DIGITS: usize = 4;

/// Whether `@name` or `#room` may begin behind this character: `bob@example.org` and `C#` name nobody. In scripts
/// without case a word may end directly before it, as in `你好@bob`.
#[must_use]
pub fn may_begin_name(before: Option<char>) -> bool {
    before.is_none_or(|before| {
        let signs = before.is_whitespace() || "([{<\"'*_~|".contains(before);
        signs || (!before.is_ascii() && !is_cased(before))
    })
}

/// Whether a name that is mentioned goes on with this character: letters and digits of any script with their
/// marks, `_`, `-`, `.`, and what joins or parts the letters of one word (Persian, Malayalam, Sinhala).
#[must_use]
pub fn is_of_name(character: char) -> bool {
    is_of_word(character) || is_joiner(character) || "_-.".contains(character)
}

/// A user's name as it is mentioned, without the `@`: with an underscore for whatever a mention cannot have, and
/// where the mention would end before the name does. Empty if nothing is left of it.
#[must_use]
pub fn mention_of(name: &str) -> String {
    let mut mention = String::new();
    let mut word = Word::default();
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

/// Whether a mention, without its `@`, means the user of this name.
#[must_use]
pub fn mentions(mention: &str, name: &str) -> bool {
    // Each character by itself: `str::to_lowercase` has tables for a final sigma, which every browser would load.
    let lower = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<String>();
    lower(mention) == lower(&mention_of(name))
}

/// Whether `#name` is the room of this name: it fits, and is no short number.
#[must_use]
pub fn names_room(name: &str) -> bool {
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
    let fits = (1..=MAX_ROOM_NAME_CHARS).contains(&name.len()) && name.bytes().all(is_of_room);
    fits && (!is_number || name.len() >= MIN_ROOM_NUMBER_DIGITS)
}

/// The name at the start of this text, without a dot or a hyphen at the end, where it belongs to the sentence.
/// Behind Latin letters it ends where a script without case begins, as in `@bob你好`.
pub(crate) fn person(text: &str) -> Option<&str> {
    let mut word = Word::default();
    let ends = |character| {
        steps::add(1);
        let ends = !word.takes(character);
        word.go_on(character);
        ends
    };
    let run = text.get(..text.find(ends).unwrap_or(text.len()))?;
    let name = run.trim_end_matches(ends_name);
    steps::add(run.len() - name.len());
    name.contains(char::is_alphanumeric).then_some(name)
}

/// The name of a room at the start of this text, by the rule for rooms.
pub(crate) fn room(text: &str) -> Option<&str> {
    let end =
        text.find(|character: char| !u8::try_from(character).is_ok_and(is_of_room)).unwrap_or(text.len());
    let name = text.get(..end)?;
    let cut = text.get(end..)?.starts_with(is_cased);
    steps::add(2 * end);
    (names_room(name) && !cut).then_some(name)
}

const fn is_of_room(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn ends_name(character: char) -> bool {
    matches!(character, '.' | '-') || is_joiner(character)
}

/// ZERO WIDTH NON-JOINER and ZERO WIDTH JOINER.
const fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

/// The word that a name has come to.
#[derive(Default)]
struct Word {
    last: Option<char>,
    cased: bool,
    caseless: bool,
}

impl Word {
    /// Whether the name goes on with this character.
    fn takes(&self, character: char) -> bool {
        let in_word = self.last.is_some_and(is_of_word);
        // A mark or joiner needs a letter before it.
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
