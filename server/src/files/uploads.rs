//! The service that receives files: it begins, continues, completes and deletes uploads.

mod receive;

use std::sync::Arc;

use hubbub_protocol::{FileName, RoomId, UserId};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::active_uploads::{ActiveUploads, Turn, UploadSlot};
use super::examine::{Examined, prepare};
use super::pictures::{DECODES_AT_ONCE, Thumbnails};
use super::{ByteLimit, FileVersion, Staging, Storage, StorageError, UploadError};
use crate::clock::wall_time;
use crate::sqlite::{FileChange, FileRecord, NewFile, SqliteStore, StorageKey, StorageUsage};
pub(crate) use receive::UploadBody;

/// Maximum number of files of one user that are not part of a message.
const MAX_UNPOSTED_FILES: u64 = 1_000;

/// The limits of files that an operator sets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileLimits {
    /// Size of one file.
    pub(crate) file: ByteLimit,
    /// Size of all files of one user.
    pub(crate) user: ByteLimit,
    /// Size of all files.
    pub(crate) total: ByteLimit,
    /// Simultaneous uploads of one user.
    pub(crate) uploads_per_user: u32,
}

/// An upload that a user requests.
#[derive(Clone, Debug)]
pub(crate) struct NewUpload {
    pub(crate) owner: UserId,
    pub(crate) room: RoomId,
    /// The client's id of the upload, unique for the owner.
    pub(crate) upload_id: String,
    pub(crate) name: FileName,
    /// Bytes of the whole file; with an unknown length, the maximum.
    pub(crate) size: u64,
}

/// What a repeated upload has in common with the first one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SameUpload<'a> {
    pub(crate) room: RoomId,
    pub(crate) name: &'a FileName,
    /// Bytes of the upload, if they are known before its end.
    pub(crate) bytes: Option<u64>,
}

impl SameUpload<'_> {
    fn fits(&self, known: &FileRecord) -> bool {
        known.room == self.room
            && known.name == *self.name
            && self.bytes.is_none_or(|bytes| bytes == known.upload_bytes())
    }
}

/// The service that receives files.
#[derive(Clone, Debug)]
pub(crate) struct Uploads {
    pub(super) store: SqliteStore,
    pub(super) storage: Storage,
    pub(super) staging: Staging,
    limits: FileLimits,
    pub(super) active: ActiveUploads,
    /// Cancelled when the server stops.
    pub(super) stopping: CancellationToken,
    /// Bounds the processors and the memory that decoding pictures takes.
    decoding: Arc<Semaphore>,
    /// Whether private data of pictures stays in their files.
    keeps_exif: bool,
    /// Held while the limits are checked and an upload is created, so that two uploads never share the last free bytes.
    creating: Arc<tokio::sync::Mutex<()>>,
}

impl Uploads {
    pub(crate) fn new(
        store: SqliteStore,
        storage: Storage,
        staging: Staging,
        limits: FileLimits,
        keeps_exif: bool,
        stopping: CancellationToken,
    ) -> Self {
        let (active, creating) = Default::default();
        let decoding = Arc::new(Semaphore::new(DECODES_AT_ONCE));
        Self { store, storage, staging, limits, active, stopping, decoding, keeps_exif, creating }
    }

    pub(crate) const fn storage(&self) -> &Storage {
        &self.storage
    }

    /// Returns the maximum bytes of one file.
    pub(crate) fn max_file_bytes(&self) -> u64 {
        self.limits.file.bytes()
    }

    /// Takes one of the simultaneous uploads of a user, until the slot is dropped.
    ///
    /// # Errors
    /// If the user has the maximum number of them.
    pub(crate) fn acquire_slot(&self, user: UserId) -> Result<UploadSlot, UploadError> {
        self.active.acquire_slot(user, self.limits.uploads_per_user)
    }

