//! Receives the bytes of one request.

use std::pin::pin;

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt};
use hubbub_protocol::UserId;

use super::{Turn, Uploads};
use crate::files::checksum::Checksum;
use crate::files::{StagedFile, UploadError};
use crate::sqlite::{FileChange, FileRecord, StorageKey};

/// Bytes after which the length of an upload is stored. A crash of the server loses at most so many received bytes.
const CHECKPOINT_BYTES: u64 = 8 * 1024 * 1024;

/// The bytes of a request. An error ends them: the connection was lost, or they came too slowly.
pub(crate) type UploadBody<'body> = BoxStream<'body, Result<Bytes, UploadError>>;

impl Uploads {
    /// Appends the bytes of a request to an upload, and completes it with the last of its bytes. Bytes that were received
    /// before the connection was lost stay, unless they have a checksum. Returns the upload and its stored bytes.
    ///
    /// The future must be run to its end even if the connection ends; otherwise the last bytes are lost.
    ///
    /// # Errors
    /// If the offset is not the number of stored bytes, or the bytes cannot be received or stored.
    pub(crate) async fn append(
        &self,
        key: &StorageKey,
        owner: UserId,
        offset: u64,
        checksum: Option<Checksum>,
        body: UploadBody<'_>,
    ) -> Result<(FileRecord, u64), UploadError> {
        let turn = self.active.take_turn(key).await;
        let upload = self.find(key, owner).await?;
        let stored = self.stored_bytes(&upload).await?;
        if offset != stored {
            return Err(UploadError::WrongOffset { offset: stored });
        }
        if upload.facts.is_some() {
            return Ok((upload, stored));
        }
        let stored = self.receive(&turn, &upload, stored, upload.size, checksum, body).await?;
        if stored < upload.size {
            return Ok((upload, stored));
        }
        match self.complete(upload.clone(), stored).await {
            Ok(completed) => Ok((completed, stored)),
            Err(error @ UploadError::NotJoined) => {
                self.discard(&upload, &turn).await?;
                Err(error)
            }
            Err(error) => Err(error),
        }
    }

    /// Receives a whole file of unknown length into an upload, and completes it. If that fails, nothing stays.
    ///
    /// The future must be run to its end even if the connection ends; otherwise the received bytes stay until they expire.
    ///
    /// # Errors
    /// If the bytes exceed the size of the upload, or cannot be received or stored.
    pub(crate) async fn receive_whole(
        &self,
        upload: FileRecord,
        body: UploadBody<'_>,
    ) -> Result<FileRecord, UploadError> {
        let turn = self.active.take_turn(&upload.key).await;
        let received = self.receive(&turn, &upload, 0, upload.size, None, body).await;
        let completed = match received {
            Ok(size) => self.complete(upload.clone(), size).await,
            Err(error) => Err(error),
        };
        if completed.is_err()
            && let Err(error) = self.discard(&upload, &turn).await
        {
            // The sweep removes it when it expires.
            tracing::warn!(%error, "an interrupted upload could not be removed");
        }
        completed
    }

    /// Appends a body to the first `start` bytes of an upload, up to `limit` bytes in total. Returns the new length.
    async fn receive(
        &self,
        turn: &Turn,
        upload: &FileRecord,
        start: u64,
        limit: u64,
        checksum: Option<Checksum>,
        body: UploadBody<'_>,
    ) -> Result<u64, UploadError> {
        let mut file = self.staging.append(&upload.key, start).await?;
        let mut checksum = checksum;
        let received = self.write_body(turn, upload, &mut file, limit, checksum.as_mut(), body).await;
        let result = match (received, checksum) {
            (Ok(()), Some(checksum)) if !checksum.matches() => Err(UploadError::WrongChecksum),
            // The checksum belongs to all bytes of the request, so a part of them cannot be trusted.
            (Err(error), Some(_)) => Err(error),
            (Err(error), None) if !error.keeps_received_bytes() => Err(error),
            (received, _) => file.sync().await.map(|()| received).map_err(UploadError::from),
        };
        let length = if result.is_ok() { file.length() } else { start };
        drop(file);
        if result.is_err() {
            // Nothing of this request stays: it must not occupy a disk that is full.
            self.staging.truncate(&upload.key, start).await?;
        }
        self.store.change_file(FileChange::Receive { file: upload.id, received: length }).await?;
        result?.map(|()| length)
    }

    async fn write_body(
        &self,
        turn: &Turn,
        upload: &FileRecord,
        file: &mut StagedFile,
        limit: u64,
        checksum: Option<&mut Checksum>,
        body: UploadBody<'_>,
    ) -> Result<(), UploadError> {
        let mut body = pin!(body);
        let (mut checksum, mut stored) = (checksum, file.length());
        loop {
            // A write is never interrupted: it is unknown which of its bytes are in the file then.
            let next = tokio::select! {
                next = body.next() => next,
                () = turn.interrupted() => return Err(UploadError::Interrupted),
                () = self.stopping.cancelled() => return Err(UploadError::Interrupted),
            };
            let Some(bytes) = next.transpose()? else { return Ok(()) };
            if file.length() + bytes.len() as u64 > limit {
                return Err(UploadError::BeyondLength { size: limit });
            }
            if let Some(checksum) = &mut checksum {
                checksum.add(&bytes);
            }
            file.write(&bytes).await?;
            if checksum.is_none() && file.length() - stored >= CHECKPOINT_BYTES {
                file.sync().await?;
                stored = file.length();
                self.store.change_file(FileChange::Receive { file: upload.id, received: stored }).await?;
            }
        }
    }
}
