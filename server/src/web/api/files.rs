//! `/rooms/{room_id}/files`: uploads of whole files, and `/files/{file_id}/address`: signed addresses.

mod form_body;
mod text_parts;
mod upload_form;

use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use hubbub_chat::{RoomChange, page};
use hubbub_protocol::rest::{self, RoomFiles, RoomMessage, SignedAddress, UploadedFiles};
use hubbub_protocol::{ClientId, Field, FileId, Refusal};
use tracing::Instrument;
use utoipa::openapi::schema::{OneOfBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::caller::Caller;
use super::extract::{ReadableRoom, VisibleRoom};
use super::messages::store_post;
use super::query::QueryParams;
use super::response;
use crate::clock::wall_time;
use crate::file_links::file_path;
use crate::files::UploadError;
use crate::limits::RateLimitKind;
use crate::sqlite::{FileKind, FileRecord};
use crate::web::http::problem::Problem;
use crate::web::state::AppState;
use form_body::FormBody;
use upload_form::{ReceivedForm, UploadForm};

/// Maximum number of files in a list, and the number without `limit`.
const MAX_FILES_LISTED: u32 = 100;
const DEFAULT_FILES_LISTED: u32 = 50;

/// The body of a successful upload, for the OpenAPI document: the files, or the message that contains them.
struct UploadAnswer;

/// List the files of a room
///
/// The files of the room's messages, newest first. `next` is the address of older files, as long as there are any.
#[utoipa::path(get, path = "/rooms/{room_id}/files", tag = "Files", operation_id = "room_files",
    security((), ("token" = []), ("cookie" = [])),
    params(
        ("room_id" = i64, Path, description = "Room id"),
        ("kind" = Option<String>, Query, description = "Return only `images`, `media` (audio and video) or `documents` (all others); default `all`"),
        ("before" = Option<i64>, Query, minimum = 1, description = "Return only files with smaller ids"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "Maximum number of files; default 50"),
    ),
    responses((status = 200, body = RoomFiles)))]
pub(super) async fn list(
    State(app): State<AppState>,
    at: ReadableRoom,
    query: QueryParams,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let name = query.text(Field::Kind)?.unwrap_or("all");
    let rule = || Refusal::invalid(Field::Kind, "kind must be all, images, media or documents");
    let kind = FileKind::parse(name).ok_or_else(rule)?;
    let before = query.integer(Field::Before)?.map(FileId);
    let limit = page::list_limit(query.integer(Field::Limit)?, DEFAULT_FILES_LISTED, MAX_FILES_LISTED)?;
    let (files, more) = app.hub.store().room_files(at.id(), kind, before, limit).await?;
    let next = files.last().filter(|_| more).map(|last| {
        format!("/api/v1/rooms/{}/files?kind={name}&before={}&limit={limit}", at.id(), last.file.id)
    });
    Ok(response::json_with_etag(&headers, &RoomFiles { files, next }))
}

/// Upload files, or post them
///
/// The body is a form with one to ten files in parts with the name `file`. Only for members of the room. With a part
/// `text`, or `post` with the value `true`, the files are posted at once, and the parts `client_id` and `reply_to` have
/// the meaning that they have for messages; `client_id` must stand before the files. Otherwise the files are deleted after
/// 24 hours, unless a message contains them.
#[utoipa::path(post, path = "/rooms/{room_id}/files", tag = "Files", operation_id = "upload_files",
    params(("room_id" = i64, Path, description = "Room id")),
    request_body(content_type = "multipart/form-data", content = String,
        description = "Parts with the name `file`, and optionally `text`, `post`, `client_id` and `reply_to`"),
    responses(
        (status = 201, body = UploadAnswer, description = "All files are stored; the body is the message if they are posted"),
        (status = 200, body = RoomMessage, description = "The message was stored by an earlier request with this `client_id`"),
        (status = 400, body = rest::Problem, content_type = "application/problem+json", description = "The body is not a form or ended early, or a path parameter is not a number"),
        (status = 403, body = rest::Problem, content_type = "application/problem+json", description = "The caller is not a member of the room"),
        (status = 404, body = rest::Problem, content_type = "application/problem+json", description = "The room, or the message of `reply_to`, does not exist"),
        (status = 409, body = rest::Problem, content_type = "application/problem+json", description = "The maximum number is reached, or the `client_id` was used for another message"),
        (status = 413, body = rest::Problem, content_type = "application/problem+json", description = "A file exceeds the size limit"),
        (status = 415, body = rest::Problem, content_type = "application/problem+json", description = "The content type is not `multipart/form-data`"),
        (status = 423, body = rest::Problem, content_type = "application/problem+json", description = "The server stops"),
        (status = 507, body = rest::Problem, content_type = "application/problem+json", description = "The space for files of the user or the server is used up"),
    ))]
