//! `/rooms/{room_id}/members`: the members of a room.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use hubbub_chat::{RoomChange, Store};
use hubbub_protocol::rest::{Members, RoomInfo};

use super::extract::{ReadableRoom, VisibleRoom};
use super::response;
use super::rooms::{change_room, read};
use crate::hub::RoomSnapshot;
use crate::web::http::problem::Problem;
use crate::web::state::AppState;

/// List members
///
/// At most 200 members, those who are online first, and the number of all members.
#[utoipa::path(get, path = "/rooms/{room_id}/members", tag = "Rooms", operation_id = "members",
    security((), ("token" = []), ("cookie" = [])),
    params(("room_id" = i64, Path, description = "Room id")),
    responses((status = 200, body = Members)))]
pub(super) async fn list(
    State(app): State<AppState>,
    at: ReadableRoom,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let record = &at.room.record;
    let present = match app.hub.room_snapshot(&record.name).await {
        Some(present) => present,
        None => RoomSnapshot::nobody(app.hub.store().members(record.id).await?),
    };
    let RoomSnapshot { people, count, members, .. } = present;
    Ok(response::json_with_etag(&headers, &Members { people, present: count, members }))
}

/// Join a room
///
/// Repeating the request changes nothing.
#[utoipa::path(put, path = "/rooms/{room_id}/members/me", tag = "Rooms", operation_id = "join_room",
    params(("room_id" = i64, Path, description = "Room id")),
    responses((status = 200, body = RoomInfo, description = "The caller is a member of the room")))]
pub(super) async fn join(State(app): State<AppState>, at: VisibleRoom) -> Result<Response, Problem> {
    super::rooms::join(&app, at.name(), &at.caller).await?;
    Ok(response::json(StatusCode::OK, &read(&app, at.room.record.id, at.caller.user.id).await?))
}

/// Leave a room
///
/// All connections of the user leave the room. Repeating the request changes nothing.
#[utoipa::path(delete, path = "/rooms/{room_id}/members/me", tag = "Rooms", operation_id = "leave_room",
    params(("room_id" = i64, Path, description = "Room id")),
    responses((status = 204, description = "The caller is not a member of the room")))]
pub(super) async fn leave(State(app): State<AppState>, at: VisibleRoom) -> Result<Response, Problem> {
    change_room(&app, at.name(), &at.caller, RoomChange::Leave).await?;
    Ok(response::no_content())
}
