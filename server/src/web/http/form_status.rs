//! The status of a refused form. [`super::problem`] defines the errors for programs.

use axum::http::{HeaderName, StatusCode, header};
use hubbub_protocol::Refusal;

use super::problem::Problem;

/// Returns 429 for a rate limit and 422 for every other refusal, and when to retry if that is known.
pub(in crate::web) fn of(refusal: &Refusal) -> (StatusCode, Option<[(HeaderName, String); 1]>) {
    let problem = Problem::of(refusal);
    let status = match problem.status() {
        StatusCode::TOO_MANY_REQUESTS => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (status, problem.retry_after_seconds().map(|seconds| [(header::RETRY_AFTER, seconds.to_string())]))
}
