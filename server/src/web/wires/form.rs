//! `ws://HOST/ws/chat/{room_id}/{user_id}?username={name}`: the protocol of the web form's script.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, Request, State};
use axum::response::Response;
use hubbub_chat::text::user_name;
use hubbub_protocol::{Field, MAX_ROOM_NAME_CHARS, Refusal, RoomName};
use hubbub_wires::Endpoint;
use serde::Deserialize;

use super::Visit;
use crate::identity::passing::Key;
use crate::web::App;

/// Query parameters.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wishes {
    /// The requested user name.
    username: Option<String>,
}

/// Enters the room in the address as the user in the address.
pub(crate) async fn open(
    State(app): State<App>,
    place: Result<Path<(String, String)>, PathRejection>,
    Query(wishes): Query<Wishes>,
    request: Request,
) -> Response {
    let (room, user) = match place {
        Ok(Path((room, user))) => (Ok(room), user),
        Err(rejection) => (Err(rejection), String::new()),
    };
    let visit = super::room(&app, room).await.and_then(|room| visit(room, user, wishes.username.as_deref()));
    super::open(app, request, visit).await
}

fn visit(room: RoomName, user: String, wish: Option<&str>) -> Result<Visit, Refusal> {
    let right = (1..=MAX_ROOM_NAME_CHARS).contains(&user.len())
        && user.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if !right {
        let rule = "user_id has 1 to 64 of the letters A-Z and a-z, digits, _ and -";
        return Err(Refusal::invalid(Field::Id, rule));
    }
    // An empty field of a form counts as missing.
    let wish = wish.filter(|wish| !wish.is_empty()).map(user_name).transpose()?;
    let key = Some(Key { room: room.clone(), user });
    Ok(Visit { opening: Endpoint::Form { room }, wish, key })
}
