//! `kill -9` at random moments while users upload. Each file must arrive whole and once.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use hubbub_protocol::ClientId;
use rand::Rng;
use reqwest::{Client, Method, Response};
use serde_json::Value;

use crate::support::files::{BYTES, TUS, content, form, metadata, path_of};
use crate::support::program::http;
use crate::support::{Api, Guest, Program, TEST_TIMEOUT};

const KILLS: usize = 20;
/// Bytes of one file, and of one request of a resumable upload.
const FILE_BYTES: usize = 300_000;
const PIECE_BYTES: usize = 70_000;

/// A user who uploads one file after the other, and repeats each request until it is answered.
struct Uploader {
    guest: Guest,
    room: i64,
    client: Client,
    resumes: bool,
    /// The id of the current file.
    id: String,
    /// The files that were acknowledged.
    files: Vec<Value>,
}

impl Uploader {
    async fn new(program: &Program, name: &str, resumes: bool) -> Self {
        let guest = program.guest(name).await;
        let room = Api::new(&guest, program).await.joins("general").await;
        Self { guest, room, client: http(), resumes, id: new_id(), files: Vec::new() }
    }

    /// The content of the current file.
    fn content(&self) -> Vec<u8> {
        [self.id.as_bytes(), &content(FILE_BYTES)].concat()
    }

    async fn uploads_for_ever(&mut self) {
        loop {
            self.uploads_one().await;
        }
    }

    /// Uploads the current file; gives up when the server does not answer.
    async fn uploads_one(&mut self) -> Option<()> {
        let file = if self.resumes { self.resumes().await? } else { self.posts().await? };
        self.files.push(file);
        self.id = new_id();
        Some(())
    }

    async fn resumes(&self) -> Option<Value> {
        let (content, room) = (self.content(), self.room.to_string());
        let (length, name) = (content.len().to_string(), format!("{}.bin", self.id));
        let metadata = metadata(&[("filename", &name), ("room", &room), ("upload_id", &self.id)]);
        let headers = [TUS, ("upload-length", &*length), ("upload-metadata", &*metadata)];
        let mut reply = self.sends(Method::POST, "/api/v1/uploads", &headers, Vec::new()).await?;
        let upload = reply.headers()["location"].to_str().unwrap().to_owned();
        loop {
            if let Some(file) = reply.headers().get("hubbub-file") {
                return Some(serde_json::from_slice(file.as_bytes()).unwrap());
            }
            let offset = reply.headers()["upload-offset"].to_str().unwrap().to_owned();
            let start: usize = offset.parse().unwrap();
            let piece = content[start..content.len().min(start + PIECE_BYTES)].to_vec();
            reply =
                self.sends(Method::PATCH, &upload, &[TUS, BYTES, ("upload-offset", &*offset)], piece).await?;
        }
    }

    async fn posts(&self) -> Option<Value> {
        let (content, name) = (self.content(), format!("{}.bin", self.id));
        let body =
            form(&[("client_id", "", self.id.as_bytes()), ("file", &name, &content), ("text", "", b"here")]);
        let path = format!("/api/v1/rooms/{}/files", self.room);
        let kind = "multipart/form-data; boundary=----a-boundary";
        let reply = self.sends(Method::POST, &path, &[("content-type", kind)], body).await?;
        let message: Value = serde_json::from_str(&reply.text().await.ok()?).unwrap();
        Some(message["files"][0].clone())
    }

    /// Sends a request. `None` if the server does not answer.
    async fn sends(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Option<Response> {
        let mut request = self.client.request(method, format!("http://{}{path}", self.guest.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let reply = request.header("cookie", &self.guest.cookie).body(body).send().await.ok()?;
        assert!(reply.status().is_success(), "{path}: {reply:?}");
        Some(reply)
    }
}

fn new_id() -> String {
    ClientId::from_random_bytes(rand::random()).to_string()
}

#[tokio::test]
async fn files_survive_kills_whole_and_once() {
    let mut program = Program::start_with(&["--limit-uploading", "off"]).await;
    let mut uploaders = Vec::new();
    for (name, resumes) in [("alice", true), ("bob", true), ("carol", false)] {
        uploaders.push(Uploader::new(&program, name, resumes).await);
    }
    for _ in 0..KILLS {
        let moment = Duration::from_millis(rand::rng().random_range(1..200));
        let uploading = join_all(uploaders.iter_mut().map(Uploader::uploads_for_ever));
        tokio::select! {
            _ = uploading => {}
            () = tokio::time::sleep(moment) => {}
        }
        program.kill().await;
        program.restart_with(&["--limit-uploading", "off"]).await;
    }
    for uploader in &mut uploaders {
        let done =
            tokio::time::timeout(TEST_TIMEOUT, async { while uploader.uploads_one().await.is_none() {} });
        done.await.expect("the last file arrives");
    }

    let mut names = BTreeMap::new();
    for uploader in &uploaders {
        let api = Api::new(&uploader.guest, &program).await;
        for file in &uploader.files {
            let id = file["name"].as_str().unwrap().trim_end_matches(".bin");
            let sent = api.downloads(&path_of(file), &[]).await;
            assert!(sent.bytes == [id.as_bytes(), &content(FILE_BYTES)].concat(), "{file}");
            *names.entry(id.to_owned()).or_insert(0) += 1;
        }
    }
    assert!(names.len() >= 3 && names.values().all(|count| *count == 1), "{names:?}");
    assert_eq!(program.files_in("files").len(), names.len(), "no file is stored twice");
    let carol = Api::new(&uploaders[2].guest, &program).await;
    let page = carol.get(&format!("/rooms/{}/messages?limit=200", uploaders[2].room)).await.is(200);
    assert_eq!(
        page["messages"].as_array().unwrap().len(),
        uploaders[2].files.len(),
        "each post is there once"
    );
}
