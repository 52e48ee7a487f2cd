//! `POST /api/v1/auth/token` and `POST /api/v1/auth/revoke`: creates and revokes a signed token for a program.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hubbub_chat::text::user_name;
use hubbub_protocol::rest::{self, NewToken, Token};
use hubbub_protocol::{Field, Refusal};

use crate::auth::accounts::{self, Credentials};
use crate::auth::{AuthError, IssuedToken};
use crate::net::client_address::ClientAddress;
use crate::web::http::problem::Problem;
use crate::web::state::AppState;

/// Create a token
///
/// Returns a token for an account by its name and password, or for a new guest with the requested name or a generated
/// one. An empty body is treated as `{}`.
#[utoipa::path(post, path = "/auth/token", tag = "Sign in", operation_id = "make_token", security(()),
    request_body = NewToken,
    responses(
        (status = 200, body = Token),
        (status = 401, body = rest::Problem, content_type = "application/problem+json",
            description = "The name or password is wrong, or the server does not accept guests"),
    ))]
pub(super) async fn make(
    State(app): State<AppState>,
    from: ClientAddress,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    let requested = read(&body).map_err(IntoResponse::into_response)?;
    let token = match (requested.username, requested.password) {
        (Some(name), Some(password)) => {
            let credentials = Credentials { from, headers: &headers, name: &name, password: &password };
            let token = accounts::account_token(&app.auth, credentials).await;
            token.map_err(|error| Problem::from(error).into_response())?
        }
        (None, Some(_)) => {
            return Err(Problem::from(Refusal::missing(Field::Name)).into_response());
        }
        (name, None) => {
            let name = name.map(|name| user_name(&name)).transpose();
            let name = name.map_err(|refusal| Problem::from(refusal).into_response())?;
            app.auth.create_guest_token(from, name.as_ref()).await.map_err(IntoResponse::into_response)?
        }
    };
    Ok(answer(token))
}

/// End the session
///
/// Ends the session of the token or cookie in the request, and closes its sockets.
#[utoipa::path(post, path = "/auth/revoke", tag = "Sign in", operation_id = "revoke_token",
    responses((status = 204, description = "The session has ended")))]
pub(super) async fn revoke(State(app): State<AppState>, headers: HeaderMap) -> Result<Response, Response> {
    let identity = app.auth.authenticate(&headers, None).await.map_err(IntoResponse::into_response)?;
    let identity = identity.ok_or_else(|| AuthError::InvalidToken.into_response())?;
    let ended = app.auth.end_session(identity.session).await;
    ended.map_err(|_| Problem::unavailable().into_response())?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Parses the body; an empty body is treated as `{}`.
fn read(body: &[u8]) -> Result<NewToken, Problem> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| {
        let detail = format!("body is not a valid token request: {error}");
        Problem::new(StatusCode::BAD_REQUEST, "not_understood", detail)
    })
}

fn answer(grant: IssuedToken) -> Response {
    let IssuedToken { token, expires_at, user } = grant;
    let body = Token { token, token_type: "Bearer".to_owned(), expires_at, user };
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    // Serialising fails only for maps with keys that are not strings, and a token has no maps.
    (headers, serde_json::to_string(&body).unwrap_or_default()).into_response()
}
