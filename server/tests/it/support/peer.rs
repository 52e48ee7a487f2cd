//! A hand-written client of the legacy protocols that use a WebSocket.

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{Program, TEST_TIMEOUT};

/// An open socket.
pub(crate) struct Peer {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Peer {
    pub(crate) async fn opens(program: &Program, path: &str) -> Self {
        Self::try_opens(program, path, &[]).await.unwrap()
    }

    pub(crate) async fn try_opens(
        program: &Program,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, Error> {
        let mut request = format!("ws://{}{path}", program.address).into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().append(*name, value.parse().unwrap());
        }
        let (stream, _) = connect_async(request).await?;
        Ok(Self { stream })
    }

    /// Returns status and body of a refused handshake.
    pub(crate) async fn is_refused(
        program: &Program,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> (u16, Value) {
        match Self::try_opens(program, path, headers).await {
            Err(Error::Http(response)) => {
                let body = response.body().clone().unwrap_or_default();
                (response.status().as_u16(), serde_json::from_slice(&body).unwrap_or(Value::Null))
            }
            Err(error) => panic!("expected a refusal, got {error}"),
            Ok(_) => panic!("expected a refusal of {path}"),
        }
    }

    pub(crate) async fn says(&mut self, text: &str) {
        self.stream.send(Message::text(text)).await.unwrap();
    }

    pub(crate) async fn sends(&mut self, message: Message) {
        self.stream.send(message).await.unwrap();
    }

    pub(crate) async fn asks(&mut self, frame: Value) {
        self.says(&frame.to_string()).await;
    }

    /// Returns the next text frame.
    pub(crate) async fn hears(&mut self) -> String {
        loop {
            match timeout(TEST_TIMEOUT, self.stream.next()).await.expect("a frame comes") {
                Some(Ok(Message::Text(text))) => return text.to_string(),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("expected a frame, got {other:?}"),
            }
        }
    }

    /// Returns the next frame as JSON.
    pub(crate) async fn hears_json(&mut self) -> Value {
        let text = self.hears().await;
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// Waits until the server closes the connection, and returns the close code.
    pub(crate) async fn is_closed(&mut self) -> Option<u16> {
        loop {
            match timeout(TEST_TIMEOUT, self.stream.next()).await.expect("the connection ends") {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// Waits until the server closes the connection, and returns the text frames before.
    pub(crate) async fn last_frames(&mut self) -> Vec<String> {
        let mut frames = Vec::new();
        while let Some(Ok(message)) =
            timeout(TEST_TIMEOUT, self.stream.next()).await.expect("the connection ends")
        {
            if let Message::Text(text) = message {
                frames.push(text.to_string());
            }
        }
        frames
    }

    pub(crate) async fn leaves(mut self) {
        _ = self.stream.close(None).await;
    }
}
