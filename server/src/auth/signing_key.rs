//! The key that signs tokens: configured by the operator, or generated once and kept in the data folder.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::Context;

use crate::sqlite::SIGNING_KEY_FILE;

/// Length in bytes below which a configured key causes a warning (RFC 7518, section 3.2).
const SHORT_BYTES: usize = 32;

/// Returns the key from the environment or from `folder`. An empty variable counts as missing.
///
/// # Errors
/// If a key cannot be read or stored: with a new key at each start, no token would survive a restart.
pub(crate) fn signing_key(folder: &Path) -> anyhow::Result<Vec<u8>> {
    let given = ["HUBBUB_SECRET_KEY", "SECRET_KEY"].into_iter().find_map(|name| {
        std::env::var_os(name).map(std::ffi::OsString::into_encoded_bytes).filter(|key| !key.is_empty())
    });
    if let Some(key) = given {
        if key.len() < SHORT_BYTES {
            tracing::warn!("the secret key is too short to be safe; use at least {SHORT_BYTES} random bytes");
        }
        return Ok(key);
    }
    let file = folder.join(SIGNING_KEY_FILE);
    let kept = || format!("cannot keep the secret key in {}", file.display());
    match fs::read(&file) {
        Ok(key) if key.len() >= SHORT_BYTES => return Ok(key),
        // The file was truncated by a full disk or a crash, so nothing was signed with it.
        Ok(_) => fs::remove_file(&file).with_context(kept)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(kept),
    }
    let key: String = rand::random::<[u8; 32]>().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut new =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file).with_context(kept)?;
    new.write_all(key.as_bytes()).and_then(|()| new.sync_all()).with_context(kept)?;
    Ok(key.into_bytes())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn creates_the_key_once_and_readable_by_its_owner_only() {
        let folder = tempfile::TempDir::new().unwrap();
        let key = signing_key(folder.path()).unwrap();
        assert_eq!(signing_key(folder.path()).unwrap(), key);
        let mode = fs::metadata(folder.path().join(SIGNING_KEY_FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::write(folder.path().join(SIGNING_KEY_FILE), "cut").unwrap();
        assert_ne!(signing_key(folder.path()).unwrap(), b"cut");
    }
}