pub(super) async fn post(
    State(app): State<AppState>,
    at: VisibleRoom,
    request: Request,
) -> Result<Response, Problem> {
    if !at.room.joined {
        return Err(Refusal::not_joined(at.name().as_str()).into());
    }
    let body_bytes = content_length(request.headers());
    let (head, body) = request.into_parts();
    let (body, unparsed) = FormBody::limited(body);
    let form = Multipart::from_request(Request::from_parts(head, body), &app).await;
    let form = form.map_err(|_| Problem::wrong_content_type("multipart/form-data with a boundary"))?;
    at.caller.try_acquire(&app, RateLimitKind::Uploading)?;
    let slot = app.uploads.acquire_slot(at.caller.user.id)?;
    let tasks = app.hub.tasks().clone();
    // axum drops a handler when its client disconnects, but the received bytes must be removed even then.
    let receive = async move {
        let _slot = slot;
        let receiver =
            UploadForm::new(app.uploads.clone(), at.caller.user.id, at.room.record.id, body_bytes, unparsed);
        let received = receiver.receive(form).await?;
        answer(&app, &at, received).await
    };
    tasks.spawn(receive.in_current_span()).await.unwrap_or_else(|_| Err(Problem::unavailable()))
}

/// Returns the uploaded files, or posts them and returns the message. If the post is refused, the files are deleted.
async fn answer(app: &AppState, at: &VisibleRoom, received: ReceivedForm) -> Result<Response, Problem> {
    let ReceivedForm { files, texts } = received;
    if !texts.is_post() {
        let files = files.iter().filter_map(FileRecord::attachment).collect();
        return Ok(response::json(StatusCode::CREATED, &UploadedFiles { files }));
    }
    let client_id = texts.client_id.unwrap_or_else(new_client_id);
    let ids = files.iter().map(|file| file.id).collect();
    let posted =
        match RoomChange::post(client_id, texts.text.as_deref().unwrap_or_default(), texts.reply_to, ids) {
            Ok(post) => store_post(app, at, post).await,
            Err(refusal) => Err(refusal.into()),
        };
    if posted.is_err() {
        for file in &files {
            // A file that cannot be deleted now expires after a day. A file that an earlier request posted stays.
            _ = app.uploads.delete(&file.key, at.caller.user.id).await;
        }
    }
    posted
}

/// Create a signed address of a file
///
/// The address shows the file without a session, for at most an hour and only while the caller is a member of the room.
#[utoipa::path(post, path = "/files/{file_id}/address", tag = "Files", operation_id = "create_file_address",
    params(("file_id" = i64, Path, description = "File id")),
    responses(
        (status = 201, body = SignedAddress, description = "The address was created"),
        (status = 403, body = rest::Problem, content_type = "application/problem+json", description = "The caller is not a member of the room"),
        (status = 404, body = rest::Problem, content_type = "application/problem+json", description = "The file does not exist"),
    ))]
pub(super) async fn create_address(
    State(app): State<AppState>,
    caller: Caller,
    Path(file): Path<String>,
) -> Result<Response, Problem> {
    caller.try_acquire(&app, RateLimitKind::Marking)?;
    let id = FileId(file.parse().map_err(|_| Problem::no_such_file())?);
    let file = app.hub.store().file(id).await?;
    let is_visible = |file: &FileRecord| file.message.is_some() || file.owner == caller.user.id;
    let file = file
        .filter(is_visible)
        .filter(|file| file.attachment().is_some())
        .ok_or_else(Problem::no_such_file)?;
    let since =
        app.hub.store().member_since(file.room, caller.user.id).await?.ok_or(UploadError::NotJoined)?;
    let (query, expires_at) = app.address_signer.sign(id, caller.user.id, &since, wall_time());
    let address = format!("{}?{query}", file_path(id, &file.name));
    Ok(response::json(StatusCode::CREATED, &SignedAddress { address, expires_at }))
}

fn new_client_id() -> ClientId {
    ClientId::from_time(wall_time().millis().unsigned_abs(), rand::random())
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

impl PartialSchema for UploadAnswer {
    fn schema() -> RefOr<Schema> {
        let answers = [UploadedFiles::name(), RoomMessage::name()];
        let one_of = answers
            .iter()
            .fold(OneOfBuilder::new(), |one_of, name| one_of.item(Ref::from_schema_name(name.as_ref())));
        one_of.into()
    }
}

impl ToSchema for UploadAnswer {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((UploadedFiles::name().into_owned(), UploadedFiles::schema()));
        UploadedFiles::schemas(schemas);
    }
}
