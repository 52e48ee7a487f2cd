//! Connects a session of Engine.IO to the Socket.IO namespace.

use std::time::Duration;

use axum::extract::Request;
use axum::http::{HeaderMap, header};
use hubbub_protocol::CloseReason;
use hubbub_wires::Endpoint;
use serde::Deserialize;
use serde_json::Value;
use tokio::time::{Instant, timeout, timeout_at};

use super::super::{AcceptedPeer, ConnectTarget};
use crate::auth::{AuthError, Identity, SignInError};
use crate::file_links::FORWARDED_SCHEME;
use crate::hub::transport::engine_io::new_sid;
use crate::hub::transport::{SocketIo, Transport};
use crate::net::client_address::ClientAddress;
use crate::web::state::AppState;

/// Maximum time until a peer is accepted in the namespace.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// Maximum time of a write before that.
const WRITE_TIMEOUT: Duration = Duration::from_secs(5);

/// Those headers of the first request of a session that contain credentials or tell its address, and its query.
pub(super) struct OpeningRequest {
    headers: HeaderMap,
    query: Option<String>,
}

/// The reason why a peer is rejected.
#[derive(Debug, thiserror::Error)]
enum ConnectRefusal {
    /// The authentication data cannot be parsed.
    #[error("{0}")]
    Auth(&'static str),
    #[error(transparent)]
    Identity(#[from] AuthError),
    #[error(transparent)]
    SignIn(#[from] SignInError),
}

impl OpeningRequest {
    pub(super) fn of(request: &Request) -> Self {
        let mut headers = HeaderMap::new();
        for name in [header::COOKIE, header::AUTHORIZATION, header::HOST, FORWARDED_SCHEME] {
            for value in request.headers().get_all(&name) {
                headers.append(name.clone(), value.clone());
            }
        }
        Self { headers, query: request.uri().query().map(str::to_owned) }
    }
}

/// Accepts the peer in the namespace and serves it until the session ends.
pub(super) async fn serve(app: AppState, from: ClientAddress, claim: OpeningRequest, mut socket: SocketIo) {
    let deadline = Instant::now() + CONNECT_TIMEOUT;
    let stopping = app.hub.stopping().clone();
    let connected = tokio::select! {
        connected = timeout_at(deadline, connect(&app, from, &claim, &mut socket)) => {
            connected.unwrap_or(Err(CloseReason::Idle))
        }
        () = stopping.cancelled() => Err(CloseReason::Restart),
    };
    let files = app.peer_files(&claim.headers);
    drop(claim);
    match connected {
        Ok(peer) => peer.serve(app.hub.clone(), from, files, Transport::over_socketio(socket)).await,
        Err(reason) => socket.close(reason).await,
    }
}

/// Waits until a request to enter the namespace is accepted; rejects all other requests.
async fn connect(
    app: &AppState,
    from: ClientAddress,
    claim: &OpeningRequest,
    socket: &mut SocketIo,
) -> Result<AcceptedPeer, CloseReason> {
    // This id is not secret, unlike the id of the Engine.IO session.
    let sid = new_sid();
    loop {
        let auth = socket.asks_to_connect().await?;
        let endpoint = Endpoint::SocketIo { sid: sid.clone() };
        match Box::pin(admit(app, from, claim, auth.as_deref(), endpoint)).await {
            Ok(peer) => {
                socket.accept(&sid);
                return Ok(peer);
            }
            Err(refused) => {
                let (code, field) = refused.told();
                socket.refuse(code, &refused.to_string(), field);
                let flushed = timeout(WRITE_TIMEOUT, socket.flush()).await;
                flushed.unwrap_or(Err(CloseReason::Slow))?;
            }
        }
    }
}

/// Authenticates the peer: the token of the connect packet takes precedence over the first request.
async fn admit(
    app: &AppState,
    from: ClientAddress,
    claim: &OpeningRequest,
    auth: Option<&str>,
    endpoint: Endpoint,
) -> Result<AcceptedPeer, ConnectRefusal> {
    let identity: Option<Identity> = match token(auth).map_err(ConnectRefusal::Auth)? {
        Some(token) => Some(app.auth.authenticate_token(&token).await?),
        None => app.auth.authenticate(&claim.headers, claim.query.as_deref()).await?,
    };
    Ok(ConnectTarget::to(endpoint).admit(app, from, identity, None).await?)
}

/// The authentication data of the connect packet. Parsing refuses a token that occurs twice.
#[derive(Deserialize)]
struct AuthData {
    #[serde(default)]
    token: Value,
}

/// Returns the token of the connect packet: `{"token": "..."}`. A token that is not text is an error, and never treated
/// as missing.
fn token(auth: Option<&str>) -> Result<Option<String>, &'static str> {
    const RULE: &str = "auth must be an object with one token, such as {\"token\":\"...\"}";
    let Some(auth) = auth.map(str::trim).filter(|auth| *auth != "null") else { return Ok(None) };
    // The format of serde also accepts a list of the fields in place of an object.
    if !auth.starts_with('{') {
        return Err(RULE);
    }
    match serde_json::from_str(auth) {
        Ok(AuthData { token: Value::Null }) => Ok(None),
        Ok(AuthData { token: Value::String(token) }) => Ok(Some(token)),
        Ok(_) => Err("auth.token must be text"),
        Err(_) => Err(RULE),
    }
}

impl ConnectRefusal {
    /// Returns the code and the field of the error.
    fn told(&self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Auth(_) => ("invalid", Some("token")),
            Self::Identity(AuthError::InvalidToken) => ("invalid_token", Some("token")),
            Self::SignIn(SignInError::SignInRequired) => ("sign_in_required", Some("token")),
            Self::Identity(AuthError::Store(_)) | Self::SignIn(SignInError::Store(_)) => {
                ("unavailable", None)
            }
            Self::SignIn(SignInError::Refused(_)) => ("refused", None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_missing_token_is_none() {
        for none in [None, Some("null"), Some("{}"), Some(r#"{"token":null}"#), Some(r#"{"other":1}"#)] {
            assert_eq!(token(none).unwrap(), None, "{none:?}");
        }
        for text in ["", "x.y.z"] {
            assert_eq!(token(Some(&format!(r#"{{"token":"{text}"}}"#))).unwrap().as_deref(), Some(text));
        }
        for wrong in [
            r#"{"token":123}"#,
            r#"{"token":true}"#,
            r#"{"token":{}}"#,
            r#"{"token":["x"]}"#,
            r#""x""#,
            "[]",
            "7",
            "true",
            r#"{"token":123,"token":null}"#,
            r#"{"token":null,"token":"x"}"#,
            r#"{"token":"x","token":"x"}"#,
            "",
            "{",
        ] {
            assert!(token(Some(wrong)).unwrap_err().contains("auth"), "{wrong}");
        }
    }
}
