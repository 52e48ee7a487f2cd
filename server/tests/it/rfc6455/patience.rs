//! Slow and silent peers.

use crate::support::raw::{Raw, frame};
use crate::support::{Program, TEST_TIMEOUT};

#[tokio::test]
async fn ends_the_stream_after_both_close_frames() {
    let program = Program::start().await;
    // The connections are closed one after the other, so that a wait of 2 s for each, as for a silent peer, would be
    // noticed.
    let ended = async {
        for _ in 0..20 {
            let mut raw = Raw::open(&program.address).await;
            // The peer keeps its own end open, as clients do that wait for the server.
            raw.sends(&frame(0x88, &1000_u16.to_be_bytes())).await;
            assert_eq!(raw.close_code().await, Some(1000));
            assert!(raw.is_at_its_end().await);
        }
    };
    tokio::time::timeout(TEST_TIMEOUT, ended).await.expect("nobody waits for the other");
}

#[tokio::test]
async fn silent_connections_delay_no_other_client() {
    let program = Program::start().await;
    let mut silent = Vec::new();
    for number in 0..400 {
        let mut raw = Raw::connect(&program.address).await;
        if number % 2 == 0 {
            raw.sends(b"GET / HTTP/1.1\r\nHost: x\r\n").await;
        }
        silent.push(raw);
    }
    // Some peers open a socket and then send nothing.
    for _ in 0..20 {
        silent.push(Raw::open(&program.address).await);
    }
    let mut alice = program.guest("alice").await.connects().await;
    alice.joins("general", None).await;
    let asked = alice.posts("general", "hello").await;
    alice.is_told_where(asked).await;
}

#[tokio::test]
async fn slow_request_is_timed_out() {
    let program = Program::start().await;
    let host = &program.address;
    let begun = format!("GET / HTTP/1.1\r\nHost: {host}\r\nX-Slow: ");
    // The limit is 15 seconds; the patience of the tests is longer.
    let silent = async {
        let mut raw = Raw::connect(host).await;
        raw.sends(begun.as_bytes()).await;
        _ = raw.head().await;
        assert!(raw.is_at_its_end().await);
    };
    // Single bytes are no progress that extends the time.
    let trickling = async {
        let mut raw = Raw::connect(host).await;
        raw.sends(begun.as_bytes()).await;
        assert!(raw.is_cut_while_trickling(b"x", TEST_TIMEOUT).await);
    };
    tokio::join!(silent, trickling);
    let mut raw = Raw::connect(host).await;
    let complete = format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n");
    raw.sends_in_pieces(complete.as_bytes(), 1).await;
    assert!(raw.head().await.starts_with("HTTP/1.1 200 "), "a request in single bytes is valid");
}
