//! `POST /api/v1/auth/token` and `POST /api/v1/auth/revoke`: a signed token for a program, and its end.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hubbub_protocol::{AccountRefusal, Field, Refusal, UserName};
use serde::Deserialize;

use crate::identity::accounts::{self, AccountError};
use crate::identity::{self, Grant, NotIdentified, Problem};
use crate::web::App;
use crate::web::middleware::client::ClientAddress;

/// Who wants a token. With a password, the account of that name; without, a guest.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    username: Option<String>,
    password: Option<String>,
}

/// A token for an account, or for a guest with the name they wish or a generated one.
pub(super) async fn make(
    State(app): State<App>,
    from: ClientAddress,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    let wish = read(&body).map_err(IntoResponse::into_response)?;
    let grant = match (wish.username, wish.password) {
        (Some(name), Some(password)) => {
            let grant = accounts::account_token(&app, from, &headers, &name, &password).await;
            grant.map_err(|error| refused(&error).into_response())?
        }
        (None, Some(_)) => {
            return Err(Problem::from(Refusal::missing(Field::Name)).into_response());
        }
        (name, None) => {
            let name = name.map(|name| UserName::parse(&name)).transpose();
            let name = name.map_err(|refusal| Problem::from(refusal).into_response())?;
            identity::guest_token(&app, from, name.as_ref()).await.map_err(IntoResponse::into_response)?
        }
    };
    Ok(answer(&grant))
}

fn refused(error: &AccountError) -> Problem {
    let refusal = match error {
        AccountError::Refused(refusal) => refusal,
        AccountError::Store(_) => return Problem::unavailable(),
    };
    let status = match refusal {
        AccountRefusal::WrongNameOrPassword => StatusCode::UNAUTHORIZED,
        AccountRefusal::TooFast(refusal) => return refusal.clone().into(),
        AccountRefusal::Busy => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Problem::new(status, refusal.code(), refusal.to_string())
}

/// Ends the session of the token, or of the cookie, that the request brings.
pub(super) async fn revoke(State(app): State<App>, headers: HeaderMap) -> Result<Response, Response> {
    let identity = identity::identify(&app, &headers, None).await.map_err(IntoResponse::into_response)?;
    let identity = identity.ok_or_else(|| NotIdentified::WrongToken.into_response())?;
    let ended = identity::end_session(&app, identity.session).await;
    ended.map_err(|_| Problem::unavailable().into_response())?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// An empty body is `{}`.
fn read(body: &[u8]) -> Result<Wish, Problem> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| {
        let detail = format!("the body is not understood: {error}");
        Problem::new(StatusCode::BAD_REQUEST, "not_understood", detail)
    })
}

fn answer(grant: &Grant) -> Response {
    let body = serde_json::json!({
        "token": grant.token, "token_type": "Bearer", "expires_at": grant.expires_at, "user": grant.user,
    });
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (headers, body.to_string()).into_response()
}
