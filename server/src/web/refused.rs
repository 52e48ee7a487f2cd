//! A refusal over HTTP, where a form comes again with it. What programs get is in [`super::api::problem`].

use axum::http::{HeaderName, StatusCode, header};
use hubbub_protocol::Refusal;

use super::api::problem::Problem;

/// The status, and when to come back if that is known: what is wrong with a form is always 422, but for haste.
pub(super) fn form(refusal: &Refusal) -> (StatusCode, Option<[(HeaderName, String); 1]>) {
    let problem = Problem::of(refusal);
    let status = match problem.status() {
        StatusCode::TOO_MANY_REQUESTS => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (status, problem.retry_after_seconds().map(|seconds| [(header::RETRY_AFTER, seconds.to_string())]))
}
