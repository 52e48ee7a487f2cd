//! `@name` and `#room`.

use crate::steps;

/// Longest name of a room, in characters (all of them ASCII).
const MAX_ROOM_NAME_CHARS: usize = 64;

/// Whether `@name` or `#room` may begin behind this character: `bob@example.org` and `C#` name nobody.
#[must_use]
pub fn may_begin_name(before: Option<char>) -> bool {
    before.is_none_or(|before| before.is_whitespace() || "([{<\"'«“„‘*_~|".contains(before))
}

/// The name at the start of this text: letters of any script, digits, `_`, `-` and `.`, but no dot or
/// hyphen at the end, where it belongs to the sentence.
pub(crate) fn person(text: &str) -> Option<&str> {
    let run = run(text, |character| character.is_alphanumeric() || "_-.".contains(character));
    let name = run.trim_end_matches(['.', '-']);
    steps::add(run.len());
    name.contains(char::is_alphanumeric).then_some(name)
}

/// The name of a room at the start of this text, by the rule for rooms. A number alone is that of an issue.
pub(crate) fn room(text: &str) -> Option<&str> {
    let name = run(text, |character| character.is_ascii_alphanumeric() || "_-".contains(character));
    let cut = text.get(name.len()..)?.starts_with(char::is_alphanumeric);
    let fits = (1..=MAX_ROOM_NAME_CHARS).contains(&name.len());
    steps::add(name.len());
    (fits && !cut && !name.bytes().all(|byte| byte.is_ascii_digit())).then_some(name)
}

fn run(text: &str, takes: impl Fn(char) -> bool) -> &str {
    let end = text.find(|character| !takes(character)).unwrap_or(text.len());
    steps::add(end);
    text.get(..end).unwrap_or_default()
}
