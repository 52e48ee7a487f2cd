//! Unusual but valid frames, and masks.

use super::case::{CONTINUATION, Case, FINAL_CONTINUATION, PROTOCOL_ERROR, TEXT, TEXT_WITHOUT_FIN, answers};
use super::check;
use crate::support::Program;
use crate::support::raw::{Raw, frame};

#[tokio::test]
async fn accepts_many_messages_and_fragments_at_once() {
    let thousand = vec![frame(TEXT, b"*"); 1_000];
    let content = vec![b'*'; 65_536];
    let mut pieces: Vec<Vec<u8>> = content.chunks(1_300).map(|piece| frame(CONTINUATION, piece)).collect();
    pieces[0][0] = TEXT_WITHOUT_FIN;
    pieces.push(frame(FINAL_CONTINUATION, b""));
    check(vec![
        Case::new("a thousand messages at once", &thousand, answers(1_000)),
        Case::new("64 KiB in fragments of 1,300 bytes", &pieces, answers(1)),
        Case::new("64 KiB in fragments of 1,300 bytes", &pieces, answers(1)).in_pieces(1_000),
    ])
    .await;
}

#[tokio::test]
async fn unmasked_frames_are_protocol_errors() {
    let unmasked =
        |first: u8, payload: &[u8]| [&[first, u8::try_from(payload.len()).unwrap()][..], payload].concat();
    let zero = [&[TEXT, 0x81, 0, 0, 0, 0][..], b"*"].concat();
    check(vec![
        Case::new("a mask of zeros", &[zero], answers(1)),
        Case::new("a text without a mask", &[unmasked(TEXT, b"*")], PROTOCOL_ERROR),
        Case::new("a ping without a mask", &[unmasked(0x89, b"x")], PROTOCOL_ERROR),
        Case::new("a close without a mask", &[unmasked(0x88, b"\x03\xe8")], PROTOCOL_ERROR),
        Case::new(
            "a text without a mask after one with it",
            &[frame(TEXT, b"*"), unmasked(TEXT, b"*")],
            PROTOCOL_ERROR,
        ),
    ])
    .await;
}

#[tokio::test]
async fn accepts_unusual_but_valid_frames() {
    let program = Program::start().await;
    let mut raw = Raw::open(&program.address).await;
    let ping = br#"{"id":1,"do":{"ping":{}}}"#;
    // Fragments with a ping between them, sent one byte at a time.
    let (first, rest) = ping.split_at(5);
    let bytes =
        [frame(0x01, first), frame(0x89, b"are you there"), frame(0x00, b""), frame(0x80, rest)].concat();
    for byte in bytes {
        raw.sends(&[byte]).await;
    }
    assert_eq!(raw.frame().await, Some((10, b"are you there".to_vec())), "a pong");
    let (_, answer) = raw.frame().await.unwrap();
    assert_eq!(answer, br#"{"reply":{"id":1,"answer":{"pong":{}}}}"#);

    // 10,000 messages in one segment get 10,000 answers.
    raw.sends(&frame(TEXT, ping).repeat(10_000)).await;
    for _ in 0..10_000 {
        assert_eq!(raw.frame().await.unwrap().1, answer);
    }
}
