//! `GET /api/v1/socket`: the native wire.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hubbub_protocol::{CloseReason, SUBPROTOCOL};

use crate::hub::connection_task::ConnectionTask;
use crate::hub::transport::Transport;
use crate::net::client_address::ClientAddress;
use crate::net::handshake::Handshake;
use crate::net::listener::ConnectionPermit;
use crate::web::state::AppState;

/// Checks origin, handshake and identity, then gives the socket to its task.
pub(super) async fn open(State(app): State<AppState>, from: ClientAddress, mut request: Request) -> Response {
    if !app.origins.allow(request.headers()) {
        return (StatusCode::FORBIDDEN, "a page of another origin may not open a socket here")
            .into_response();
    }
    let permit = request.extensions().get::<ConnectionPermit>().cloned();
    let handshake = match Handshake::check(&mut request) {
        Ok(handshake) => handshake,
        Err(refused) => return *refused,
    };
    let (user, session, cookie, is_new_user) =
        match app.auth.authenticate(request.headers(), request.uri().query()).await {
            Ok(Some(identity)) => {
                let renewed = match identity.renewal {
                    Some(renewal) => renewal.execute(&app.auth).await,
                    None => None,
                };
                (identity.user, identity.session, renewed, false)
            }
            Ok(None) => match app.auth.create_guest(from, None).await {
                Ok(signed_in) => (signed_in.user, signed_in.session, signed_in.cookie, true),
                Err(refused) => return refused.into_response(),
            },
            Err(refused) => return refused.into_response(),
        };

    let spoken = subprotocol(request.headers());
    let (mut response, socket) = handshake.accept(spoken.unwrap_or_default());
    if let Some(cookie) = cookie.and_then(|cookie| app.cookie_header(cookie)) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    let hub = app.hub.clone();
    app.hub.tasks().spawn(async move {
        let Some(socket) = socket.await else { return };
        let mut transport = Transport::over(socket);
        if spoken.is_err() {
            transport.close(CloseReason::WrongVersion).await;
            return;
        }
        let task = ConnectionTask::new(hub.clone(), user, Some(session), from, transport);
        let task = Box::new(if is_new_user { task.of_new_user() } else { task });
        // A task of its own, without the memory of the handshake.
        hub.tasks().spawn(async move {
            // The task holds the connection permit until it ends.
            let _permit = permit;
            task.run().await;
        });
    });
    response
}

/// Returns the subprotocol of the response. A client that requests no subprotocol is assumed to use the native wire. A
/// client that requests only other subprotocols is rejected.
fn subprotocol(headers: &HeaderMap) -> Result<Option<&'static str>, ()> {
    let mut asked = headers
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| HeaderValue::to_str(value).ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .peekable();
    if asked.peek().is_none() {
        return Ok(None);
    }
    asked.any(|name| name == SUBPROTOCOL).then_some(Some(SUBPROTOCOL)).ok_or(())
}
