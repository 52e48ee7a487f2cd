//! The forms of the account pages: their fields, and the answers to submitted ones.

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hubbub_app::{AccountPage, PageSnapshot};
use hubbub_protocol::AccountRefusal;
use serde::Deserialize;

use crate::auth::accounts::{AccountError, Credentials};
use crate::net::client_address::ClientAddress;
use crate::web::http::form_status;
use crate::web::pages::render;

/// The fields of all account forms. Each form has some of them; a missing field is an empty one.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct AccountForm {
    pub(super) username: String,
    pub(super) password: String,
    pub(super) new_password: String,
    /// The room to enter afterwards.
    pub(super) room: String,
    /// The id of the session to end.
    pub(super) session: i64,
}

impl AccountForm {
    /// Returns the name and the password that the client typed.
    pub(super) fn credentials<'request>(
        &'request self,
        from: ClientAddress,
        headers: &'request HeaderMap,
    ) -> Credentials<'request> {
        Credentials { from, headers, name: &self.username, password: &self.password }
    }
}

/// The result of a submitted form. A refusal is shown with the form.
pub(super) type FormResult<T> = Result<T, AccountRefusal>;

/// Returns the result of a submitted form.
///
/// # Errors
/// The page to show instead if storage fails.
pub(super) async fn result<T>(
    headers: &HeaderMap,
    outcome: Result<T, AccountError>,
) -> Result<FormResult<T>, Response> {
    match outcome {
        Ok(done) => Ok(Ok(done)),
        Err(AccountError::Refused(refusal)) => Ok(Err(refusal)),
        Err(AccountError::Store(_)) => Err(render::unavailable(headers).await),
    }
}

/// Renders the page in the language of the request.
pub(super) async fn show(headers: &HeaderMap, page: AccountPage) -> Response {
    render::page(StatusCode::OK, headers, PageSnapshot::Account(page)).await
}

/// Renders the page with a form that was refused, with the status of the refusal.
pub(super) async fn show_refused(
    headers: &HeaderMap,
    page: AccountPage,
    refusal: &AccountRefusal,
) -> Response {
    let (status, retry_after) = status(refusal);
    (retry_after, render::page(status, headers, PageSnapshot::Account(page)).await).into_response()
}

/// Returns the status of a form that was refused, and when to retry if that is known.
fn status(refusal: &AccountRefusal) -> (StatusCode, Option<[(HeaderName, String); 1]>) {
    match refusal {
        AccountRefusal::TooFast(refusal) => form_status::of(refusal),
        AccountRefusal::Busy => {
            let retry_after = [(header::RETRY_AFTER, AccountRefusal::BUSY_SECONDS.to_string())];
            (StatusCode::SERVICE_UNAVAILABLE, Some(retry_after))
        }
        AccountRefusal::RegistrationClosed => (StatusCode::FORBIDDEN, None),
        _ => (StatusCode::UNPROCESSABLE_ENTITY, None),
    }
}
