//! The data folder: taken for one process, and closed to other users of the machine.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use super::OpenError;

/// Held by the process that has the folder.
const LOCK_FILE: &str = "hubbub.lock";
/// The database.
pub(super) const DATABASE_FILE: &str = "chat.db";
/// Counts the positions that were given out.
pub(super) const COUNTER_FILE: &str = "chat.positions";
/// What may stand in the folder by this program's doing; the key of signed tokens is made by `identity/key.rs`.
const OWN_FILES: [&str; 7] = [
    DATABASE_FILE,
    "chat.db-wal",
    "chat.db-shm",
    "chat.db-journal",
    LOCK_FILE,
    COUNTER_FILE,
    crate::identity::KEY_FILE,
];

/// Makes the folder and takes it for this process: two writers with their own idea of the newest position
/// would number messages twice. The system frees the lock when the process ends, however it ends.
pub(super) fn claim(folder: &Path) -> Result<File, OpenError> {
    let failed = |cause| OpenError::Folder { folder: folder.to_owned(), cause };
    make(folder).map_err(failed)?;
    let lock = private_file(&folder.join(LOCK_FILE)).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(OpenError::InUse(folder.to_owned())),
        Err(TryLockError::Error(cause)) => return Err(failed(cause)),
    }
    // SQLite gives its other files the permissions of this one.
    drop(private_file(&folder.join(DATABASE_FILE)).map_err(failed)?);
    Ok(lock)
}

#[cfg(unix)]
fn make(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;

    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(folder)
}

/// What tells this folder from a copy of it: the lock file is never written, so its inode and change time stay as they
/// are over restarts, and no copy can have the same.
#[cfg(unix)]
pub(super) fn fingerprint(folder: &Path) -> String {
    use std::os::unix::fs::MetadataExt;

    fs::metadata(folder.join(LOCK_FILE))
        .map(|lock| format!("{}.{}.{}", lock.ino(), lock.ctime(), lock.ctime_nsec()))
        .unwrap_or_default()
}

/// Elsewhere only the count tells.
#[cfg(not(unix))]
pub(super) fn fingerprint(_: &Path) -> String {
    String::new()
}

/// Opens a file for writing. A new one is readable by its owner alone.
pub(super) fn private_file(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// Takes from others what an older version or a copy let them have.
#[cfg(unix)]
pub(super) fn tighten(folder: &Path) {
    let mut tightened: Vec<&str> =
        OWN_FILES.into_iter().filter(|file| restrict(&folder.join(file), 0o600)).collect();
    // A folder with files of others may be one that they need, such as `/tmp`.
    if only_own_files(folder) && restrict(folder, 0o700) {
        tightened.push("the folder itself");
    }
    if !tightened.is_empty() {
        let tightened = tightened.join(", ");
        tracing::warn!(folder = %folder.display(), tightened, "other users could read the data; now they cannot");
    }
}

#[cfg(not(unix))]
pub(super) fn tighten(_: &Path) {}

#[cfg(unix)]
fn only_own_files(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().all(|entry| OWN_FILES.iter().any(|own| entry.file_name() == *own))
}

/// Whether permissions beyond `mode` were there and are gone.
#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> bool {
    use std::os::unix::fs::PermissionsExt;

    let Ok(metadata) = fs::metadata(path) else { return false };
    let wider = metadata.permissions().mode() & 0o777 & !mode;
    if wider == 0 {
        return false;
    }
    let set = fs::set_permissions(path, fs::Permissions::from_mode(metadata.permissions().mode() & mode));
    if let Err(error) = &set {
        tracing::warn!(path = %path.display(), %error, "other users can read this file, and it cannot be changed");
    }
    set.is_ok()
}
