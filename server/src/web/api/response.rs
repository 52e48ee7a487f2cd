//! Successful responses as JSON.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::web::http::etag::ETag;

/// Answers contain data of one user, so no shared cache may store them. A program may still keep an answer and its
/// ETag.
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Returns the response to a change.
pub(super) fn json<T: Serialize>(status: StatusCode, value: &T) -> Response {
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    let mut response = (status, headers, serialize(value)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, NO_STORE);
    response
}

/// Returns the response to a change without content.
pub(super) fn no_content() -> Response {
    (StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, NO_STORE)]).into_response()
}

/// Returns the response to a change that created something, without content.
pub(super) fn created() -> Response {
    (StatusCode::CREATED, [(header::CACHE_CONTROL, NO_STORE)]).into_response()
}

/// Returns the response to a query without content.
pub(super) fn no_store() -> Response {
    (StatusCode::OK, [(header::CACHE_CONTROL, NO_STORE)]).into_response()
}

/// Returns the response to a query, or 304 if the client already has it (RFC 9110, section 13.1.2).
pub(super) fn json_with_etag<T: Serialize>(asked: &HeaderMap, value: &T) -> Response {
    with_etag(asked, serialize(value), NO_STORE)
}

/// Returns JSON with a hash of it as ETag.
pub(super) fn with_etag(asked: &HeaderMap, json: String, caching: HeaderValue) -> Response {
    let tag = ETag::of_hash(&Sha256::digest(json.as_bytes()));
    let mut response = if tag.is_known(asked) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], json).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, caching);
    if let Some(tag) = tag.header_value() {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// Adds the `Location` of the object to a response.
pub(super) fn with_location(mut response: Response, path: &str) -> Response {
    if let Ok(path) = HeaderValue::from_str(path) {
        response.headers_mut().insert(header::LOCATION, path);
    }
    response
}

/// Serialising fails only for maps with keys that are not strings, and answers have no maps.
fn serialize<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
