//! Files of the data folder that are removed or replaced while the server runs.

use std::fs;

use super::*;
use crate::sqlite::folder_lock::FolderLock;

#[tokio::test]
async fn does_not_write_into_a_file_that_was_moved_away() {
    let fixture = StoreFixture::open().await;
    fixture.posts("one").await.unwrap();
    let (file, away) = (fixture.folder.path().join("chat.db"), fixture.folder.path().join("away.db"));
    fs::rename(&file, &away).unwrap();
    let refused = fixture.posts("into nowhere").await.unwrap_err();
    assert!(refused.to_string().contains("removed or replaced"), "{refused}");
    fs::write(&file, "another file").unwrap();
    fixture.posts("into another file").await.unwrap_err();
    fs::rename(&away, &file).unwrap();
    assert_eq!(eventually(async || fixture.posts("two").await).await, Seq(2));
}

#[tokio::test]
async fn writes_again_after_the_write_ahead_log_was_removed() {
    let (log, index) = ("chat.db-wal", "chat.db-shm");
    let cases: [(usize, &[&str]); 5] =
        [(0, &[log]), (2, &[log]), (2, &[log, index]), (0, &[index]), (2, &[index])];
    for (posts_before, removed) in cases {
        let fixture = StoreFixture::open().await;
        for _ in 0..posts_before {
            fixture.posts("before").await.unwrap();
        }
        for file in removed {
            fs::remove_file(fixture.folder.path().join(file)).unwrap();
        }
        for _ in 0..2 {
            eventually(async || fixture.posts("after").await).await;
        }
        let texts = eventually(async || fixture.texts().await).await;
        assert_eq!(texts.len(), posts_before + 2, "{removed:?}");
        assert_eq!(fixture.texts_after_kill().await, texts);
    }
}

#[tokio::test]
async fn commits_in_a_removed_write_ahead_log_wait_for_a_read_in_progress() {
    let fixture = StoreFixture::open().await;
    fixture.posts("one").await.unwrap();
    let mut other = fixture.other_program().await;
    let mut read = other.begin().await.unwrap();
    sqlx::query("SELECT count(*) FROM messages").execute(&mut *read).await.unwrap();
    fixture.posts("two").await.unwrap();
    fs::remove_file(fixture.log()).unwrap();
    let refused = fixture.posts("not yet").await.unwrap_err();
    assert!(refused.to_string().contains("a read that is in progress"), "{refused}");
    read.rollback().await.unwrap();
    fixture.posts("three").await.unwrap();
    assert_eq!(fixture.texts_after_kill().await, ["one", "two", "three"]);
}

/// Returns the removed files of this folder that the process has open.
#[cfg(target_os = "linux")]
fn removed_and_open(folder: &Path) -> Vec<PathBuf> {
    let descriptors = fs::read_dir("/proc/self/fd").unwrap().flatten();
    let files = descriptors.filter_map(|descriptor| fs::read_link(descriptor.path()).ok());
    files.filter(|file| file.starts_with(folder) && file.to_string_lossy().ends_with(" (deleted)")).collect()
}

/// Other programs find commits through the index of the log. With an index of their own, neither they nor the server
/// would know the commits of the other.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn continues_with_the_index_that_other_programs_find() {
    for is_replaced in [false, true] {
        let fixture = StoreFixture::open().await;
        fixture.posts("one").await.unwrap();
        let index = fixture.folder.path().join("chat.db-shm");
        fs::remove_file(&index).unwrap();
        if is_replaced {
            fs::write(&index, [0; 32 * 1024]).unwrap();
        }
        assert_eq!(removed_and_open(fixture.folder.path()).len(), 1);
        eventually(async || fixture.posts("two").await).await;
        assert!(removed_and_open(fixture.folder.path()).is_empty());
        assert!(index.exists());
        assert_eq!(fixture.texts_after_kill().await, ["one", "two"]);
    }
}

/// After a truncation SQLite would write behind a hole, and later copy its zeros over the database.
#[tokio::test]
async fn truncated_write_ahead_log_destroys_no_database() {
    for (kept, lost) in [(0, 3), (1, 3)] {
        let fixture = StoreFixture::open().await;
        fixture.posts("one").await.unwrap();
        let mut other = fixture.other_program().await;
        // A checkpoint of another program truncates the log too, and loses nothing.
        sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut other).await.unwrap();
        drop(other);
        for _ in 0..lost {
            fixture.posts("later").await.unwrap();
        }
        let log = fs::File::options().write(true).open(fixture.log()).unwrap();
        log.set_len(kept * log.metadata().unwrap().len() / 2).unwrap();
        for _ in 0..3 {
            let refused = fixture.posts("into the hole").await.unwrap_err();
            assert!(refused.to_string().contains("truncated"), "{refused}");
            fixture.store.check().await.unwrap_err();
        }
        let epoch = fixture.store.epoch();
        let StoreFixture { folder, store, writer, room, .. } = fixture;
        drop(store);
        writer.await.unwrap();
        // The other processes of a restart know nothing of this one's index.
        let copy = TempDir::new().unwrap();
        for name in ["chat.db", "chat.db-wal", "chat.positions"] {
            fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
        }
        let (store, _writer) = SqliteStore::open(copy.path()).await.unwrap();
        let texts = texts(&store, room).await.unwrap();
        assert_eq!(texts.first().map(String::as_str), Some("one"), "{texts:?}");
        assert_ne!(store.epoch(), epoch, "clients load their rooms again");
        store.check().await.unwrap();
    }
}

#[tokio::test]
async fn creates_a_removed_lock_file_again() {
    let fixture = StoreFixture::open().await;
    let (folder, file) = (fixture.folder.path(), fixture.folder.path().join("hubbub.lock"));
    let in_use = |folder| matches!(FolderLock::acquire(folder), Err(OpenError::InUse(_)));
    for replacement in [None, Some("another file")] {
        fs::remove_file(&file).unwrap();
        if let Some(content) = replacement {
            fs::write(&file, content).unwrap();
        }
        assert!(in_use(folder), "the lock on the folder still holds");
        fixture.posts("after").await.unwrap();
        assert!(fs::File::open(&file).unwrap().try_lock().is_err(), "the new file is locked too");
    }
}

#[tokio::test]
async fn lock_that_another_process_holds_is_not_renewed() {
    let folder = TempDir::new().unwrap();
    let mut lock = FolderLock::acquire(folder.path()).unwrap();
    lock.renew().unwrap();
    // As on a file system that cannot lock folders, where another process can lock a new lock file.
    lock.unlock_folder();
    fs::remove_file(folder.path().join("hubbub.lock")).unwrap();
    let other = FolderLock::acquire(folder.path()).unwrap();
    let refused = lock.renew().unwrap_err();
    assert!(refused.contains("another hubbub process"), "{refused}");
    drop(other);
    lock.renew().unwrap();
}
