//! `/files/{id}/{name}`: the files of messages.

mod byte_range;
mod disposition;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hubbub_protocol::{Attachment, FileId, FileName};

use super::api::{NOBODY, find_room};
use super::http::etag::ETag;
use super::http::problem::{self, Problem};
use super::state::AppState;
use crate::clock::wall_time;
use crate::files::{FileVersion, SignedQuery, StorageError};
use crate::sqlite::FileRecord;
use byte_range::{ByteRange, requested_range};
use disposition::{content_disposition, is_inline};

/// A file never changes under its address. No shared cache may store it, because rooms may have members.
const CACHING: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");
/// Nothing in a file may run or load anything, whatever it contains.
const POLICY: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'");
/// The type of thumbnails.
const THUMBNAIL_TYPE: &str = "image/webp";
/// The type of files that are not shown in the browser.
const DOWNLOAD: &str = "application/octet-stream";

/// Returns the routes of files.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/files/{id}/{name}", get(serve))
        .method_not_allowed_fallback(problem::wrong_method)
        .layer(from_fn(problem::name_request))
}

/// Sends a file or a part of it. The name in the address is only for people.
async fn serve(
    State(app): State<AppState>,
    Path((id, _)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = FileId(id.parse().map_err(|_| Problem::no_such_file())?);
    let query = query.unwrap_or_default();
    let file = app.hub.store().file(id).await?.ok_or_else(Problem::no_such_file)?;
    let is_signed = authorize(&app, &file, &headers, &query).await?;
    let attachment = file.attachment().ok_or_else(Problem::no_such_file)?;
    if let Some(version) = requested_version(&query)
        && attachment.is_picture()
        && let Some(mut response) = thumbnail(&app, &file, version, &headers).await
    {
        let name = FileName::from_stored(format!("{}{}.webp", attachment.name.split().0, version.suffix()));
        let attachment = Attachment { name, content_type: THUMBNAIL_TYPE.to_owned(), ..attachment };
        describe(&mut response, &attachment, false, is_signed);
        return Ok(response);
    }
    let is_download = query.split('&').any(|pair| matches!(pair, "download" | "download=" | "download=1"));
    let mut response = respond(&app, &file, &headers).await?;
    describe(&mut response, &attachment, is_download, is_signed);
    Ok(response)
}

/// Returns the thumbnail that a query asks for: `size=small` or `size=large`. Any other query asks for the file.
fn requested_version(query: &str) -> Option<FileVersion> {
    query.split('&').find_map(|pair| match pair {
        "size=small" => Some(FileVersion::Small),
        "size=large" => Some(FileVersion::Large),
        _ => None,
    })
}

/// Returns the response with a thumbnail, or 304 if the client has it. `None` if it cannot be read: the picture itself is
/// sent instead.
async fn thumbnail(
    app: &AppState,
    file: &FileRecord,
    version: FileVersion,
    headers: &HeaderMap,
) -> Option<Response> {
    let digest = &file.facts.as_ref()?.sha256;
    let tag = ETag::of_digits(&format!("{}-{digest}", version.suffix().trim_start_matches('.')));
    let mut response = if tag.is_known(headers) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        match app.uploads.storage().thumbnail(&file.key, version).await {
            Ok(bytes) => Body::from(bytes).into_response(),
            Err(error) => {
                tracing::warn!(file = %file.id, %error, "a thumbnail could not be read");
                return None;
            }
        }
    };
    if let Some(tag) = tag.header_value() {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Some(response)
}

/// Checks that the sender of the request may read the file. Returns whether its address is signed.
async fn authorize(
    app: &AppState,
    file: &FileRecord,
    headers: &HeaderMap,
    query: &str,
) -> Result<bool, Problem> {
    if query.split('&').any(|pair| pair.starts_with("signature=")) {
        let signed = SignedQuery::parse(query).ok_or_else(Problem::invalid_signature)?;
        let since = app.hub.store().member_since(file.room, signed.user).await?;
        let is_valid =
            since.is_some_and(|since| app.address_signer.verify(&signed, file.id, &since, wall_time()));
        let is_visible = file.message.is_some() || file.owner == signed.user;
        return if is_valid && is_visible { Ok(true) } else { Err(Problem::invalid_signature()) };
    }
    // A token in the address would be in the history of the browser, so only the selection of a user is passed on.
    let named = query.split('&').find(|pair| pair.starts_with("as="));
    let identity = app.auth.authenticate(headers, named).await?;
    if file.message.is_none() {
        let is_owner = identity.is_some_and(|identity| identity.user.id == file.owner);
        return if is_owner { Ok(false) } else { Err(Problem::no_such_file()) };
    }
    if !app.auth.may_read_public_rooms(identity.is_some()) {
        return Err(Problem::sign_in_required());
    }
    let reader = identity.map_or(NOBODY, |identity| identity.user.id);
    find_room(app, reader, file.room).await?.ok_or_else(Problem::no_such_file)?;
    Ok(false)
}

/// Returns the response with the requested bytes, or 304 if the client has the file.
async fn respond(app: &AppState, file: &FileRecord, headers: &HeaderMap) -> Result<Response, Problem> {
    let facts = file.facts.as_ref().ok_or_else(Problem::no_such_file)?;
    let tag = ETag::of_digits(&facts.sha256);
    let mut response = if tag.is_known(headers) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        match requested_range(headers, &tag, file.size) {
            ByteRange::Whole => with_bytes(app, file, 0..file.size).await?,
            ByteRange::Part(range) => {
                let described = format!("bytes {}-{}/{}", range.start, range.end - 1, file.size);
                let mut response = with_bytes(app, file, range).await?;
                *response.status_mut() = StatusCode::PARTIAL_CONTENT;
                if let Ok(described) = HeaderValue::from_str(&described) {
                    response.headers_mut().insert(header::CONTENT_RANGE, described);
                }
                response
            }
            ByteRange::Unsatisfiable => {
                let mut response = Problem::range_not_satisfiable(file.size).into_response();
                if let Ok(size) = HeaderValue::from_str(&format!("bytes */{}", file.size)) {
                    response.headers_mut().insert(header::CONTENT_RANGE, size);
                }
                return Ok(response);
            }
        }
    };
    if let Some(tag) = tag.header_value() {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

async fn with_bytes(
    app: &AppState,
    file: &FileRecord,
    range: std::ops::Range<u64>,
) -> Result<Response, Problem> {
    let length = range.end - range.start;
    let bytes = match app.uploads.storage().read(&file.key, range).await {
        Ok(bytes) => bytes,
        Err(StorageError::Missing) => {
            tracing::error!(file = %file.id, key = %file.key, "the object of a file is missing");
            return Err(Problem::no_such_file());
        }
        Err(error) => {
            tracing::error!(file = %file.id, %error, "a file could not be read");
            return Err(Problem::unavailable());
        }
    };
    let mut response = Body::from_stream(bytes).into_response();
    response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    Ok(response)
}

/// Adds the headers that tell browsers what to do with the file. A response that refuses a range has its own type.
fn describe(response: &mut Response, file: &Attachment, is_download: bool, is_signed: bool) {
    let is_refused = response.status() == StatusCode::RANGE_NOT_SATISFIABLE;
    let is_shown = is_inline(&file.content_type);
    let headers = response.headers_mut();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    if is_signed {
        headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    }
    if is_refused {
        return;
    }
    let kind = match file.content_type.as_str() {
        // Only UTF-8 is recognized as text.
        "text/plain" => "text/plain; charset=utf-8",
        kind if is_shown => kind,
        _ => DOWNLOAD,
    };
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_str(kind).unwrap_or(HeaderValue::from_static(DOWNLOAD)),
    );
    headers.insert(header::CACHE_CONTROL, CACHING);
    headers.insert(header::CONTENT_DISPOSITION, content_disposition(is_shown && !is_download, &file.name));
}
