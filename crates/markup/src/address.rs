//! Addresses: which may be linked to, and where one ends.

use crate::steps;

/// Schemes that lead to a page, with what makes the browser read a host and not a path.
const PAGES: [&str; 2] = ["https://", "http://"];
const MAIL: &str = "mailto:";

/// The address that stands at the start of this text by itself. The marks that end a sentence are not part
/// of it, nor is the bracket that was opened before it.
pub(crate) fn bare(text: &str) -> Option<&str> {
    page(text)?;
    let run = run(text, true);
    let address = run.trim_end_matches(ends_sentence);
    steps::add(run.len() - address.len());
    Some(address)
}

/// The address in `(address)` at the start of this text. Only the listed schemes are links; anything else
/// might be a script (`javascript:`), a forged page (`data:`) or another host in disguise (`//host`).
pub(crate) fn bracketed(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('(')?;
    // Up to the next square bracket only: behind each of them somebody may look for an address again.
    let address = run(inside, false);
    let closed = inside.get(address.len()..)?.starts_with(')');
    let allowed = page(address).is_some() || behind(address, MAIL).is_some_and(|to| !to.is_empty());
    (closed && allowed).then_some(address)
}

/// What follows the scheme of a page, if that begins like a host.
fn page(text: &str) -> Option<&str> {
    let host = PAGES.iter().find_map(|scheme| behind(text, scheme))?;
    host.starts_with(|first: char| first.is_alphanumeric() || first == '[').then_some(host)
}

/// What follows the prefix, in whatever case that is written.
fn behind<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// As far as an address can go: up to a character that none has, or a bracket that was not opened in it.
fn run(text: &str, may_have_square: bool) -> &str {
    let (mut round, mut square) = (0_usize, 0_usize);
    let ends = |character| {
        steps::add(1);
        let (open, closes) = match character {
            '(' => (&mut round, false),
            ')' => (&mut round, true),
            '[' if may_have_square => (&mut square, false),
            ']' if may_have_square => (&mut square, true),
            other => return !is_of_address(other),
        };
        let unopened = closes && *open == 0;
        *open = if closes { open.saturating_sub(1) } else { *open + 1 };
        unopened
    };
    let end = text.find(ends).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

fn is_of_address(character: char) -> bool {
    !(character.is_whitespace()
        || character.is_control()
        || is_invisible(character)
        || "<>[]\"`\\«»“”".contains(character))
}

/// Characters that turn the direction of writing or are not seen: an address with them is not what it seems.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn ends_sentence(character: char) -> bool {
    ".,:;!?'*_~|…’‘—–".contains(character)
}