    /// Begins an upload, or returns the one that the owner began with the same id, name, room and size. The flag is
    /// whether it is new. The caller has checked that the owner is a member of the room.
    ///
    /// # Errors
    /// If a limit is reached, or the id belongs to another upload of the owner.
    pub(crate) async fn begin(&self, upload: NewUpload) -> Result<(FileRecord, bool), UploadError> {
        let limit = self.max_file_bytes();
        if upload.size > limit {
            return Err(UploadError::FileTooLarge { limit });
        }
        let creating = self.creating.lock().await;
        if let Some(known) = self.store.file_by_upload_id(upload.owner, &upload.upload_id).await? {
            let is_same = !known.is_deleted
                && (known.room, known.upload_bytes()) == (upload.room, upload.size)
                && known.name == upload.name;
            return if is_same { Ok((known, false)) } else { Err(UploadError::UploadIdTaken) };
        }
        self.check_room(upload.size, self.store.storage_usage(upload.owner).await?)?;
        let NewUpload { owner, room, upload_id, name, size } = upload;
        let key = StorageKey::random();
        let new = NewFile { owner, room, upload_id, key, name, size, at: wall_time() };
        let created = self.store.change_file(FileChange::Create(new)).await?.ok_or(UploadError::NotFound)?;
        drop(creating);
        Ok((created, true))
    }

    fn check_room(&self, size: u64, usage: StorageUsage) -> Result<(), UploadError> {
        let (user, total) = (self.limits.user.bytes(), self.limits.total.bytes());
        if usage.unposted >= MAX_UNPOSTED_FILES {
            Err(UploadError::TooManyUnposted { limit: MAX_UNPOSTED_FILES })
        } else if usage.of_user.saturating_add(size) > user {
            Err(UploadError::UserFull { limit: user })
        } else if usage.in_total.saturating_add(size) > total {
            Err(UploadError::ServerFull { limit: total })
        } else {
            Ok(())
        }
    }

    /// Returns the upload with this key, if it belongs to the user.
    ///
    /// # Errors
    /// If there is none, or storage fails.
    pub(crate) async fn find(&self, key: &StorageKey, owner: UserId) -> Result<FileRecord, UploadError> {
        let found = self.store.file_by_key(key).await?;
        found.filter(|found| found.owner == owner && !found.is_deleted).ok_or(UploadError::NotFound)
    }

