//! Renders account pages, and the answers to refused forms.

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hubbub_app::{AccountPage, PageSnapshot};
use hubbub_protocol::AccountRefusal;

use crate::web::{form_status, page};

/// Renders the page in the language of the request. `problem` is the reason why a form was refused.
pub(super) async fn page(
    headers: &HeaderMap,
    page: AccountPage,
    problem: Option<&AccountRefusal>,
) -> Response {
    let (status, wait) = problem.map_or((StatusCode::OK, None), status);
    (wait, page::render(status, headers, PageSnapshot::Account(page)).await).into_response()
}

/// Returns the status of a form that was refused, and when to retry if that is known.
fn status(refusal: &AccountRefusal) -> (StatusCode, Option<[(HeaderName, String); 1]>) {
    match refusal {
        AccountRefusal::TooFast(refusal) => form_status::of(refusal),
        AccountRefusal::Busy => {
            let wait = [(header::RETRY_AFTER, AccountRefusal::BUSY_SECONDS.to_string())];
            (StatusCode::SERVICE_UNAVAILABLE, Some(wait))
        }
        AccountRefusal::RegistrationClosed => (StatusCode::FORBIDDEN, None),
        _ => (StatusCode::UNPROCESSABLE_ENTITY, None),
    }
}
