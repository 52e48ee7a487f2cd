//! `/rooms`: the public rooms, and single rooms by id.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use hubbub_chat::{RoomChange, Store, WriteOutcome, page};
use hubbub_protocol::rest::{ChangeRoom, NewRoom, RoomInfo, RoomList};
use hubbub_protocol::{Field, MAX_ROOMS_BROWSED, Refusal, RoomId, RoomName, Topic, UserId};

use super::body::JsonBody;
use super::caller::Caller;
use super::extract::{ReadableRoom, VisibleRoom};
use super::query::QueryParams;
use super::response;
use crate::limits::RateLimitKind;
use crate::sqlite::FoundRoom;
use crate::web::http::problem::Problem;
use crate::web::state::AppState;

/// List public rooms
///
/// Rooms in the order of their names. `next` is the address of the following rooms. With `name`, the list contains only
/// the room with that name, if it exists.
#[utoipa::path(get, path = "/rooms", tag = "Rooms", operation_id = "rooms",
    params(
        ("query" = Option<String>, Query, description = "Return only rooms whose name contains this text; case is ignored"),
        ("name" = Option<String>, Query, description = "Return only the room with exactly this name"),
        ("after" = Option<String>, Query, description = "Return only rooms after this name in the order of names"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 50, description = "Maximum number of rooms; default 50"),
    ),
    responses((status = 200, body = RoomList)))]
pub(super) async fn list(
    State(app): State<AppState>,
    caller: Caller,
    query: QueryParams,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let store = app.hub.store();
    if let Some(name) = query.text(Field::Name)? {
        let found = match store.find_room(&room_name(&app, name).await?).await? {
            Some(record) => store.room(record.id, caller.user.id).await?,
            None => None,
        };
        let list = RoomList { rooms: found.into_iter().map(info).collect(), next: None };
        return Ok(response::json_with_etag(&headers, &list));
    }
    let part = page::room_query(query.text(Field::Query)?.unwrap_or_default())?;
    let after = match query.text(Field::After)? {
        Some(after) => {
            let name = app.hub.room_name(after).await?;
            Some(name.map_err(|_| Refusal::invalid(Field::After, "after must be a valid room name"))?)
        }
        None => None,
    };
    let limit = page::list_limit(query.integer(Field::Limit)?, MAX_ROOMS_BROWSED, MAX_ROOMS_BROWSED)?;
    let (found, more) = store.rooms(caller.user.id, part, after.as_ref(), limit).await?;
    let rooms: Vec<RoomInfo> = found.into_iter().map(info).collect();
    let next = rooms.last().filter(|_| more).map(|last| {
        let part = serde_urlencoded::to_string([("query", part)]).unwrap_or_default();
        format!("/api/v1/rooms?{part}&after={}&limit={limit}", last.name)
    });
    Ok(response::json_with_etag(&headers, &RoomList { rooms, next }))
}

/// Create or join a room
///
/// Creates the room if no room has that name, and makes the caller a member. Repeating the request changes nothing.
#[utoipa::path(post, path = "/rooms", tag = "Rooms", operation_id = "create_room", request_body = NewRoom,
    responses(
        (status = 201, body = RoomInfo, description = "The room was created"),
        (status = 200, body = RoomInfo, description = "The room existed already"),
    ))]
pub(super) async fn create(
    State(app): State<AppState>,
    caller: Caller,
    JsonBody(new): JsonBody<NewRoom>,
) -> Result<Response, Problem> {
    let name = room_name(&app, &new.name).await?;
    let is_there = app.hub.store().find_room(&name).await?.is_some();
    join(&app, &name, &caller).await?;
    let record = app.hub.store().find_room(&name).await?.ok_or_else(Refusal::unavailable)?;
    let info = read(&app, record.id, caller.user.id).await?;
    let status = if is_there { StatusCode::OK } else { StatusCode::CREATED };
    Ok(response::with_location(response::json(status, &info), &format!("/api/v1/rooms/{}", info.id)))
}

/// Show a room
#[utoipa::path(get, path = "/rooms/{room_id}", tag = "Rooms", operation_id = "room",
    security((), ("token" = []), ("cookie" = [])),
    params(("room_id" = i64, Path, description = "Room id")),
    responses((status = 200, body = RoomInfo)))]
pub(super) async fn show(at: ReadableRoom, headers: HeaderMap) -> Response {
    std::future::ready(response::json_with_etag(&headers, &info(at.room))).await
}

/// Change the topic of a room
///
/// Only for members. Clients in the room receive the change at once.
#[utoipa::path(patch, path = "/rooms/{room_id}", tag = "Rooms", operation_id = "change_room",
    params(("room_id" = i64, Path, description = "Room id")),
    request_body = ChangeRoom, responses((status = 200, body = RoomInfo, description = "The room in its current state")))]
pub(super) async fn change(
    State(app): State<AppState>,
    at: VisibleRoom,
    JsonBody(change): JsonBody<ChangeRoom>,
) -> Result<Response, Problem> {
    let topic = Topic::parse(&change.topic)?;
    change_room(&app, at.name(), &at.caller, RoomChange::Describe { topic }).await?;
    Ok(response::json(StatusCode::OK, &read(&app, at.room.record.id, at.caller.user.id).await?))
}

/// Makes the caller a member.
pub(super) async fn join(app: &AppState, room: &RoomName, caller: &Caller) -> Result<(), Problem> {
    caller.try_acquire(app, RateLimitKind::Joining)?;
    accepted(app.hub.join(room, caller.user.clone()).await?).map(drop)
}

/// Stores a change of a room. The room applies the same rules as for every wire.
pub(super) async fn change_room(
    app: &AppState,
    room: &RoomName,
    by: &Caller,
    change: RoomChange,
) -> Result<WriteOutcome, Problem> {
    by.try_acquire(app, RateLimitKind::of_change(&change))?;
    accepted(app.hub.change(room, by.user.clone(), change).await?)
}

/// Returns the outcome, unless the room or the store refused the request.
pub(super) fn accepted(outcome: WriteOutcome) -> Result<WriteOutcome, Problem> {
    match outcome {
        WriteOutcome::Refused(refusal) => Err(refusal.into()),
        outcome => Ok(outcome),
    }
}

/// Returns the current state of a room.
pub(super) async fn read(app: &AppState, room: RoomId, user: UserId) -> Result<RoomInfo, Problem> {
    let found = app.hub.store().room(room, user).await?;
    Ok(info(found.ok_or_else(|| Refusal::not_found(Field::RoomId))?))
}

pub(super) fn info(found: FoundRoom) -> RoomInfo {
    let FoundRoom { record, created_at, members, joined } = found;
    RoomInfo {
        id: record.id,
        name: record.name,
        topic: record.topic,
        members,
        joined,
        head: record.head,
        created_at,
    }
}

/// Parses the name of a room; a refusal names the field `name`, as this API calls it.
async fn room_name(app: &AppState, name: &str) -> Result<RoomName, Problem> {
    let name = app.hub.room_name(name).await?;
    Ok(name.map_err(|refusal| Refusal { field: Some(Field::Name), ..refusal })?)
}
