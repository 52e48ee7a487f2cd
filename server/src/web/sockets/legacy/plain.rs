//! `ws://HOST/chat/{room}`: plain text.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::response::Response;
use hubbub_protocol::{Field, MAX_PAGE_MESSAGES, Refusal};
use hubbub_wires::Endpoint;
use serde::Deserialize;

use super::ConnectTarget;
use crate::web::state::AppState;

/// Query parameters.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct PlainParams {
    /// Number of earlier messages to send first.
    history: Option<String>,
}

/// Enters the room in the address.
pub(in crate::web) async fn open(
    State(app): State<AppState>,
    room: Result<Path<String>, PathRejection>,
    params: Result<Query<PlainParams>, QueryRejection>,
    request: Request,
) -> Response {
    let target = super::room(&app, room.map(|Path(room)| room)).await.and_then(|room| {
        let PlainParams { history: requested } = super::query(params)?;
        let history = history(requested.as_deref())?;
        Ok(ConnectTarget::to(Endpoint::Plain { room, history }))
    });
    super::open(app, request, target).await
}

fn history(requested: Option<&str>) -> Result<u32, Refusal> {
    let Some(requested) = requested else { return Ok(0) };
    match requested.parse() {
        Ok(history) if history <= MAX_PAGE_MESSAGES => Ok(history),
        _ => {
            let rule = format!("history must be a number from 0 to {MAX_PAGE_MESSAGES}");
            Err(Refusal::invalid(Field::Limit, rule))
        }
    }
}