    /// Returns the complete upload of a user with this id of the client. Interrupts a request that still sends it, and
    /// deletes what that request, or a crash, has left.
    ///
    /// # Errors
    /// If the id belongs to another file, or storage fails.
    pub(crate) async fn find_complete(
        &self,
        owner: UserId,
        upload_id: &str,
        same: &SameUpload<'_>,
    ) -> Result<Option<FileRecord>, UploadError> {
        let Some(known) = self.store.file_by_upload_id(owner, upload_id).await? else { return Ok(None) };
        let turn = self.active.take_turn(&known.key).await;
        // The interrupted request may have completed or deleted it.
        let found = self.store.file_by_upload_id(owner, upload_id).await?.filter(|found| !found.is_deleted);
        match found {
            Some(found) if found.facts.is_some() && same.fits(&found) => Ok(Some(found)),
            Some(found) if found.facts.is_some() => Err(UploadError::UploadIdTaken),
            Some(found) if found.key == known.key => {
                self.discard(&found, &turn).await?;
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    /// Returns an upload and the number of its bytes that are stored. Interrupts a request that sends bytes to it, and
    /// completes it if all bytes are there, which a crash may have prevented.
    ///
    /// # Errors
    /// If there is no such upload, or storage fails.
    pub(crate) async fn progress(
        &self,
        key: &StorageKey,
        owner: UserId,
    ) -> Result<(FileRecord, u64), UploadError> {
        let _turn = self.active.take_turn(key).await;
        let upload = self.find(key, owner).await?;
        let stored = self.stored_bytes(&upload).await?;
        if upload.facts.is_none() && stored == upload.size {
            let size = upload.size;
            return Ok((self.complete(upload, size).await?, size));
        }
        Ok((upload, stored))
    }

    /// Deletes an upload that is not part of a message, complete or not.
    ///
    /// # Errors
    /// If there is no such upload, if it is part of a message, or storage fails.
    pub(crate) async fn delete(&self, key: &StorageKey, owner: UserId) -> Result<(), UploadError> {
        let turn = self.active.take_turn(key).await;
        let upload = self.find(key, owner).await?;
        if upload.message.is_some() {
            return Err(UploadError::Complete);
        }
        self.discard(&upload, &turn).await
    }

    /// Removes an upload and all of its bytes.
    async fn discard(&self, upload: &FileRecord, _turn: &Turn) -> Result<(), UploadError> {
        // The bytes are removed first: on a full disk, the database may not accept the change before they are gone.
        self.staging.remove(&upload.key).await?;
        let delete = FileChange::Delete { file: upload.id, at: wall_time() };
        if self.store.change_file(delete).await?.is_some_and(|file| file.is_deleted) {
            self.storage.remove(&upload.key).await?;
            self.store.change_file(FileChange::Forget { file: upload.id }).await?;
        }
        Ok(())
    }

    /// Returns the bytes of an upload that are stored for certain.
    async fn stored_bytes(&self, upload: &FileRecord) -> Result<u64, StorageError> {
        match upload.facts {
            Some(_) => Ok(upload.received),
            None => Ok(upload.received.min(self.staging.length(&upload.key).await?)),
        }
    }

    /// Examines the `received` bytes of an upload, stores them without their private data and completes the upload. The staged file
    /// is removed last, so that a crash at any point is repaired by doing the same again.
    async fn complete(&self, upload: FileRecord, received: u64) -> Result<FileRecord, UploadError> {
        if self.store.member_since(upload.room, upload.owner).await?.is_none() {
            return Err(UploadError::NotJoined);
        }
        if received == 0 {
            self.staging.truncate(&upload.key, 0).await?;
        }
        let Examined { facts, content, size, thumbnails, no_picture } = self.examine(&upload.key).await?;
        if let Some(reason) = no_picture {
            tracing::info!(file = %upload.id, reason, "a picture is shown as a plain file");
        }
        self.storage.put(&upload.key, &content).await?;
        if let Some(Thumbnails { small, large, .. }) = thumbnails {
            self.storage.put_thumbnail(&upload.key, FileVersion::Small, small).await?;
            self.storage.put_thumbnail(&upload.key, FileVersion::Large, large).await?;
        }
        let complete = FileChange::Complete { file: upload.id, received, size, facts, at: wall_time() };
        let completed = self.store.change_file(complete).await?.filter(|file| file.facts.is_some());
        let completed = completed.ok_or(UploadError::NotFound)?;
        if let Err(error) = self.staging.remove(&upload.key).await {
            // The sweep tries again.
            tracing::warn!(%error, "the staged file of a complete upload could not be removed");
        }
        Ok(completed)
    }

    /// Examines a complete upload. A picture is decoded as soon as a processor and memory may be used for it; they are
    /// free again only when the decoder has ended, even if nobody waits for it any more.
    async fn examine(&self, key: &StorageKey) -> Result<Examined, UploadError> {
        let (upload, clean, keeps_exif) =
            (self.staging.path(key), self.staging.clean_path(key), self.keeps_exif);
        let prepared = tokio::task::spawn_blocking(move || prepare(&upload, &clean, keeps_exif)).await;
        let prepared = prepared.map_err(StorageError::from)?.map_err(StorageError::from)?;
        // An error means that the semaphore was closed, which never happens.
        let turn = Arc::clone(&self.decoding).acquire_owned().await.map_err(|_| UploadError::Interrupted)?;
        let examined = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            prepared.render()
        });
        Ok(examined.await.map_err(StorageError::from)?.map_err(StorageError::from)?)
    }
}

#[cfg(test)]
mod tests;
