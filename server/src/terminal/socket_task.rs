//! The client's socket: a task of its own opens, reads and writes it.

use std::time::Duration;

use axum::http::header::{AUTHORIZATION, COOKIE, LOCATION, SEC_WEBSOCKET_PROTOCOL, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode};
use futures_util::{SinkExt, StreamExt};
use hubbub_protocol::SUBPROTOCOL;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_tungstenite::connect_async_with_config;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{self, Message};

use super::address::ServerAddress;

/// Maximum number of frames that wait to be sent. The client has at most 64 open requests.
const FRAMES: usize = 128;
/// Largest frame accepted from the server, in bytes. A page holds 128 KiB of text and its metadata.
const MAX_FRAME_BYTES: usize = 4 * 1024 * 1024;
/// Maximum time that the server may take to answer a close frame.
const GOODBYE: Duration = Duration::from_secs(1);

/// The server's address and the credentials of the user.
#[derive(Clone, Debug)]
pub(crate) struct ServerEndpoint {
    pub(crate) address: ServerAddress,
    /// A token as the value of the `Authorization` header.
    pub(crate) token: Option<HeaderValue>,
    /// The session cookie from an earlier connection, with which the client is the same guest again.
    pub(crate) cookie: Option<HeaderValue>,
}

/// An update from a socket.
#[derive(Debug)]
pub(crate) enum SocketUpdate {
    Opened { cookie: Option<HeaderValue> },
    Text(String),
    Closed { code: Option<u16> },
    Failed(ConnectFailure),
}

/// The reason why a socket could not be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ConnectFailure {
    /// A later attempt may succeed.
    Temporary(String),
    /// The peer is not a Hubbub server. If the server was reached before, it may come back.
    NotHubbub(String),
    /// The server rejects the client permanently.
    Permanent(String),
}

/// A socket that is open or being opened. Dropping it closes it.
#[derive(Debug)]
pub(crate) struct Socket {
    frames: mpsc::Sender<OutgoingCommand>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
enum OutgoingCommand {
    Text(String),
    Close(u16),
}

impl Socket {
    /// Opens the socket. Its updates carry its number.
    pub(crate) fn open(
        endpoint: &ServerEndpoint,
        number: u64,
        update: mpsc::Sender<(u64, SocketUpdate)>,
    ) -> Self {
        let (frames, outgoing) = mpsc::channel(FRAMES);
        let request = endpoint.request();
        let task = tokio::spawn(async move {
            let last = match request {
                Ok(request) => Box::pin(live(request, outgoing, number, &update)).await,
                Err(error) => SocketUpdate::Failed(ConnectFailure::NotHubbub(error.to_string())),
            };
            _ = update.send((number, last)).await;
        });
        Self { frames, task }
    }

    /// Enqueues a frame. Returns false if the queue is full; the socket is then unusable.
    pub(crate) fn send(&self, text: String) -> bool {
        self.frames.try_send(OutgoingCommand::Text(text)).is_ok()
    }

