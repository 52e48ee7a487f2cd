//! Texts that are valid UTF-8 (RFC 3629), and texts that are not.

use super::case::{CONTINUATION, Case, FINAL_CONTINUATION, NOT_UTF8, PING, TEXT, TEXT_WITHOUT_FIN, answers};
use super::check;
use crate::support::raw::frame;

/// Code points at the limits of each length, valid noncharacters, and some words.
const SOUND: [&str; 17] = [
    "\u{7f}",
    "\u{80}",
    "\u{7ff}",
    "\u{800}",
    "\u{d7ff}",
    "\u{e000}",
    "\u{fffd}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{10000}",
    "\u{1fffe}",
    "\u{10fffe}",
    "\u{10ffff}",
    "*\u{0}*",
    "*κόσμε*",
    "*здравствуйте*",
    "*😀 and 👩‍👩‍👧*",
];

const UNSOUND: [(&str, &[u8]); 24] = [
    ("a continuation alone", b"\x80"),
    ("the last continuation alone", b"\xbf"),
    ("continuations alone", b"\x80\xbf\x80\xbf"),
    ("two bytes without the second", b"\xc3"),
    ("two bytes with a letter for the second", b"\xc3a"),
    ("three bytes without the third", b"\xe2\x82"),
    ("three bytes with a letter for the third", b"\xe2\x82a"),
    ("four bytes without the fourth", b"\xf0\x9f\x98"),
    ("four bytes without the third", b"\xf0\x9f*"),
    ("five bytes", b"\xf8\x88\x80\x80\x80"),
    ("six bytes", b"\xfc\x84\x80\x80\x80\x80"),
    ("the byte FE", b"\xfe"),
    ("the byte FF", b"\xff"),
    ("a slash in two bytes", b"\xc0\xaf"),
    ("a slash in three bytes", b"\xe0\x80\xaf"),
    ("a slash in four bytes", b"\xf0\x80\x80\xaf"),
    ("the longest of two bytes too many", b"\xc1\xbf"),
    ("the longest of three bytes too many", b"\xe0\x9f\xbf"),
    ("a nothing in two bytes", b"\xc0\x80"),
    ("a first surrogate", b"\xed\xa0\x80"),
    ("a last surrogate", b"\xed\xbf\xbf"),
    ("two surrogates", b"\xed\xa0\xbd\xed\xb8\x80"),
    ("one past the last code point", b"\xf4\x90\x80\x80"),
    ("far past the last code point", b"\xf7\xbf\xbf\xbf"),
];

#[tokio::test]
async fn accepts_utf8_split_anywhere() {
    let mut cases = Vec::new();
    for text in SOUND {
        let bytes = text.as_bytes();
        cases.push(Case::new(format!("{text:?}"), &[frame(TEXT, bytes)], answers(1)));
        cases.push(Case::new(format!("{text:?}"), &[frame(TEXT, bytes)], answers(1)).in_pieces(1));
        // One fragment per byte, and a ping inside the code point.
        let mut fragments = vec![frame(TEXT_WITHOUT_FIN, b"")];
        fragments.extend(bytes.iter().map(|byte| frame(CONTINUATION, &[*byte])));
        fragments.push(frame(FINAL_CONTINUATION, b""));
        cases.push(Case::new(format!("{text:?}, a fragment a byte"), &fragments, answers(1)));
    }
    check(cases).await;
}

#[tokio::test]
async fn closes_invalid_utf8_with_code_1007() {
    let mut cases = Vec::new();
    for (what, bytes) in UNSOUND {
        let inside = [b"*".as_slice(), bytes, b"*"].concat();
        cases.push(Case::new(what, &[frame(TEXT, bytes)], NOT_UTF8));
        cases.push(
            Case::new(format!("{what} between letters"), &[frame(TEXT, &inside)], NOT_UTF8).in_pieces(1),
        );
        let mut fragments = vec![frame(TEXT_WITHOUT_FIN, b"*")];
        fragments.extend(bytes.iter().map(|byte| frame(CONTINUATION, &[*byte])));
        fragments.push(frame(FINAL_CONTINUATION, b""));
        cases.push(Case::new(format!("{what}, a fragment a byte"), &fragments, NOT_UTF8));
    }
    let ping_inside =
        [frame(TEXT_WITHOUT_FIN, b"\xe2\x82"), frame(PING, b"x"), frame(FINAL_CONTINUATION, b"\x28")];
    cases.push(Case::new("a code point that does not go on after a ping", &ping_inside, NOT_UTF8));
    check(cases).await;
}
