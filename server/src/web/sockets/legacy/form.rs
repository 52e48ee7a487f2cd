//! `ws://HOST/ws/chat/{room_id}/{user_id}?username={name}`: the protocol of the web form's script.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::response::Response;
use hubbub_protocol::{Field, MAX_ROOM_NAME_CHARS, Refusal, RoomName};
use hubbub_wires::Endpoint;
use serde::Deserialize;

use super::ConnectTarget;
use crate::hub::transient_guest::SharedGuestKey;
use crate::web::state::AppState;

/// Query parameters.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct FormParams {
    /// The requested user name.
    username: Option<String>,
}

/// Enters the room in the address as the user in the address.
pub(in crate::web) async fn open(
    State(app): State<AppState>,
    path: Result<Path<(String, String)>, PathRejection>,
    params: Result<Query<FormParams>, QueryRejection>,
    request: Request,
) -> Response {
    let (room, user) = match path {
        Ok(Path((room, user))) => (Ok(room), user),
        Err(rejection) => (Err(rejection), String::new()),
    };
    let room = super::room(&app, room).await;
    let target = room.and_then(|room| target(room, user, super::query(params)?.username));
    super::open(app, request, target).await
}

fn target(room: RoomName, user: String, requested: Option<String>) -> Result<ConnectTarget, Refusal> {
    let is_valid = (1..=MAX_ROOM_NAME_CHARS).contains(&user.len())
        && user.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if !is_valid {
        let rule = "user_id must have 1 to 64 letters (A-Z, a-z), digits, _ and -";
        return Err(Refusal::invalid(Field::Id, rule));
    }
    // An empty field of a form counts as missing.
    let requested = requested.filter(|requested| !requested.is_empty());
    let key = Some(SharedGuestKey { room: room.clone(), user });
    Ok(ConnectTarget { endpoint: Endpoint::Form { room }, requested, key })
}
