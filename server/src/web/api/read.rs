//! `/rooms/{room_id}/read`: the read position of the current user.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use hubbub_chat::{ReadProgress, ReadUpdate, WriteOutcome, page};
use hubbub_protocol::rest::{MarkRead, ReadPosition};
use hubbub_protocol::{Field, Refusal};

use super::body::JsonBody;
use super::extract::VisibleRoom;
use super::response;
use super::rooms::accepted;
use crate::limits::RateLimitKind;
use crate::web::http::problem::Problem;
use crate::web::state::AppState;

/// Show the read position
#[utoipa::path(get, path = "/rooms/{room_id}/read", tag = "Rooms", operation_id = "read_position",
    params(("room_id" = i64, Path, description = "Room id")),
    responses((status = 200, body = ReadPosition)))]
pub(super) async fn show(
    State(app): State<AppState>,
    at: VisibleRoom,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let progress = app.hub.store().progress(at.room.record.id, at.caller.user.id).await?;
    let progress = progress.ok_or_else(|| Refusal::not_joined(at.name().as_str()))?;
    Ok(response::json_with_etag(&headers, &position(progress)))
}

/// Set the read position
///
/// All devices of the user receive it, and other members if the user shares it.
#[utoipa::path(put, path = "/rooms/{room_id}/read", tag = "Rooms", operation_id = "mark_read",
    params(("room_id" = i64, Path, description = "Room id")),
    request_body = MarkRead, responses((status = 200, body = ReadPosition, description = "The current read position")))]
pub(super) async fn mark(
    State(app): State<AppState>,
    at: VisibleRoom,
    JsonBody(mark): JsonBody<MarkRead>,
) -> Result<Response, Problem> {
    let mark = match (mark.seq, mark.unread_from) {
        (Some(seq), None) => ReadUpdate::UpTo(page::position(Field::Seq, seq, 0)?),
        (None, Some(seq)) => ReadUpdate::From(page::position(Field::UnreadFrom, seq, 1)?),
        (None, None) => return Err(Refusal::missing(Field::Seq).into()),
        (Some(_), Some(_)) => {
            return Err(
                Refusal::invalid(Field::UnreadFrom, "only one of seq and unread_from is allowed").into()
            );
        }
    };
    at.caller.try_acquire(&app, RateLimitKind::Marking)?;
    match accepted(app.hub.set_read_position(at.name(), at.caller.user.clone(), mark).await?)? {
        WriteOutcome::Read(progress) => Ok(response::json(StatusCode::OK, &position(progress))),
        _ => Err(Refusal::unavailable().into()),
    }
}

const fn position(progress: ReadProgress) -> ReadPosition {
    ReadPosition { seq: progress.read, unread: progress.unread, head: progress.head }
}
