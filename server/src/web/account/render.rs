//! Renders account pages as HTML. They load no program; their policy allows the one script that shows local times.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hubbub_app::{AccountPage, account_document};
use hubbub_protocol::AccountRefusal;
use leptos::nonce::{provide_nonce, use_nonce};
use leptos::prelude::{Owner, RenderHtml, provide_context};

use crate::web::{display, language, refused, site};

fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'"
    )
}

/// Renders the page in the language of the request.
pub(super) fn page(headers: &HeaderMap, page: AccountPage, problem: Option<&AccountRefusal>) -> Response {
    let (status, wait) = problem.map_or((StatusCode::OK, None), status);
    let owner = Owner::new_root(None);
    let (html, nonce) = owner.with(|| {
        provide_nonce();
        provide_context(display::settings(headers));
        let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
        (account_document(page, language::of(headers), site::names().css).to_html(), nonce)
    });
    owner.cleanup();
    let mut response =
        (status, wait, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::from_str(&policy(&nonce)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
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
