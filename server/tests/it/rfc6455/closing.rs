//! Closing a connection.

use super::case::{
    CLOSE, Case, FINAL_CONTINUATION, NO_CODE, NOT_UTF8, Outcome, PING, PROTOCOL_ERROR, TEXT, TEXT_WITHOUT_FIN,
};
use super::check;
use crate::support::raw::frame;

/// Codes that a peer may send (RFC 6455, section 7.4, and its registry).
const MAY_BE_SENT: [u16; 16] =
    [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999];
/// Codes that must not be sent, are reserved, or do not exist.
const MUST_NOT_BE_SENT: [u16; 17] =
    [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 1999, 2000, 2999, 5000, 5001, 9999, 32_768, 65_535];

fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    frame(CLOSE, &[&code.to_be_bytes()[..], reason].concat())
}

#[tokio::test]
async fn answers_a_close_frame_and_ends_the_stream() {
    let goodbye = || Outcome::Closed(&[1000]);
    let longest = "x".repeat(123);
    check(vec![
        Case::new("a close", &[close(1000, b"")], goodbye()),
        Case::new("a close", &[close(1000, b"")], goodbye()).in_pieces(1),
        Case::new("a close without a code", &[frame(CLOSE, b"")], Outcome::Closed(&[NO_CODE, 1000])),
        Case::new("a close with a reason", &[close(1000, "до встречи 👋".as_bytes())], goodbye()),
        Case::new("a close with 123 bytes of reason", &[close(1000, longest.as_bytes())], goodbye()),
        Case::new("a text, then a close", &[frame(TEXT, b"*"), close(1000, b"")], goodbye()),
        // Data after a close frame is ignored.
        Case::new("a close, then a text", &[close(1000, b""), frame(TEXT, b"*")], goodbye()),
        Case::new("a close, then a ping", &[close(1000, b""), frame(PING, b"x")], goodbye()),
        Case::new("two closes", &[close(1000, b""), close(1001, b"")], goodbye()),
        Case::new("a close, then what is no frame", &[close(1000, b""), vec![0xff; 100]], goodbye()),
        Case::new(
            "a close inside a text",
            &[frame(TEXT_WITHOUT_FIN, b"*"), close(1000, b""), frame(FINAL_CONTINUATION, b"*")],
            goodbye(),
        ),
    ])
    .await;
}

#[tokio::test]
async fn answers_valid_close_codes() {
    let case = |code: u16| {
        // The code of a gateway is not repeated by a server.
        let answer = if code == 1014 { 1000 } else { code };
        let name = |what: &str| format!("{code}{what}");
        [
            Case::new(name(""), &[close(code, b"")], Outcome::ClosedWith(answer)),
            Case::new(name(" with a reason"), &[close(code, b"reason")], Outcome::ClosedWith(answer))
                .in_pieces(1),
        ]
    };
    check(MAY_BE_SENT.into_iter().flat_map(case).collect()).await;
}

#[tokio::test]
async fn invalid_close_codes_are_protocol_errors() {
    let mut cases: Vec<Case> = MUST_NOT_BE_SENT
        .into_iter()
        .flat_map(|code| {
            let with_reason =
                Case::new(format!("{code} with a reason"), &[close(code, b"reason")], PROTOCOL_ERROR);
            [Case::new(code.to_string(), &[close(code, b"")], PROTOCOL_ERROR), with_reason]
        })
        .collect();
    cases.push(Case::new("half a code", &[frame(CLOSE, b"\x03")], PROTOCOL_ERROR));
    cases.push(Case::new("124 bytes of reason", &[close(1000, &[b'x'; 124])], PROTOCOL_ERROR));
    for (what, reason) in
        [("a byte", &b"\xff"[..]), ("a surrogate", b"\xed\xa0\x80"), ("the half of a letter", b"x\xc3")]
    {
        cases.push(Case::new(
            format!("{what} that is not UTF-8 as a reason"),
            &[close(1000, reason)],
            NOT_UTF8,
        ));
    }
    check(cases).await;
}
