//! `/uploads`: resumable uploads by the protocol tus 1.0.

mod progress;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::Response;
use futures_util::{StreamExt, TryStreamExt};
use hubbub_protocol::{ClientId, Field, Refusal, UserId, rest};
use tracing::Instrument;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Caller;
use super::upload_metadata::UploadMetadata;
use super::{find_room, response};
use crate::clock::wall_time;
use crate::files::{Checksum, NewUpload, UploadBody, UploadError};
use crate::limits::RateLimitKind;
use crate::sqlite::{FileRecord, StorageKey};
use crate::web::http::problem::Problem;
use crate::web::http::tus;
use crate::web::state::AppState;

/// The content type of the bytes of an upload.
const CONTENT_TYPE: &str = "application/offset+octet-stream";

/// Returns the operations of uploads.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(show, append, delete, overridden))
}

/// Begin a resumable upload
///
/// `Upload-Metadata` contains `room`, the id of a room of which the caller is a member, `filename`, and optionally
/// `upload_id`, a UUID: a second request with the same one returns the first upload. The body may contain the first
/// bytes of the file.
#[utoipa::path(post, path = "/uploads", tag = "Files", operation_id = "create_upload",
    params(
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("Upload-Length" = u64, Header, description = "Size of the file in bytes"),
        ("Upload-Metadata" = String, Header, description = "Names with values in Base64"),
    ),
    responses(
        (status = 201, description = "The upload began; `Location` is its address"),
        (status = 400, body = rest::Problem, content_type = "application/problem+json", description = "A header is missing or not valid"),
        (status = 403, body = rest::Problem, content_type = "application/problem+json", description = "The caller is not a member of the room"),
        (status = 404, body = rest::Problem, content_type = "application/problem+json", description = "The room does not exist"),
        (status = 412, body = rest::Problem, content_type = "application/problem+json", description = "The version of the protocol is not supported"),
        (status = 413, body = rest::Problem, content_type = "application/problem+json", description = "The file exceeds the size limit"),
        (status = 415, body = rest::Problem, content_type = "application/problem+json", description = "The content type of the body is not `application/offset+octet-stream`"),
        (status = 422, body = rest::Problem, content_type = "application/problem+json", description = "The file name is too long"),
        (status = 423, body = rest::Problem, content_type = "application/problem+json", description = "A newer request for the upload interrupted this one"),
        (status = 460, body = rest::Problem, content_type = "application/problem+json", description = "The bytes do not have the checksum"),
        (status = 507, body = rest::Problem, content_type = "application/problem+json", description = "The storage of the user or the server is full"),
    ))]
pub(super) async fn create(
    State(app): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let size = length_of_new(&headers)?;
    let metadata = UploadMetadata::parse(text(&headers, &tus::METADATA)?.unwrap_or_default())?;
    let first = FirstBytes::parse(&headers)?;
    let room = find_room(&app, caller.user.id, metadata.room).await?;
    let room = room.ok_or_else(|| Refusal::not_found(Field::RoomId))?;
    if !room.joined {
        return Err(Refusal::not_joined(room.record.name.as_str()).into());
    }
    caller.try_acquire(&app, RateLimitKind::Uploading)?;
    let slot = app.uploads.acquire_slot(caller.user.id)?;
    let new_id = || ClientId::from_time(wall_time().millis().unsigned_abs(), rand::random());
    let upload_id = metadata.upload_id.unwrap_or_else(new_id).to_string();
    let new = NewUpload { owner: caller.user.id, room: metadata.room, upload_id, name: metadata.name, size };
    let (upload, is_new) = app.uploads.begin(new).await?;
    let key = upload.key.clone();
    let (upload, stored) = if is_new && (first.is_sent || size == 0) {
        let appended = append_to_end(&app, key.clone(), caller.user.id, 0, first.checksum, body).await;
        drop(slot);
        match appended {
            Ok(appended) => appended,
            // The upload exists and can be continued; the response must name it.
            Err(UploadError::BodyEnded | UploadError::Interrupted) => {
                progress_to_end(&app, key.clone(), caller.user.id).await?
            }
            Err(error) => {
                _ = app.uploads.delete(&key, caller.user.id).await;
                return Err(error.into());
            }
        }
    } else {
        progress_to_end(&app, key.clone(), caller.user.id).await?
    };
    let created = progress::with_headers(response::created(), &upload, stored);
    Ok(response::with_location(created, &format!("{}/{key}", tus::PATH)))
}

/// Show the progress of an upload
///
/// `Upload-Offset` is the number of bytes received so far. When the upload is complete, `Hubbub-File-Id` is the id of the
/// file and `Hubbub-File` the attachment as JSON. A request that sends bytes at this moment is interrupted.
#[utoipa::path(head, path = "/uploads/{upload}", tag = "Files", operation_id = "upload",
    params(
        ("upload" = String, Path, description = "Last part of the address of the upload"),
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
    ),
    responses(
        (status = 200, description = "The upload exists"),
        (status = 401, description = "The token or session is missing or not valid"),
        (status = 403, description = "The caller has left the room"),
        (status = 404, description = "The upload does not exist or has expired"),
        (status = 412, description = "The version of the protocol is not supported"),
        (status = 503, description = "Storage is temporarily unavailable"),
        (status = 507, description = "The disk of the server is full"),
    ))]
