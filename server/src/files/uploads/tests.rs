//! Uploads and their sweep, over a store and a local folder.

use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;
use hubbub_chat::{PendingEvent, RoomChange, Store};
use hubbub_protocol::{ClientId, RoomName, Timestamp, User, UserName};
use tempfile::TempDir;

use super::*;
use crate::files::sweep::UPLOAD_LIFETIME;
use crate::files::{StorageLocation, UploadBody};

/// The service with one user, who is a member of one room.
struct Fixture {
    folder: TempDir,
    uploads: Uploads,
    user: User,
    room: RoomId,
}

impl Fixture {
    async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let (store, _writer) = SqliteStore::open(folder.path()).await.unwrap();
        let user =
            store.create_transient_guest(UserName::parse("alice").unwrap(), now()).await.unwrap().unwrap();
        let room = store.open_room(&RoomName::parse("tea").unwrap(), now()).await.unwrap().id;
        let storage = Storage::open(&StorageLocation::DataFolder, folder.path()).unwrap();
        let staging = Staging::open(folder.path()).unwrap();
        let off: ByteLimit = "off".parse().unwrap();
        let limits = FileLimits { file: off, user: off, total: off, uploads_per_user: 4 };
        let uploads = Uploads::new(store, storage, staging, limits, false, CancellationToken::new());
        let fixture = Self { folder, uploads, user, room };
        fixture.changes(RoomChange::Join { share_reads: true }).await;
        fixture
    }

    async fn changes(&self, change: RoomChange) {
        let (room, by) = (self.room, self.user.clone());
        let pending = PendingEvent { room, by, at: now(), change, silent: false };
        self.uploads.store.append(vec![pending]).await.unwrap();
    }

    async fn begins(&self, size: u64) -> FileRecord {
        let upload_id = ClientId::from_random_bytes(rand::random()).to_string();
        let name = FileName::parse("a.txt").unwrap();
        let new = NewUpload { owner: self.user.id, room: self.room, upload_id, name, size };
        self.uploads.begin(new).await.unwrap().0
    }

    async fn sends(
        &self,
        upload: &FileRecord,
        offset: u64,
        bytes: &'static [u8],
    ) -> Result<u64, UploadError> {
        let appended = self.uploads.append(&upload.key, self.user.id, offset, None, body([Ok(bytes)])).await;
        appended.map(|(_, stored)| stored)
    }

    async fn uploads(&self, bytes: &'static [u8]) -> FileRecord {
        let upload = self.begins(bytes.len() as u64).await;
        self.sends(&upload, 0, bytes).await.unwrap();
        upload
    }

    async fn posts(&self, file: &FileRecord) {
        let client_id = ClientId::from_random_bytes(rand::random());
        self.changes(RoomChange::post(client_id, "", None, vec![file.id]).unwrap()).await;
    }

    /// Returns the names of the files in a folder of the data folder.
    fn files_in(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path().join(folder)).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn now() -> Timestamp {
    wall_time()
}

fn later(duration: Duration) -> Timestamp {
    Timestamp::from_millis(now().millis() + i64::try_from(duration.as_millis()).unwrap())
}

