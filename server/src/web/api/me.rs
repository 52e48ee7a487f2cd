//! `/me`: the user who sends the request.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use hubbub_chat::Store;
use hubbub_chat::text::user_name;
use hubbub_protocol::Appearance;
use hubbub_protocol::rest::{ChangeMe, Me, MyRoomInfo, MyRooms, ReadPosition};

use super::body::JsonBody;
use super::caller::Caller;
use super::response;
use crate::auth::accounts;
use crate::limits::RateLimitKind;
use crate::web::http::problem::Problem;
use crate::web::state::AppState;

/// Show the current user
///
/// Name, kind of user and appearance of the user who sends the request.
#[utoipa::path(get, path = "/me", tag = "Me", operation_id = "me", responses((status = 200, body = Me)))]
pub(super) async fn show(
    State(app): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let appearance = app.hub.store().appearance(caller.user.id).await?;
    Ok(response::json_with_etag(&headers, &me(&app, caller, appearance)))
}

/// Change the name or the appearance
///
/// Fields that are not given stay unchanged. All devices of the user receive the change.
#[utoipa::path(patch, path = "/me", tag = "Me", operation_id = "change_me",
    request_body = ChangeMe, responses((status = 200, body = Me, description = "The user in its current state")))]
pub(super) async fn change(
    State(app): State<AppState>,
    mut caller: Caller,
    JsonBody(change): JsonBody<ChangeMe>,
) -> Result<Response, Problem> {
    if let Some(name) = change.name {
        let name = user_name(&name)?;
        if name != caller.user.name {
            caller.try_acquire(&app, RateLimitKind::Joining)?;
            accounts::rename(&app.auth, &caller.identity, name.as_str()).await?;
            caller.user.name = name;
        }
    }
    let old = app.hub.store().appearance(caller.user.id).await?;
    let new = Appearance {
        status: change.status.unwrap_or(old.status),
        share_reads: change.share_reads.unwrap_or(old.share_reads),
    };
    if new != old {
        caller.try_acquire(&app, RateLimitKind::Marking)?;
        app.hub.appear(&caller.user, new).await?;
    }
    Ok(response::json(StatusCode::OK, &me(&app, caller, new)))
}

/// List the rooms of the current user
///
/// The rooms of which the user is a member, by name, with the number of unread messages.
#[utoipa::path(get, path = "/me/rooms", tag = "Me", operation_id = "my_rooms",
    responses((status = 200, body = MyRooms)))]
pub(super) async fn rooms(
    State(app): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let rooms = app.hub.store().my_rooms(caller.user.id).await?.into_iter().map(|mine| MyRoomInfo {
        id: mine.room.id,
        name: mine.room.name,
        topic: mine.room.topic,
        read: ReadPosition { seq: mine.read.seq, unread: mine.read.unread, head: mine.read.head },
        active_at: mine.active_at,
    });
    Ok(response::json_with_etag(&headers, &MyRooms { rooms: rooms.collect() }))
}

fn me(app: &AppState, caller: Caller, appearance: Appearance) -> Me {
    let Appearance { status, share_reads } = appearance;
    let epoch = app.hub.store().epoch();
    Me { user: caller.user, is_account: caller.identity.is_account, status, share_reads, epoch }
}
