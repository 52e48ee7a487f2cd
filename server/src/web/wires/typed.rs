//! `ws://HOST/ws?token=JWT`: typed events, for whoever has an identity.

use axum::extract::{Request, State};
use axum::response::Response;
use hubbub_wires::Endpoint;

use super::Visit;
use crate::web::App;

/// Lets in whoever can say who they are.
pub(crate) async fn open(State(app): State<App>, request: Request) -> Response {
    super::open(app, request, Ok(Visit::to(Endpoint::Typed))).await
}
