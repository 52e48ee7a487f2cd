//! A connection of a visitor over a WebSocket or by polling.

use std::time::Duration;

use futures_util::stream::SplitSink;
use futures_util::{SinkExt, StreamExt};
use hubbub_protocol::SUBPROTOCOL;
use reqwest::Client;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Maximum time for an answer: a thousand peers share two processors with an unoptimised program.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time that a client keeps an idle HTTP connection. It is shorter than the server's, so that no request is sent on a
/// connection that is being closed.
const IDLE: Duration = Duration::from_secs(5);
/// The address of Socket.IO without the transport.
pub(crate) const SOCKET_IO: &str = "/socket.io/?EIO=4&transport=";

/// A frame to send, if not empty, and a part of the expected answer, if not empty.
pub(crate) struct Step {
    pub(crate) says: String,
    pub(crate) hears: String,
}

/// A connection of a visitor. A task reads it continuously, so that no visitor is slow.
pub(crate) struct Connection {
    transport: Transport,
    received: mpsc::UnboundedReceiver<String>,
    reader: AbortHandle,
}

enum Transport {
    Socket(Box<SplitSink<WebSocketStream<MaybeTlsStream<TcpStream>>, Message>>),
    Polling { client: Client, url: String },
}

impl Connection {
    pub(crate) async fn opens(address: &str, path: &str) -> Self {
        let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
        if path.starts_with("/api/") {
            request.headers_mut().insert("sec-websocket-protocol", SUBPROTOCOL.parse().unwrap());
        }
        let (socket, _) = timeout(PATIENCE, connect_async(request)).await.expect("it opens").unwrap();
        let (sink, mut stream) = socket.split();
        let (sender, received) = mpsc::unbounded_channel();
        let reader = tokio::spawn(async move {
            while let Some(Ok(message)) = stream.next().await {
                if let Message::Text(text) = message {
                    _ = sender.send(text.as_str().to_owned());
                }
            }
        });
        Self { transport: Transport::Socket(Box::new(sink)), received, reader: reader.abort_handle() }
    }

    pub(crate) async fn polls(address: &str) -> Self {
        let client = Client::builder().timeout(PATIENCE).pool_idle_timeout(IDLE).build().unwrap();
        let url = format!("http://{address}{SOCKET_IO}polling");
        let opened = client.get(&url).send().await.unwrap().text().await.unwrap();
        let opened: Value = serde_json::from_str(opened.strip_prefix('0').unwrap()).unwrap();
        let url = format!("{url}&sid={}", opened["sid"].as_str().unwrap());
        let (sender, received) = mpsc::unbounded_channel();
        let polls = client.get(&url);
        let reader = tokio::spawn(async move {
            while let Ok(polled) = polls.try_clone().unwrap().send().await
                && polled.status().is_success()
                && let Ok(payload) = polled.text().await
            {
                _ = sender.send(payload);
            }
        });
        Self { transport: Transport::Polling { client, url }, received, reader: reader.abort_handle() }
    }

    async fn says(&mut self, text: &str) {
        match &mut self.transport {
            Transport::Socket(sink) => sink.send(Message::text(text)).await.unwrap(),
            Transport::Polling { client, url } => {
                let posted = client.post(&*url).body(text.to_owned()).send().await.unwrap();
                assert!(posted.status().is_success(), "{} to {text}", posted.status());
            }
        }
    }

    /// Sends what a step sends, and waits for its answer.
    pub(crate) async fn performs(&mut self, step: &Step) {
        if !step.says.is_empty() {
            self.says(&step.says).await;
        }
        if step.hears.is_empty() {
            return;
        }
        let mut last = String::new();
        let heard = timeout(PATIENCE, async {
            while let Some(text) = self.received.recv().await {
                if text.contains(&step.hears) {
                    return true;
                }
                last = text;
            }
            false
        });
        let is_heard = heard.await;
        assert_eq!(is_heard, Ok(true), "{} was not answered; the last was {last}", step.says);
    }

    pub(crate) async fn closes(mut self) {
        match &mut self.transport {
            Transport::Socket(sink) => _ = sink.close().await,
            Transport::Polling { client, url } => _ = client.post(&*url).body("1").send().await,
        }
        self.reader.abort();
    }
}
