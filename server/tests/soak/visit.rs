//! A visit over one of the wires: connect, join, post, read history, leave. The wires differ only in their frames.

use std::sync::Arc;

use hubbub_protocol::{ClientFrame, ClientId, Command, RequestId};
use serde_json::{Value, json};

use crate::connection::{Connection, SOCKET_IO, Step};
use crate::support::Program;
use crate::support::program::http;

/// Number of messages that a visitor requests from the history.
const HISTORY: u32 = 20;

/// The wires, and the two transports of Socket.IO.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wire {
    Actions,
    Plain,
    Form,
    SocketIo,
    Polling,
    Typed,
    Native,
}

const WIRES: [Wire; 7] =
    [Wire::Actions, Wire::Plain, Wire::Form, Wire::SocketIo, Wire::Polling, Wire::Typed, Wire::Native];

/// A user who connects repeatedly.
pub(crate) struct Visitor {
    number: usize,
    wire: Wire,
    room: String,
    room_id: i64,
    address: String,
    /// The token, for the wires that need or allow an identity.
    token: Option<String>,
}

/// A visitor who has joined the room.
pub(crate) struct Visit {
    visitor: Arc<Visitor>,
    connection: Connection,
}

impl Visitor {
    pub(crate) async fn new(program: &Program, number: usize, rooms: &[i64]) -> Self {
        let wire = WIRES[number % WIRES.len()];
        let room = number % rooms.len();
        let token = match wire {
            Wire::Typed | Wire::Native => {
                let asked = http().post(program.url("/api/v1/auth/token"));
                let asked = asked.header("content-type", "application/json").body("{}").send().await.unwrap();
                let answer: Value = serde_json::from_str(&asked.text().await.unwrap()).unwrap();
                Some(answer["token"].as_str().unwrap().to_owned())
            }
            _ => None,
        };
        let (room, room_id, address) = (format!("room{room}"), rooms[room], program.address.clone());
        Self { number, wire, room, room_id, address, token }
    }

    /// Connects, joins and posts. Waits until the post is acknowledged or shown, which happens only after it is stored.
    pub(crate) async fn comes_and_posts(self: Arc<Self>, round: usize) -> Visit {
        let mut connection = match self.wire {
            Wire::Polling => Connection::polls(&self.address).await,
            _ => Connection::opens(&self.address, &self.path()).await,
        };
        let text = format!("visit {round} of {}, which says what people say in a chat", self.number);
        for step in self.joining().into_iter().chain([self.posting(text)]) {
            connection.performs(&step).await;
        }
        Visit { visitor: self, connection }
    }

    fn path(&self) -> String {
        let token = self.token.as_deref().unwrap_or_default();
        match self.wire {
            Wire::Actions => "/".to_owned(),
            Wire::Plain => format!("/chat/{}?history={HISTORY}", self.room),
            Wire::Form => format!("/ws/chat/{}/u{}", self.room, self.number),
            Wire::SocketIo | Wire::Polling => format!("{SOCKET_IO}websocket"),
            Wire::Typed => format!("/ws?token={token}"),
            Wire::Native => format!("/api/v1/socket?token={token}"),
        }
    }

    fn joining(&self) -> Vec<Step> {
        let room = &self.room;
        match self.wire {
            Wire::Actions => {
                vec![step(
                    json!({"action": "join", "room": room, "history": 0}).to_string(),
                    r#""action":"joined""#,
                )]
            }
            Wire::Plain => vec![step(String::new(), "system :: you are ")],
            // This wire does not answer a join.
            Wire::Form => Vec::new(),
            Wire::SocketIo | Wire::Polling => vec![
                step("40".to_owned(), r#"42["connected""#),
                step(emit("join_room", &json!({"room": room})), r#"42["joined_room""#),
            ],
            Wire::Typed => vec![step(
                json!({"type": "join_chat", "chat_id": self.room_id}).to_string(),
                r#""type":"joined_chat""#,
            )],
            Wire::Native => {
                vec![native(1, Command::Join { room: room.clone(), cursor: None, resume: false })]
            }
        }
    }

    fn posting(&self, text: String) -> Step {
        let room = &self.room;
        match self.wire {
            Wire::Actions => {
                step(json!({"action": "message", "room": room, "text": text}).to_string(), &text)
            }
            Wire::Plain | Wire::Form => step(text.clone(), &text),
            Wire::SocketIo | Wire::Polling => {
                step(emit("send_message", &json!({"room": room, "text": text})), r#"42["message_sent""#)
            }
            Wire::Typed => step(
                json!({"type": "send_message", "chat_id": self.room_id, "content": text}).to_string(),
                &text,
            ),
            Wire::Native => {
                let client_id = ClientId::from_random_bytes(rand::random());
                native(
                    2,
                    Command::Post { room: room.clone(), client_id, text, reply_to: None, files: Vec::new() },
                )
            }
        }
    }

    /// Returns the steps that read the history and leave the room.
    fn parting(&self) -> Vec<Step> {
        let room = &self.room;
        match self.wire {
            Wire::Actions => vec![
                step(
                    json!({"action": "history", "room": room, "limit": HISTORY}).to_string(),
                    r#""action":"history""#,
                ),
                step(json!({"action": "leave", "room": room}).to_string(), r#""action":"left""#),
            ],
            // The join was answered with the history; closing the connection leaves the room.
            Wire::Plain | Wire::Form => Vec::new(),
            Wire::SocketIo | Wire::Polling => vec![
                // A second join is answered with the history again.
                step(emit("join_room", &json!({"room": room})), r#"42["joined_room""#),
                step(emit("leave_room", &json!({"room": room})), r#"42["left_room""#),
            ],
            Wire::Typed => vec![
                step(json!({"type": "leave_chat", "chat_id": self.room_id}).to_string(), ""),
                step(json!({"type": "ping"}).to_string(), r#""type":"pong""#),
            ],
            Wire::Native => vec![native(3, self.history()), native(4, Command::Leave { room: room.clone() })],
        }
    }
}

impl Visitor {
    fn history(&self) -> Command {
        let room = self.room.clone();
        Command::History { room, before: None, after: None, around: None, limit: Some(HISTORY) }
    }
}

impl Visit {
    /// Reads the history and leaves.
    pub(crate) async fn reads_and_leaves(mut self) {
        for step in self.visitor.parting() {
            self.connection.performs(&step).await;
        }
        self.connection.closes().await;
    }
}

fn step(says: String, hears: &str) -> Step {
    Step { says, hears: hears.to_owned() }
}

fn emit(event: &str, payload: &Value) -> String {
    format!("42{}", json!([event, payload]))
}

fn native(id: u64, command: Command) -> Step {
    let says = ClientFrame { id: RequestId(id), command }.encode();
    Step { says, hears: format!(r#"{{"reply":{{"id":{id},"#) }
}
