//! Hosts, with their ports, as they stand in an address.

use crate::letter::{is_caseless, is_of_word};
use crate::{punycode, steps};

/// Longest label of a host, in characters (RFC 1035, section 2.3.4, where they are bytes).
const MAX_LABEL_CHARS: usize = 63;

/// Longest host, in characters.
const MAX_HOST_CHARS: usize = 253;

/// Digits of the longest port.
const MAX_PORT_DIGITS: usize = 5;

/// The host at the start of running text. It ends where a script without case is written directly behind Latin
/// letters, because that is the next word and no label is mixed so (`https://example.com에서`).
pub(crate) fn at_start(text: &str) -> &str {
    let mut is_latin = false;
    let ends = |character: char| {
        steps::add(1);
        let foreign = is_caseless(character);
        let cut = foreign && is_latin;
        is_latin = character != '.' && (is_latin || !foreign);
        cut || !is_of_host(character)
    };
    let name = match text.strip_prefix('[').and_then(|inside| inside.find(']')) {
        Some(end) => end + 2,
        None => text.find(ends).unwrap_or(text.len()),
    };
    let port = text.get(name..).and_then(|rest| rest.strip_prefix(':')).unwrap_or_default();
    let digits = port.bytes().take(MAX_PORT_DIGITS).take_while(u8::is_ascii_digit).count();
    text.get(..if digits > 0 { name + 1 + digits } else { name }).unwrap_or_default()
}

/// Whether this is a host and nothing else, perhaps with a port. A user's name before the host (`good@evil`), a
/// backslash, a `%` or a sign that only looks like a dot or a slash is none: it would show another host.
pub(crate) fn is_valid(host: &str) -> bool {
    if let Some((address, port)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let of_ip = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
        return !address.is_empty() && address.bytes().all(of_ip) && is_port(port);
    }
    let (name, port) = host.split_at(host.find(':').unwrap_or(host.len()));
    steps::add(host.len());
    name.starts_with(char::is_alphanumeric)
        && name.chars().all(is_of_host)
        && name.chars().count() <= MAX_HOST_CHARS
        && name.split('.').all(|label| label.chars().count() <= MAX_LABEL_CHARS)
        && is_port(port)
}

/// Whether the host may look like another one: letters of another script among Latin ones, as a Cyrillic `о` in
/// `gооd.example`. A host without any Latin letter is what it looks like.
pub(crate) fn may_deceive(host: &str) -> bool {
    !host.is_ascii() && host.contains(|character: char| character.is_ascii_alphabetic())
}

/// The host so that it cannot be taken for another one.
pub(crate) fn unmistakable(host: &str) -> String {
    if may_deceive(host) {
        host.split('.').map(punycode::label).collect::<Vec<_>>().join(".")
    } else {
        host.to_ascii_lowercase()
    }
}

fn is_of_host(character: char) -> bool {
    is_of_word(character) || matches!(character, '.' | '-' | '_')
}

fn is_port(text: &str) -> bool {
    let digits = text.strip_prefix(':').unwrap_or("0");
    (1..=MAX_PORT_DIGITS).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}
