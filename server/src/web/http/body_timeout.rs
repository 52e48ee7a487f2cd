//! Answers a request whose body does not arrive in time with 408 (RFC 9110, section 15.5.9), in place of its handler.

use axum::Extension;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hubbub_app::BadRequestReason;

use super::problem::Problem;
use super::tus;
use crate::net::timed_body::{Late, TimedBody};

/// Limits the time of the body, and replaces the handler's response if the body was late. `pages::explain_refusal` makes
/// the answer a page.
pub(super) async fn limit(request: Request, next: Next) -> Response {
    let is_of_api = request.uri().path().starts_with("/api/");
    let late = Late::default();
    let limited = if is_file(request.uri().path()) { TimedBody::of_file } else { TimedBody::new };
    let request = request.map(|body| Body::new(limited(body, late.clone())));
    let response = next.run(request).await;
    if !late.is_set() {
        return response;
    }
    let mut response = if is_of_api {
        Problem::late_body().into_response()
    } else {
        let text = "the request body did not arrive in time";
        (StatusCode::REQUEST_TIMEOUT, Extension(BadRequestReason::Late), text).into_response()
    };
    // The rest of the body may still arrive, and must not be parsed as the next request.
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Whether a request to this path has a file in its body.
fn is_file(path: &str) -> bool {
    let is_form = path.strip_prefix("/api/v1/rooms/").is_some_and(|rest| rest.ends_with("/files"));
    is_form || path.starts_with(tus::PATH)
}