pub(super) async fn show(
    State(app): State<AppState>,
    caller: Caller,
    Path(upload): Path<String>,
) -> Result<Response, Problem> {
    let (upload, stored) = progress_to_end(&app, key(&upload)?, caller.user.id).await?;
    Ok(progress::with_headers(response::no_store(), &upload, stored))
}

/// Send bytes of an upload
///
/// Bytes that arrived before the connection was lost are kept, unless the request has an `Upload-Checksum`. The response
/// to the last bytes contains `Hubbub-File-Id` and `Hubbub-File`.
#[utoipa::path(patch, path = "/uploads/{upload}", tag = "Files", operation_id = "continue_upload",
    params(
        ("upload" = String, Path, description = "Last part of the address of the upload"),
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("Upload-Offset" = u64, Header, description = "Number of bytes received so far"),
        ("Upload-Checksum" = Option<String>, Header, description = "`sha1` or `sha256`, a space, and the checksum of the body in Base64"),
    ),
    responses(
        (status = 204, description = "The bytes were stored; `Upload-Offset` is the new number of bytes"),
        (status = 400, body = rest::Problem, content_type = "application/problem+json", description = "A header is missing or not valid, or the body ended early"),
        (status = 403, body = rest::Problem, content_type = "application/problem+json", description = "The caller has left the room"),
        (status = 404, body = rest::Problem, content_type = "application/problem+json", description = "The upload does not exist or has expired"),
        (status = 409, body = rest::Problem, content_type = "application/problem+json", description = "`Upload-Offset` is not the number of bytes received so far"),
        (status = 412, body = rest::Problem, content_type = "application/problem+json", description = "The version of the protocol is not supported"),
        (status = 413, body = rest::Problem, content_type = "application/problem+json", description = "The body exceeds the length of the upload"),
        (status = 415, body = rest::Problem, content_type = "application/problem+json", description = "The content type of the body is not `application/offset+octet-stream`"),
        (status = 423, body = rest::Problem, content_type = "application/problem+json", description = "A newer request for the upload interrupted this one"),
        (status = 460, body = rest::Problem, content_type = "application/problem+json", description = "The bytes do not have the checksum"),
        (status = 507, body = rest::Problem, content_type = "application/problem+json", description = "The disk of the server is full"),
    ))]
pub(super) async fn append(
    State(app): State<AppState>,
    caller: Caller,
    Path(upload): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let key = key(&upload)?;
    let offset =
        number(&headers, &tus::OFFSET)?.ok_or_else(|| Problem::bad_header("Upload-Offset", "is missing"))?;
    let first = FirstBytes::parse(&headers)?;
    if !first.is_sent {
        return Err(Problem::wrong_content_type(CONTENT_TYPE));
    }
    let _slot = app.uploads.acquire_slot(caller.user.id)?;
    let (upload, stored) = append_to_end(&app, key, caller.user.id, offset, first.checksum, body).await?;
    Ok(progress::with_headers(response::no_content(), &upload, stored))
}

/// Delete an upload
///
/// Deletes the upload and its file, complete or not, as long as it is not part of a message.
#[utoipa::path(delete, path = "/uploads/{upload}", tag = "Files", operation_id = "delete_upload",
    params(
        ("upload" = String, Path, description = "Last part of the address of the upload"),
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
    ),
    responses(
        (status = 204, description = "The upload is deleted"),
        (status = 404, body = rest::Problem, content_type = "application/problem+json", description = "The upload does not exist or has expired"),
        (status = 409, body = rest::Problem, content_type = "application/problem+json", description = "The file is part of a message"),
        (status = 412, body = rest::Problem, content_type = "application/problem+json", description = "The version of the protocol is not supported"),
    ))]
pub(super) async fn delete(
    State(app): State<AppState>,
    caller: Caller,
    Path(upload): Path<String>,
) -> Result<Response, Problem> {
    app.uploads.delete(&key(&upload)?, caller.user.id).await?;
    Ok(response::no_content())
}

