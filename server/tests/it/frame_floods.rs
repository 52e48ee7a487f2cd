//! Frames that are allowed individually, but too many together.

use std::sync::Arc;

use tempfile::TempDir;

use crate::support::program::{command, http};
use crate::support::raw::{Raw, frame};
use crate::support::{Program, TEST_TIMEOUT};

const TEXT_WITHOUT_END: u8 = 0x01;
const CONTINUATION: u8 = 0x00;
const PING: u8 = 0x89;
const PONG: u8 = 0x8a;
const FIN_TEXT: u8 = 0x81;
const CLOSE: u8 = 0x88;

/// Number of fragments in one write of a flood.
const PIECE: usize = 10_000;

#[tokio::test]
async fn limits_the_sum_of_fragments() {
    let program = Program::start().await;
    let mut raw = Raw::open(&program.address).await;
    raw.sends(&frame(TEXT_WITHOUT_END, b"x")).await;
    let piece = frame(CONTINUATION, b"x").repeat(PIECE);
    for _ in 0..100 {
        raw.sends(&piece).await;
    }
    assert_eq!(raw.close_code().await, Some(1009));
    // Empty fragments are not limited, because they use no memory.
    let mut raw = Raw::open(&program.address).await;
    raw.sends(&frame(TEXT_WITHOUT_END, b"")).await;
    let piece = frame(CONTINUATION, b"").repeat(PIECE);
    for _ in 0..100 {
        raw.sends(&piece).await;
    }
    raw.sends(&frame(0x80, br#"{"id":1,"do":{"ping":{}}}"#)).await;
    assert_eq!(raw.frame().await.unwrap().1, br#"{"reply":{"id":1,"answer":{"pong":{}}}}"#);
}

#[tokio::test]
async fn ping_flood_delays_no_other_client() {
    let program = Program::start().await;
    let mut flood = Raw::open(&program.address).await;
    let piece = frame(PING, &[b'x'; 125]).repeat(100);
    let mut alice = program.guest("alice").await.connects().await;
    alice.joins("general", None).await;
    // The server stops reading from a peer that never reads its pongs.
    let flooding = async {
        for _ in 0..1_000 {
            flood.sends(&piece).await;
        }
    };
    let talking = async {
        for number in 0..100 {
            let asked = alice.posts("general", &format!("message {number}")).await;
            alice.is_told_where(asked).await;
        }
    };
    tokio::select! {
        () = talking => {}
        () = async { flooding.await; std::future::pending().await } => {}
    }
}

#[tokio::test]
async fn endless_frames_of_one_peer_occupy_no_thread() {
    let data = Arc::new(TempDir::new().unwrap());
    let mut command = command(data.path(), "127.0.0.1:0");
    command.env("TOKIO_WORKER_THREADS", "1");
    let program = Program::of(command, data).await;
    let mut flood = Raw::open(&program.address).await;
    let piece = frame(PONG, b"").repeat(PIECE);
    let flooding = async {
        loop {
            flood.sends(&piece).await;
        }
    };
    let asking = async {
        for _ in 0..20 {
            let health = http().get(program.url("/healthz")).send().await.unwrap();
            assert_eq!(health.status(), 200);
        }
    };
    tokio::select! {
        () = async { tokio::time::timeout(TEST_TIMEOUT, asking).await.expect("answers in time") } => {}
        () = flooding => {}
    }
}

#[tokio::test]
async fn ignores_frames_after_the_close_frame() {
    let program = Program::start().await;
    let mut raw = Raw::open(&program.address).await;
    let ping = frame(FIN_TEXT, br#"{"id":1,"do":{"ping":{}}}"#);
    let bytes =
        [ping.clone(), frame(CLOSE, &1000_u16.to_be_bytes()), ping.repeat(100), b"\xff".repeat(1_000)];
    raw.sends(&bytes.concat()).await;
    assert_eq!(raw.frame().await.unwrap().1, br#"{"reply":{"id":1,"answer":{"pong":{}}}}"#);
    assert_eq!(raw.frame().await.unwrap().0, 8, "a close frame and no second answer");
    assert!(raw.is_at_its_end().await);
}
