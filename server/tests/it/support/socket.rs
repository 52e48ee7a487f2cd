//! A hand-written client of the native wire.

use futures_util::{SinkExt, StreamExt};
use hubbub_protocol::{
    Answer, ClientFrame, ClientId, CloseReason, Command, Event, Hello, Message as ChatMessage, Posted,
    Refusal, RequestId, SUBPROTOCOL, Seq, ServerFrame,
};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::TEST_TIMEOUT;

/// An open socket.
pub(crate) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    last_request: u64,
}

impl Socket {
    pub(crate) async fn open(address: &str, cookie: Option<&str>) -> Self {
        Self::try_open(address, cookie, &[("sec-websocket-protocol", SUBPROTOCOL)]).await.unwrap()
    }

    pub(crate) async fn try_open(
        address: &str,
        cookie: Option<&str>,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, Error> {
        let mut request = format!("ws://{address}/api/v1/socket").into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().append(*name, value.parse().unwrap());
        }
        if let Some(cookie) = cookie {
            request.headers_mut().insert("cookie", cookie.parse().unwrap());
        }
        let (stream, _) = connect_async(request).await?;
        Ok(Self { stream, last_request: 0 })
    }

    pub(crate) async fn sends_text(&mut self, text: &str) {
        self.stream.send(Message::text(text)).await.unwrap();
    }

    pub(crate) async fn asks(&mut self, command: Command) -> RequestId {
        self.last_request += 1;
        let id = RequestId(self.last_request);
        self.sends_text(&ClientFrame { id, command }.encode()).await;
        id
    }

    /// Returns the next frame.
    pub(crate) async fn hears(&mut self) -> ServerFrame {
        loop {
            match timeout(TEST_TIMEOUT, self.stream.next()).await.expect("a frame comes") {
                Some(Ok(Message::Text(json))) => {
                    return ServerFrame::decode(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("expected a frame, got {other:?}"),
            }
        }
    }

    /// Returns the first frame.
    pub(crate) async fn hello(&mut self) -> Hello {
        self.waits_for(|frame| if let ServerFrame::Hello(hello) = frame { Some(hello) } else { None }).await
    }

    /// Returns the next frame that is not about presence, joins or leaves, which occur at any time.
    pub(crate) async fn hears_next(&mut self) -> ServerFrame {
        loop {
            match self.hears().await {
                ServerFrame::Signal { .. } | ServerFrame::UserEvent(_) => {}
                ServerFrame::Event { what: Event::Joined(_) | Event::Left(_), .. } => {}
                frame => return frame,
            }
        }
    }

    /// Returns the first value that `wanted` returns for a frame; skips the frames before it.
    pub(crate) async fn waits_for<T>(&mut self, wanted: impl Fn(ServerFrame) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(self.hears().await) {
                return found;
            }
        }
    }

    /// Returns the first value that `wanted` returns for an event.
    pub(crate) async fn hears_event<T>(&mut self, wanted: impl Fn(Event) -> Option<T>) -> T {
        self.waits_for(|frame| match frame {
            ServerFrame::Event { what, .. } => wanted(what),
            _ => None,
        })
        .await
    }

    /// Sends a request and returns its result; skips the frames before it.
    pub(crate) async fn is_answered(&mut self, command: Command) -> Result<Answer, Refusal> {
        let asked = self.asks(command).await;
        self.waits_for(|frame| match frame {
            ServerFrame::Reply { id, answer } if id == asked => Some(Ok(answer)),
            ServerFrame::Refusal { id, refusal } if id == Some(asked) => Some(Err(refusal)),
            _ => None,
        })
        .await
    }

    /// Joins a room and returns the frame after the answer, which contains the missed events.
    pub(crate) async fn joins(&mut self, room: &str, cursor: Option<i64>) -> ServerFrame {
        let command = Command::Join { room: room.to_owned(), cursor: cursor.map(Seq), resume: false };
        let asked = self.asks(command).await;
        loop {
            match self.hears_next().await {
                ServerFrame::Reply { id, answer: Answer::Joined(_) } if id == asked => {
                    return self.hears_next().await;
                }
                ServerFrame::Hello(_) | ServerFrame::Event { .. } => {}
                other => panic!("expected to be let in, got {other:?}"),
            }
        }
    }

    pub(crate) async fn posts(&mut self, room: &str, text: &str) -> RequestId {
        self.posts_as(room, text, ClientId::from_random_bytes(rand::random())).await
    }

    pub(crate) async fn posts_as(&mut self, room: &str, text: &str, client_id: ClientId) -> RequestId {
        let (room, text) = (room.to_owned(), text.to_owned());
        self.asks(Command::Post { room, client_id, text, reply_to: None, files: Vec::new() }).await
    }

    /// Returns the answer to a post.
    pub(crate) async fn is_told_where(&mut self, asked: RequestId) -> Posted {
        loop {
            match self.hears_next().await {
                ServerFrame::Reply { id, answer: Answer::Posted(posted) } if id == asked => return posted,
                ServerFrame::Event { .. } => {}
                other => panic!("expected the answer to a post, got {other:?}"),
            }
        }
    }

    /// Returns the next message of a room.
    pub(crate) async fn sees(&mut self) -> ChatMessage {
        loop {
            match self.hears_next().await {
                ServerFrame::Event { what: Event::Posted(message), .. } => return message,
                ServerFrame::Reply { .. } => {}
                other => panic!("expected an event, got {other:?}"),
            }
        }
    }

    /// Returns the next refusal.
    pub(crate) async fn is_refused(&mut self) -> (Option<RequestId>, Refusal) {
        match self.hears_next().await {
            ServerFrame::Refusal { id, refusal } => (id, refusal),
            other => panic!("expected a refusal, got {other:?}"),
        }
    }

    /// Waits until the server closes the connection, and returns the reason.
    pub(crate) async fn is_closed(&mut self) -> Option<CloseReason> {
        loop {
            match timeout(TEST_TIMEOUT, self.stream.next()).await.expect("the connection ends") {
                Some(Ok(Message::Close(frame))) => {
                    return frame.and_then(|frame| CloseReason::from_code(frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    pub(crate) async fn leaves(mut self) {
        self.stream.close(None).await.unwrap();
    }
}