/// Send bytes of an upload, or delete it, with another method
///
/// Does what `PATCH` or `DELETE` does, which the header `X-HTTP-Method-Override` names, for clients whose network does not
/// pass on these methods.
#[utoipa::path(post, path = "/uploads/{upload}", tag = "Files", operation_id = "override_upload_method",
    params(
        ("upload" = String, Path, description = "Last part of the address of the upload"),
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("X-HTTP-Method-Override" = String, Header, description = "`PATCH` or `DELETE`"),
    ),
    responses(
        (status = 204, description = "As for the method"),
        (status = 400, body = rest::Problem, content_type = "application/problem+json", description = "A header is missing or not valid, or the body ended early"),
        (status = 403, body = rest::Problem, content_type = "application/problem+json", description = "The caller has left the room"),
        (status = 404, body = rest::Problem, content_type = "application/problem+json", description = "The upload does not exist or has expired"),
        (status = 409, body = rest::Problem, content_type = "application/problem+json", description = "As for the method"),
        (status = 412, body = rest::Problem, content_type = "application/problem+json", description = "The version of the protocol is not supported"),
        (status = 413, body = rest::Problem, content_type = "application/problem+json", description = "The body exceeds the length of the upload"),
        (status = 415, body = rest::Problem, content_type = "application/problem+json", description = "The content type of the body is not `application/offset+octet-stream`"),
        (status = 423, body = rest::Problem, content_type = "application/problem+json", description = "A newer request for the upload interrupted this one"),
        (status = 460, body = rest::Problem, content_type = "application/problem+json", description = "The bytes do not have the checksum"),
        (status = 507, body = rest::Problem, content_type = "application/problem+json", description = "The disk of the server is full"),
    ))]
pub(super) async fn overridden(
    State(app): State<AppState>,
    caller: Caller,
    Path(upload): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    match text(&headers, &tus::METHOD_OVERRIDE)? {
        Some("PATCH") => append(State(app), caller, Path(upload), headers, body).await,
        Some("DELETE") => delete(State(app), caller, Path(upload)).await,
        _ => Err(Problem::bad_header("X-HTTP-Method-Override", "must be PATCH or DELETE")),
    }
}

/// Returns the progress of an upload. Completing it must not stop because the client gives up.
async fn progress_to_end(
    app: &AppState,
    key: StorageKey,
    owner: UserId,
) -> Result<(FileRecord, u64), Problem> {
    let uploads = app.uploads.clone();
    let task = app.hub.tasks().spawn(async move { uploads.progress(&key, owner).await }.in_current_span());
    Ok(task.await.map_err(|_| Problem::unavailable())??)
}

/// Appends a body to an upload in a task of its own: axum drops a handler when its client disconnects, and the received
/// bytes must be stored even then.
async fn append_to_end(
    app: &AppState,
    key: StorageKey,
    owner: UserId,
    offset: u64,
    checksum: Option<Checksum>,
    body: Body,
) -> Result<(FileRecord, u64), UploadError> {
    let uploads = app.uploads.clone();
    let body: UploadBody<'static> = body.into_data_stream().map_err(|_| UploadError::BodyEnded).boxed();
    let append = async move { uploads.append(&key, owner, offset, checksum, body).await };
    let appended = app.hub.tasks().spawn(append.in_current_span()).await;
    appended.unwrap_or(Err(UploadError::Interrupted))
}

/// The headers of a request that describe the bytes in its body.
struct FirstBytes {
    is_sent: bool,
    checksum: Option<Checksum>,
}

impl FirstBytes {
    fn parse(headers: &HeaderMap) -> Result<Self, Problem> {
        let kind = headers.get(header::CONTENT_TYPE).map(|kind| kind.as_bytes());
        let has_body = headers.contains_key(header::TRANSFER_ENCODING)
            || headers.get(header::CONTENT_LENGTH).is_some_and(|length| length != "0");
        let is_sent = kind == Some(CONTENT_TYPE.as_bytes());
        if has_body && !is_sent {
            return Err(Problem::wrong_content_type(CONTENT_TYPE));
        }
        let parse = |text| {
            let rule = "must be sha1 or sha256, a space, and the checksum in Base64";
            Checksum::parse(text).ok_or_else(|| Problem::bad_header("Upload-Checksum", rule))
        };
        Ok(Self { is_sent, checksum: text(headers, &tus::CHECKSUM)?.map(parse).transpose()? })
    }
}

/// Returns the length of a new upload.
fn length_of_new(headers: &HeaderMap) -> Result<u64, Problem> {
    for (header, name) in [(tus::DEFER_LENGTH, "Upload-Defer-Length"), (tus::CONCAT, "Upload-Concat")] {
        if headers.contains_key(header) {
            return Err(Problem::bad_header(name, "is not supported"));
        }
    }
    number(headers, &tus::LENGTH)?.ok_or_else(|| Problem::bad_header("Upload-Length", "is missing"))
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<Option<u64>, Problem> {
    let rule = || Problem::bad_header(name.as_str(), "must be an integer, 0 or larger");
    let parse = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number
            .then(|| text.parse().ok())
            .flatten()
            .filter(|number| *number <= i64::MAX.unsigned_abs())
            .ok_or_else(rule)
    };
    text(headers, name)?.map(parse).transpose()
}

fn text<'headers>(headers: &'headers HeaderMap, name: &HeaderName) -> Result<Option<&'headers str>, Problem> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => {
            value.to_str().map(Some).map_err(|_| Problem::bad_header(name.as_str(), "must be ASCII"))
        }
        (Some(_), Some(_)) => Err(Problem::bad_header(name.as_str(), "must occur only once")),
    }
}

fn key(text: &str) -> Result<StorageKey, Problem> {
    StorageKey::parse(text).ok_or_else(|| UploadError::NotFound.into())
}
