//! Storage in one SQLite file: one writer, several readers.

mod append;
mod job;
mod open;
mod rows;
mod writer;

use std::future::Future;

use hubbub_chat::{Draft, History, RoomRecord, Store, StoreError, Stored};
use hubbub_protocol::{Epoch, Event, RoomId, RoomName, Seq, Timestamp, User, UserId, UserName};
use sqlx::{Row, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use job::Job;
pub(crate) use job::NewGuest;
pub use open::OpenError;

/// The database of one data folder.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    readers: SqlitePool,
    jobs: mpsc::Sender<Job>,
    epoch: Epoch,
}

impl SqliteStore {
    /// Which database this is.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.epoch.clone()
    }

    /// Writes something and waits until it is on the disk.
    ///
    /// # Errors
    /// When the database takes no writes.
    pub async fn check_writable(&self) -> Result<(), StoreError> {
        self.ask(|answer| Job::Probe { answer }).await
    }

    /// Makes a guest, in a new session or an existing one.
    pub(crate) async fn create_guest(&self, guest: NewGuest) -> Result<User, StoreError> {
        self.ask(|answer| Job::CreateGuest { guest, answer }).await
    }

    /// The session of that token hash, and who it may act as, the first one first.
    pub(crate) async fn session_users(&self, token_hash: &str) -> Result<Vec<User>, StoreError> {
        sqlx::query(
            "SELECT users.id, users.name
             FROM sessions
             JOIN session_users ON session_users.session_id = sessions.id
             JOIN users ON users.id = session_users.user_id
             WHERE sessions.token_hash = ?1
             ORDER BY users.id",
        )
        .bind(token_hash)
        .fetch_all(&self.readers)
        .await
        .and_then(|rows| rows.iter().map(|row| rows::user(row, "id", "name")).collect())
        .map_err(rows::failed)
    }

    /// Hands a job to the writer and waits for its answer.
    async fn ask<T>(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Job,
    ) -> Result<T, StoreError> {
        let stopped = || StoreError("the writer has stopped".to_owned());
        let (answer, answered) = oneshot::channel();
        self.jobs.send(job(answer)).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }
}

impl Store for SqliteStore {
    async fn open_room(&self, name: &RoomName, at: Timestamp) -> Result<RoomRecord, StoreError> {
        if let Some(room) = self.find_room(name).await? {
            return Ok(room);
        }
        self.ask(|answer| Job::OpenRoom { name: name.clone(), at, answer }).await
    }

    async fn find_room(&self, name: &RoomName) -> Result<Option<RoomRecord>, StoreError> {
        let row = sqlx::query(
            "SELECT id, coalesce((SELECT max(seq) FROM messages WHERE room_id = rooms.id), 0) AS head
             FROM rooms WHERE name = ?1",
        )
        .bind(name.as_str())
        .fetch_optional(&self.readers)
        .await
        .map_err(rows::failed)?;
        row.map(|row| {
            Ok(RoomRecord {
                id: RoomId(row.try_get("id")?),
                name: name.clone(),
                head: Seq(row.try_get("head")?),
            })
        })
        .transpose()
        .map_err(rows::failed)
    }

    fn append(&self, drafts: Vec<Draft>) -> impl Future<Output = Result<Vec<Stored>, StoreError>> + Send {
        self.ask(|answer| Job::Append { drafts, answer })
    }

    async fn events_after(&self, room: RoomId, after: Seq, limit: u32) -> Result<Vec<Event>, StoreError> {
        sqlx::query("SELECT * FROM messages WHERE room_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3")
            .bind(room.0)
            .bind(after.0)
            .bind(limit)
            .fetch_all(&self.readers)
            .await
            .and_then(|rows| rows.iter().map(|row| rows::message(row).map(Event::Posted)).collect())
            .map_err(rows::failed)
    }

    async fn history(&self, room: RoomId, before: Option<Seq>, limit: u32) -> Result<History, StoreError> {
        let read = async {
            // One transaction: the messages and the head belong to the same moment.
            let mut reading = self.readers.begin().await?;
            let head = sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM messages WHERE room_id = ?1")
                .bind(room.0)
                .fetch_one(&mut *reading)
                .await?;
            let newest_first = sqlx::query(
                "SELECT * FROM messages WHERE room_id = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3",
            )
            .bind(room.0)
            .bind(before.map_or(i64::MAX, |before| before.0))
            .bind(i64::from(limit) + 1)
            .fetch_all(&mut *reading)
            .await?;
            reading.commit().await?;
            let older = newest_first.len() > limit as usize;
            let page = newest_first.iter().take(limit as usize).rev();
            let messages = page.map(rows::message).collect::<Result<_, _>>()?;
            Ok(History { messages, older, head: Seq(head) })
        };
        read.await.map_err(rows::failed)
    }
}

/// A name as it stands in the database. One that today's rule would refuse is shown as a generated name:
/// a rule that became stricter must not make a room unreadable.
fn stored_name(id: UserId, name: &str) -> UserName {
    UserName::parse(name).unwrap_or_else(|_| UserName::generated(id.0.unsigned_abs()))
}
