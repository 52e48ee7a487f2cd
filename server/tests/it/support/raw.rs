//! A TCP client that can send invalid requests and frames.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use super::TEST_TIMEOUT;

/// Receive buffer of a peer that does not read.
const SMALL_BUFFER_BYTES: u32 = 4_096;
/// Time between two writes of a slow peer.
const TRICKLE_PAUSE: Duration = Duration::from_millis(250);

/// A TCP connection.
pub(crate) struct Raw {
    stream: TcpStream,
}

impl Raw {
    pub(crate) async fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream }
    }

    /// Sends one request. Returns the status, and the whole answer up to the end of the connection.
    pub(crate) async fn answer(address: &str, request: &str) -> (u16, String) {
        let mut raw = Self::connect(address).await;
        raw.sends(request.as_bytes()).await;
        let head = raw.head().await;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        timeout(TEST_TIMEOUT, raw.stream.read_exact(&mut body)).await.expect("the body comes").unwrap();
        let status = status.unwrap_or_else(|| panic!("{request}: {head}"));
        (status, head + &String::from_utf8_lossy(&body))
    }

    /// Opens a WebSocket whose receive buffer is small, so that the server soon cannot send to a peer that does not read.
    pub(crate) async fn open_with_small_buffer(address: &str, path: &str) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(SMALL_BUFFER_BYTES).unwrap();
        let mut raw = Self { stream: socket.connect(address.parse().unwrap()).await.unwrap() };
        raw.sends(handshake(address, "").replace("/api/v1/socket", path).as_bytes()).await;
        assert!(raw.head().await.starts_with("HTTP/1.1 101 "));
        raw
    }

    /// Opens a WebSocket and reads the hello.
    pub(crate) async fn open(address: &str) -> Self {
        let mut raw = Self::connect(address).await;
        raw.sends(handshake(address, "").as_bytes()).await;
        assert!(raw.head().await.starts_with("HTTP/1.1 101 "));
        let (opcode, _) = raw.frame().await.expect("hello");
        assert_eq!(opcode, 1);
        raw
    }

    pub(crate) async fn sends(&mut self, bytes: &[u8]) {
        // The server may have closed already; the next read reports it.
        _ = self.stream.write_all(bytes).await;
    }

    /// Sends the bytes in pieces of at most `piece` bytes.
    pub(crate) async fn sends_in_pieces(&mut self, bytes: &[u8], piece: usize) {
        for piece in bytes.chunks(piece) {
            self.sends(piece).await;
        }
    }

    /// Sends these bytes repeatedly without reading. Returns whether the server ends the connection within `patience`.
    pub(crate) async fn is_cut_while_sending(&mut self, bytes: &[u8], patience: Duration) -> bool {
        let sending = async { while self.stream.write_all(bytes).await.is_ok() {} };
        timeout(patience, sending).await.is_ok()
    }

    /// Sends these bytes slowly without reading. Returns whether the server ends the connection within `patience`.
    pub(crate) async fn is_cut_while_trickling(&mut self, bytes: &[u8], patience: Duration) -> bool {
        let sending = async {
            while self.stream.write_all(bytes).await.is_ok() {
                tokio::time::sleep(TRICKLE_PAUSE).await;
            }
        };
        timeout(patience, sending).await.is_ok()
    }

    /// Sends these bytes repeatedly without reading, until the server accepts no more.
    pub(crate) async fn sends_until_it_is_not_read(&mut self, bytes: &[u8]) {
        let silent = Duration::from_secs(1);
        while timeout(silent, self.stream.write_all(bytes)).await.is_ok_and(|sent| sent.is_ok()) {}
    }

    /// Returns the head of an HTTP response, up to the empty line; empty if the connection ends.
    pub(crate) async fn head(&mut self) -> String {
        let mut head = Vec::new();
        let read = async {
            while !head.ends_with(b"\r\n\r\n") {
                match self.stream.read_u8().await {
                    Ok(byte) => head.push(byte),
                    Err(_) => break,
                }
            }
        };
        timeout(TEST_TIMEOUT, read).await.expect("a response comes");
        String::from_utf8(head).unwrap()
    }

    /// Returns opcode and payload of the next frame, or `None` at the end of the stream.
    pub(crate) async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let read = async {
            let first = self.stream.read_u8().await.ok()?;
            let length = match self.stream.read_u8().await.ok()? {
                126 => u64::from(self.stream.read_u16().await.ok()?),
                127 => self.stream.read_u64().await.ok()?,
                length => u64::from(length),
            };
            let mut payload = vec![0; usize::try_from(length).unwrap()];
            self.stream.read_exact(&mut payload).await.ok()?;
            assert_eq!(first & 0xf0, 0x80, "whole frames without reserved bits");
            Some((first & 0x0f, payload))
        };
        timeout(TEST_TIMEOUT, read).await.expect("a frame comes")
    }

    /// Returns the code of the close frame that ends the connection.
    pub(crate) async fn close_code(&mut self) -> Option<u16> {
        while let Some((opcode, payload)) = self.frame().await {
            if opcode == 8 {
                return Some(u16::from_be_bytes([*payload.first()?, *payload.get(1)?]));
            }
        }
        None
    }

    /// Whether the connection ends, after any other data.
    pub(crate) async fn ends(&mut self) -> bool {
        timeout(TEST_TIMEOUT, async { while self.stream.read_u8().await.is_ok() {} }).await.is_ok()
    }

    pub(crate) async fn is_at_its_end(&mut self) -> bool {
        matches!(timeout(TEST_TIMEOUT, self.stream.read_u8()).await, Ok(Err(_)))
    }
}

/// Returns a valid opening handshake with further headers.
pub(crate) fn handshake(host: &str, more: &str) -> String {
    format!(
        "GET /api/v1/socket HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{more}\r\n"
    )
}

/// Returns a masked frame (RFC 6455, section 5.2) with this first byte.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        length @ 0..126 => bytes.push(0x80 | u8::try_from(length).unwrap()),
        length => {
            bytes.push(0x80 | 127);
            bytes.extend(u64::try_from(length).unwrap().to_be_bytes());
        }
    }
    let mask = [0x11, 0x22, 0x33, 0x44];
    bytes.extend(mask);
    bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}
