//! Detects that the file at a path was removed or replaced while this process has it open.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

/// Identity of a file, independent of its name. It is not assigned to another file while this one is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileIdentity {
    device: u64,
    inode: u64,
}

impl FileIdentity {
    /// Returns the identity of the file at this path.
    ///
    /// # Errors
    /// If the metadata of the file cannot be read.
    pub(super) fn of_path(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|metadata| Self::of(&metadata))
    }

    #[cfg(unix)]
    pub(super) fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;

        Self { device: metadata.dev(), inode: metadata.ino() }
    }

    /// On other systems an open file cannot be removed.
    #[cfg(not(unix))]
    pub(super) fn of(_: &Metadata) -> Self {
        Self { device: 0, inode: 0 }
    }
}
