//! The one task that writes: group commit.

use std::fs::File;

use hubbub_chat::{Draft, RoomRecord, StoreError, Stored};
use hubbub_protocol::{RoomName, Timestamp};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnection, SqliteTransaction};
use tokio::sync::mpsc;

use super::append::Positions;
use super::job::Job;
use super::{accounts, members, passing, rows, sessions};

/// Most jobs in one transaction: one sync to the disk serves them all, and none waits long for the others.
const MAX_JOBS_PER_COMMIT: usize = 1_024;

/// Owns the write connection. Takes everything that waits, commits it in one transaction, then answers.
pub(super) struct Writer {
    connection: SqliteConnection,
    queue: mpsc::Receiver<Job>,
    positions: Positions,
    /// Held as long as somebody writes.
    _lock: File,
}

/// Who waits for drafts to be stored.
type Appended = tokio::sync::oneshot::Sender<Result<Vec<Stored>, StoreError>>;

/// What is to be told after the commit.
type Answers = Vec<Box<dyn FnOnce(Result<(), StoreError>) + Send>>;

impl Writer {
    pub(super) fn new(connection: SqliteConnection, queue: mpsc::Receiver<Job>, lock: File) -> Self {
        Self { connection, queue, positions: Positions::default(), _lock: lock }
    }

    pub(super) async fn run(mut self) {
        let mut jobs = Vec::new();
        while self.queue.recv_many(&mut jobs, MAX_JOBS_PER_COMMIT).await > 0 {
            self.commit(&mut jobs).await;
        }
        // Leaves everything in the one file: somebody may copy it now.
        let merged = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut self.connection).await;
        if let Err(error) = merged.and(self.connection.close().await) {
            tracing::error!(%error, "closing the database failed");
        }
    }

    /// All jobs are done and answered, or none is done and all are refused.
    async fn commit(&mut self, jobs: &mut Vec<Job>) {
        let mut answers = Answers::with_capacity(jobs.len());
        let outcome = async {
            let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
            perform(&mut transaction, &mut self.positions, jobs, &mut answers).await?;
            transaction.commit().await
        };
        let outcome = outcome.await.map_err(rows::failed);
        if outcome.is_err() {
            // The positions handed out were not used; read them again from what is really there.
            self.positions = Positions::default();
        }
        // A job whose answer was not prepared is dropped here, which its asker sees as a failure.
        jobs.clear();
        for answer in answers {
            answer(outcome.clone());
        }
    }
}

async fn perform(
    transaction: &mut SqliteTransaction<'_>,
    positions: &mut Positions,
    jobs: &mut Vec<Job>,
    answers: &mut Answers,
) -> Result<(), sqlx::Error> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut appends: Vec<(usize, Appended)> = Vec::new();
    for job in jobs.drain(..) {
        match job {
            Job::Append { drafts: more, answer } => {
                appends.push((more.len(), answer));
                drafts.extend(more);
            }
            Job::OpenRoom { name, at, answer } => {
                let room = open_room(transaction, name, at).await?;
                answers.push(later(answer, room));
            }
            Job::Mark { room, user, mark, answer } => {
                // What stands before it in the queue is part of what there is to be read.
                flush(transaction, positions, &mut drafts, &mut appends, answers).await?;
                let head = positions.head(transaction, room).await?;
                members::mark(transaction, room, user, mark, head).await?;
                answers.push(later(answer, ()));
            }
            Job::SetAppearance { user, appearance, answer } => {
                members::set_appearance(transaction, user, appearance).await?;
                answers.push(later(answer, ()));
            }
            Job::CreateGuest { guest, answer } => {
                let made = sessions::create_guest(transaction, guest).await?;
                answers.push(later(answer, made));
            }
            Job::Account { change, answer } => {
                let changed = accounts::change(transaction, change).await?;
                answers.push(later(answer, changed));
            }
            Job::CreatePassing { name, at, answer } => {
                let user = passing::create(transaction, name, at).await?;
                answers.push(later(answer, user));
            }
            Job::RenamePassing { user, name, answer } => {
                passing::rename(transaction, user, &name).await?;
                answers.push(later(answer, ()));
            }
            Job::Probe { answer } => {
                sqlx::query("INSERT OR REPLACE INTO server VALUES ('probe', strftime('%FT%H:%M:%fZ'))")
                    .execute(&mut **transaction)
                    .await?;
                answers.push(later(answer, ()));
            }
        }
    }
    flush(transaction, positions, &mut drafts, &mut appends, answers).await
}

/// Stores what has gathered.
async fn flush(
    transaction: &mut SqliteTransaction<'_>,
    positions: &mut Positions,
    drafts: &mut Vec<Draft>,
    appends: &mut Vec<(usize, Appended)>,
    answers: &mut Answers,
) -> Result<(), sqlx::Error> {
    let mut stored: Vec<Stored> = positions.append(transaction, std::mem::take(drafts)).await?;
    for (count, answer) in appends.drain(..) {
        let rest = stored.split_off(count);
        answers.push(later(answer, std::mem::replace(&mut stored, rest)));
    }
    Ok(())
}

/// Keeps an answer until it is known whether the commit succeeded.
fn later<T: Send + 'static>(
    answer: tokio::sync::oneshot::Sender<Result<T, StoreError>>,
    value: T,
) -> Box<dyn FnOnce(Result<(), StoreError>) + Send> {
    Box::new(move |outcome| {
        // Whoever asked may have gone; what they asked for is done all the same.
        drop(answer.send(outcome.map(|()| value)));
    })
}

async fn open_room(
    transaction: &mut SqliteTransaction<'_>,
    name: RoomName,
    at: Timestamp,
) -> Result<RoomRecord, sqlx::Error> {
    sqlx::query("INSERT INTO rooms (name, created_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
        .bind(name.as_str())
        .bind(at.to_string())
        .execute(&mut **transaction)
        .await?;
    let row = sqlx::query(concat!(
        "SELECT id, topic, ",
        rows::head!("rooms.id"),
        " AS head FROM rooms WHERE name = ?1"
    ))
    .bind(name.as_str())
    .fetch_one(&mut **transaction)
    .await?;
    rows::room(&row, name)
}
