//! `ws://HOST/chat/{room}`: plain text.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, Request, State};
use axum::response::Response;
use hubbub_protocol::{Field, MAX_PAGE_MESSAGES, Refusal};
use hubbub_wires::Endpoint;
use serde::Deserialize;

use super::Visit;
use crate::web::App;

/// Query parameters.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wishes {
    /// Number of earlier messages to send first.
    history: Option<String>,
}

/// Enters the room in the address.
pub(crate) async fn open(
    State(app): State<App>,
    room: Result<Path<String>, PathRejection>,
    Query(wishes): Query<Wishes>,
    request: Request,
) -> Response {
    let visit = super::room(&app, room.map(|Path(room)| room)).await.and_then(|room| {
        let history = history(wishes.history.as_deref())?;
        Ok(Visit::to(Endpoint::Plain { room, history }))
    });
    super::open(app, request, visit).await
}

fn history(wish: Option<&str>) -> Result<u32, Refusal> {
    let Some(wish) = wish else { return Ok(0) };
    match wish.parse() {
        Ok(history) if history <= MAX_PAGE_MESSAGES => Ok(history),
        _ => {
            let rule = format!("history must be a number from 0 to {MAX_PAGE_MESSAGES}");
            Err(Refusal::invalid(Field::Limit, rule))
        }
    }
}
