//! The SQLite store passes the conformance tests of all stores, and its file has a readable schema.

use hubbub_chat::{PageAnchor, Store, store_conformance};
use hubbub_protocol::{Attachment, Event, FileId, FileName, MessageText, RoomId, RoomName, Seq, UserId};
use hubbub_server::sqlite::{OpenError, SqliteStore};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;

use super::support::old_database;

async fn database(folder: &TempDir) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(folder.path().join("chat.db"));
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// Stores a complete upload without content, as the program does after it has received a file.
async fn uploads(folder: &TempDir, room: RoomId, owner: UserId, name: FileName) -> Attachment {
    let mut connection = database(folder).await;
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO files (owner_id, room_id, upload_id, storage_key, name, size, received, content_type,
                            created_at, completed_at)
         VALUES (?1, ?2, ?3, ?3, ?3, 1, 1, 'text/plain', '2026-11-20T10:00:00.000Z', '2026-11-20T10:00:00.000Z')
         RETURNING id",
    )
    .bind(owner.0)
    .bind(room.0)
    .bind(name.as_str())
    .fetch_one(&mut connection)
    .await
    .unwrap();
    let content_type = "text/plain".to_owned();
    Attachment { id: FileId(id), name, size: 1, content_type, width: None, height: None, preview: None }
}

#[tokio::test]
async fn passes_the_conformance_suite_and_survives_a_restart() {
    let folder = TempDir::new().unwrap();
    let (store, writer) = SqliteStore::open(folder.path()).await.unwrap();
    let mut connection = database(&folder).await;
    for author in store_conformance::authors() {
        sqlx::query("INSERT INTO users (id, name, created_at) VALUES (?1, ?2, '2026-11-20T10:00:00.000Z')")
            .bind(author.id.0)
            .bind(author.name.as_str())
            .execute(&mut connection)
            .await
            .unwrap();
    }
    store_conformance::check(&store, async |room, owner, name| uploads(&folder, room, owner, name).await)
        .await;
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
async fn folder_belongs_to_one_server_at_a_time() {
    let folder = TempDir::new().unwrap();
    let (store, writer) = SqliteStore::open(folder.path()).await.unwrap();
    assert!(matches!(SqliteStore::open(folder.path()).await, Err(OpenError::InUse(_))));
    drop(store);
    writer.await.unwrap();
    SqliteStore::open(folder.path()).await.unwrap();
}

#[tokio::test]
async fn uses_a_write_ahead_log() {
    let folder = TempDir::new().unwrap();
    let (_store, _writer) = SqliteStore::open(folder.path()).await.unwrap();
    let mut connection = database(&folder).await;
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut connection).await.unwrap();
    assert_eq!(mode, "wal");
}

#[tokio::test]
async fn migrates_a_database_without_members() {
    let folder = TempDir::new().unwrap();
    let mut old = old_database(folder.path(), 1).await;
    for statement in [
        "INSERT INTO users VALUES (1, 'alice', '2026-11-20T10:00:00.000Z')",
        "INSERT INTO rooms VALUES (1, 'tea', '2026-11-20T10:00:00.000Z')",
        "INSERT INTO messages VALUES (1, 1, 1, '2026-11-20T10:00:00.000Z', 1, 'alice', 'one',
                                      '67e55044-10b1-426f-9247-bb680e5fe0c8')",
    ] {
        sqlx::query(statement).execute(&mut old).await.unwrap();
    }
    old.close().await.unwrap();

    let (store, _writer) = SqliteStore::open(folder.path()).await.unwrap();
    let mine = store.my_rooms(UserId(1)).await.unwrap();
    let [mine] = &mine[..] else { panic!("whoever spoke belongs to the room: {mine:?}") };
    assert_eq!((mine.room.name.as_str(), mine.read.seq, mine.read.unread), ("tea", Seq(1), 0));
    let page = store.history(mine.room.id, PageAnchor::Newest, 10).await.unwrap();
    let [Event::Posted(message)] = &page.events[..] else { panic!("{page:?}") };
    assert_eq!(message.text.as_ref().map(MessageText::as_str), Some("one"));
}

#[tokio::test]
async fn migrates_sessions_without_accounts() {
    let folder = TempDir::new().unwrap();
    let mut old = old_database(folder.path(), 2).await;
    for statement in [
        "INSERT INTO users (id, name, created_at) VALUES (1, 'alice', '2026-11-20T10:00:00.000Z')",
        "INSERT INTO sessions VALUES (7, 'hash', '2026-11-20T10:00:00.000Z')",
        "INSERT INTO session_users VALUES (7, 1)",
    ] {
        sqlx::query(statement).execute(&mut old).await.unwrap();
    }
    old.close().await.unwrap();

    let (_store, _writer) = SqliteStore::open(folder.path()).await.unwrap();
    let mut new = database(&folder).await;
    let kept: (i64, String, i64, String) = sqlx::query_as(
        "SELECT sessions.id, token_hash, user_id, expires_at FROM sessions
         JOIN session_users ON session_users.session_id = sessions.id",
    )
    .fetch_one(&mut new)
    .await
    .unwrap();
    assert_eq!(kept, (7, "hash".to_owned(), 1, "2027-11-20T10:00:00.000Z".to_owned()));
    // An id is never reused, even if all rows are deleted.
    sqlx::query("DELETE FROM sessions").execute(&mut new).await.unwrap();
    let next: i64 = sqlx::query_scalar(
        "INSERT INTO sessions (token_hash, created_at, seen_at, expires_at) VALUES ('h', 'a', 'b', 'c') RETURNING id",
    )
    .fetch_one(&mut new)
    .await
    .unwrap();
    assert_eq!(next, 8);
}
