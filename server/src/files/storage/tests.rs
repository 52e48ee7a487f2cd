//! One suite for every kind of storage.

use std::collections::BTreeSet;
use std::fs;

use tempfile::TempDir;

use super::*;

/// Bytes of an object of several parts.
const LARGE: usize = 2 * PART_BYTES + 12_345;

fn content(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|index| (index % 251) as u8).collect()
}

async fn length(storage: &Storage, key: &StorageKey) -> Result<u64, StorageError> {
    Ok(storage.objects.head(&storage.path(key, FileVersion::Whole)).await?.size)
}

/// Returns the names of all objects under the prefix of the storage.
async fn names(storage: &Storage) -> BTreeSet<String> {
    let prefix = Some(&storage.prefix).filter(|prefix| !prefix.as_ref().is_empty());
    let objects = storage.objects.list(prefix);
    objects
        .map_ok(|object| object.location.filename().unwrap_or_default().to_owned())
        .try_collect()
        .await
        .unwrap()
}

async fn bytes(storage: &Storage, key: &StorageKey, range: Range<u64>) -> Result<Vec<u8>, StorageError> {
    let pieces: Vec<Bytes> = storage.read(key, range).await?.try_collect().await?;
    Ok(pieces.concat())
}

/// Checks what the server relies on, with an empty storage.
async fn conforms(storage: &Storage) {
    let folder = TempDir::new().unwrap();
    let stage = |content: &[u8]| {
        let key = StorageKey::random();
        let file = folder.path().join(key.as_str());
        fs::write(&file, content).unwrap();
        (key, file)
    };
    let (small, small_file) = stage(b"hello");
    let (empty, empty_file) = stage(b"");
    let (large, large_file) = stage(&content(LARGE));
    assert_eq!(bytes(storage, &small, 0..5).await, Err(StorageError::Missing));
    assert_eq!(length(storage, &small).await, Err(StorageError::Missing));

    for (key, file) in
        [(&small, &small_file), (&empty, &empty_file), (&large, &large_file), (&small, &small_file)]
    {
        storage.put(key, file).await.unwrap();
        assert!(file.exists(), "the staged file stays until the database knows of the object");
        assert_eq!(length(storage, key).await, Ok(fs::metadata(file).unwrap().len()));
        // The object does not depend on the staged file.
        fs::remove_file(file).unwrap();
        fs::write(file, "hello").unwrap();
    }
    assert_eq!(bytes(storage, &small, 0..5).await.unwrap(), b"hello");
    assert_eq!(bytes(storage, &small, 1..4).await.unwrap(), b"ell");
    assert_eq!(bytes(storage, &small, 4..5).await.unwrap(), b"o");
    assert!(bytes(storage, &empty, 0..0).await.unwrap().is_empty());
    let all = content(LARGE);
    assert!(bytes(storage, &large, 0..LARGE as u64).await.unwrap() == all);
    let (from, to) = (PART_BYTES - 7, PART_BYTES + READ_BYTES + 1);
    assert!(bytes(storage, &large, from as u64..to as u64).await.unwrap() == all[from..to]);

    let stored = [&small, &empty, &large].map(ToString::to_string);
    assert_eq!(names(storage).await, BTreeSet::from(stored), "nothing else is left behind");
    for version in [FileVersion::Small, FileVersion::Large] {
        assert_eq!(storage.thumbnail(&large, version).await, Err(StorageError::Missing));
        let thumbnail = Bytes::from(format!("{version:?}"));
        for _ in 0..2 {
            storage.put_thumbnail(&large, version, thumbnail.clone()).await.unwrap();
        }
        assert_eq!(storage.thumbnail(&large, version).await, Ok(thumbnail));
    }
    for _ in 0..2 {
        storage.remove(&large).await.unwrap();
        assert_eq!(length(storage, &large).await, Err(StorageError::Missing));
    }
    let stored = [&small, &empty].map(ToString::to_string);
    assert_eq!(names(storage).await, BTreeSet::from(stored), "the thumbnails are removed too");
    let (missing, file) = stage(b"");
    fs::remove_file(&file).unwrap();
    assert_eq!(storage.put(&missing, &file).await, Err(StorageError::Missing));
    assert_eq!(length(storage, &missing).await, Err(StorageError::Missing), "nothing is left of it");
}

#[tokio::test]
async fn a_local_folder_conforms() {
    let data = TempDir::new().unwrap();
    conforms(&Storage::open(&StorageLocation::DataFolder, data.path()).unwrap()).await;
}

/// S3 is tested if `HUBBUB_TEST_S3` names an empty place in it: see `docs/development.md`.
#[tokio::test]
async fn s3_conforms() {
    let Ok(location) = std::env::var("HUBBUB_TEST_S3") else { return };
    _ = rustls::crypto::ring::default_provider().install_default();
    let data = TempDir::new().unwrap();
    conforms(&Storage::open(&location.parse().unwrap(), data.path()).unwrap()).await;
    assert!(fs::read_dir(data.path()).unwrap().next().is_none(), "nothing is stored here");
}

#[test]
fn copies_where_links_are_impossible() {
    // A second file system is not always there, so a folder in the place of the file makes the link fail.
    let folder = TempDir::new().unwrap();
    let (file, object) = (folder.path().join("file"), folder.path().join("missing/object"));
    fs::write(&file, "hello").unwrap();
    assert!(link_or_copy(&file, &object).is_err());
    assert!(!object.exists() && !object.with_extension("incomplete").exists());
}
