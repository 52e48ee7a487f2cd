//! The content of files that wait to be uploaded, and their uploads. The code of both is a lazy part, because only messages
//! with files need it.

mod content_store;
mod tus;

use std::future::Future;
use std::pin::Pin;

use hubbub_client::{Intent, UploadEvent};
use hubbub_protocol::{ClientId, FileName, Refusal, RoomId, UserId};
use leptos::task::spawn_local;
use web_sys::{AbortController, AbortSignal, File};

use super::chat_task::ChatHandle;
use crate::lazy_part::lazy_part;

/// The end of an operation on the storage or the network.
type UploadFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// Why the content of a file was not stored.
pub(crate) enum ContentError {
    /// The files that wait would exceed the limit of the storage.
    Full,
    /// The browser has no storage, or it failed.
    Unavailable,
}

/// An upload to run.
pub(crate) struct PendingUpload {
    handle: ChatHandle,
    acting_as: Option<UserId>,
    room: RoomId,
    upload_id: ClientId,
    name: FileName,
    size: u64,
    signal: Option<AbortSignal>,
}

lazy_part! {
    file uploads, preload preload;
    fn run(upload: PendingUpload) -> UploadFuture<Option<UploadEvent>> {
        Box::pin(tus::run(upload))
    }
}

lazy_part! {
    file uploads, preload _preload_discard;
    fn discard_content(upload_id: ClientId) -> UploadFuture<()> {
        Box::pin(async move { _ = content_store::remove(upload_id).await; })
    }
}

/// Stores the content of a file. Called by code of the same part.
pub(crate) async fn store(upload_id: ClientId, file: &File) -> Result<(), ContentError> {
    content_store::put(upload_id, file).await
}

/// Removes the content of a file.
pub(crate) fn discard(upload_id: ClientId) {
    spawn_local(async move {
        if let Ok(removal) = discard_content(upload_id).await {
            removal.await;
        }
    });
}

/// Runs the uploads that the client requests.
pub(super) struct UploadTask {
    handle: ChatHandle,
    acting_as: Option<UserId>,
    running: Vec<(ClientId, Option<AbortController>)>,
}

impl UploadTask {
    pub(super) const fn new(handle: ChatHandle, acting_as: Option<UserId>) -> Self {
        Self { handle, acting_as, running: Vec::new() }
    }

    pub(super) fn start(&mut self, room: RoomId, upload_id: ClientId, name: FileName, size: u64) {
        self.running.retain(|(running, _)| *running != upload_id);
        let controller = AbortController::new().ok();
        let signal = controller.as_ref().map(AbortController::signal);
        self.running.push((upload_id, controller));
        let (handle, acting_as) = (self.handle, self.acting_as);
        let upload = PendingUpload { handle, acting_as, room, upload_id, name, size, signal };
        spawn_local(async move {
            let event = match run(upload).await {
                Ok(running) => running.await,
                Err(_) => Some(UploadEvent::Refused(Refusal::unavailable())),
            };
            if let Some(event) = event {
                handle.submit(Intent::Upload { upload_id, event });
            }
        });
    }

    pub(super) fn stop(&mut self, upload_id: ClientId) {
        let stopped = self.running.extract_if(.., |(running, _)| *running == upload_id);
        stopped.filter_map(|(_, controller)| controller).for_each(|controller| controller.abort());
    }

    pub(super) fn discard(&mut self, upload_id: ClientId) {
        self.stop(upload_id);
        discard(upload_id);
    }
}
