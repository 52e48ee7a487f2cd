//! Hostile peers: each performs one attack after the other, until the server ends it.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};

use crate::support::raw::{frame, handshake};

/// Maximum time of an attack, which is longer than the server allows any of them.
const ATTACK: Duration = Duration::from_secs(30);
/// Size in bytes of the receive buffer of a peer that does not read.
const RECEIVE_BUFFER_BYTES: u32 = 4_096;
/// Number of frames of a flood.
const FLOOD: usize = 100;

/// Performs attacks endlessly.
pub(crate) async fn attacks(address: String, number: usize) {
    for turn in number.. {
        let attack = async {
            match turn % 7 {
                0 => half_open(&address).await,
                1 => never_reads(&address, turn).await,
                2 => garbage(&address).await,
                3 => oversized(&address).await,
                4 => flood(&address, turn).await,
                5 => unpolled(&address, turn).await,
                _ => trickle(&address).await,
            }
        };
        // An attack usually ends with an error; the next one follows.
        _ = timeout(ATTACK, attack).await;
    }
}

async fn connects(address: &str) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(RECEIVE_BUFFER_BYTES)?;
    socket.connect(address.parse().unwrap()).await
}

/// Opens a WebSocket on a path.
async fn opens(address: &str, path: &str) -> std::io::Result<TcpStream> {
    let mut stream = connects(address).await?;
    stream.write_all(handshake(address, "").replace("/api/v1/socket", path).as_bytes()).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(stream)
}

async fn ends(mut stream: TcpStream) -> std::io::Result<()> {
    let mut buffer = [0; 4_096];
    while stream.read(&mut buffer).await? > 0 {}
    Ok(())
}

fn text(text: &str) -> Vec<u8> {
    frame(0x81, text.as_bytes())
}

fn room(turn: usize) -> String {
    format!("room{}", turn % crate::ROOMS)
}

/// A handshake that is never complete.
async fn half_open(address: &str) -> std::io::Result<()> {
    let mut stream = connects(address).await?;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").await?;
    ends(stream).await
}

/// Requests the history repeatedly and never reads it.
async fn never_reads(address: &str, turn: usize) -> std::io::Result<()> {
    let mut stream = opens(address, "/").await?;
    stream.write_all(&text(&json!({"action": "join", "room": room(turn)}).to_string())).await?;
    let ask = text(&json!({"action": "history", "room": room(turn), "limit": 200}).to_string());
    loop {
        stream.write_all(&ask).await?;
    }
}

/// Sends bytes that are not frames.
async fn garbage(address: &str) -> std::io::Result<()> {
    for path in ["/", "/chat/general", "/socket.io/?EIO=4&transport=websocket", "/api/v1/socket"] {
        let mut stream = opens(address, path).await?;
        let bytes: [u8; 32] = rand::random();
        stream.write_all(&bytes.repeat(128)).await?;
        _ = ends(stream).await;
    }
    Ok(())
}

/// Sends a frame that announces 16 MiB, and a text over the limit.
async fn oversized(address: &str) -> std::io::Result<()> {
    let mut stream = opens(address, "/").await?;
    stream.write_all(&[0x81, 0xff, 0, 0, 0, 0, 1, 0, 0, 0, 1, 2, 3, 4]).await?;
    _ = stream.write_all(&[b'x'; 4_096]).await;
    _ = ends(stream).await;
    let mut stream = opens(address, "/chat/general").await?;
    stream.write_all(&text(&"x".repeat(100_000))).await?;
    ends(stream).await
}

/// Sends many frames at once, some of them valid.
async fn flood(address: &str, turn: usize) -> std::io::Result<()> {
    let stream = opens(address, "/").await?;
    let (mut reads, mut writes) = stream.into_split();
    let flood = async {
        writes.write_all(&text(&json!({"action": "join", "room": room(turn)}).to_string())).await?;
        let post = text(&json!({"action": "message", "room": room(turn), "text": "flood"}).to_string());
        let ping = frame(0x89, b"flood");
        for number in 0..FLOOD {
            let bytes = match number % 3 {
                0 => &post[..],
                1 => &ping,
                _ => b"\x81\x83\0\0\0\0abc",
            };
            writes.write_all(bytes).await?;
        }
        // Sends a close frame, so that the server closes the connection.
        writes.write_all(&frame(0x88, &[3, 232])).await
    };
    let reading = async {
        let mut buffer = [0; 4_096];
        while reads.read(&mut buffer).await? > 0 {}
        Ok(())
    };
    tokio::try_join!(flood, reading).map(drop)
}

/// Opens a Socket.IO session that joins a room and is never polled.
async fn unpolled(address: &str, turn: usize) -> std::io::Result<()> {
    let client = crate::support::program::http();
    let url = format!("http://{address}/socket.io/?EIO=4&transport=polling");
    let Ok(opened) = client.get(&url).send().await else { return Ok(()) };
    let opened = opened.text().await.unwrap_or_default();
    let Some((_, sid)) = opened.split_once(r#""sid":""#) else { return Ok(()) };
    let url = format!("{url}&sid={}", sid.split('"').next().unwrap_or_default());
    let join = format!("40\u{1e}42{}", json!(["join_room", {"room": room(turn)}]));
    let mut body = join;
    while let Ok(posted) = client.post(&url).body(body).send().await
        && posted.status().is_success()
    {
        body = format!("42{}", json!(["get_room_users", {"room": room(turn)}]));
        sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}

/// Sends a body byte by byte.
async fn trickle(address: &str) -> std::io::Result<()> {
    let mut stream = connects(address).await?;
    let head = "POST /join_chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                Content-Length: 60000\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    loop {
        stream.write_all(b"x").await?;
        sleep(Duration::from_millis(200)).await;
    }
}