    /// Closes the socket after the frames that were sent before. The task ends soon after.
    pub(crate) fn close(self, code: u16) -> JoinHandle<()> {
        if self.frames.try_send(OutgoingCommand::Close(code)).is_err() {
            self.task.abort();
        }
        self.task
    }
}

impl ServerEndpoint {
    fn request(&self) -> Result<Request<()>, tungstenite::Error> {
        let mut request = self.address.socket().into_client_request()?;
        let headers = request.headers_mut();
        headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
        if let Some(token) = &self.token {
            headers.insert(AUTHORIZATION, token.clone());
        } else if let Some(cookie) = &self.cookie {
            headers.insert(COOKIE, cookie.clone());
        }
        Ok(request)
    }
}

/// Runs the socket from the handshake to its end, and returns the last update.
async fn live(
    request: Request<()>,
    mut outgoing: mpsc::Receiver<OutgoingCommand>,
    number: u64,
    update: &mpsc::Sender<(u64, SocketUpdate)>,
) -> SocketUpdate {
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_FRAME_BYTES))
        .max_frame_size(Some(MAX_FRAME_BYTES));
    let opened = tokio::select! {
        opened = connect_async_with_config(request, Some(config), true) => opened,
        // Nothing is sent before the socket is open, so this is a request to close it.
        _ = outgoing.recv() => return SocketUpdate::Closed { code: None },
    };
    let (mut stream, response) = match opened {
        Ok(opened) => opened,
        Err(error) => return SocketUpdate::Failed(failure(&error)),
    };
    let cookie = session_cookie(response.headers());
    if update.send((number, SocketUpdate::Opened { cookie })).await.is_err() {
        return SocketUpdate::Closed { code: None };
    }
    loop {
        tokio::select! {
            frame = outgoing.recv() => match frame {
                // If writing fails, the read reports the reason.
                Some(OutgoingCommand::Text(text)) => _ = stream.send(Message::text(text)).await,
                Some(OutgoingCommand::Close(code)) => {
                    let frame = CloseFrame { code: code.into(), reason: "".into() };
                    _ = stream.close(Some(frame)).await;
                    let rest = async { while let Some(Ok(_)) = stream.next().await {} };
                    _ = tokio::time::timeout(GOODBYE, rest).await;
                    return SocketUpdate::Closed { code: Some(code) };
                }
                None => return SocketUpdate::Closed { code: None },
            },
            frame = stream.next() => match frame {
                Some(Ok(Message::Text(text))) => {
                    if update.send((number, SocketUpdate::Text(text.as_str().to_owned()))).await.is_err() {
                        return SocketUpdate::Closed { code: None };
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    return SocketUpdate::Closed { code: frame.map(|frame| frame.code.into()) };
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return SocketUpdate::Closed { code: None },
            },
        }
    }
}

/// Returns the name and value of the session cookie, the only cookie that the response to a handshake sets.
fn session_cookie(headers: &HeaderMap) -> Option<HeaderValue> {
    let pair = headers.get(SET_COOKIE)?.to_str().ok()?.split(';').next()?;
    HeaderValue::from_str(pair.trim()).ok()
}

fn failure(error: &tungstenite::Error) -> ConnectFailure {
    let tungstenite::Error::Http(response) = error else {
        return ConnectFailure::Temporary(match error {
            tungstenite::Error::Io(error) => error.to_string(),
            error => error.to_string(),
        });
    };
    let status = response.status();
    match status {
        StatusCode::UNAUTHORIZED => ConnectFailure::Permanent(
            "the server refused the sign-in (401): set HUBBUB_TOKEN to a valid token".to_owned(),
        ),
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
            ConnectFailure::Temporary(status.to_string())
        }
        status if status.is_server_error() => ConnectFailure::Temporary(status.to_string()),
        status if status.is_redirection() => {
            let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or("nowhere");
            ConnectFailure::NotHubbub(format!("no Hubbub server at this address: it redirects to {to}"))
        }
        status => ConnectFailure::NotHubbub(format!("no Hubbub server at this address: {status}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_only_the_name_and_value_of_a_cookie() {
        let mut headers = HeaderMap::new();
        assert_eq!(session_cookie(&headers), None);
        headers.insert(SET_COOKIE, HeaderValue::from_static("hubbub_0a1b2c3d=abc; HttpOnly; Path=/"));
        assert_eq!(session_cookie(&headers), Some(HeaderValue::from_static("hubbub_0a1b2c3d=abc")));
    }

    #[test]
    fn sends_a_token_instead_of_a_cookie() {
        let mut endpoint = ServerEndpoint {
            address: "http://localhost:3000".parse().unwrap(),
            token: None,
            cookie: Some(HeaderValue::from_static("hubbub_0a1b2c3d=abc")),
        };
        assert_eq!(endpoint.request().unwrap().headers()[COOKIE], "hubbub_0a1b2c3d=abc");
        endpoint.token = Some(HeaderValue::from_static("Bearer xyz"));
        let request = endpoint.request().unwrap();
        assert_eq!(request.headers()[AUTHORIZATION], "Bearer xyz");
        assert!(!request.headers().contains_key(COOKIE));
    }
}
