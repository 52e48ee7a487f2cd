//! Hosts in addresses, with their ports.

use crate::letter::{is_caseless, is_of_word};
use crate::{punycode, steps};

/// Longest label of a host, in characters (RFC 1035, section 2.3.4, counts bytes).
const MAX_LABEL_CHARS: usize = 63;

/// Longest host, in characters.
const MAX_HOST_CHARS: usize = 253;

/// Maximum digits of a port.
const MAX_PORT_DIGITS: usize = 5;

/// Returns the host at the start of running text. The host ends where a caseless script follows Latin letters
/// directly, because no label mixes them; the next word begins there (`https://example.com에서`).
pub(crate) fn at_start(text: &str) -> &str {
    let mut is_latin = false;
    let ends = |character: char| {
        steps::count(1);
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

/// Returns whether the text is exactly a host, optionally with a port. Refuses a user name before the host
/// (`good@evil`), a backslash, a `%` and signs that look like a dot or slash, because each could disguise
/// another host.
pub(crate) fn is_valid(host: &str) -> bool {
    if let Some((address, port)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let of_ip = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
        return !address.is_empty() && address.bytes().all(of_ip) && is_port(port);
    }
    let (name, port) = host.split_at(host.find(':').unwrap_or(host.len()));
    steps::count(host.len());
    name.starts_with(char::is_alphanumeric)
        && name.chars().all(is_of_host)
        && name.chars().count() <= MAX_HOST_CHARS
        && name.split('.').all(|label| label.chars().count() <= MAX_LABEL_CHARS)
        && is_port(port)
}

/// Returns whether the host could be mistaken for another: it mixes Latin letters with another script, as the
/// Cyrillic `о` in `gооd.example`. A host without Latin letters cannot.
pub(crate) fn may_deceive(host: &str) -> bool {
    !host.is_ascii() && host.contains(|character: char| character.is_ascii_alphabetic())
}

/// Returns the host in a form that cannot be mistaken for another.
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
