//! Messages of one frame, with each form of length.

use super::case::{BINARY, Case, Outcome, TEXT, TOO_BIG, answers};
use super::check;
use crate::support::raw::frame;

/// Lengths around the limits of each form of length, and at the limit of a frame, in bytes.
const LENGTHS: [usize; 11] = [0, 1, 124, 125, 126, 127, 128, 1_000, 65_534, 65_535, 65_536];

#[tokio::test]
async fn accepts_messages_of_each_length_encoding() {
    let mut cases = Vec::new();
    for length in LENGTHS {
        let content = vec![b'*'; length];
        cases.push(Case::new(format!("text of {length} bytes"), &[frame(TEXT, &content)], answers(1)));
        let binary = Outcome::Binary { answers: 1 };
        cases.push(Case::new(format!("{length} binary bytes"), &[frame(BINARY, &content)], binary));
    }
    for piece in [1, 7, 997] {
        let content = vec![b'*'; 2_500];
        cases.push(Case::new("text", &[frame(TEXT, &content)], answers(1)).in_pieces(piece));
        let binary = Outcome::Binary { answers: 1 };
        cases.push(Case::new("binary", &[frame(BINARY, &content)], binary).in_pieces(piece));
    }
    check(cases).await;
}

#[tokio::test]
async fn closes_before_reading_an_oversized_message() {
    let head = |length: u64| [&[TEXT, 0xff][..], &length.to_be_bytes(), &[1, 2, 3, 4]].concat();
    check(vec![
        Case::new("text over the limit", &[frame(TEXT, &[b'*'; 65_537])], TOO_BIG),
        Case::new("binary over the limit", &[frame(BINARY, &[0; 65_537])], TOO_BIG),
        Case::new("a head that tells of 16 MiB", &[head(16 << 20)], TOO_BIG),
        Case::new("a head that tells of 2^63 bytes", &[head(1 << 63)], TOO_BIG),
        Case::new("a head that tells of 2^64 - 1 bytes", &[head(u64::MAX)], TOO_BIG),
    ])
    .await;
}
