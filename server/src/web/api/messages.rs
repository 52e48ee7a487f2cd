//! `/rooms/{room_id}/messages` and `/messages/{message_id}`: the messages of rooms.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use hubbub_chat::{History, PageAnchor, RoomChange, Store, WriteOutcome, page, versions_for};
use hubbub_protocol::rest::{ChangeMessage, MessageEdits, MessagePage, NewMessage, RoomMessage};
use hubbub_protocol::{ClientId, Event, Field, Message, MessageId, Refusal, RoomId, Seq};

use super::body::JsonBody;
use super::extract::{ReadableMessage, ReadableRoom, VisibleMessage, VisibleRoom};
use super::query::QueryParams;
use super::response;
use super::rooms::change_room;
use crate::clock::wall_time;
use crate::web::http::problem::Problem;
use crate::web::state::AppState;

/// List messages
///
/// A page of messages, oldest first: the newest ones, or those before, after or around a position. `prev` is the
/// address of older messages and `next` that of newer ones, as long as there are any. Notices, such as joins, are
/// listed as events.
#[utoipa::path(get, path = "/rooms/{room_id}/messages", tag = "Messages", operation_id = "messages",
    security((), ("token" = []), ("cookie" = [])),
    params(
        ("room_id" = i64, Path, description = "Room id"),
        ("before" = Option<i64>, Query, minimum = 1, description = "Return the newest messages before this position"),
        ("after" = Option<i64>, Query, minimum = 0, description = "Return the oldest messages after this position"),
        ("around" = Option<i64>, Query, minimum = 1, description = "Return the messages before, at and after this position"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "Maximum number of messages; default 50"),
    ),
    responses((status = 200, body = MessagePage)))]
pub(super) async fn list(
    State(app): State<AppState>,
    at: ReadableRoom,
    query: QueryParams,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let limit = page::page_limit(query.integer(Field::Limit)?)?;
    let (before, after, around) =
        (query.seq(Field::Before)?, query.seq(Field::After)?, query.seq(Field::Around)?);
    let anchor = PageAnchor::parse(before, after, around)?;
    let history = app.hub.store().messages(at.id(), anchor, limit).await?;
    let History { events, older, newer, head } = history.fitting(anchor);
    let path = format!("/api/v1/rooms/{}/messages", at.id());
    // A page beyond the end is empty, and its links lead back.
    let (first, last) = match anchor {
        PageAnchor::After(seq) => (seq.next(), seq),
        PageAnchor::Before(seq) => (seq, Seq(seq.0 - 1)),
        PageAnchor::Newest | PageAnchor::Around(_) => (Seq(1), Seq(0)),
    };
    let first = events.first().map_or(first, Event::seq);
    let last = events.last().map_or(last, Event::seq);
    let message = |event| match event {
        Event::Posted(message) => Some(RoomMessage::new(at.id(), message)),
        _ => None,
    };
    let page = MessagePage {
        prev: older.then(|| format!("{path}?before={first}&limit={limit}")),
        next: newer.then(|| format!("{path}?after={last}&limit={limit}")),
        messages: events.into_iter().filter_map(message).collect(),
        head,
    };
    Ok(response::json_with_etag(&headers, &page))
}

/// Post a message
///
/// Only for members of the room. Clients in the room receive it at once, over any protocol. 201 means
/// that the message is on the disk. Sending the same `client_id` again returns the first result.
#[utoipa::path(post, path = "/rooms/{room_id}/messages", tag = "Messages", operation_id = "post_message",
    params(("room_id" = i64, Path, description = "Room id")),
    request_body = NewMessage,
    responses(
        (status = 201, body = RoomMessage, description = "The message was stored"),
        (status = 200, body = RoomMessage, description = "The message was stored by an earlier request with this `client_id`"),
    ))]
