//! What one commit does: all jobs of a batch, and the answers that are to follow it.

use hubbub_chat::{AppendOutcome, PendingEvent, RoomRecord, StoreError};
use hubbub_protocol::{RoomName, Timestamp};
use sqlx::sqlite::SqliteTransaction;

use crate::sqlite::append::Positions;
use crate::sqlite::job::Job;
use crate::sqlite::{accounts, members, passing, rows, sessions};

/// Who waits for drafts to be stored.
type Appended = tokio::sync::oneshot::Sender<Result<Vec<AppendOutcome>, StoreError>>;

/// What is to be told after the commit.
pub(super) type Answers = Vec<Box<dyn FnOnce(Result<(), StoreError>) + Send>>;

/// Does all jobs, and prepares their answers.
pub(super) async fn perform(
    transaction: &mut SqliteTransaction<'_>,
    positions: &mut Positions,
    jobs: &mut Vec<Job>,
    answers: &mut Answers,
) -> Result<(), sqlx::Error> {
    let mut pending_events: Vec<PendingEvent> = Vec::new();
    let mut appends: Vec<(usize, Appended)> = Vec::new();
    for job in jobs.drain(..) {
        match job {
            Job::Append { pending_events: more, answer } => {
                appends.push((more.len(), answer));
                pending_events.extend(more);
            }
            Job::OpenRoom { name, at, answer } => {
                let room = open_room(transaction, name, at).await?;
                answers.push(later(answer, room));
            }
            Job::Mark { room, user, mark, answer } => {
                // What stands before it in the queue is part of what there is to be read.
                flush(transaction, positions, &mut pending_events, &mut appends, answers).await?;
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
            #[cfg(test)]
            Job::Panic { answer } => {
                drop(answer);
                panic!("a test wants it");
            }
            Job::Probe { answer } => {
                sqlx::query("INSERT OR REPLACE INTO server VALUES ('probe', strftime('%FT%H:%M:%fZ'))")
                    .execute(&mut **transaction)
                    .await?;
                answers.push(later(answer, ()));
            }
        }
    }
    flush(transaction, positions, &mut pending_events, &mut appends, answers).await
}

/// Stores what has gathered.
async fn flush(
    transaction: &mut SqliteTransaction<'_>,
    positions: &mut Positions,
    pending_events: &mut Vec<PendingEvent>,
    appends: &mut Vec<(usize, Appended)>,
    answers: &mut Answers,
) -> Result<(), sqlx::Error> {
    let stored: Vec<AppendOutcome> = positions.append(transaction, std::mem::take(pending_events)).await?;
    let mut stored = stored.into_iter();
    for (count, answer) in appends.drain(..) {
        // A list of its own size for each: the rest of a split list would keep the capacity of the whole.
        answers.push(later(answer, stored.by_ref().take(count).collect()));
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
    // After a restored backup it may be one that was lost, with all its positions.
    sqlx::query(
        "INSERT INTO rooms (name, created_at, lost_after, lost_up_to)
         VALUES (?1, ?2, (SELECT 0 FROM server WHERE key = 'lost'),
                 (SELECT CAST(value AS INTEGER) FROM server WHERE key = 'lost'))
         ON CONFLICT DO NOTHING",
    )
    .bind(name.as_str())
    .bind(at.to_string())
    .execute(&mut **transaction)
    .await?;
    let row = sqlx::query(concat!(
        "SELECT id, topic, lost_after, lost_up_to, ",
        rows::head!("rooms.id"),
        " AS head FROM rooms WHERE name = ?1"
    ))
    .bind(name.as_str())
    .fetch_one(&mut **transaction)
    .await?;
    rows::room(&row, name)
}
