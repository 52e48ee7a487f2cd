//! The headers of tus 1.0 (<https://tus.io/protocols/resumable-upload>), a protocol for resumable uploads.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use crate::files::CHECKSUM_ALGORITHMS;
use crate::web::state::AppState;

/// The path of all uploads.
pub(in crate::web) const PATH: &str = "/api/v1/uploads";
pub(in crate::web) const PROTOCOL_VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,creation-with-upload,checksum,expiration,termination";

pub(in crate::web) const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
pub(in crate::web) const VERSION: HeaderName = HeaderName::from_static("tus-version");
pub(in crate::web) const EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
pub(in crate::web) const MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
pub(in crate::web) const CHECKSUM_ALGORITHM: HeaderName = HeaderName::from_static("tus-checksum-algorithm");
pub(in crate::web) const LENGTH: HeaderName = HeaderName::from_static("upload-length");
pub(in crate::web) const DEFER_LENGTH: HeaderName = HeaderName::from_static("upload-defer-length");
pub(in crate::web) const CONCAT: HeaderName = HeaderName::from_static("upload-concat");
pub(in crate::web) const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
pub(in crate::web) const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
pub(in crate::web) const CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
pub(in crate::web) const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
/// The method of a request that was sent as `POST`, because something on its way does not pass on other methods.
pub(in crate::web) const METHOD_OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");
/// The attachment as JSON, and its id, when the upload is complete. They are not part of tus.
pub(in crate::web) const FILE: HeaderName = HeaderName::from_static("hubbub-file");
pub(in crate::web) const FILE_ID: HeaderName = HeaderName::from_static("hubbub-file-id");

/// Adds the version to all responses under [`PATH`], refuses requests of another version, and describes the server in
/// the response to `OPTIONS`.
pub(in crate::web) async fn describe(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let Some(rest) =
        request.uri().path().strip_prefix(PATH).filter(|rest| rest.is_empty() || rest.starts_with('/'))
    else {
        return next.run(request).await;
    };
    let is_described = *request.method() == Method::OPTIONS;
    let has_version = request
        .headers()
        .get(RESUMABLE)
        .is_some_and(|version| version.as_bytes() == PROTOCOL_VERSION.as_bytes());
    // A method that does not exist here is refused as such.
    let is_of_tus = match rest {
        "" => *request.method() == Method::POST,
        _ => matches!(*request.method(), Method::HEAD | Method::PATCH | Method::DELETE | Method::POST),
    };
    let mut response = if is_of_tus && !has_version {
        Problem::unsupported_tus_version().into_response()
    } else {
        next.run(request).await
    };
    let is_refused = response.status() == StatusCode::PRECONDITION_FAILED;
    let headers = response.headers_mut();
    headers.insert(RESUMABLE, HeaderValue::from_static(PROTOCOL_VERSION));
    if is_described || is_refused {
        headers.insert(VERSION, HeaderValue::from_static(PROTOCOL_VERSION));
    }
    if is_described {
        headers.insert(EXTENSION, HeaderValue::from_static(EXTENSIONS));
        headers.insert(MAX_SIZE, app.uploads.max_file_bytes().into());
        headers.insert(CHECKSUM_ALGORITHM, HeaderValue::from_static(CHECKSUM_ALGORITHMS));
    }
    response
}
