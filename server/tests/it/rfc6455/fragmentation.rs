//! Fragmented messages, and fragments in the wrong order.

use super::case::{
    BINARY, BINARY_BEGINS, BREACH, CLOSE, Case, ENDS, GOES_ON, Outcome, PING, PONG, TEXT, TEXT_BEGINS,
    TOO_BIG, answers,
};
use super::check;
use crate::support::raw::frame;

#[tokio::test]
async fn joins_fragments_with_control_frames_between() {
    let pong = |payload: &[u8]| Outcome::Lives { answers: 1, pongs: vec![payload.to_vec()] };
    let two = [frame(TEXT_BEGINS, b"**"), frame(ENDS, b"**")];
    let with_ping = [frame(TEXT_BEGINS, b"**"), frame(PING, b"x"), frame(ENDS, b"**")];
    let with_pings = [
        frame(TEXT_BEGINS, b"*"),
        frame(PING, b""),
        frame(GOES_ON, b"*"),
        frame(PONG, b"x"),
        frame(GOES_ON, b""),
        frame(PING, b"y"),
        frame(ENDS, b"*"),
    ];
    let both = Outcome::Lives { answers: 1, pongs: vec![Vec::new(), b"y".to_vec()] };
    let nothing = [frame(TEXT_BEGINS, b""), frame(GOES_ON, b""), frame(ENDS, b"")];
    let middle = [frame(TEXT_BEGINS, b""), frame(GOES_ON, b"*"), frame(ENDS, b"")];
    let hundred: Vec<Vec<u8>> = (0..100)
        .map(|number| match number {
            0 => frame(TEXT_BEGINS, b"*"),
            99 => frame(ENDS, b"*"),
            _ => frame(GOES_ON, b"*"),
        })
        .collect();
    let binary = [frame(BINARY_BEGINS, b"\xff"), frame(GOES_ON, b""), frame(ENDS, b"\xfe")];
    let whole = [frame(TEXT_BEGINS, &[b'*'; 40_000]), frame(ENDS, &[b'*'; 25_536])];
    let too_big = [frame(TEXT_BEGINS, &[b'*'; 40_000]), frame(ENDS, &[b'*'; 25_537])];
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
        Case::new("a last fragment alone", &[frame(ENDS, b"*")], BREACH),
        Case::new("an empty last fragment alone", &[frame(ENDS, b"")], BREACH),
        Case::new("a further fragment alone", &[frame(GOES_ON, b"*")], BREACH),
        Case::new("a further fragment, then a text", &[frame(GOES_ON, b"*"), frame(TEXT, b"*")], BREACH),
        Case::new("a fragment after a whole text", &[frame(TEXT, b"*"), frame(ENDS, b"*")], BREACH),
        Case::new(
            "a fragment after the last",
            &[frame(TEXT_BEGINS, b"*"), frame(ENDS, b"*"), frame(GOES_ON, b"*"), frame(ENDS, b"*")],
            BREACH,
        ),
    ];
    for (what, first) in [
        ("a whole text", TEXT),
        ("another first fragment", TEXT_BEGINS),
        ("a whole binary message", BINARY),
        ("a first binary fragment", BINARY_BEGINS),
    ] {
        let inside = [frame(TEXT_BEGINS, b"*"), frame(first, b"*"), frame(ENDS, b"*")];
        cases.push(Case::new(format!("{what} inside a text"), &inside, BREACH));
        let inside = [frame(BINARY_BEGINS, b"*"), frame(first, b"*"), frame(ENDS, b"*")];
        cases.push(Case::new(format!("{what} inside a binary message"), &inside, BREACH).in_pieces(1));
    }
    for (what, first) in [("ping", PING), ("pong", PONG), ("close", CLOSE)] {
        let control = first & 0x0f;
        cases.push(Case::new(format!("a fragmented {what}"), &[frame(control, b"")], BREACH));
        let whole = [frame(control, b"\x03"), frame(ENDS, b"\xe8")];
        cases.push(Case::new(format!("a {what} in two fragments"), &whole, BREACH));
        let inside = [frame(TEXT_BEGINS, b"*"), frame(control, b""), frame(ENDS, b"*")];
        cases.push(Case::new(format!("a fragmented {what} inside a text"), &inside, BREACH));
    }
    check(cases).await;
}
