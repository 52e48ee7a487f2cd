//! The data folder: locked by one process, and inaccessible to other users of the machine.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;
use std::time::SystemTime;

use super::OpenError;
use super::folder_lock::FolderLock;

/// The process that uses the folder holds a lock on this file.
pub(super) const LOCK_FILE: &str = "hubbub.lock";
/// The database file.
pub(super) const DATABASE_FILE: &str = "chat.db";
/// The file that counts the assigned positions.
pub(super) const COUNTER_FILE: &str = "chat.positions";
/// The key of signed tokens, which `auth/signing_key.rs` creates.
pub(crate) const SIGNING_KEY_FILE: &str = "secret.key";
/// The folder of complete files, unless they are stored elsewhere.
pub(crate) const STORAGE_FOLDER: &str = "files";
/// The folder of incomplete uploads.
pub(crate) const STAGING_FOLDER: &str = "uploads";
/// All files and folders that this program may create in the folder. The folders are created without permissions of
/// other users.
const OWN_FILES: [&str; 9] = [
    DATABASE_FILE,
    "chat.db-wal",
    "chat.db-shm",
    "chat.db-journal",
    LOCK_FILE,
    COUNTER_FILE,
    SIGNING_KEY_FILE,
    STORAGE_FOLDER,
    STAGING_FOLDER,
];

/// Creates the folder and locks it for this process.
pub(super) fn claim(folder: &Path) -> Result<FolderLock, OpenError> {
    let failed = |cause| OpenError::Folder { folder: folder.to_owned(), cause };
    create(folder).map_err(failed)?;
    let lock = FolderLock::acquire(folder)?;
    // SQLite creates its other files with the permissions of the database file.
    drop(private_file(&folder.join(DATABASE_FILE)).map_err(failed)?);
    Ok(lock)
}

#[cfg(unix)]
fn create(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;

    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(folder)
}

/// Changes the times of the lock file.
pub(super) fn touch_lock(folder: &Path) -> io::Result<()> {
    private_file(&folder.join(LOCK_FILE))?.set_modified(SystemTime::now())
}

/// Returns a value that distinguishes this folder from a copy of it: inode and change time of the lock file, which no
/// copy keeps.
#[cfg(unix)]
pub(super) fn fingerprint(folder: &Path) -> String {
    use std::os::unix::fs::MetadataExt;

    fs::metadata(folder.join(LOCK_FILE))
        .map(|lock| format!("{}.{}.{}", lock.ino(), lock.ctime(), lock.ctime_nsec()))
        .unwrap_or_default()
}

/// Systems other than Unix have no fingerprint, so only the counter file detects a restored database.
#[cfg(not(unix))]
pub(super) fn fingerprint(_: &Path) -> String {
    String::new()
}

/// Opens a file for writing. A new file is readable only by its owner.
pub(super) fn private_file(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// Removes permissions of other users that an older version or a copy has left.
#[cfg(unix)]
pub(super) fn tighten(folder: &Path) {
    let mut tightened: Vec<&str> =
        OWN_FILES.into_iter().filter(|file| restrict_entry(&folder.join(file))).collect();
    // A folder that also contains other files may be shared, such as `/tmp`, so its own permissions stay.
    if only_own_files(folder) && restrict(folder, 0o700) {
        tightened.push("the folder itself");
    }
    if !tightened.is_empty() {
        let tightened = tightened.join(", ");
        tracing::warn!(folder = %folder.display(), tightened, "other system users could access files of the data folder; their permissions were removed");
    }
}

#[cfg(not(unix))]
pub(super) fn tighten(_: &Path) {}

#[cfg(unix)]
fn only_own_files(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().all(|entry| OWN_FILES.iter().any(|own| entry.file_name() == *own))
}

/// Removes permissions of other users from a file or folder, and returns whether there were any.
#[cfg(unix)]
fn restrict_entry(path: &Path) -> bool {
    restrict(path, if path.is_dir() { 0o700 } else { 0o600 })
}

/// Removes permissions beyond `mode`, and returns whether there were any.
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
        tracing::warn!(path = %path.display(), %error, "other system users can read this file, and its permissions cannot be changed");
    }
    set.is_ok()
}
