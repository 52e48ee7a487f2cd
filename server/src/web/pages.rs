//! Pages for people, which work without JavaScript too.

mod account;
mod assets;
mod csp;
mod display;
mod extract;
pub(super) mod landing;
mod language;
mod offline_shell;
mod render;
mod room;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::{get, post};
use hubbub_app::{BadRequestReason, PageSnapshot};

use super::state::AppState;

/// Answers a method that the address does not accept, such as `GET` at the address of a form; the router lists the
/// accepted methods in `Allow`.
pub(super) async fn wrong_method(headers: HeaderMap) -> Response {
    render::page(StatusCode::METHOD_NOT_ALLOWED, &headers, PageSnapshot::NotFound { problem: None }).await
}

/// Replaces the answer to a request that was refused before it reached its handler by a page with the reason.
pub(super) async fn explain_refusal(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let headers = request.headers().clone();
    let response = next.run(request).await;
    match response.extensions().get::<BadRequestReason>().copied() {
        Some(reason) => render::refused(response, reason, &headers).await,
        None => response,
    }
}

/// Returns the routes of all pages except the landing page, which shares its address with a socket. Serves the files of
/// the site at all other addresses.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/join_chat", post(landing::join))
        .route("/rooms/{room}", get(room::show))
        .route("/rooms/{room}/messages", post(room::post))
        .route("/language", post(language::choose))
        .route("/shell", get(offline_shell::show))
        .route("/sw.js", get(offline_shell::worker))
        .merge(account::routes())
        .fallback(assets::serve_or_not_found)
}
