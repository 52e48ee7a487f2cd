//! Renders account pages as HTML. They have no script, and their policy allows none.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hubbub_app::{AccountPage, account_document};
use hubbub_protocol::AccountRefusal;
use leptos::prelude::{Owner, RenderHtml, provide_context};

use crate::web::{display, language, refused, site};

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// Renders the page in the language of the request.
pub(super) fn page(headers: &HeaderMap, page: AccountPage, problem: Option<&AccountRefusal>) -> Response {
    let (status, wait) = problem.map_or((StatusCode::OK, None), status);
    let owner = Owner::new_root(None);
    let html = owner.with(|| {
        provide_context(display::settings(headers));
        account_document(page, language::of(headers), site::names().css).to_html()
    });
    owner.cleanup();
    let mut response =
        (status, wait, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// Returns the status of a form that was refused, and when to retry if that is known.
fn status(refusal: &AccountRefusal) -> (StatusCode, Option<[(HeaderName, String); 1]>) {
    match refusal {
        AccountRefusal::TooFast(refusal) => refused::form(refusal),
        AccountRefusal::Busy => {
            let wait = [(header::RETRY_AFTER, AccountRefusal::BUSY_SECONDS.to_string())];
            (StatusCode::SERVICE_UNAVAILABLE, Some(wait))
        }
        AccountRefusal::RegistrationClosed => (StatusCode::FORBIDDEN, None),
        _ => (StatusCode::UNPROCESSABLE_ENTITY, None),
    }
}
