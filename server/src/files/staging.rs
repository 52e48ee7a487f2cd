//! The local files of uploads that are not complete. Each is named by the key of its object, and grows until the upload
//! is complete; only then does the object appear in the storage. An interrupted upload so keeps its bytes with every kind
//! of storage.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use tokio::task::spawn_blocking;

use super::StorageError;
use crate::sqlite::{STAGING_FOLDER, StorageKey};

/// Bytes that are collected before they are written. The pieces of a body are smaller, and each write is a task on a
/// thread.
const WRITE_BYTES: usize = 128 * 1024;
/// Ends the name of the copy of an upload without private data.
const CLEAN_EXTENSION: &str = "clean";

/// The folder of incomplete uploads.
#[derive(Clone, Debug)]
pub(crate) struct Staging {
    folder: PathBuf,
}

/// The file of an incomplete upload, open for appending.
#[derive(Debug)]
pub(crate) struct StagedFile {
    /// `None` only while a thread uses it, or after such a thread panicked.
    file: Option<File>,
    pending: BytesMut,
    /// Bytes written or pending.
    length: u64,
}

impl Staging {
    /// Creates the folder inside the data folder, unless it exists. Other users of the system cannot read it.
    ///
    /// # Errors
    /// If the folder cannot be created.
    pub(crate) fn open(data: &Path) -> io::Result<Self> {
        let folder = data.join(STAGING_FOLDER);
        create_private_folder(&folder)?;
        Ok(Self { folder })
    }

    pub(crate) fn path(&self, key: &StorageKey) -> PathBuf {
        self.folder.join(key.as_str())
    }

    /// Returns the path of the copy of an upload without private data.
    pub(crate) fn clean_path(&self, key: &StorageKey) -> PathBuf {
        self.folder.join(format!("{key}.{CLEAN_EXTENSION}"))
    }

    /// Returns the number of bytes of an upload; 0 if it has no file yet.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(crate) async fn length(&self, key: &StorageKey) -> Result<u64, StorageError> {
        match tokio::fs::metadata(self.path(key)).await {
            Ok(metadata) => Ok(metadata.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens an upload for appending after its first `length` bytes. Bytes after them are removed: they may not have
    /// reached the disk before a crash.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(crate) async fn append(&self, key: &StorageKey, length: u64) -> Result<StagedFile, StorageError> {
        let path = self.path(key);
        let open = move || {
            let mut file = open_private(&path)?;
            file.set_len(length)?;
            file.seek(SeekFrom::Start(length))?;
            Ok::<_, io::Error>(file)
        };
        let file = spawn_blocking(open).await??;
        Ok(StagedFile { file: Some(file), pending: BytesMut::new(), length })
    }

    /// Cuts an upload to its first `length` bytes.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(crate) async fn truncate(&self, key: &StorageKey, length: u64) -> Result<(), StorageError> {
        self.append(key, length).await.map(drop)
    }

    /// Removes the files of an upload, as far as they exist.
    ///
    /// # Errors
    /// If one cannot be removed.
    pub(crate) async fn remove(&self, key: &StorageKey) -> Result<(), StorageError> {
        for path in [self.clean_path(key), self.path(key)] {
            match tokio::fs::remove_file(path).await {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Returns the uploads whose files were not written for this time.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub(crate) async fn unchanged_for(&self, time: Duration) -> Result<Vec<StorageKey>, StorageError> {
        let folder = self.folder.clone();
        let list = move || {
            let before = SystemTime::now() - time;
            let (mut keys, suffix) = (Vec::new(), format!(".{CLEAN_EXTENSION}"));
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                let is_old =
                    entry.metadata().and_then(|metadata| metadata.modified()).is_ok_and(|at| at <= before);
                let name = entry.file_name();
                let key = name.to_str().map(|name| name.strip_suffix(&suffix).unwrap_or(name));
                keys.extend(key.and_then(StorageKey::parse).filter(|_| is_old));
            }
            Ok::<_, io::Error>(keys)
        };
        Ok(spawn_blocking(list).await??)
    }
}

impl StagedFile {
    /// Returns the length of the file with the bytes that were passed to [`StagedFile::write`].
    pub(crate) const fn length(&self) -> u64 {
        self.length
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// If the bytes cannot be written. The file may then contain a part of them.
    pub(crate) async fn write(&mut self, bytes: &Bytes) -> Result<(), StorageError> {
        self.pending.extend_from_slice(bytes);
        self.length += bytes.len() as u64;
        if self.pending.len() < WRITE_BYTES {
            return Ok(());
        }
        let pending = self.pending.split();
        self.run(move |file| file.write_all(&pending)).await
    }

    /// Waits until all bytes are on the disk.
    ///
    /// # Errors
    /// If they cannot be written.
    pub(crate) async fn sync(&mut self) -> Result<(), StorageError> {
        let pending = self.pending.split();
        self.run(move |file| file.write_all(&pending).and_then(|()| file.sync_data())).await
    }

    async fn run(
        &mut self,
        work: impl FnOnce(&mut File) -> io::Result<()> + Send + 'static,
    ) -> Result<(), StorageError> {
        let lost = || StorageError::Failed("an earlier write failed".to_owned());
        let mut file = self.file.take().ok_or_else(lost)?;
        let (file, done) = spawn_blocking(move || {
            let done = work(&mut file);
            (file, done)
        })
        .await?;
        // After a failure it is unknown which bytes were written.
        self.file = done.is_ok().then_some(file);
        Ok(done?)
    }
}

/// Creates a folder that only this user can read, unless it exists.
pub(super) fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[tokio::test]
    async fn appends_after_the_bytes_that_are_known_to_be_stored() {
        let data = TempDir::new().unwrap();
        let staging = Staging::open(data.path()).unwrap();
        let key = StorageKey::random();
        assert_eq!(staging.length(&key).await, Ok(0));

        let mut file = staging.append(&key, 0).await.unwrap();
        file.write(&Bytes::from_static(b"hello, world")).await.unwrap();
        file.sync().await.unwrap();
        assert_eq!((file.length(), staging.length(&key).await), (12, Ok(12)));

        let mut file = staging.append(&key, 7).await.unwrap();
        file.write(&Bytes::from(vec![b'x'; WRITE_BYTES])).await.unwrap();
        assert_eq!(
            staging.length(&key).await,
            Ok(7 + WRITE_BYTES as u64),
            "it is written when there are enough bytes"
        );
        file.write(&Bytes::from_static(b"end")).await.unwrap();
        file.sync().await.unwrap();
        let content = fs::read(staging.path(&key)).unwrap();
        assert!(content.starts_with(b"hello, xxx") && content.ends_with(b"xxxend"));
    }

    #[tokio::test]
    async fn removes_uploads_and_lists_old_ones() {
        let data = TempDir::new().unwrap();
        let staging = Staging::open(data.path()).unwrap();
        let key = StorageKey::random();
        staging.append(&key, 0).await.unwrap();
        fs::write(data.path().join(STAGING_FOLDER).join("notes.txt"), "of the operator").unwrap();
        assert_eq!(staging.unchanged_for(Duration::ZERO).await.unwrap(), std::slice::from_ref(&key));
        assert!(staging.unchanged_for(Duration::from_secs(60)).await.unwrap().is_empty());
        staging.remove(&key).await.unwrap();
        staging.remove(&key).await.unwrap();
        assert!(staging.unchanged_for(Duration::ZERO).await.unwrap().is_empty());
    }
}
