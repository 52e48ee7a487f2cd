//! The HTTP interface: pages, the REST API and the addresses of sockets, by who calls.

mod api;
mod health;
mod http;
mod pages;
mod site;
mod sockets;
mod state;

use axum::Router;
use axum::routing::get;

pub(crate) use site::version;
pub(crate) use state::AppState;

/// Returns all routes, grouped by their callers.
pub(crate) fn router(app: AppState) -> Router {
    let programs = sockets::routes().merge(api::routes()).layer(http::cors::layer(app.origins.clone()));
    let operators =
        Router::new().route("/healthz", get(health::serves)).route("/readyz", get(health::is_ready));
    let routes = pages::routes().route("/", get(sockets::open_or_landing)).merge(programs).merge(operators);
    http::with_middleware(routes, &app).with_state(app)
}
