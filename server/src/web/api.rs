//! The REST API: everything under `/api/v1` except the socket. Handlers read from the store, and change rooms only
//! through [`crate::hub::Hub::change`] and [`crate::hub::Hub::set_read_position`].

mod body;
mod caller;
mod docs;
mod document;
mod events;
mod extract;
mod files;
mod me;
mod members;
mod messages;
mod query;
mod reactions;
mod read;
mod response;
mod rooms;
mod token;
mod upload_metadata;
mod uploads;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{any, get};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::http::problem;
use super::state::AppState;
pub(super) use extract::{NOBODY, find_room};

/// Returns all operations, grouped as in the OpenAPI document. An operation without a description cannot be added.
fn operations() -> OpenApiRouter<AppState> {
    let me = OpenApiRouter::new().routes(routes!(me::show, me::change)).routes(routes!(me::rooms));
    let rooms = OpenApiRouter::new()
        .routes(routes!(rooms::list, rooms::create))
        .routes(routes!(rooms::show, rooms::change))
        .routes(routes!(members::list))
        .routes(routes!(members::join, members::leave))
        .routes(routes!(read::show, read::mark))
        .routes(routes!(events::list));
    let messages = OpenApiRouter::new()
        .routes(routes!(messages::list, messages::post))
        .routes(routes!(messages::show, messages::change, messages::delete))
        .routes(routes!(messages::edits))
        .routes(routes!(reactions::put, reactions::remove));
    let files = OpenApiRouter::new()
        .routes(routes!(files::list, files::post))
        .layer(DefaultBodyLimit::disable())
        .routes(routes!(files::create_address))
        .merge(uploads::operations());
    let tokens = OpenApiRouter::new().routes(routes!(token::make)).routes(routes!(token::revoke));
    tokens.merge(me).merge(rooms).merge(messages).merge(files)
}

/// Returns all routes under `/api` except that of the socket.
pub(super) fn routes() -> Router<AppState> {
    let (operations, _) = document::described(operations()).split_for_parts();
    operations
        .route("/api/v1/openapi.json", get(document::show))
        .route("/api/docs", get(docs::show))
        .route("/api/docs.css", get(docs::style))
        .route("/api", any(problem::no_such_address))
        .route("/api/", any(problem::no_such_address))
        .route("/api/{*rest}", any(problem::no_such_address))
        .method_not_allowed_fallback(problem::wrong_method)
        .layer(from_fn(problem::name_request))
}
