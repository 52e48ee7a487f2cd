//! Uploads by the protocol tus 1.0.

use hubbub_client::{Intent, LocalFile, UploadEvent};
use hubbub_protocol::rest::Problem;
use hubbub_protocol::{Attachment, Code, Field, Refusal, Retry};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Headers, Request, RequestInit, Response};

use super::{PendingUpload, content_store};
use crate::browser::json;

/// Bytes of one request. A pause loses at most this much, and progress is reported after each.
const PIECE_BYTES: u64 = 1024 * 1024;
/// Address at which uploads begin.
const UPLOADS_PATH: &str = "/api/v1/uploads";

/// The part of an upload that the server has received.
struct Progress {
    location: Option<String>,
    offset: u64,
    /// The file, if it is complete.
    file: Option<Attachment>,
}

/// Uploads a file. Returns how it ended; `None` if it was stopped.
pub(super) async fn run(upload: PendingUpload) -> Option<UploadEvent> {
    let result = upload_pieces(&upload).await;
    if upload.signal.as_ref().is_some_and(web_sys::AbortSignal::aborted) {
        return None;
    }
    Some(match result {
        Ok(file) => UploadEvent::Done(Box::new(file)),
        Err(refusal) => UploadEvent::Refused(refusal),
    })
}

async fn upload_pieces(upload: &PendingUpload) -> Result<Attachment, Refusal> {
    let file = content_store::get(upload.upload_id).await.map_err(|_| Refusal::unavailable())?;
    let file =
        file.filter(|file| file.size() == to_f64(upload.size)).ok_or_else(LocalFile::content_missing)?;
    // The server knows the upload by its id, so this also resumes one that was interrupted.
    let mut progress = begin(upload).await?;
    let location = progress.location.take().ok_or_else(Refusal::unavailable)?;
    loop {
        if let Some(file) = progress.file {
            return Ok(file);
        }
        let event = UploadEvent::Progress(progress.offset);
        upload.handle.submit(Intent::Upload { upload_id: upload.upload_id, event });
        let end = (progress.offset + PIECE_BYTES).min(upload.size);
        let piece = file.slice_with_f64_and_f64(to_f64(progress.offset), to_f64(end));
        let piece = piece.map_err(|_| LocalFile::content_missing())?;
        let before = progress.offset;
        progress = append(upload, &location, before, &piece).await?;
        if progress.offset <= before && progress.file.is_none() {
            return Err(Refusal::unavailable());
        }
    }
}

async fn begin(upload: &PendingUpload) -> Result<Progress, Refusal> {
    let metadata = format!(
        "filename {},room {},upload_id {}",
        base64(upload.name.as_str()),
        base64(&upload.room.to_string()),
        base64(&upload.upload_id.to_string()),
    );
    let size = upload.size.to_string();
    let headers = [("Upload-Length", size.as_str()), ("Upload-Metadata", &metadata)];
    send(upload, "POST", UPLOADS_PATH, &headers, None).await
}

async fn append(
    upload: &PendingUpload,
    location: &str,
    offset: u64,
    piece: &Blob,
) -> Result<Progress, Refusal> {
    let offset = offset.to_string();
    let headers = [("Upload-Offset", offset.as_str()), ("Content-Type", "application/offset+octet-stream")];
    send(upload, "PATCH", location, &headers, Some(piece)).await
}

async fn send(
    upload: &PendingUpload,
    method: &str,
    address: &str,
    headers: &[(&str, &str)],
    body: Option<&Blob>,
) -> Result<Progress, Refusal> {
    let response = fetch(upload, method, address, headers, body).await.map_err(|_| Refusal::unavailable())?;
    let header = |name: &str| response.headers().get(name).ok().flatten();
    if response.ok() {
        let offset = header("Upload-Offset").and_then(|offset| offset.parse().ok()).unwrap_or_default();
        let file = header("Hubbub-File").and_then(|json| json::read(&json));
        return Ok(Progress { location: header("Location"), offset, file });
    }
    let text = match response.text() {
        Ok(text) => JsFuture::from(text).await.ok().and_then(|text| text.as_string()),
        Err(_) => None,
    };
    Err(refusal(response.status(), method, text.and_then(|text| json::read(&text))))
}

async fn fetch(
    upload: &PendingUpload,
    method: &str,
    address: &str,
    headers: &[(&str, &str)],
    body: Option<&Blob>,
) -> Result<Response, JsValue> {
    let all = Headers::new()?;
    all.set("Tus-Resumable", "1.0.0")?;
    for (name, value) in headers {
        all.set(name, value)?;
    }
    let options = RequestInit::new();
    options.set_method(method);
    options.set_headers(&all);
    options.set_signal(upload.signal.as_ref());
    if let Some(body) = body {
        options.set_body(body);
    }
    let query = upload.acting_as.map(|user| format!("?as={user}")).unwrap_or_default();
    let request = Request::new_with_str_and_init(&format!("{address}{query}"), &options)?;
    JsFuture::from(window().fetch_with_request(&request)).await?.dyn_into()
}

/// Returns the refusal of a response. A failure that can pass is temporary.
fn refusal(status: u16, method: &str, problem: Option<Problem>) -> Refusal {
    let code = problem.as_ref().map_or("", |problem| problem.code.as_str());
    // An upload that has expired begins again. Other conflicts than a wrong offset are final.
    let can_pass = matches!(status, 401 | 408 | 423 | 425 | 429 | 460 | 500 | 502..=504)
        || status == 409 && code == "wrong_offset"
        || status == 404 && method == "PATCH";
    let Some(problem) = problem else {
        // The response of a proxy. One that refuses this file will refuse it again.
        let is_final = (400..500).contains(&status) && !can_pass;
        let refusal = Refusal::unavailable();
        return if is_final {
            Refusal { code: Code::Invalid, field: Some(Field::File), retry: Retry::Never, ..refusal }
        } else {
            refusal
        };
    };
    Refusal {
        code: json::read::<Code>(&format!("\"{}\"", problem.code)).unwrap_or(Code::Invalid),
        message: problem.detail,
        // A message whose file is refused has failed for this file.
        field: Some(Field::File),
        limit: problem.limit,
        retry: if can_pass { Retry::Later } else { Retry::Never },
        retry_after_ms: problem.retry_after_ms,
    }
}

/// Encodes a text in UTF-8 and Base64.
fn base64(text: &str) -> String {
    // `btoa` takes one character for each byte.
    let bytes: String = text.bytes().map(char::from).collect();
    window().btoa(&bytes).unwrap_or_default()
}

/// Converts a size for the browser. Sizes of files are exact.
#[expect(clippy::cast_precision_loss, reason = "the size of a file is below 2^53")]
const fn to_f64(size: u64) -> f64 {
    size as f64
}
