//! Uploads and downloads.

use std::io::Cursor;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::{DynamicImage, ImageFormat};
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::api::Reply;
use super::program::http;
use super::{Api, Program};

/// The boundary of forms.
const BOUNDARY: &str = "----a-boundary";
/// The content type of the bytes of a resumable upload.
pub(crate) const BYTES: (&str, &str) = ("content-type", "application/offset+octet-stream");
/// The version of tus.
pub(crate) const TUS: (&str, &str) = ("tus-resumable", "1.0.0");

/// A file that a server sent.
#[derive(Debug)]
pub(crate) struct Download {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Download {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Returns the code of the problem that the server sent instead of a file.
    pub(crate) fn refusal(&self) -> (u16, String) {
        let problem: Value = serde_json::from_slice(&self.bytes).unwrap_or_default();
        (self.status.as_u16(), problem["code"].as_str().unwrap_or_default().to_owned())
    }
}

/// Returns the body of a form with these parts: name, name of the file, content.
pub(crate) fn form(parts: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let head = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
             content-type: text/html\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

/// Returns `Upload-Metadata` with these entries.
pub(crate) fn metadata(entries: &[(&str, &str)]) -> String {
    entries
        .iter()
        .map(|(name, value)| format!("{name} {}", STANDARD.encode(value)))
        .collect::<Vec<_>>()
        .join(",")
}

/// Returns bytes that are different at each place.
pub(crate) fn content(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|index| (index * 7 % 251) as u8).collect()
}

/// Returns a small picture.
pub(crate) fn png() -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(8, 8).write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

impl Api {
    /// Uploads a file in one request and returns the attachment.
    pub(crate) async fn uploads(&self, room: i64, name: &str, content: &[u8]) -> Value {
        self.uploads_form(room, form(&[("file", name, content)])).await.is(201)["files"][0].take()
    }

    /// Sends a form with files.
    pub(crate) async fn uploads_form(&self, room: i64, body: Vec<u8>) -> Reply {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let path = format!("/rooms/{room}/files");
        self.sends_body(Method::POST, &path, &[("content-type", &kind)], Some(body.into())).await
    }

    /// Begins a resumable upload of a file with this name.
    pub(crate) async fn begins_upload(&self, room: i64, name: &str, bytes: usize) -> Reply {
        let (room, bytes) = (room.to_string(), bytes.to_string());
        let metadata = metadata(&[("filename", name), ("room", &room)]);
        let headers = [TUS, ("upload-length", &bytes), ("upload-metadata", &metadata)];
        self.sends(Method::POST, "/uploads", &headers, None).await
    }

    /// Begins a resumable upload, and returns its address.
    pub(crate) async fn upload_of(&self, room: i64, name: &str, bytes: usize) -> String {
        let begun = self.begins_upload(room, name, bytes).await;
        assert_eq!(begun.status, 201, "{begun:?}");
        begun.header("location").to_owned()
    }

    /// Sends bytes of a resumable upload.
    pub(crate) async fn sends_bytes(&self, upload: &str, offset: usize, bytes: &[u8]) -> Reply {
        let offset = offset.to_string();
        let headers = [TUS, BYTES, ("upload-offset", &*offset)];
        self.sends_body(Method::PATCH, upload, &headers, Some(bytes.to_vec().into())).await
    }

    /// Returns the headers of a resumable upload.
    pub(crate) async fn asks_for(&self, upload: &str) -> Reply {
        self.sends(Method::HEAD, upload, &[TUS], None).await
    }

    /// Returns how many bytes of a resumable upload the server has.
    pub(crate) async fn offset_of(&self, upload: &str) -> usize {
        let reply = self.asks_for(upload).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.header("upload-offset").parse().unwrap()
    }

    /// Requests a file by its path.
    pub(crate) async fn downloads(&self, path: &str, headers: &[(&str, &str)]) -> Download {
        let mut request = http().get(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some((name, value)) = &self.identity {
            request = request.header(*name, value);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Download { status, headers, bytes: response.bytes().await.unwrap().to_vec() }
    }

    /// Requests an attachment.
    pub(crate) async fn opens(&self, file: &Value) -> Download {
        self.downloads(&path_of(file), &[]).await
    }
}

impl Reply {
    /// Returns the attachment in the header of a complete upload.
    pub(crate) fn file(&self) -> Value {
        serde_json::from_str(self.header("hubbub-file")).unwrap_or_default()
    }
}

impl Program {
    /// Returns the names of the files in a folder of the data folder.
    pub(crate) fn files_in(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.data.path().join(folder)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// Returns the path of an attachment.
pub(crate) fn path_of(file: &Value) -> String {
    format!("/files/{}/x", file["id"])
}
