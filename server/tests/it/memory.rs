//! Memory during and after attempts of a thousand peers to make the server's memory grow. The limits are in
//! `docs/limits.md`; the tests allow more, because the program is unoptimised.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use super::support::program::http;
use super::support::raw::{frame, handshake};
use super::support::{Peer, Program, TEST_TIMEOUT};

const PEERS: usize = 1_000;
/// Rooms of the peers that never read, messages in each room, and requests of each peer.
const ROOMS: usize = 20;
const MESSAGES: usize = 50;
const ASKS: usize = 100;
const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;
/// Bytes that the allocator may keep of freed memory, and that the program keeps for reuse.
const KEPT: u64 = 48 * MIB;
/// Bytes that the allocator may keep after pages of 200 KB, which it takes from its own heap and not from the system.
const KEPT_OF_PAGES: u64 = 160 * MIB;
/// Maximum time until a thousand peers that do not read are disconnected: ten seconds for each, and the time that an
/// unoptimised program needs to answer all of them first.
const CUT_TIMEOUT: Duration = Duration::from_secs(180);
/// Receive buffer of a peer in bytes. It is small, so that the server soon cannot send to a peer that does not read.
const RECEIVE_BUFFER_BYTES: u32 = 4_096;

/// Checks the maximum of the server's memory per peer, in bytes.
fn assert_each_takes(program: &Program, before: u64, bytes: u64) {
    let taken = program.allocated_bytes().saturating_sub(before);
    assert!(taken < PEERS as u64 * bytes, "{PEERS} peers take {} KiB each", taken / PEERS as u64 / KIB);
}

/// Waits until the memory is as before, except for `kept` bytes.
async fn is_given_back(program: &Program, before: u64, kept: u64) {
    let end = Instant::now() + 4 * TEST_TIMEOUT;
    while program.allocated_bytes() > before + kept {
        assert!(Instant::now() < end, "{} MiB, and before {}", program.allocated_bytes() / MIB, before / MIB);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn connects(program: &Program) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(RECEIVE_BUFFER_BYTES).unwrap();
    socket.connect(program.address.parse().unwrap()).await.unwrap()
}

/// Opens a WebSocket and sends these texts, without reading more than the response.
async fn opens(program: &Program, path: &str, says: &[&str]) -> TcpStream {
    let mut stream = connects(program).await;
    let request = handshake(&program.address, "").replace("/api/v1/socket", path);
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(timeout(TEST_TIMEOUT, stream.read_u8()).await.unwrap().unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&head));
    let says: Vec<Vec<u8>> = says.iter().map(|text| frame(0x81, text.as_bytes())).collect();
    stream.write_all(&says.concat()).await.unwrap();
    stream
}

#[tokio::test]
async fn half_open_handshakes_use_little_memory_and_end() {
    let program = Program::start().await;
    let before = program.allocated_bytes();
    let mut peers = Vec::new();
    for _ in 0..PEERS {
        let mut peer = connects(&program).await;
        peer.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").await.unwrap();
        peers.push(peer);
    }
    assert_each_takes(&program, before, 40 * KIB);
    // The server closes all of them.
    for peer in &mut peers {
        let mut answer = Vec::new();
        _ = timeout(2 * TEST_TIMEOUT, peer.read_to_end(&mut answer)).await.expect("it ends");
    }
    is_given_back(&program, before, KEPT).await;
}

#[tokio::test]
async fn polling_sessions_use_little_memory_and_end() {
    let program = Program::start().await;
    let client = http();
    let before = program.allocated_bytes();
    for _ in 0..PEERS {
        let opened = client.get(program.url("/socket.io/?EIO=4&transport=polling")).send().await.unwrap();
        assert_eq!(opened.status(), 200);
    }
    assert_each_takes(&program, before, 24 * KIB);
    is_given_back(&program, before, KEPT).await;
}

#[tokio::test]
async fn anonymous_peers_use_little_memory() {
    let program = Program::start().await;
    let before = program.allocated_bytes();
    let mut peers = Vec::new();
    for number in 0..PEERS {
        let (path, says): (_, &[&str]) = match number % 2 {
            0 => ("/socket.io/?EIO=4&transport=websocket", &["40", "42[\"dance\",{}]"]),
            _ => ("/", &["nonsense"]),
        };
        peers.push(opens(&program, path, says).await);
    }
    assert_each_takes(&program, before, 64 * KIB);
    drop(peers);
    is_given_back(&program, before, KEPT).await;
}

/// Posts messages to a room, and returns the author.
async fn fills_room(program: &Program, room: usize, text: &str) -> Peer {
    let mut talker = Peer::opens(program, &format!("/chat/room{room}")).await;
    talker.hears().await;
    for _ in 0..MESSAGES {
        talker.says(text).await;
    }
    for _ in 0..MESSAGES {
        talker.hears().await;
    }
    talker
}

/// Opens a connection that requests much, or only receives, and never reads. The number selects its room and its wire.
async fn opens_without_reading(program: &Program, number: usize) -> TcpStream {
    let room = format!("room{}", number % ROOMS);
    match number / ROOMS % 4 {
        // Requests a page of 200 KB repeatedly.
        0 => {
            let join = json!({"action": "join", "room": room, "history": 0}).to_string();
            let ask = json!({"action": "history", "room": room, "limit": 50}).to_string();
            let asks = [vec![join.as_str()], vec![ask.as_str(); ASKS]].concat();
            opens(program, "/", &asks).await
        }
        1 => {
            let join = format!("42{}", json!(["join_room", {"room": room}]));
            let asks = [vec!["40"], vec![join.as_str(); ASKS]].concat();
            opens(program, "/socket.io/?EIO=4&transport=websocket", &asks).await
        }
        // This peer only receives the messages of others.
        2 => opens(program, &format!("/chat/{room}"), &[]).await,
        _ => opens(program, &format!("/ws/chat/{room}/u{number}"), &[]).await,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn peers_that_never_read_use_bounded_memory_and_are_closed() {
    /// Messages in each room that are posted while the peers do not read.
    const LATER_MESSAGES: usize = 20;
    let program = Program::start_with(&["--limit-posting", "off", "--limit-joining", "off"]).await;
    let text = "x".repeat(4_000);
    let mut talkers = Vec::new();
    for room in 0..ROOMS {
        talkers.push(fills_room(&program, room, &text).await);
    }
    let (before, open_before) = (program.allocated_bytes(), program.open_descriptors());
    let mut peers = Vec::new();
    for number in 0..PEERS {
        peers.push(opens_without_reading(&program, number).await);
    }
    // Many messages are posted, and only their authors read.
    for talker in &mut talkers {
        for _ in 0..LATER_MESSAGES {
            talker.says(&text).await;
        }
    }
    let mut most = program.allocated_bytes();
    let end = Instant::now() + Duration::from_secs(3);
    while Instant::now() < end {
        most = most.max(program.allocated_bytes());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let each = most.saturating_sub(before) / PEERS as u64 / KIB;
    assert!(each < 512, "{each} KiB each");
    drop(talkers);
    // All of them are disconnected while they do not read. The system limits its own buffers.
    let end = Instant::now() + CUT_TIMEOUT;
    while program.open_descriptors() > open_before {
        assert!(Instant::now() < end, "{} are open, and before {open_before}", program.open_descriptors());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    is_given_back(&program, before, KEPT_OF_PAGES).await;
}
