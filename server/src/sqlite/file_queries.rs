//! The methods of the store for files and uploads.

use hubbub_chat::StoreError;
use hubbub_protocol::rest::RoomFile;
use hubbub_protocol::{FileId, RoomId, Timestamp, UserId};

use super::{
    FileChange, FileKind, FileRecord, SqliteStore, StorageKey, StorageUsage, WriteRequest, files, room_files,
};

impl SqliteStore {
    /// Executes a change of a file or an upload, and returns it in its new state; `None` if there is none.
    pub(crate) async fn change_file(&self, change: FileChange) -> Result<Option<FileRecord>, StoreError> {
        self.ask(|reply| WriteRequest::File { change, reply }).await
    }

    /// Returns the file with this id, also if it is deleted.
    pub(crate) async fn file(&self, file: FileId) -> Result<Option<FileRecord>, StoreError> {
        files::by_id(&self.readers.pool(), file).await.map_err(|error| self.readers.failed(error))
    }

    /// Returns the file whose object has this key, also if it is deleted.
    pub(crate) async fn file_by_key(&self, key: &StorageKey) -> Result<Option<FileRecord>, StoreError> {
        files::by_key(&self.readers.pool(), key).await.map_err(|error| self.readers.failed(error))
    }

    /// Returns the upload of a user with this id of the client, also if it is deleted.
    pub(crate) async fn file_by_upload_id(
        &self,
        owner: UserId,
        upload_id: &str,
    ) -> Result<Option<FileRecord>, StoreError> {
        files::by_upload_id(&self.readers.pool(), owner, upload_id)
            .await
            .map_err(|error| self.readers.failed(error))
    }

    /// Returns at most `limit` files that are not part of a message and were created before a time, oldest first.
    pub(crate) async fn unposted_files(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<FileRecord>, StoreError> {
        files::unposted_before(&self.readers.pool(), before, limit)
            .await
            .map_err(|error| self.readers.failed(error))
    }

    /// Returns at most `limit` deleted files after the id `after`, in the order of their ids.
    pub(crate) async fn deleted_files(
        &self,
        after: FileId,
        limit: u32,
    ) -> Result<Vec<FileRecord>, StoreError> {
        files::deleted_after(&self.readers.pool(), after, limit)
            .await
            .map_err(|error| self.readers.failed(error))
    }

    /// Returns at most `limit` files of the messages of a room before the file `before`, newest first, and whether there
    /// are more.
    pub(crate) async fn room_files(
        &self,
        room: RoomId,
        kind: FileKind,
        before: Option<FileId>,
        limit: u32,
    ) -> Result<(Vec<RoomFile>, bool), StoreError> {
        room_files::list(&self.readers.pool(), room, kind, before, limit)
            .await
            .map_err(|error| self.readers.failed(error))
    }

    /// Returns the bytes that the files of a user and of all users occupy.
    pub(crate) async fn storage_usage(&self, user: UserId) -> Result<StorageUsage, StoreError> {
        files::usage(&self.readers.pool(), user).await.map_err(|error| self.readers.failed(error))
    }
}
