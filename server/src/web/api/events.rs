//! `/rooms/{room_id}/events`: the events of a room, for programs that poll.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use hubbub_chat::{Store, page};
use hubbub_protocol::rest::Events;
use hubbub_protocol::{Event, Field, Refusal, Seq};

use super::extract::ReadableRoom;
use super::query::QueryParams;
use super::response;
use crate::web::http::problem::Problem;
use crate::web::state::AppState;

/// List events after a position
///
/// Events in the order of their positions, without gaps: posts, edits, deletions, reactions, joins, leaves and topics.
/// `next` is the address of the following events. To receive events immediately, use the socket.
#[utoipa::path(get, path = "/rooms/{room_id}/events", tag = "Rooms", operation_id = "events",
    security((), ("token" = []), ("cookie" = [])),
    params(
        ("room_id" = i64, Path, description = "Room id"),
        ("after" = Option<i64>, Query, minimum = 0, description = "Position of the last event that the client has received; default 0, the beginning"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "Maximum number of events; default 50"),
    ),
    responses((status = 200, body = Events)))]
pub(super) async fn list(
    State(app): State<AppState>,
    at: ReadableRoom,
    query: QueryParams,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let after = page::position(Field::After, query.seq(Field::After)?.unwrap_or(Seq(0)), 0)?;
    if at.room.record.lost.is_some_and(|lost| lost.contains(after)) {
        let rule = "after may be of a time that was lost when a backup was restored; start over from the newest messages";
        return Err(Refusal::invalid(Field::After, rule).into());
    }
    let limit = page::page_limit(query.integer(Field::Limit)?)?;
    let mut events = app.hub.store().events_after(at.id(), after, limit + 1).await?;
    let found = events.len();
    events.truncate(limit as usize);
    page::fit_batch(&mut events);
    let more = found > events.len();
    let cursor = events.last().map_or(after, Event::seq);
    let next = format!("/api/v1/rooms/{}/events?after={cursor}&limit={limit}", at.id());
    Ok(response::json_with_etag(&headers, &Events { events, cursor, more, next }))
}
