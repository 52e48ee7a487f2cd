//! What kind of "no" a refusal is over HTTP.

use axum::http::{HeaderName, StatusCode, header};
use hubbub_protocol::{Code, Refusal};

/// The status, and the seconds after which to come back if that is known (RFC 6585, section 4).
pub(crate) fn status(refusal: &Refusal) -> (StatusCode, Option<u32>) {
    let status = match refusal.code {
        Code::TooFast => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let wait = refusal.retry_after_ms.map(|wait| wait.div_ceil(1_000).max(1));
    (status, wait.map(|seconds| u32::try_from(seconds).unwrap_or(u32::MAX)))
}

/// The same for a form that comes again.
pub(super) fn form(refusal: &Refusal) -> (StatusCode, Option<[(HeaderName, String); 1]>) {
    let (status, wait) = status(refusal);
    (status, wait.map(|seconds| [(header::RETRY_AFTER, seconds.to_string())]))
}
