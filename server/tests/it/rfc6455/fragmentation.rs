//! Fragmented messages, and fragments in the wrong order.

use super::case::{
    BINARY, BINARY_WITHOUT_FIN, CLOSE, CONTINUATION, Case, FINAL_CONTINUATION, Outcome, PING, PONG,
    PROTOCOL_ERROR, TEXT, TEXT_WITHOUT_FIN, TOO_BIG, answers,
};
use super::check;
use crate::support::raw::frame;

#[tokio::test]
async fn joins_fragments_with_control_frames_between() {
    let pong = |payload: &[u8]| Outcome::Lives { answers: 1, pongs: vec![payload.to_vec()] };
    let two = [frame(TEXT_WITHOUT_FIN, b"**"), frame(FINAL_CONTINUATION, b"**")];
    let with_ping = [frame(TEXT_WITHOUT_FIN, b"**"), frame(PING, b"x"), frame(FINAL_CONTINUATION, b"**")];
    let with_pings = [
        frame(TEXT_WITHOUT_FIN, b"*"),
        frame(PING, b""),
        frame(CONTINUATION, b"*"),
        frame(PONG, b"x"),
        frame(CONTINUATION, b""),
        frame(PING, b"y"),
        frame(FINAL_CONTINUATION, b"*"),
    ];
    let both = Outcome::Lives { answers: 1, pongs: vec![Vec::new(), b"y".to_vec()] };
    let nothing = [frame(TEXT_WITHOUT_FIN, b""), frame(CONTINUATION, b""), frame(FINAL_CONTINUATION, b"")];
    let middle = [frame(TEXT_WITHOUT_FIN, b""), frame(CONTINUATION, b"*"), frame(FINAL_CONTINUATION, b"")];
    let hundred: Vec<Vec<u8>> = (0..100)
        .map(|number| match number {
            0 => frame(TEXT_WITHOUT_FIN, b"*"),
            99 => frame(FINAL_CONTINUATION, b"*"),
            _ => frame(CONTINUATION, b"*"),
        })
        .collect();
    let binary =
        [frame(BINARY_WITHOUT_FIN, b"\xff"), frame(CONTINUATION, b""), frame(FINAL_CONTINUATION, b"\xfe")];
    let whole = [frame(TEXT_WITHOUT_FIN, &[b'*'; 40_000]), frame(FINAL_CONTINUATION, &[b'*'; 25_536])];
    let too_big = [frame(TEXT_WITHOUT_FIN, &[b'*'; 40_000]), frame(FINAL_CONTINUATION, &[b'*'; 25_537])];
    check(vec![
        Case::new("two fragments", &two, answers(1)),
        Case::new("two fragments", &two, answers(1)).in_pieces(1),
        Case::new("two fragments and a ping", &with_ping, pong(b"x")),
        Case::new("two fragments and a ping", &with_ping, pong(b"x")).in_pieces(1),
        Case::new("four fragments and pings", &with_pings, both.clone()),
        Case::new("four fragments and pings", &with_pings, both).in_pieces(1),
        Case::new("empty fragments", &nothing, answers(1)),
        Case::new("a fragment between empty ones", &middle, answers(1)),
        Case::new("a hundred fragments", &hundred, answers(1)),
        Case::new("a hundred fragments", &hundred, answers(1)).in_pieces(3),
        Case::new("binary fragments", &binary, Outcome::Binary { answers: 1 }),
        Case::new("fragments up to the limit", &whole, answers(1)),
        Case::new("fragments over the limit", &too_big, TOO_BIG),
        Case::new("fragments, then a whole message", &[two.concat(), frame(TEXT, b"*")], answers(2)),
    ])
    .await;
}

#[tokio::test]
async fn frames_out_of_order_are_protocol_errors() {
    let mut cases = vec![
        Case::new("a last fragment alone", &[frame(FINAL_CONTINUATION, b"*")], PROTOCOL_ERROR),
        Case::new("an empty last fragment alone", &[frame(FINAL_CONTINUATION, b"")], PROTOCOL_ERROR),
        Case::new("a further fragment alone", &[frame(CONTINUATION, b"*")], PROTOCOL_ERROR),
        Case::new(
            "a further fragment, then a text",
            &[frame(CONTINUATION, b"*"), frame(TEXT, b"*")],
            PROTOCOL_ERROR,
        ),
        Case::new(
            "a fragment after a whole text",
            &[frame(TEXT, b"*"), frame(FINAL_CONTINUATION, b"*")],
            PROTOCOL_ERROR,
        ),
        Case::new(
            "a fragment after the last",
            &[
                frame(TEXT_WITHOUT_FIN, b"*"),
                frame(FINAL_CONTINUATION, b"*"),
                frame(CONTINUATION, b"*"),
                frame(FINAL_CONTINUATION, b"*"),
            ],
            PROTOCOL_ERROR,
        ),
    ];
    for (what, first) in [
        ("a whole text", TEXT),
        ("another first fragment", TEXT_WITHOUT_FIN),
        ("a whole binary message", BINARY),
        ("a first binary fragment", BINARY_WITHOUT_FIN),
    ] {
        let inside = [frame(TEXT_WITHOUT_FIN, b"*"), frame(first, b"*"), frame(FINAL_CONTINUATION, b"*")];
        cases.push(Case::new(format!("{what} inside a text"), &inside, PROTOCOL_ERROR));
        let inside = [frame(BINARY_WITHOUT_FIN, b"*"), frame(first, b"*"), frame(FINAL_CONTINUATION, b"*")];
        cases
            .push(Case::new(format!("{what} inside a binary message"), &inside, PROTOCOL_ERROR).in_pieces(1));
    }
    for (what, first) in [("ping", PING), ("pong", PONG), ("close", CLOSE)] {
        let control = first & 0x0f;
        cases.push(Case::new(format!("a fragmented {what}"), &[frame(control, b"")], PROTOCOL_ERROR));
        let whole = [frame(control, b"\x03"), frame(FINAL_CONTINUATION, b"\xe8")];
        cases.push(Case::new(format!("a {what} in two fragments"), &whole, PROTOCOL_ERROR));
        let inside = [frame(TEXT_WITHOUT_FIN, b"*"), frame(control, b""), frame(FINAL_CONTINUATION, b"*")];
        cases.push(Case::new(format!("a fragmented {what} inside a text"), &inside, PROTOCOL_ERROR));
    }
    check(cases).await;
}
