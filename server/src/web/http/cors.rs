//! Cross-origin access (Fetch, section 3.3): pages of the origins in `--allow-origin` may send requests with cookies
//! and read the responses.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header, request::Parts};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::{request_id, tus};
use crate::net::origin::AllowedOrigins;

/// Time for which a browser caches the answer to a preflight.
const MAX_AGE: Duration = Duration::from_secs(10 * 60);

/// Names the allowed origin in the response, never `*`, which browsers do not accept together with cookies.
pub(in crate::web) fn layer(origins: AllowedOrigins) -> CorsLayer {
    let is_allowed = move |_: &HeaderValue, request: &Parts| origins.include_sender(&request.headers);
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(is_allowed))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers(allowed())
        .expose_headers(exposed())
        .max_age(MAX_AGE)
}

/// Returns the headers that such pages may send besides the default ones. The last are those of tus.
fn allowed() -> [HeaderName; 11] {
    [
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        header::IF_NONE_MATCH,
        header::RANGE,
        request_id::NAME,
        tus::RESUMABLE,
        tus::LENGTH,
        tus::METADATA,
        tus::OFFSET,
        tus::CHECKSUM,
        tus::METHOD_OVERRIDE,
    ]
}

/// Returns the response headers that such pages may read besides the default ones.
fn exposed() -> [HeaderName; 18] {
    [
        header::ACCEPT_RANGES,
        header::CONTENT_DISPOSITION,
        header::CONTENT_RANGE,
        header::ETAG,
        header::LOCATION,
        header::RETRY_AFTER,
        request_id::NAME,
        tus::RESUMABLE,
        tus::VERSION,
        tus::EXTENSION,
        tus::MAX_SIZE,
        tus::CHECKSUM_ALGORITHM,
        tus::LENGTH,
        tus::OFFSET,
        tus::EXPIRES,
        tus::METADATA,
        tus::FILE,
        tus::FILE_ID,
    ]
}
