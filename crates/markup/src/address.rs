//! Link addresses: which are allowed, where an address ends, and its destination.

use crate::letter::is_of_word;
use crate::{host, steps};

/// The schemes of web pages, with the `//` that makes browsers read a host and not a path.
const PAGES: [&str; 2] = ["https://", "http://"];
const MAIL: &str = "mailto:";

/// The characters that end a host.
const AFTER_HOST: [char; 3] = ['/', '?', '#'];

/// Returns the bare address at the start of the text, without punctuation at the end of a sentence and
/// without a closing bracket that was opened before the address.
pub(crate) fn bare(text: &str) -> Option<&str> {
    let from_host = page(text)?;
    let host = host::at_start(from_host);
    let rest = from_host.get(host.len()..)?;
    if !host::is_valid(host) || names_user(rest) {
        return None;
    }
    let path = if rest.starts_with(AFTER_HOST) { run(rest, true, is_of_bare_address) } else { "" };
    let address = text.get(..text.len() - rest.len() + path.len())?;
    let bare = address.trim_end_matches(ends_sentence);
    steps::count(address.len() - bare.len());
    Some(bare)
}

/// Returns the address of `(address)` at the start of the text. Only the listed schemes are links; others
/// could be a script (`javascript:`), a forged page (`data:`) or a disguised host (`//host`).
pub(crate) fn bracketed(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('(')?;
    // Stops at the next square bracket, because the search may start again after each; this keeps the work
    // linear.
    let address = run(inside, false, is_of_address);
    let closed = inside.get(address.len()..)?.starts_with(')');
    let leads = || host_of(address).is_some_and(host::is_valid);
    let allowed = behind(address, MAIL).is_some_and(|to| !to.is_empty()) || leads();
    (closed && allowed).then_some(address)
}

/// Returns the destination to show after the text of a link: its host or mailbox. Returns `None` if the text
/// is the address itself and cannot be mistaken for another one.
pub(crate) fn destination(address: &str, text: &str) -> Option<String> {
    if let Some(to) = behind(address, MAIL) {
        let mailbox = to.split('?').next().unwrap_or(to);
        return (!equals_text(address, text) && mailbox != text).then(|| mailbox.to_owned());
    }
    let host = host_of(address).unwrap_or_default();
    (host::may_deceive(host) || !equals_text(address, text)).then(|| host::unmistakable(host))
}

/// Returns whether a text is the address, with or without its scheme, or its host.
pub(crate) fn equals_text(address: &str, text: &str) -> bool {
    let rest = page(address).unwrap_or(address);
    let bare = rest.strip_suffix('/').unwrap_or(rest);
    [address, rest, bare, host_of(address).unwrap_or(address)]
        .iter()
        .any(|shown| shown.eq_ignore_ascii_case(text))
}

/// Returns whether a text looks like an address: it contains `://` or similar characters, or begins with
/// `www.`.
pub(crate) fn looks_like_address(text: impl Iterator<Item = char>) -> bool {
    let mut last = [' '; 4];
    let seen = |character| !is_invisible(character);
    text.filter(|character| seen(*character)).map(plain).enumerate().any(|(index, character)| {
        steps::count(1);
        let [_, a, b, c] = last;
        last = [a, b, c, character];
        matches!(last, [_, ':', '/', '/']) || (index == 3 && last == ['w', 'w', 'w', '.'])
    })
}

/// Returns the ASCII sign that a character looks like, and Latin letters in lower case.
fn plain(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => {
            let code = u32::from(character) - 0xfee0;
            char::from_u32(code).unwrap_or(character).to_ascii_lowercase()
        }
        '։' | '׃' | 'ː' | '˸' | '܃' | '܄' | '∶' | '꞉' | '︓' | '︰' | '﹕' => ':',
        '⁄' | '∕' | '╱' | '⟋' | '⧸' | '⫽' | '〳' | '丿' | 'ノ' => '/',
        '․' | '‧' | '。' | '｡' | '﹒' => '.',
        other => other.to_ascii_lowercase(),
    }
}

/// Returns the text after the scheme of a web page.
fn page(text: &str) -> Option<&str> {
    PAGES.iter().find_map(|scheme| behind(text, scheme))
}

/// Returns the host of a web page's address, with everything else before the path.
fn host_of(address: &str) -> Option<&str> {
    page(address)?.split(AFTER_HOST).next()
}

/// Returns whether the preceding text was a user name and not a host, as in `good.example@evil.example`.
fn names_user(rest: &str) -> bool {
    let ends = |character: char| {
        steps::count(1);
        AFTER_HOST.contains(&character) || !character.is_ascii() || !is_of_address(character)
    };
    rest.split(ends).next().is_some_and(|part| part.contains('@'))
}

/// Returns the text after the prefix, ignoring case.
fn behind<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// Returns the longest address at the start of the text: up to a forbidden character or an unmatched closing
/// bracket.
fn run(text: &str, may_have_square: bool, takes: fn(char) -> bool) -> &str {
    let (mut round, mut square) = (0_usize, 0_usize);
    let ends = |character| {
        steps::count(1);
        let (open, closes) = match character {
            '(' => (&mut round, false),
            ')' => (&mut round, true),
            '[' if may_have_square => (&mut square, false),
            ']' if may_have_square => (&mut square, true),
            other => return !takes(other),
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

/// Returns whether a bare address continues with this character. Outside ASCII these are letters, digits,
/// marks and signs inside words of page titles. Punctuation of any script (`）`, `。`, `؟`, `।`) and emoji end
/// the address.
fn is_of_bare_address(character: char) -> bool {
    let plain = if character.is_ascii() { is_of_address(character) } else { is_of_word(character) };
    plain || is_within_title(character)
}

const fn is_within_title(character: char) -> bool {
    matches!(character, '·' | '–' | '’' | '་' | '・')
}

/// Returns whether a character is invisible or changes the direction of writing. Such addresses could
/// deceive.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

fn ends_sentence(character: char) -> bool {
    ".,:;!?'*_~|".contains(character) || is_within_title(character)
}
