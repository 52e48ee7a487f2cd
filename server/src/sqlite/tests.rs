//! Tests of storage faults: the store works again by itself when the cause is gone.

mod one_commit;
mod removed_files;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use hubbub_protocol::{ClientId, MessageText, Refusal};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::*;
use hubbub_chat::RoomChange;

/// A store with one user and one room.
struct StoreFixture {
    folder: TempDir,
    store: SqliteStore,
    writer: JoinHandle<()>,
    author: User,
    room: RoomId,
}

impl StoreFixture {
    async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let (store, writer) = SqliteStore::open(folder.path()).await.unwrap();
        let name = UserName::parse("alice").unwrap();
        let author = store.create_transient_guest(name, Timestamp::from_millis(0)).await.unwrap().unwrap();
        let name = RoomName::parse("general").unwrap();
        let room = store.open_room(&name, Timestamp::from_millis(0)).await.unwrap().id;
        Self { folder, store, writer, author, room }
    }

    /// Posts a text and returns its position.
    async fn posts(&self, text: &str) -> Result<Seq, StoreError> {
        self.posts_at(text, 0).await
    }

    /// Posts a text at this time and returns its position.
    async fn posts_at(&self, text: &str, millis: i64) -> Result<Seq, StoreError> {
        let stored = self.store.append(vec![self.pending_post(text, millis)]).await?;
        assert!(stored.capacity() <= 4, "the result keeps room for {}", stored.capacity());
        let [WriteOutcome::New(event)] = &stored[..] else {
            return Err(StoreError(format!("{stored:?}")));
        };
        Ok(event.seq())
    }

    /// The write-ahead log.
    fn log(&self) -> PathBuf {
        self.folder.path().join("chat.db-wal")
    }

    /// Returns the texts of the room.
    async fn texts(&self) -> Result<Vec<String>, StoreError> {
        texts(&self.store, self.room).await
    }

    /// Returns the texts that another start finds after `kill -9`: nothing was closed or merged.
    async fn texts_after_kill(&self) -> Vec<String> {
        let copy = TempDir::new().unwrap();
        for name in ["chat.db", "chat.db-wal"] {
            std::fs::copy(self.folder.path().join(name), copy.path().join(name)).unwrap();
        }
        let (store, _writer) = SqliteStore::open(copy.path()).await.unwrap();
        texts(&store, self.room).await.unwrap()
    }

    fn pending_post(&self, text: &str, millis: i64) -> PendingEvent {
        let change = RoomChange::Post {
            client_id: ClientId::from_random_bytes(rand::random()),
            text: MessageText::parse(text).unwrap(),
            reply_to: None,
            files: Vec::new(),
        };
        PendingEvent {
            room: self.room,
            by: self.author.clone(),
            at: Timestamp::from_millis(millis),
            change,
            silent: false,
        }
    }

    /// Opens the database as another program would.
    async fn other_program(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("chat.db"));
        SqliteConnection::connect_with(&options).await.unwrap()
    }
}

#[tokio::test]
async fn writes_again_after_a_statement_or_a_commit_that_failed() {
    let fixture = StoreFixture::open().await;
    assert_eq!(fixture.posts("one").await, Ok(Seq(1)));
    let mut other = fixture.other_program().await;
    // The fault occurs at the statement, and at the commit, when SQLite checks deferred constraints.
    let triggers = [
        "CREATE TRIGGER fault BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'a fault'); END",
        "CREATE TRIGGER fault BEFORE INSERT ON messages BEGIN SELECT RAISE(ROLLBACK, 'a fault'); END",
        "CREATE TABLE late (id INTEGER REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED);
         CREATE TRIGGER fault BEFORE INSERT ON messages BEGIN INSERT INTO late VALUES (999999); END",
    ];
    for (index, trigger) in triggers.into_iter().enumerate() {
        sqlx::raw_sql(trigger).execute(&mut other).await.unwrap();
        for _ in 0..3 {
            fixture.posts("refused").await.unwrap_err();
        }
        let seen = fixture.store.history(fixture.room, PageAnchor::Newest, 10).await.unwrap();
        assert_eq!(seen.events.len(), index + 1, "it reads meanwhile");
        sqlx::raw_sql("DROP TRIGGER fault").execute(&mut other).await.unwrap();
        let next = Seq(i64::try_from(index).unwrap() + 2);
        assert_eq!(
            eventually(async || fixture.posts("again").await).await,
            next,
            "no position is lost or given twice"
        );
    }
    fixture.store.check().await.unwrap();
}

