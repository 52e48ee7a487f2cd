//! The three reserved bits of extensions, of which the server supports none.

use super::case::{CLOSE, Case, FINAL_CONTINUATION, PING, PROTOCOL_ERROR, TEXT, TEXT_WITHOUT_FIN};
use super::check;
use crate::support::raw::frame;

#[tokio::test]
async fn reserved_bits_are_protocol_errors() {
    let mut cases = Vec::new();
    for bits in 1..8_u8 {
        let flags = bits << 4;
        for (what, first, payload) in [
            ("a text", TEXT, &b"*"[..]),
            ("an empty text", TEXT, b""),
            ("a ping", PING, b"x"),
            ("a close", CLOSE, b"\x03\xe8"),
            ("a first fragment", TEXT_WITHOUT_FIN, b"*"),
        ] {
            let bytes = [frame(first | flags, payload)];
            cases.push(Case::new(format!("{what} with the bits {bits:03b}"), &bytes, PROTOCOL_ERROR));
        }
        let after = [frame(TEXT, b"*"), frame(TEXT | flags, b"*"), frame(PING, b"x")];
        cases.push(Case::new(
            format!("a text after a sound one with the bits {bits:03b}"),
            &after,
            PROTOCOL_ERROR,
        ));
        let last = [frame(TEXT_WITHOUT_FIN, b"*"), frame(FINAL_CONTINUATION | flags, b"*")];
        cases.push(Case::new(format!("a last fragment with the bits {bits:03b}"), &last, PROTOCOL_ERROR));
    }
    let split = [frame(TEXT | 0x40, b"*")];
    cases.push(Case::new("a text with the first bit", &split, PROTOCOL_ERROR).in_pieces(1));
    check(cases).await;
}
