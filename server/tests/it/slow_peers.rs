//! Peers that stop in the middle of a request, or do not read the answer.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::support::program::http;
use super::support::raw::{Raw, frame, handshake};
use super::support::{Peer, Program, TEST_TIMEOUT};

/// Maximum time of a stop, even with blocked peers.
const MAX_STOP: Duration = Duration::from_secs(8);

/// Returns the head of a request whose body has 1,000 bytes, and the first byte of the body.
fn begins_a_body(program: &Program, method_and_path: &str, headers: &str) -> String {
    let host = &program.address;
    format!("{method_and_path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000\r\n{headers}\r\nx")
}

/// Opens a Socket.IO session by polling, and returns the path of its requests.
async fn polling(program: &Program) -> String {
    let path = "/socket.io/?EIO=4&transport=polling";
    let opened = http().get(program.url(path)).send().await.unwrap().text().await.unwrap();
    let (_, sid) = opened.split_once(r#""sid":""#).expect("a session");
    format!("{path}&sid={}", sid.split('"').next().unwrap())
}

/// Returns every kind of request that has a body.
async fn unfinished_bodies(program: &Program) -> Vec<String> {
    let cookie = format!("Cookie: {}\r\n", program.guest("alice").await.cookie);
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let json = format!("Content-Type: application/json\r\n{cookie}");
    let polling = polling(program).await;
    vec![
        begins_a_body(program, "POST /join_chat", form),
        begins_a_body(program, "POST /rooms/general/messages", &format!("{form}{cookie}")),
        begins_a_body(program, "POST /language", form),
        begins_a_body(program, "POST /sign-in", form),
        begins_a_body(program, "POST /api/v1/rooms", &json),
        begins_a_body(program, "PATCH /api/v1/me", &json),
        begins_a_body(program, "POST /api/v1/auth/token", &json),
        begins_a_body(program, &format!("POST {polling}"), "Content-Type: text/plain\r\n"),
    ]
}

#[tokio::test]
async fn stalled_body_gets_408() {
    let program = Program::start().await;
    let stopped = unfinished_bodies(&program).await.into_iter().map(async |request| {
        let mut raw = Raw::connect(&program.address).await;
        raw.sends(request.as_bytes()).await;
        let head = raw.head().await;
        assert!(head.starts_with("HTTP/1.1 408 "), "{request}: {head}");
        assert!(head.contains("connection: close"), "{head}");
        assert!(raw.ends().await, "{request}");
    });
    join_all(stopped).await;
}

#[tokio::test]
async fn unread_response_is_cut() {
    let program = Program::start().await;
    let mut raw = Raw::connect(&program.address).await;
    let request = format!("GET /rooms/general HTTP/1.1\r\nHost: {}\r\n\r\n", program.address);
    assert!(raw.is_cut_while_sending(request.as_bytes(), TEST_TIMEOUT * 3).await);
}

#[tokio::test]
async fn stops_in_time_despite_hanging_peers() {
    let mut program = Program::start().await;
    let mut hanging = Vec::new();
    for request in unfinished_bodies(&program).await {
        let mut raw = Raw::connect(&program.address).await;
        raw.sends(request.as_bytes()).await;
        hanging.push(raw);
    }
    let poll = format!("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", polling(&program).await, program.address);
    let unfinished = &poll[..poll.len() - 2];
    for request in ["", unfinished, &poll] {
        let mut raw = Raw::connect(&program.address).await;
        raw.sends(request.as_bytes()).await;
        hanging.push(raw);
    }
    for path in ["/rooms/general", "/", "/api/docs"] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", program.address);
        let mut raw = Raw::connect(&program.address).await;
        raw.sends_until_it_is_not_read(request.as_bytes()).await;
        hanging.push(raw);
    }
    let upgrades = handshake(&program.address, "");
    for path in ["/api/v1/socket", "/", "/chat/general", "/socket.io/?EIO=4&transport=websocket"] {
        let mut raw = Raw::connect(&program.address).await;
        raw.sends(upgrades.replace("/api/v1/socket", path).as_bytes()).await;
        assert!(raw.head().await.starts_with("HTTP/1.1 101 "), "{path}");
        hanging.push(raw);
    }

    let start = Instant::now();
    assert_eq!(program.stop("-TERM").await, Some(0));
    let took = start.elapsed();
    assert!(took < MAX_STOP, "it took {took:?}");
    let wal = std::fs::metadata(program.data.path().join("chat.db-wal"));
    assert_eq!(wal.map_or(0, |wal| wal.len()), 0, "everything is in the one file");
    drop(hanging);
}

#[tokio::test]
async fn stalled_readers_are_closed_and_delay_no_other_reader() {
    const READERS: usize = 40;
    const MESSAGES: usize = 200;
    let program = Program::start().await;
    let (mut stalled, mut reading) = (Vec::new(), Vec::new());
    for number in 0..READERS {
        if number % 2 == 0 {
            stalled.push(Raw::open_with_small_buffer(&program.address, "/chat/general").await);
        } else {
            let mut peer = Peer::opens(&program, "/chat/general").await;
            peer.hears().await;
            reading.push(peer);
        }
    }
    let mut writer = program.guest("alice").await.connects().await;
    writer.joins("general", None).await;
    // More than the buffers of the system hold for a peer that does not read: 256 KiB and 4 KiB.
    let text = "x".repeat(4_000);
    for number in 0..MESSAGES {
        let asked = writer.posts("general", &format!("{number} {}", &text[4..])).await;
        writer.is_told_where(asked).await;
    }
    for peer in &mut reading {
        let mut number = 0;
        while number < MESSAGES {
            if peer.hears().await.contains(&format!(":: {number} x")) {
                number += 1;
            }
        }
    }
    // The stalled peers, and only they, are closed although they still send.
    let ping = frame(0x89, b"");
    let cut = stalled.iter_mut().map(|peer| peer.is_cut_while_trickling(&ping, TEST_TIMEOUT * 2));
    assert!(join_all(cut).await.into_iter().all(|is_cut| is_cut));
    writer.posts("general", "still here").await;
    for peer in &mut reading {
        while !peer.hears().await.ends_with(":: still here") {}
    }
}