fn body<const N: usize>(pieces: [Result<&'static [u8], UploadError>; N]) -> UploadBody<'static> {
    stream::iter(pieces.map(|piece| piece.map(Bytes::from_static))).boxed()
}

#[tokio::test]
async fn the_sweep_removes_uploads_that_nobody_posts() {
    let fixture = Fixture::open().await;
    let posted = fixture.uploads(b"posted").await;
    fixture.posts(&posted).await;
    fixture.uploads(b"forgotten").await;
    let incomplete = fixture.begins(10).await;
    fixture.sends(&incomplete, 0, b"half").await.unwrap();

    fixture.uploads.sweep(later(UPLOAD_LIFETIME - Duration::from_secs(60))).await;
    assert_eq!((fixture.files_in("files").len(), fixture.files_in("uploads").len()), (2, 1));
    fixture.uploads.sweep(later(UPLOAD_LIFETIME + Duration::from_secs(60))).await;
    assert_eq!(fixture.files_in("files"), [posted.key.to_string()]);
    assert!(fixture.files_in("uploads").is_empty());
    let used = fixture.uploads.store.storage_usage(fixture.user.id).await.unwrap();
    assert_eq!((used.of_user, used.unposted), (6, 0));
    assert!(matches!(fixture.sends(&incomplete, 4, b"second").await, Err(UploadError::NotFound)));
}

#[tokio::test]
async fn the_sweep_removes_the_objects_of_deleted_messages() {
    let fixture = Fixture::open().await;
    let file = fixture.uploads(b"posted").await;
    fixture.posts(&file).await;
    let posted = fixture.uploads.store.file(file.id).await.unwrap().unwrap().message.unwrap();
    fixture.changes(RoomChange::Delete { message_id: posted }).await;
    fixture.uploads.sweep(now()).await;
    assert!(fixture.files_in("files").is_empty());
    assert!(fixture.uploads.store.file(file.id).await.unwrap().is_none());
}

#[tokio::test]
async fn the_sweep_keeps_new_staged_bytes() {
    let fixture = Fixture::open().await;
    let orphan = fixture.folder.path().join("uploads").join(StorageKey::random().as_str());
    std::fs::write(&orphan, "no upload has these bytes").unwrap();
    fixture.uploads.sweep(now()).await;
    assert!(orphan.exists());
    let past = std::time::SystemTime::now() - Duration::from_secs(2 * 60 * 60);
    std::fs::File::options().write(true).open(&orphan).unwrap().set_modified(past).unwrap();
    fixture.uploads.sweep(now()).await;
    assert!(!orphan.exists());
}

#[tokio::test]
async fn keeps_what_arrived_before_the_body_ended() {
    let fixture = Fixture::open().await;
    let upload = fixture.begins(10).await;
    let (key, owner) = (&upload.key, fixture.user.id);
    let cut = || body([Ok(b"hello"), Err(UploadError::BodyEnded)]);
    let cut_off = fixture.uploads.append(key, owner, 0, None, cut()).await;
    assert!(matches!(cut_off, Err(UploadError::BodyEnded)));
    assert_eq!(fixture.uploads.progress(key, owner).await.unwrap().1, 5);
    // A checksum is that of all bytes, so a part of them cannot be verified.
    let checksum = crate::files::Checksum::parse("sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
    _ = fixture.uploads.append(key, owner, 5, checksum, cut()).await;
    assert_eq!(fixture.uploads.progress(key, owner).await.unwrap().1, 5);
    assert_eq!(fixture.sends(&upload, 5, b"world").await.unwrap(), 10);
}

#[tokio::test]
async fn a_whole_file_that_does_not_arrive_leaves_nothing() {
    let fixture = Fixture::open().await;
    let upload = fixture.begins(10).await;
    let received =
        fixture.uploads.receive_whole(upload, body([Ok(b"hello"), Err(UploadError::BodyEnded)])).await;
    assert!(matches!(received, Err(UploadError::BodyEnded)));
    assert!(fixture.files_in("uploads").is_empty());
    assert_eq!(fixture.uploads.store.storage_usage(fixture.user.id).await.unwrap(), StorageUsage::default());
}

#[tokio::test]
async fn completes_an_upload_that_a_crash_left_with_all_of_its_bytes() {
    let fixture = Fixture::open().await;
    let upload = fixture.begins(5).await;
    let mut file = fixture.uploads.staging.append(&upload.key, 0).await.unwrap();
    file.write(&Bytes::from_static(b"hello")).await.unwrap();
    file.sync().await.unwrap();
    let received = FileChange::Receive { file: upload.id, received: 5 };
    fixture.uploads.store.change_file(received).await.unwrap();
    // The object may have been stored just before the crash.
    fixture.uploads.storage.put(&upload.key, &fixture.uploads.staging.path(&upload.key)).await.unwrap();

    let (completed, stored) = fixture.uploads.progress(&upload.key, fixture.user.id).await.unwrap();
    assert_eq!((stored, completed.attachment().unwrap().size), (5, 5));
    assert!(fixture.files_in("uploads").is_empty());
}

#[tokio::test]
async fn bytes_that_may_not_be_on_the_disk_are_requested_again() {
    let fixture = Fixture::open().await;
    let upload = fixture.begins(10).await;
    fixture.sends(&upload, 0, b"hello").await.unwrap();
    // The server was killed after these bytes were written and before their number was stored.
    let staged = fixture.uploads.staging.path(&upload.key);
    std::fs::write(&staged, b"hello\0\0\0").unwrap();
    assert_eq!(fixture.uploads.progress(&upload.key, fixture.user.id).await.unwrap().1, 5);
    fixture.sends(&upload, 5, b"world").await.unwrap();
    let stored = std::fs::read(fixture.folder.path().join("files").join(upload.key.as_str())).unwrap();
    assert_eq!(stored, b"helloworld");
}
