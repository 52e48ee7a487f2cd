//! Pings and pongs.

use super::case::{Case, PING, PONG, PROTOCOL_ERROR, TEXT, answers, pongs};
use super::check;
use crate::support::raw::frame;

#[tokio::test]
async fn answers_pings_and_not_pongs() {
    let no_text = [0xff, 0xfe, 0x00, 0xc0, 0x80];
    let longest = vec![b'*'; 125];
    let mut cases = vec![
        Case::new("a ping without payload", &[frame(PING, b"")], pongs([b""])),
        Case::new("a ping with text", &[frame(PING, b"are you there")], pongs([b"are you there"])),
        Case::new("a ping that is not UTF-8", &[frame(PING, &no_text)], pongs([&no_text])),
        Case::new("a ping of 125 bytes", &[frame(PING, &longest)], pongs([&longest])),
        Case::new("a ping of 125 bytes", &[frame(PING, &longest)], pongs([&longest])).in_pieces(1),
        Case::new("a ping of 126 bytes", &[frame(PING, &[b'*'; 126])], PROTOCOL_ERROR),
        Case::new("a pong that nobody asked for", &[frame(PONG, b"")], answers(0)),
        Case::new("a pong with payload", &[frame(PONG, b"here I am")], answers(0)),
        Case::new("a pong of 126 bytes", &[frame(PONG, &[b'*'; 126])], PROTOCOL_ERROR),
        Case::new("a pong, then a ping", &[frame(PONG, b"a"), frame(PING, b"b")], pongs([b"b"])),
        Case::new(
            "a ping between texts",
            &[frame(TEXT, b"*"), frame(PONG, b"x"), frame(TEXT, b"*")],
            answers(2),
        ),
    ];
    let ten: Vec<Vec<u8>> = (0..10_u8).map(|number| vec![b'0' + number]).collect();
    let frames: Vec<Vec<u8>> = ten.iter().map(|payload| frame(PING, payload)).collect();
    let each = || super::case::Outcome::Lives { answers: 0, pongs: ten.clone() };
    cases.push(Case::new("ten pings at once", &frames, each()));
    cases.push(Case::new("ten pings", &frames, each()).in_pieces(1));
    check(cases).await;
}
