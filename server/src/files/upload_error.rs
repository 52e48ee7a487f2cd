//! Why an upload is refused or fails.

use hubbub_chat::StoreError;

use super::StorageError;

/// The reason why an upload does not begin, continue or end. Limits are in bytes unless they say otherwise.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum UploadError {
    #[error("file must be at most {limit} bytes")]
    FileTooLarge { limit: u64 },
    #[error(
        "file: the limit of {limit} bytes for all files of a user is reached; delete messages with files first"
    )]
    UserFull { limit: u64 },
    #[error("file: the limit of {limit} bytes for the files of all users of this server is reached")]
    ServerFull { limit: u64 },
    /// The disk has no room.
    #[error("the disk of this server is full, nothing was stored; try again when there is room")]
    DiskFull,
    #[error("file: limit of {limit} files that are not part of a message reached; post or delete some first")]
    TooManyUnposted { limit: u64 },
    #[error("file: limit of {limit} simultaneous uploads per user reached; wait until one ends")]
    TooManyAtOnce { limit: u32 },
    #[error("upload_id was already used for another file, or its file was deleted")]
    UploadIdTaken,
    /// There is no such upload, or it belongs to another user.
    #[error("the upload does not exist, or has expired")]
    NotFound,
    /// The upload is complete and cannot be changed.
    #[error("the upload is complete")]
    Complete,
    #[error("Upload-Offset must be {offset}, the number of bytes received so far")]
    WrongOffset { offset: u64 },
    #[error("the body exceeds the length of the upload, {size} bytes")]
    BeyondLength { size: u64 },
    #[error("the bytes do not have the checksum of Upload-Checksum and were not stored")]
    WrongChecksum,
    /// A newer request for the same upload arrived, or the server stops.
    #[error(
        "the upload was interrupted by a newer request or a stop of the server; continue at its current offset"
    )]
    Interrupted,
    /// The peer closed the connection, or sent the body too slowly.
    #[error("the request body ended early")]
    BodyEnded,
    /// The owner has left the room in the meantime.
    #[error("not a member of the room")]
    NotJoined,
    #[error("files cannot be stored or read at the moment; try again in a few seconds")]
    Storage(StorageError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl UploadError {
    /// Whether the bytes that were received before this error stay, so that the client can continue after them.
    pub(super) const fn keeps_received_bytes(&self) -> bool {
        matches!(self, Self::BodyEnded | Self::Interrupted)
    }
}

impl From<StorageError> for UploadError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Full => Self::DiskFull,
            error => Self::Storage(error),
        }
    }
}
