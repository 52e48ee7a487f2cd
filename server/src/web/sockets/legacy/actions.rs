//! `ws://HOST/`: JSON actions, on the address of the landing page.

use axum::extract::{Query, RawQuery, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use hubbub_wires::Endpoint;

use super::ConnectTarget;
use crate::web::pages::landing;
use crate::web::state::AppState;

/// Opens a socket for a WebSocket handshake, and shows the landing page otherwise.
pub(in crate::web) async fn open_or_landing(State(app): State<AppState>, request: Request) -> Response {
    if wants_socket(request.headers()) {
        return super::open(app, request, Ok(ConnectTarget::to(Endpoint::Actions))).await;
    }
    match Query::try_from_uri(request.uri()) {
        Ok(params) => {
            let query = RawQuery(request.uri().query().map(str::to_owned));
            landing::show(State(app), params, query, request.headers().clone()).await
        }
        Err(rejection) => rejection.into_response(),
    }
}

fn wants_socket(headers: &HeaderMap) -> bool {
    let mut upgrades = headers.get_all(header::UPGRADE).iter().filter_map(|value| value.to_str().ok());
    upgrades.any(|value| value.split(',').any(|part| part.trim().eq_ignore_ascii_case("websocket")))
}
