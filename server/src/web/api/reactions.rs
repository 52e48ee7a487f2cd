//! `/messages/{message_id}/reactions/{emoji}`: a reaction of the current user.

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::Response;
use hubbub_chat::RoomChange;
use hubbub_protocol::{Emoji, Field};

use super::extract::{self, VisibleMessage};
use super::response;
use super::rooms::change_room;
use crate::web::http::problem::Problem;
use crate::web::state::AppState;

/// The emoji in the path, not yet checked.
pub(super) struct EmojiParam(String);

impl FromRequestParts<AppState> for EmojiParam {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        Ok(Self(extract::text(parts, app, Field::Emoji).await?))
    }
}

/// Add a reaction
///
/// Only for members of the room. Repeating the request changes nothing.
#[utoipa::path(put, path = "/messages/{message_id}/reactions/{emoji}", tag = "Messages", operation_id = "react",
    params(
        ("message_id" = i64, Path, description = "Message id"),
        ("emoji" = String, Path, description = "One emoji, percent-encoded", example = "👍"),
    ),
    responses((status = 204, description = "The reaction is set")))]
pub(super) async fn put(
    State(app): State<AppState>,
    at: VisibleMessage,
    EmojiParam(emoji): EmojiParam,
) -> Result<Response, Problem> {
    react(&app, at, Emoji::parse(&emoji)?, true).await
}

/// Remove a reaction
///
/// Removes the reaction of the current user. Repeating the request changes nothing.
#[utoipa::path(delete, path = "/messages/{message_id}/reactions/{emoji}", tag = "Messages", operation_id = "unreact",
    params(
        ("message_id" = i64, Path, description = "Message id"),
        ("emoji" = String, Path, description = "One emoji, percent-encoded", example = "👍"),
    ),
    responses((status = 204, description = "The reaction is not set")))]
pub(super) async fn remove(
    State(app): State<AppState>,
    at: VisibleMessage,
    EmojiParam(emoji): EmojiParam,
) -> Result<Response, Problem> {
    // Reactions that an older version stored can be removed, even if new ones of that emoji are not accepted.
    react(&app, at, Emoji::from_stored(emoji), false).await
}

async fn react(app: &AppState, at: VisibleMessage, emoji: Emoji, on: bool) -> Result<Response, Problem> {
    let change = RoomChange::React { message_id: at.message.id, emoji, on };
    change_room(app, &at.room.record.name, &at.caller, change).await?;
    Ok(response::no_content())
}
