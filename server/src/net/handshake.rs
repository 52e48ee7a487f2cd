//! The opening handshake of a WebSocket (RFC 6455, section 4.2), from a request to the TCP connection below it.

use std::task::{Context, Waker};

use axum::body::HttpBody;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Version, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::timed_stream::TimedStream;

/// A valid request for a WebSocket that is not answered yet.
pub(crate) struct Handshake {
    on_upgrade: OnUpgrade,
    accept: String,
}

/// The TCP connection of a client that has become a WebSocket.
#[derive(Debug)]
pub(crate) struct UpgradedSocket {
    pub(crate) stream: TcpStream,
    /// Bytes that arrived together with the request.
    pub(crate) received: Bytes,
}

impl Handshake {
    /// Checks the request.
    ///
    /// # Errors
    /// The response to send: 400 for a request that violates the RFC, 426 for another version or a request without
    /// upgrade.
    pub(crate) fn check(request: &mut Request) -> Result<Self, Box<Response>> {
        let headers = request.headers();
        if request.method() != Method::GET || request.version() < Version::HTTP_11 {
            return Err(Box::new(refuse(
                StatusCode::BAD_REQUEST,
                "a WebSocket handshake must be a GET request in HTTP/1.1",
            )));
        }
        // The bytes of a body would be read as frames (RFC 9110, section 7.8).
        if !request.body().is_end_stream() {
            return Err(Box::new(refuse(
                StatusCode::BAD_REQUEST,
                "a WebSocket handshake must not have a body",
            )));
        }
        if !has_token(headers, header::CONNECTION, "upgrade")
            || !has_token(headers, header::UPGRADE, "websocket")
        {
            let mut response =
                refuse(StatusCode::UPGRADE_REQUIRED, "this address accepts only WebSocket connections");
            response.headers_mut().insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            return Err(Box::new(response));
        }
        let mut versions = headers.get_all(header::SEC_WEBSOCKET_VERSION).iter();
        if !matches!((versions.next(), versions.next()), (Some(version), None) if version == "13") {
            let mut response =
                refuse(StatusCode::UPGRADE_REQUIRED, "this server supports only WebSocket version 13");
            response.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
            return Err(Box::new(response));
        }
        let mut keys = headers.get_all(header::SEC_WEBSOCKET_KEY).iter();
        let accept = match (keys.next(), keys.next()) {
            (Some(key), None) if is_nonce(key.as_bytes()) => derive_accept_key(key.as_bytes()),
            _ => {
                let rule = "Sec-WebSocket-Key must occur once and be 16 bytes in base64";
                return Err(Box::new(refuse(StatusCode::BAD_REQUEST, rule)));
            }
        };
        let on_upgrade = request
            .extensions_mut()
            .remove::<OnUpgrade>()
            .ok_or_else(|| Box::new(refuse(StatusCode::BAD_REQUEST, "this connection cannot be upgraded")))?;
        Ok(Self { on_upgrade, accept })
    }

    /// Returns the response that accepts the request, and the socket that follows it.
    pub(crate) fn accept(
        self,
        subprotocol: Option<&'static str>,
    ) -> (Response, impl Future<Output = Option<UpgradedSocket>> + Send) {
        let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
        let headers = response.headers_mut();
        headers.clear();
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        if let Ok(accept) = HeaderValue::from_str(&self.accept) {
            headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        }
        if let Some(subprotocol) = subprotocol {
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(subprotocol));
        }
        (response, upgrade(self.on_upgrade))
    }
}

async fn upgrade(on_upgrade: OnUpgrade) -> Option<UpgradedSocket> {
    let upgraded = match on_upgrade.await {
        Ok(upgraded) => upgraded,
        Err(error) => {
            tracing::debug!(%error, "the peer disconnected before the WebSocket handshake ended");
            return None;
        }
    };
    // The accept loop gives every connection to HTTP with this type.
    let parts = upgraded.downcast::<TokioIo<TimedStream<TcpStream>>>().ok()?;
    let stream = parts.io.into_inner().into_inner();
    // Until the peer sends something, the stream keeps the waker of the task that served HTTP, and with it the memory of
    // that task. A waker that does nothing takes its place.
    _ = stream.poll_read_ready(&mut Context::from_waker(Waker::noop()));
    Some(UpgradedSocket { stream, received: parts.read_buf })
}

fn has_token(headers: &HeaderMap, name: header::HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(token))
}

/// Whether the key is 16 bytes in base64: 22 characters and two of padding.
fn is_nonce(key: &[u8]) -> bool {
    key.len() == 24
        && key.ends_with(b"==")
        && key[..22].iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

fn refuse(status: StatusCode, message: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], message).into_response()
}
