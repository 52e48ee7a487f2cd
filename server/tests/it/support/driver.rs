//! The client core of the browser on a real socket.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use hubbub_client::{Client, Effect, Intent, Millis, SocketEvent};
use hubbub_protocol::{ClientId, MessageText, RoomName, SUBPROTOCOL, Timestamp};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::Guest;

/// A user who keeps posting while the server is killed and restarted.
pub(crate) struct Talker {
    guest: Guest,
    client: Client,
    socket: Option<WebSocketStream<MaybeTlsStream<TcpStream>>>,
    started: Instant,
    room: RoomName,
    /// The posted messages, in order.
    pub(crate) said: Vec<ClientId>,
    /// The messages that the server has acknowledged as stored.
    pub(crate) acknowledged: BTreeSet<ClientId>,
}

impl Talker {
    pub(crate) fn new(guest: Guest, room: &str, seed: u64) -> Self {
        let room = RoomName::parse(room).unwrap();
        let mut client = Client::new(seed);
        client.handle(Intent::Open { room: room.clone() }, Millis(0));
        client.handle(Intent::Start, Millis(0));
        let (said, acknowledged) = (Vec::new(), BTreeSet::new());
        Self { guest, client, socket: None, started: Instant::now(), room, said, acknowledged }
    }

    fn now(&self) -> Millis {
        Millis(u64::try_from(self.started.elapsed().as_millis()).unwrap())
    }

    /// Posts a text without waiting until it is stored.
    pub(crate) fn says(&mut self, text: &str) {
        let client_id = ClientId::from_random_bytes(rand::random());
        let text = MessageText::parse(text).unwrap();
        self.said.push(client_id);
        let post = Intent::Post {
            room: self.room.clone(),
            client_id,
            text,
            reply_to: None,
            at: Timestamp::from_millis(0),
            files: Vec::new(),
        };
        self.client.handle(post, self.now());
    }

    /// Reconnects without waiting for the back-off, as a user does with "Retry now".
    pub(crate) fn retries(&mut self) {
        self.client.handle(Intent::RetryNow, self.now());
    }

    pub(crate) fn outbox_is_empty(&self) -> bool {
        self.acknowledged.len() == self.said.len()
    }

    /// Runs the client for this time.
    pub(crate) async fn lives(&mut self, time: Duration) {
        let end = Instant::now() + time;
        loop {
            self.carry_out().await;
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            let now = self.now();
            let due = self.client.next_deadline().map_or(left, |due| Duration::from_millis(due.since(now)));
            let event = match &mut self.socket {
                Some(socket) => tokio::time::timeout(left.min(due), socket.next()).await.ok(),
                None => {
                    tokio::time::sleep(left.min(due)).await;
                    None
                }
            };
            let now = self.now();
            match event {
                Some(Some(Ok(Message::Text(text)))) => {
                    self.client.on_socket(SocketEvent::text(&text), now);
                }
                Some(Some(Ok(Message::Close(frame)))) => {
                    self.socket = None;
                    let code = frame.map(|frame| frame.code.into());
                    self.client.on_socket(SocketEvent::Closed { code }, now);
                }
                Some(Some(Ok(_))) => {}
                Some(Some(Err(_)) | None) => {
                    self.socket = None;
                    self.client.on_socket(SocketEvent::Closed { code: None }, now);
                }
                None => self.client.on_tick(now),
            }
        }
    }

    async fn carry_out(&mut self) {
        loop {
            let effects = self.client.take_effects();
            if effects.is_empty() {
                return;
            }
            for effect in effects {
                match effect {
                    Effect::Connect => self.connect().await,
                    Effect::Disconnect { .. } => self.socket = None,
                    Effect::Send(text) => {
                        if let Some(socket) = &mut self.socket {
                            // A failure to send is ignored here, because the next read reports it.
                            _ = socket.send(Message::text(text)).await;
                        }
                    }
                    Effect::Keep(_) | Effect::Refused { .. } | Effect::Restore => {}
                    Effect::Upload { .. } | Effect::StopUpload { .. } | Effect::DiscardFile { .. } => {}
                    Effect::Forget(client_id) => {
                        self.acknowledged.insert(client_id);
                    }
                }
            }
        }
    }

    async fn connect(&mut self) {
        let mut request = format!("ws://{}/api/v1/socket", self.guest.address).into_client_request().unwrap();
        request.headers_mut().insert("cookie", self.guest.cookie.parse().unwrap());
        request.headers_mut().insert("sec-websocket-protocol", SUBPROTOCOL.parse().unwrap());
        let event = match connect_async(request).await {
            Ok((socket, _)) => {
                self.socket = Some(socket);
                SocketEvent::Opened
            }
            Err(_) => SocketEvent::Closed { code: None },
        };
        let now = self.now();
        self.client.on_socket(event, now);
    }
}
