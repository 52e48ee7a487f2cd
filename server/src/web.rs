//! The HTTP interface: pages, the REST API and the addresses of sockets, by who calls.

mod api;
mod files;
mod health;
mod http;
mod pages;
mod site;
mod sockets;
mod state;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;

use http::problem;
pub(crate) use site::version;
pub(crate) use state::AppState;

/// Returns all routes, grouped by their callers.
pub(crate) fn router(app: AppState) -> Router {
    let operators =
        Router::new().route("/healthz", get(health::is_alive)).route("/readyz", get(health::is_ready));
    let operators = operators.method_not_allowed_fallback(problem::wrong_method);
    let sockets = sockets::routes().method_not_allowed_fallback(problem::wrong_method);
    let programs = sockets.merge(api::routes()).merge(files::routes());
    let programs = programs.layer(http::cors::layer(app.origins.clone()));
    // Around the layer above, which answers `OPTIONS` for all of them.
    let programs = programs.layer(from_fn_with_state(app.clone(), http::tus::describe));
    let pages = pages::routes().route("/", get(sockets::open_or_landing));
    let pages = pages.method_not_allowed_fallback(pages::wrong_method);
    let check = |routes| http::with_checks(routes, &app);
    let pages = check(pages).layer(from_fn(pages::explain_refusal));
    let routes = pages.merge(check(programs)).merge(check(operators));
    http::with_middleware(routes, &app).with_state(app)
}
