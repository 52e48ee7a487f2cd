//! `ws://HOST/ws?token=JWT`: typed events, for clients with an identity.

use axum::extract::{Request, State};
use axum::response::Response;
use hubbub_wires::Endpoint;

use super::ConnectTarget;
use crate::web::state::AppState;

/// Opens a socket for a client with an identity.
pub(in crate::web) async fn open(State(app): State<AppState>, request: Request) -> Response {
    super::open(app, request, Ok(ConnectTarget::to(Endpoint::Typed))).await
}
