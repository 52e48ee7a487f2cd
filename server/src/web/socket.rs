//! `GET /api/v1/socket`: the native wire.

use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hubbub_protocol::{CloseReason, SUBPROTOCOL, UserId};
use serde::Deserialize;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use super::App;
use crate::hub::connection_task::ConnectionTask;
use crate::identity::{self, Session};
use crate::net::handshake::Handshake;
use crate::net::listener::Place;

/// What may follow the `?`.
#[derive(Debug, Deserialize)]
pub(super) struct Wishes {
    /// Act as this user of the session.
    #[serde(rename = "as")]
    acting_as: Option<i64>,
}

/// Checks origin, handshake and identity, then hands the socket to its task.
pub(super) async fn open(
    State(app): State<App>,
    Query(wishes): Query<Wishes>,
    mut request: Request,
) -> Response {
    if !app.origins.allow(request.headers()) {
        return (StatusCode::FORBIDDEN, "a page of another origin may not open a socket here")
            .into_response();
    }
    let place = request.extensions().get::<Place>().cloned();
    let handshake = match Handshake::check(&mut request) {
        Ok(handshake) => handshake,
        Err(refused) => return *refused,
    };
    let unavailable =
        (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")], "storage is unavailable");
    let Ok(session) = Session::find(&app.hub, request.headers()).await else {
        return unavailable.into_response();
    };
    let (user, cookie) = match session {
        Some(session) => (session.user(wishes.acting_as.map(UserId)).clone(), None),
        None => match identity::generated_guest(&app.hub).await {
            Ok(signed_in) => (signed_in.user, signed_in.cookie),
            Err(_) => return unavailable.into_response(),
        },
    };

    let spoken = subprotocol(request.headers());
    let (mut response, socket) = handshake.accept(spoken.unwrap_or_default());
    if let Some(cookie) = cookie.and_then(|cookie| super::cookie::header_value(&app, cookie)) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    let hub = app.hub.clone();
    app.hub.tasks().spawn(async move {
        // The place among all connections is this task's until it ends.
        let _place = place;
        let Some(mut socket) = socket.await else { return };
        if spoken.is_err() {
            let reason = CloseReason::WrongVersion;
            let frame = CloseFrame { code: reason.code().into(), reason: reason.text().into() };
            drop(socket.close(Some(frame)).await);
            return;
        }
        ConnectionTask::new(hub, user, socket).run().await;
    });
    response
}

/// The subprotocol to answer with. Programs that ask for none are taken to speak it; those that ask only for
/// others do not.
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
