//! A WebSocket address of the server, and the frames to exchange before the peer can send messages.

use crate::support::Program;
use crate::support::raw::{Raw, frame, handshake};

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
    pub(super) async fn opens(&self, number: usize) -> Raw {
        let path = self.path.replace("NUMBER", &number.to_string()) + &self.query;
        let mut connection = Raw::connect(&self.address).await;
        connection.sends(handshake(&self.address, "").replace("/api/v1/socket", &path).as_bytes()).await;
        let head = connection.head().await;
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        for greeting in self.greetings {
            match greeting {
                Greeting::Heard => assert_eq!(connection.frame().await.expect("a greeting").0, 1),
                Greeting::Said(text) => connection.sends(&frame(0x81, text.as_bytes())).await,
            }
        }
        connection
    }
}
