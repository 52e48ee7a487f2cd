//! The storage of complete files: a local folder or S3, both through `object_store`.

mod location;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use bytes::{Bytes, BytesMut};
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{
    GetOptions, GetRange, GetResultPayload, MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload,
    RetryConfig,
};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use super::StorageError;
use super::staging::create_private_folder;
use crate::sqlite::{STORAGE_FOLDER, StorageKey};
pub use location::StorageLocation;

/// Bytes of one read from a local file. Each is a task on a thread.
const READ_BYTES: usize = 64 * 1024;
/// Bytes of one part of an upload to S3: the minimum that S3 accepts. It accepts 10,000 parts, so 50 GB.
const PART_BYTES: usize = 5 * 1024 * 1024;
/// Maximum number of repetitions of a request to S3, and the maximum time for them.
const S3_RETRIES: (usize, Duration) = (5, Duration::from_secs(30));

/// The bytes of a file, in pieces.
pub(crate) type ByteStream = BoxStream<'static, Result<Bytes, StorageError>>;

/// A version of a file that is an object of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileVersion {
    /// The file itself.
    Whole,
    /// A picture that fits 480 x 480 pixels, in WebP.
    Small,
    /// A picture that fits 1600 x 1600 pixels, in WebP.
    Large,
}

impl FileVersion {
    const ALL: [Self; 3] = [Self::Whole, Self::Small, Self::Large];

    /// Returns the end of the object's name, which follows the key.
    pub(crate) const fn suffix(self) -> &'static str {
        match self {
            Self::Whole => "",
            Self::Small => ".small",
            Self::Large => ".large",
        }
    }
}

/// The objects of all complete files, named by [`StorageKey`].
#[derive(Clone, Debug)]
pub(crate) struct Storage {
    objects: Arc<dyn ObjectStore>,
    /// Prefix of all names.
    prefix: ObjectPath,
    /// The folder of the objects, if they are local.
    folder: Option<PathBuf>,
}

impl Storage {
    /// Opens the storage. A local folder is created if it does not exist; S3 gets no request yet.
    ///
    /// # Errors
    /// If the folder cannot be created, or the configuration of S3 is not complete.
    pub(crate) fn open(location: &StorageLocation, data: &Path) -> anyhow::Result<Self> {
        match location {
            StorageLocation::DataFolder => Self::local(data.join(STORAGE_FOLDER)),
            StorageLocation::Folder(folder) => Self::local(folder.clone()),
            StorageLocation::S3 { bucket, prefix } => Self::s3(bucket, prefix),
        }
    }

    /// Opens the storage without creating a folder; `None` if the local folder does not exist.
    ///
    /// # Errors
    /// See [`Storage::open`].
    pub(crate) fn existing(location: &StorageLocation, data: &Path) -> anyhow::Result<Option<Self>> {
        let folder = match location {
            StorageLocation::DataFolder => data.join(STORAGE_FOLDER),
            StorageLocation::Folder(folder) => folder.clone(),
            StorageLocation::S3 { .. } => return Self::open(location, data).map(Some),
        };
        if folder.is_dir() { Self::open(location, data).map(Some) } else { Ok(None) }
    }

    fn local(folder: PathBuf) -> anyhow::Result<Self> {
        let failed = || format!("cannot use the folder of files {}", folder.display());
        create_private_folder(&folder).with_context(failed)?;
        let objects =
            Arc::new(LocalFileSystem::new_with_prefix(&folder).with_context(failed)?.with_fsync(true));
        Ok(Self { objects, prefix: ObjectPath::default(), folder: Some(folder) })
    }

    fn s3(bucket: &str, prefix: &str) -> anyhow::Result<Self> {
        // A test server or a server in the same network may have no TLS, which its address says.
        let endpoint = ["AWS_ENDPOINT_URL", "AWS_ENDPOINT"].iter().find_map(|name| std::env::var(name).ok());
        let is_plain = endpoint.is_some_and(|endpoint| endpoint.starts_with("http://"));
        let (max_retries, retry_timeout) = S3_RETRIES;
        let objects = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_allow_http(is_plain)
            .with_retry(RetryConfig { max_retries, retry_timeout, ..RetryConfig::default() })
            .build()
            .with_context(|| format!("cannot use s3://{bucket} for files; check the AWS_ variables"))?;
        let prefix = ObjectPath::parse(prefix).context("the prefix of --files is not valid")?;
        Ok(Self { objects: Arc::new(objects), prefix, folder: None })
    }

    /// Stores a complete file as an object. The file stays where it is. Storing the same object again has no effect.
    ///
    /// # Errors
    /// If the object cannot be stored; there is then no object.
    pub(crate) async fn put(&self, key: &StorageKey, file: &Path) -> Result<(), StorageError> {
        match &self.folder {
            Some(folder) => {
                let (file, object) = (file.to_owned(), folder.join(key.as_str()));
                tokio::task::spawn_blocking(move || link_or_copy(&file, &object)).await?
            }
            None => self.send(key, file).await,
        }
    }

    /// Stores a thumbnail. Storing it again replaces it.
    ///
    /// # Errors
    /// If the object cannot be stored.
    pub(crate) async fn put_thumbnail(
        &self,
        key: &StorageKey,
        version: FileVersion,
        bytes: Bytes,
    ) -> Result<(), StorageError> {
        self.objects.put(&self.path(key, version), PutPayload::from_bytes(bytes)).await?;
        Ok(())
    }

    /// Returns a thumbnail.
    ///
    /// # Errors
    /// If it does not exist or cannot be read.
    pub(crate) async fn thumbnail(
        &self,
        key: &StorageKey,
        version: FileVersion,
    ) -> Result<Bytes, StorageError> {
        Ok(self.objects.get(&self.path(key, version)).await?.bytes().await?)
    }