#[tokio::test]
async fn a_statement_that_fails_refuses_its_own_write_and_no_other() {
    let fixture = StoreFixture::open().await;
    let mut other = fixture.other_program().await;
    sqlx::raw_sql(
        "CREATE TRIGGER one BEFORE INSERT ON messages WHEN NEW.text = 'faulty'
         BEGIN SELECT RAISE(ABORT, 'a fault'); END;
         CREATE TRIGGER two BEFORE INSERT ON rooms WHEN NEW.name = 'faulty'
         BEGIN SELECT RAISE(FAIL, 'a fault'); END",
    )
    .execute(&mut other)
    .await
    .unwrap();
    let name = |text: &str| RoomName::parse(text).unwrap();
    let (faulty, sound) = (name("faulty"), name("sound"));
    for round in 0..3 {
        let first = 5 * round + 1;
        let pending_events = ["three", "faulty", "four"].map(|text| fixture.pending_post(text, 0));
        // All of these wait when the writer begins, so they are one batch.
        let (one, refused, two, no_room, room, several, five) = tokio::join!(
            fixture.posts("one"),
            fixture.posts("faulty"),
            fixture.posts("two"),
            fixture.store.open_room(&faulty, Timestamp::from_millis(0)),
            fixture.store.open_room(&sound, Timestamp::from_millis(0)),
            fixture.store.append(pending_events.to_vec()),
            fixture.posts("five"),
        );
        assert_eq!((one, two, five), (Ok(Seq(first)), Ok(Seq(first + 1)), Ok(Seq(first + 4))));
        refused.unwrap_err();
        no_room.unwrap_err();
        room.unwrap();
        let several = several.unwrap();
        let [WriteOutcome::New(three), WriteOutcome::Refused(refusal), WriteOutcome::New(four)] =
            &several[..]
        else {
            panic!("{several:?}")
        };
        assert_eq!((three.seq(), four.seq()), (Seq(first + 2), Seq(first + 3)));
        assert_eq!(*refusal, Refusal::unavailable());
        fixture.store.check().await.unwrap();
    }
    // No position was counted without being assigned, so the next start finds no loss.
    let epoch = fixture.store.epoch();
    let StoreFixture { folder, store, writer, .. } = fixture;
    drop((store, other));
    writer.await.unwrap();
    assert_eq!(SqliteStore::open(folder.path()).await.unwrap().0.epoch(), epoch);
}

#[tokio::test]
async fn callers_wait_when_the_queue_is_full_and_nothing_is_lost() {
    const JOBS: i64 = 6_000;
    let fixture = StoreFixture::open().await;
    let mut other = fixture.other_program().await;
    // The writer waits for this lock.
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let jobs = (0..JOBS).map(|_| fixture.posts("one of many"));
    let free = async {
        while fixture.store.requests.capacity() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(fixture.store.requests.max_capacity() < usize::try_from(JOBS).unwrap());
        sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    };
    let (stored, ()) = tokio::join!(futures_util::future::join_all(jobs), free);
    let mut seqs: Vec<i64> = stored.into_iter().map(|seq| seq.unwrap().0).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=JOBS).collect::<Vec<i64>>());
}

#[tokio::test]
async fn orders_events_by_writing_and_not_by_the_clock() {
    let fixture = StoreFixture::open().await;
    let clock = [1_000_000, 5_000, 253_402_300_799_999, 0, 5_000];
    for (index, millis) in clock.into_iter().enumerate() {
        let seq = fixture.posts_at(&format!("message {index}"), millis).await.unwrap();
        assert_eq!(seq.0, i64::try_from(index).unwrap() + 1);
    }
    let history = fixture.store.history(fixture.room, PageAnchor::Newest, 10).await.unwrap();
    let seen: Vec<i64> = history.events.iter().map(|event| event.seq().0).collect();
    assert_eq!(seen, [1, 2, 3, 4, 5]);
    let times: Vec<i64> = history.events.iter().filter_map(posted_at).collect();
    assert_eq!(times, clock, "each has the time that the clock showed");
    let caught_up = fixture.store.events_after(fixture.room, Seq(2), 10).await.unwrap();
    assert_eq!(caught_up.iter().map(|event| event.seq().0).collect::<Vec<_>>(), [3, 4, 5]);
}

fn posted_at(event: &hubbub_protocol::Event) -> Option<i64> {
    match event {
        hubbub_protocol::Event::Posted(message) => Some(message.at.millis()),
        _ => None,
    }
}

async fn texts(store: &SqliteStore, room: RoomId) -> Result<Vec<String>, StoreError> {
    let history = store.history(room, PageAnchor::Newest, 10).await?;
    let text = |event: &Event| match event {
        Event::Posted(message) => message.text.as_ref().map(|text| text.as_str().to_owned()),
        _ => None,
    };
    Ok(history.events.iter().filter_map(text).collect())
}

