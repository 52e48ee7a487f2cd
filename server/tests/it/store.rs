//! The SQLite store passes the story of all stores, and its file reads well.

use hubbub_chat::{Store, store_story};
use hubbub_protocol::{RoomName, Seq};
use hubbub_server::sqlite::{OpenError, SqliteStore};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;

async fn database(folder: &TempDir) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(folder.path().join("chat.db"));
    SqliteConnection::connect_with(&options).await.unwrap()
}

#[tokio::test]
async fn passes_the_story_and_keeps_it_over_a_restart() {
    let folder = TempDir::new().unwrap();
    let (store, writer) = SqliteStore::open(folder.path()).await.unwrap();
    let mut connection = database(&folder).await;
    for author in store_story::authors() {
        sqlx::query("INSERT INTO users (id, name, created_at) VALUES (?1, ?2, '2026-11-20T10:00:00.000Z')")
            .bind(author.id.0)
            .bind(author.name.as_str())
            .execute(&mut connection)
            .await
            .unwrap();
    }
    store_story::tell(&store).await;
    let epoch = store.epoch();
    drop(store);
    writer.await.unwrap();

    let (store, _writer) = SqliteStore::open(folder.path()).await.unwrap();
    let general = store.find_room(&RoomName::parse("general").unwrap()).await.unwrap().unwrap();
    assert_eq!(general.head, Seq(5));
    assert_eq!(store.epoch(), epoch, "it is the same database");

    let shown: (i64, String, String) =
        sqlx::query_as("SELECT seq, author, text FROM messages WHERE room_id = ?1 AND seq = 1")
            .bind(general.id.0)
            .fetch_one(&mut connection)
            .await
            .unwrap();
    assert_eq!(shown, (1, "alice".to_owned(), "one".to_owned()));
}

#[tokio::test]
async fn a_folder_belongs_to_one_server_at_a_time() {
    let folder = TempDir::new().unwrap();
    let (store, writer) = SqliteStore::open(folder.path()).await.unwrap();
    assert!(matches!(SqliteStore::open(folder.path()).await, Err(OpenError::InUse(_))));
    drop(store);
    writer.await.unwrap();
    SqliteStore::open(folder.path()).await.unwrap();
}

#[tokio::test]
async fn the_journal_is_a_write_ahead_log() {
    let folder = TempDir::new().unwrap();
    let (_store, _writer) = SqliteStore::open(folder.path()).await.unwrap();
    let mut connection = database(&folder).await;
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut connection).await.unwrap();
    assert_eq!(mode, "wal");
}
