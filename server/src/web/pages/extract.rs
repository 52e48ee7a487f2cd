//! Extracts the user, the room, the query and the form of a request for a page. A request without them gets another page.

use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use hubbub_protocol::RoomName;
use serde::de::DeserializeOwned;

use super::render;
use crate::auth::{AuthError, Identity};
use crate::web::state::AppState;

/// The room in the path.
pub(super) struct NamedRoom(pub(super) RoomName);

impl FromRequestParts<AppState> for NamedRoom {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Response> {
        let room = match Path::<String>::from_request_parts(parts, app).await {
            Ok(Path(room)) => room,
            Err(rejection) => return Err(render::bad_request(rejection.status(), &parts.headers).await),
        };
        match app.hub.room_name(&room).await {
            Ok(Ok(room)) => Ok(Self(room)),
            Ok(Err(problem)) => Err(render::not_found(&parts.headers, Some(problem)).await),
            Err(_) => Err(render::unavailable(&parts.headers).await),
        }
    }
}

/// The query of an address.
pub(super) struct PageQuery<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for PageQuery<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Response> {
        match Query::from_request_parts(parts, app).await {
            Ok(Query(query)) => Ok(Self(query)),
            Err(rejection) => Err(render::bad_request(rejection.status(), &parts.headers).await),
        }
    }
}

/// A submitted form.
pub(super) struct PageForm<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequest<AppState> for PageForm<T> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Response> {
        let headers = request.headers().clone();
        match Form::from_request(request, app).await {
            Ok(Form(form)) => Ok(Self(form)),
            Err(rejection) => Err(render::bad_request(rejection.into_response().status(), &headers).await),
        }
    }
}

/// The user of a request, who has an account. A guest is redirected to the registration, and a client without session to
/// the sign-in.
pub(super) struct AccountHolder(pub(super) Identity);

impl FromRequestParts<AppState> for AccountHolder {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Response> {
        let identity = app.auth.authenticate(&parts.headers, None).await;
        match authenticated(&parts.headers, identity).await? {
            Some(identity) if identity.is_account => Ok(Self(identity)),
            Some(_) => Err(Redirect::to("/register").into_response()),
            None => Err(Redirect::to("/sign-in").into_response()),
        }
    }
}

/// Returns the result of an authentication.
///
/// # Errors
/// The response to send instead: a page if storage fails, otherwise the problem.
pub(super) async fn authenticated(
    headers: &HeaderMap,
    identity: Result<Option<Identity>, AuthError>,
) -> Result<Option<Identity>, Response> {
    match identity {
        Ok(identity) => Ok(identity),
        Err(AuthError::Store(_)) => Err(render::unavailable(headers).await),
        Err(refused) => Err(refused.into_response()),
    }
}