    /// Returns the bytes `range` of an object. They must be inside the object.
    ///
    /// # Errors
    /// If the object does not exist or cannot be read. The stream has an error if reading fails later.
    pub(crate) async fn read(&self, key: &StorageKey, range: Range<u64>) -> Result<ByteStream, StorageError> {
        if range.is_empty() {
            return Ok(futures_util::stream::empty().boxed());
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let found = self.objects.get_opts(&self.path(key, FileVersion::Whole), options).await?;
        match found.payload {
            GetResultPayload::File(file, _) => {
                let mut file = tokio::fs::File::from_std(file);
                file.set_max_buf_size(READ_BYTES);
                file.seek(std::io::SeekFrom::Start(found.range.start)).await?;
                let bytes = file.take(found.range.end - found.range.start);
                Ok(ReaderStream::with_capacity(bytes, READ_BYTES).map_err(StorageError::from).boxed())
            }
            GetResultPayload::Stream(stream) => Ok(stream.map_err(StorageError::from).boxed()),
        }
    }

    /// Returns the key and the length of each object that is a whole file, in any order. Objects with other names are left
    /// out. A local folder must exist.
    pub(crate) fn objects(&self) -> BoxStream<'static, Result<(StorageKey, u64), StorageError>> {
        let prefix = Some(&self.prefix).filter(|prefix| !prefix.as_ref().is_empty());
        let object = |object: object_store::ObjectMeta| async move {
            let key = object.location.filename().and_then(StorageKey::parse);
            Ok(key.map(|key| (key, object.size)))
        };
        self.objects.list(prefix).map_err(StorageError::from).try_filter_map(object).boxed()
    }

    /// Removes the objects of a file, as far as they exist.
    ///
    /// # Errors
    /// If one cannot be removed.
    pub(crate) async fn remove(&self, key: &StorageKey) -> Result<(), StorageError> {
        // The file itself is removed last: as long as it exists, another try removes the rest.
        for version in FileVersion::ALL.into_iter().rev() {
            match self.objects.delete(&self.path(key, version)).await.map_err(StorageError::from) {
                Ok(()) | Err(StorageError::Missing) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Sends a file to S3: a small one in one request, any other in parts, one after the other, so that memory does not
    /// depend on its length.
    async fn send(&self, key: &StorageKey, file: &Path) -> Result<(), StorageError> {
        let mut file = tokio::fs::File::open(file).await?;
        let path = self.path(key, FileVersion::Whole);
        let mut buffer = BytesMut::with_capacity(PART_BYTES);
        let first = read_part(&mut file, &mut buffer).await?;
        if first.len() < PART_BYTES {
            self.objects.put(&path, PutPayload::from_bytes(first)).await?;
            return Ok(());
        }
        let mut upload = self.objects.put_multipart(&path).await?;
        let sent = send_parts(upload.as_mut(), first, &mut file, &mut buffer).await;
        if sent.is_err()
            && let Err(error) = upload.abort().await
        {
            // The bucket then keeps the parts, invisible and paid for.
            tracing::warn!(%error, "the parts of an interrupted upload to S3 could not be removed");
        }
        sent
    }

    fn path(&self, key: &StorageKey, version: FileVersion) -> ObjectPath {
        self.prefix.clone().join(format!("{key}{}", version.suffix()))
    }
}

async fn send_parts(
    upload: &mut dyn MultipartUpload,
    first: Bytes,
    file: &mut tokio::fs::File,
    buffer: &mut BytesMut,
) -> Result<(), StorageError> {
    let mut part = first;
    while !part.is_empty() {
        upload.put_part(PutPayload::from_bytes(part)).await?;
        part = read_part(file, buffer).await?;
    }
    upload.complete().await?;
    Ok(())
}

/// Reads up to one part; a shorter one is the last. The memory of an earlier part is used again if it was sent.
async fn read_part(file: &mut tokio::fs::File, buffer: &mut BytesMut) -> Result<Bytes, StorageError> {
    buffer.reserve(PART_BYTES);
    let mut rest = file.take(PART_BYTES as u64);
    // A full buffer would grow before it is known that no byte follows.
    while buffer.len() < PART_BYTES && rest.read_buf(buffer).await? > 0 {}
    Ok(buffer.split().freeze())
}

/// Gives a file a second name in the same file system, so that no byte is copied. If that is not possible, copies it.
/// Both happen under a temporary name first, so that an incomplete copy is never an object, and an object that exists is
/// replaced by this file.
fn link_or_copy(file: &Path, object: &Path) -> Result<(), StorageError> {
    let temporary = object.with_extension("incomplete");
    match std::fs::remove_file(&temporary) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let linked = match std::fs::hard_link(file, &temporary) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(error.into()),
        Err(_) => std::fs::copy(file, &temporary).and_then(|_| std::fs::File::open(&temporary)?.sync_data()),
        Ok(()) => Ok(()),
    };
    if let Err(error) = linked.and_then(|()| std::fs::rename(&temporary, object)) {
        // An incomplete copy is removed, because the disk may be full. There may be none.
        _ = std::fs::remove_file(&temporary);
        return Err(error.into());
    }
    // If both names already meant one file, renaming has removed neither.
    if let Err(error) = std::fs::remove_file(&temporary)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        return Err(error.into());
    }
    // The entry of the folder must be on the disk before the database says that the file is complete.
    let folder = object.parent().unwrap_or(object);
    Ok(std::fs::File::open(folder)?.sync_all()?)
}

#[cfg(test)]
mod tests;
