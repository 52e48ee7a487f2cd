//! `ws://HOST/ws?token=JWT`: typed events, for clients with an identity.

use axum::extract::{Request, State};
use axum::response::Response;
use hubbub_wires::Endpoint;

use super::Visit;
use crate::web::App;

/// Opens a socket for a client with an identity.
pub(crate) async fn open(State(app): State<App>, request: Request) -> Response {
    super::open(app, request, Ok(Visit::to(Endpoint::Typed))).await
}
