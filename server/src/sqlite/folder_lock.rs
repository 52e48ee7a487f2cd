//! The lock of the data folder. Without it, two servers would assign the same positions twice.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::OpenError;
use super::file_identity::FileIdentity;
use super::folder::{LOCK_FILE, private_file};

/// Two locks, which the system releases when the process ends for any reason: one on the folder, which another process
/// meets even if the lock file was removed, and one on the lock file, for file systems that cannot lock a folder.
#[derive(Debug)]
pub(super) struct FolderLock {
    path: PathBuf,
    file: File,
    /// `None` where folders cannot be locked, as on some network file systems.
    folder: Option<File>,
}

impl FolderLock {
    /// Locks an existing folder for this process.
    ///
    /// # Errors
    /// If another process has locked the folder, or the lock file cannot be written.
    pub(super) fn acquire(folder: &Path) -> Result<Self, OpenError> {
        let failed = |error| match error {
            TryLockError::WouldBlock => OpenError::InUse(folder.to_owned()),
            TryLockError::Error(cause) => OpenError::Folder { folder: folder.to_owned(), cause },
        };
        let locked_folder = match File::open(folder).map(|opened| opened.try_lock().map(|()| opened)) {
            Ok(Ok(locked)) => Some(locked),
            Ok(Err(TryLockError::WouldBlock)) => return Err(failed(TryLockError::WouldBlock)),
            Ok(Err(TryLockError::Error(_))) | Err(_) => None,
        };
        let path = folder.join(LOCK_FILE);
        let file = lock(&path).map_err(failed)?;
        Ok(Self { path, file, folder: locked_folder })
    }

    /// Releases the lock on the folder.
    #[cfg(test)]
    pub(super) fn unlock_folder(&mut self) {
        self.folder = None;
    }

    /// Creates and locks the lock file again if it was removed or replaced.
    ///
    /// # Errors
    /// If another process has locked the folder meanwhile, or the lock file cannot be written. The error is one line.
    pub(super) fn renew(&mut self) -> Result<(), String> {
        if is_in_place(&self.path, &self.file) {
            return Ok(());
        }
        self.file = lock(&self.path).map_err(|error| match error {
            TryLockError::WouldBlock => {
                format!("{LOCK_FILE} was replaced, and another hubbub process uses the data folder")
            }
            TryLockError::Error(cause) => {
                format!("{LOCK_FILE} was removed or replaced, and cannot be locked: {cause}")
            }
        })?;
        let folder_is_locked = self.folder.is_some();
        tracing::warn!(
            folder_is_locked,
            "{LOCK_FILE} was removed or replaced; it was created and locked again"
        );
        Ok(())
    }
}

/// Locks the lock file, and creates it if it does not exist.
fn lock(path: &Path) -> Result<File, TryLockError> {
    loop {
        let file = private_file(path).map_err(TryLockError::Error)?;
        file.try_lock()?;
        // The file may have been removed after it was opened; another process would then lock a new one.
        if is_in_place(path, &file) {
            return Ok(file);
        }
    }
}

fn is_in_place(path: &Path, file: &File) -> bool {
    let open: io::Result<FileIdentity> = file.metadata().map(|metadata| FileIdentity::of(&metadata));
    matches!((open, FileIdentity::of_path(path)), (Ok(open), Ok(found)) if open == found)
}
