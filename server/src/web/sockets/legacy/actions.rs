//! `ws://HOST/`: JSON actions, on the address of the landing page.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use hubbub_wires::Endpoint;

use super::ConnectTarget;
use crate::web::pages::landing;
use crate::web::state::AppState;

/// Opens a socket for a WebSocket handshake, and shows the landing page otherwise.
pub(in crate::web) async fn open_or_landing(State(app): State<AppState>, request: Request) -> Response {
    if wants_socket(request.headers()) {
        return super::open(app, request, Ok(ConnectTarget::to(Endpoint::Actions))).await;
    }
    landing::show(app, request).await
}

fn wants_socket(headers: &HeaderMap) -> bool {
    let mut upgrades = headers.get_all(header::UPGRADE).iter().filter_map(|value| value.to_str().ok());
    upgrades.any(|value| value.split(',').any(|part| part.trim().eq_ignore_ascii_case("websocket")))
}