/// Repeats the request until it succeeds.
async fn eventually<T>(ask: impl AsyncFn() -> Result<T, StoreError>) -> T {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        match ask().await {
            Ok(value) => return value,
            Err(error) => assert!(tokio::time::Instant::now() < deadline, "it stays broken: {error}"),
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn writer_panic_answers_its_requests_and_restarts() {
    let fixture = StoreFixture::open().await;
    for number in 1..=20 {
        let panics = fixture.store.ask(|reply| WriteRequest::Panic { reply });
        let (panicked, _) = tokio::join!(panics, fixture.posts("in the same batch, or the next"));
        panicked.unwrap_err();
        let stored = eventually(async || fixture.posts("after it").await).await;
        assert!(stored >= Seq(number));
    }
    let mut other = fixture.other_program().await;
    let positions: Vec<i64> =
        sqlx::query_scalar("SELECT seq FROM messages ORDER BY seq").fetch_all(&mut other).await.unwrap();
    let expected: Vec<i64> = (1..).take(positions.len()).collect();
    assert_eq!(positions, expected);
}

#[tokio::test]
async fn readers_replace_lost_connections() {
    let fixture = StoreFixture::open().await;
    fixture.posts("one").await.unwrap();
    fixture.store.readers.pool().close().await;
    let read = async || fixture.store.history(fixture.room, PageAnchor::Newest, 10).await;
    assert_eq!(eventually(read).await.events.len(), 1);
}

#[tokio::test]
async fn appends_of_one_commit_keep_only_their_own_results() {
    let fixture = StoreFixture::open().await;
    let all = (0..64).map(|number| fixture.posts(if number % 2 == 0 { "even" } else { "odd" }));
    let stored = futures_util::future::join_all(all).await;
    let mut seqs: Vec<i64> = stored.into_iter().map(|seq| seq.unwrap().0).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=64).collect::<Vec<i64>>());
}

#[tokio::test]
async fn reports_damage_until_a_check_succeeds() {
    let fixture = StoreFixture::open().await;
    fixture.store.health.set_damage(Some("a page is wrong".to_owned()));
    let refused = fixture.store.check().await.unwrap_err();
    assert!(refused.to_string().contains("damaged: a page is wrong"), "{refused}");
    fixture.store.health.suspect_damage();
    eventually(async || fixture.store.check().await).await;
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn data_folder_is_private_to_its_owner() {
    let fixture = StoreFixture::open().await;
    drop(fixture.store);
    let folder = fixture.folder.path().join("new/data");
    let (store, writer) = SqliteStore::open(&folder).await.unwrap();
    assert_eq!(mode(&folder), 0o700);
    let files = ["chat.db", "chat.db-wal", "chat.db-shm", "hubbub.lock"];
    for file in files {
        assert_eq!(mode(&folder.join(file)), 0o600, "{file}");
    }
    drop(store);
    writer.await.unwrap();

    // Permissions as an older version set them.
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    for file in ["chat.db", "hubbub.lock"] {
        std::fs::set_permissions(folder.join(file), std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    let (store, writer) = SqliteStore::open(&folder).await.unwrap();
    assert_eq!(mode(&folder), 0o700);
    for file in files {
        assert_eq!(mode(&folder.join(file)), 0o600, "{file}");
    }
    drop(store);
    writer.await.unwrap();

    // The store keeps the permissions of a folder that contains files of other programs, and restricts only those of
    // its own files.
    std::fs::write(folder.join("of somebody else"), "").unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::set_permissions(folder.join("chat.db"), std::fs::Permissions::from_mode(0o644)).unwrap();
    let (_store, _writer) = SqliteStore::open(&folder).await.unwrap();
    assert_eq!((mode(&folder), mode(&folder.join("chat.db"))), (0o755, 0o600));
}

#[tokio::test]
async fn background_check_detects_a_damaged_database() {
    let fixture = StoreFixture::open().await;
    for _ in 0..40 {
        fixture.posts(&"x".repeat(4_000)).await.unwrap();
    }
    let StoreFixture { folder, store, .. } = fixture;
    let mut other =
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(folder.path().join("chat.db")))
            .await
            .unwrap();
    sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut other).await.unwrap();
    let root: i64 =
        sqlx::query_scalar("SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_rooms_1'")
            .fetch_one(&mut other)
            .await
            .unwrap();
    let size: i64 = sqlx::query_scalar("PRAGMA page_size").fetch_one(&mut other).await.unwrap();
    let (start, size) = (usize::try_from((root - 1) * size).unwrap(), usize::try_from(size).unwrap());
    let mut bytes = std::fs::read(folder.path().join("chat.db")).unwrap();
    bytes[start..start + size].fill(0xaa);
    std::fs::write(folder.path().join("chat.db"), bytes).unwrap();
    sqlx::query(AssertSqlSafe(String::from("VACUUM"))).execute(&mut other).await.unwrap_err();
    store.health.suspect_damage();
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    while store.health.damage().is_none() {
        assert!(tokio::time::Instant::now() < deadline, "the damage is not found");
        tokio::task::yield_now().await;
    }
    store.check().await.unwrap_err();
}
