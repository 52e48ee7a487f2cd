//! Failures of the storage of files.

use std::io;

/// The reason why bytes of a file could not be stored or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StorageError {
    /// The disk, a quota or the maximum size of a file leaves no room for further bytes.
    #[error("there is no room for further bytes")]
    Full,
    /// The object does not exist.
    #[error("the object does not exist")]
    Missing,
    /// Any other failure, as one line.
    #[error("{0}")]
    Failed(String),
}

impl From<io::Error> for StorageError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::Full
            }
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<object_store::Error> for StorageError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing,
            error => full_disk(&error).unwrap_or_else(|| Self::Failed(error.to_string())),
        }
    }
}

/// Returns [`StorageError::Full`] if that is what caused an error.
fn full_disk(error: &dyn std::error::Error) -> Option<StorageError> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return Some(StorageError::from(io::Error::from(error.kind())))
                .filter(|it| *it == StorageError::Full);
        }
        cause = error.source();
    }
    None
}

/// A task on a thread panicked, or the runtime stops.
impl From<tokio::task::JoinError> for StorageError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Failed(error.to_string())
    }
}