pub(super) async fn post(
    State(app): State<AppState>,
    at: VisibleRoom,
    JsonBody(new): JsonBody<NewMessage>,
) -> Result<Response, Problem> {
    let client_id = new
        .client_id
        .unwrap_or_else(|| ClientId::from_time(wall_time().millis().unsigned_abs(), rand::random()));
    let post = RoomChange::post(client_id, &new.text, new.reply_to, new.files)?;
    store_post(&app, &at, post).await
}

/// Stores a post, and returns the response with its message.
pub(super) async fn store_post(
    app: &AppState,
    at: &VisibleRoom,
    post: RoomChange,
) -> Result<Response, Problem> {
    let (status, message) = match change_room(app, at.name(), &at.caller, post).await? {
        WriteOutcome::New(Event::Posted(message)) => (StatusCode::CREATED, message),
        WriteOutcome::Repeat(message) => (StatusCode::OK, message),
        _ => return Err(Refusal::unavailable().into()),
    };
    let path = format!("/api/v1/messages/{}", message.id);
    Ok(response::with_location(response::json(status, &RoomMessage::new(at.room.record.id, message)), &path))
}

/// Show a message
#[utoipa::path(get, path = "/messages/{message_id}", tag = "Messages", operation_id = "message",
    security((), ("token" = []), ("cookie" = [])),
    params(("message_id" = i64, Path, description = "Message id")),
    responses((status = 200, body = RoomMessage)))]
pub(super) async fn show(at: ReadableMessage, headers: HeaderMap) -> Response {
    let message = RoomMessage::new(at.room.record.id, at.message);
    std::future::ready(response::json_with_etag(&headers, &message)).await
}

/// Edit a message
///
/// Only for its author. Editing to the same text changes nothing.
#[utoipa::path(patch, path = "/messages/{message_id}", tag = "Messages", operation_id = "change_message",
    params(("message_id" = i64, Path, description = "Message id")),
    request_body = ChangeMessage,
    responses((status = 200, body = RoomMessage, description = "The message in its current state")))]
pub(super) async fn change(
    State(app): State<AppState>,
    at: VisibleMessage,
    JsonBody(change): JsonBody<ChangeMessage>,
) -> Result<Response, Problem> {
    let message_id = at.message.id;
    let edit = RoomChange::edit(message_id, &change.text, change.remove_files)?;
    change_room(&app, &at.room.record.name, &at.caller, edit).await?;
    Ok(response::json(StatusCode::OK, &read(&app, message_id).await?))
}

/// Delete a message
///
/// Only for its author. The text is deleted, the position stays. Repeating the request changes nothing.
#[utoipa::path(delete, path = "/messages/{message_id}", tag = "Messages", operation_id = "delete_message",
    params(("message_id" = i64, Path, description = "Message id")),
    responses((status = 204, description = "The message is deleted")))]
pub(super) async fn delete(State(app): State<AppState>, at: VisibleMessage) -> Result<Response, Problem> {
    let delete = RoomChange::Delete { message_id: at.message.id };
    change_room(&app, &at.room.record.name, &at.caller, delete).await?;
    Ok(response::no_content())
}

/// List earlier versions
///
/// The texts of a message before its edits, oldest first. Only for its author.
#[utoipa::path(get, path = "/messages/{message_id}/edits", tag = "Messages", operation_id = "message_edits",
    params(("message_id" = i64, Path, description = "Message id")),
    responses((status = 200, body = MessageEdits)))]
pub(super) async fn edits(
    State(app): State<AppState>,
    at: VisibleMessage,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    at.require_membership()?;
    let found = app.hub.store().edits(at.room.record.id, at.message.id).await?;
    let versions = versions_for(at.caller.user.id, found)?;
    Ok(response::json_with_etag(&headers, &MessageEdits { versions }))
}

async fn read(app: &AppState, message: MessageId) -> Result<RoomMessage, Problem> {
    let found: Option<(RoomId, Message)> = app.hub.store().message(message).await?;
    let (room, message) = found.ok_or_else(|| Refusal::not_found(Field::MessageId))?;
    Ok(RoomMessage::new(room, message))
}
