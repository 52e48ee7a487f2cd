//! A WebSocket address of the server, and the frames to exchange before the peer can send messages.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::raw::frame;
use crate::support::{Program, TEST_TIMEOUT};

/// One of the six addresses.
pub(super) struct Endpoint {
    address: String,
    /// The path, with `NUMBER` where each connection has a room of its own.
    pub(super) path: &'static str,
    query: String,
    greetings: &'static [Greeting],
    /// Whether a binary message is answered; otherwise it closes the connection.
    pub(super) answers_binary: bool,
}

/// A frame to exchange before the peer can send messages.
#[derive(Clone, Copy)]
enum Greeting {
    /// The server sends a frame.
    Heard,
    /// The peer sends this text.
    Said(&'static str),
}

/// An open connection, read byte by byte.
pub(super) struct Connection {
    stream: TcpStream,
}

impl Endpoint {
    pub(super) async fn all(program: &Program) -> [Self; 6] {
        use Greeting::{Heard, Said};
        let token = program.token("{}").await;
        let of = |path, query: &str, greetings, answers_binary| Self {
            address: program.address.clone(),
            path,
            query: query.to_owned(),
            greetings,
            answers_binary,
        };
        [
            of("/api/v1/socket", "", &[Heard], false),
            of("/", "", &[], true),
            of("/chat/plain-NUMBER", "", &[Heard], true),
            of("/ws/chat/form-NUMBER/u1", "", &[], true),
            of("/socket.io/", "?EIO=4&transport=websocket", &[Heard, Said("40"), Heard, Heard], true),
            of("/ws", &format!("?token={token}"), &[Heard], true),
        ]
    }

    /// Opens a connection. A number of its own gives it a room of its own, without joins and leaves of others.
    pub(super) async fn opens(&self, number: usize) -> Connection {
        let path = self.path.replace("NUMBER", &number.to_string());
        let request = format!(
            "GET {path}{} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
            self.query, self.address
        );
        let stream = TcpStream::connect(&self.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut connection = Connection { stream };
        connection.sends(request.as_bytes(), usize::MAX).await;
        connection.reads_head().await;
        for greeting in self.greetings {
            match greeting {
                Greeting::Heard => assert_eq!(connection.frame().await.expect("a greeting").0, 1),
                Greeting::Said(text) => connection.sends(&frame(0x81, text.as_bytes()), usize::MAX).await,
            }
        }
        connection
    }
}

impl Connection {
    /// Sends the bytes in pieces of at most `piece` bytes.
    pub(super) async fn sends(&mut self, bytes: &[u8], piece: usize) {
        for piece in bytes.chunks(piece) {
            // The server may have closed already; the next read reports it.
            drop(self.stream.write_all(piece).await);
        }
    }

    async fn reads_head(&mut self) {
        let mut head = Vec::new();
        let read = async {
            while !head.ends_with(b"\r\n\r\n") {
                head.push(self.stream.read_u8().await.expect("a response"));
            }
        };
        timeout(TEST_TIMEOUT, read).await.expect("a response comes");
        assert!(head.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&head));
    }

    /// Returns opcode and payload of the next frame, or `None` at the end of the stream.
    pub(super) async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
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
        timeout(TEST_TIMEOUT, read).await.expect("a frame or the end comes")
    }

    pub(super) async fn is_at_its_end(&mut self) -> bool {
        matches!(timeout(TEST_TIMEOUT, self.stream.read_u8()).await, Ok(Err(_)))
    }
}
