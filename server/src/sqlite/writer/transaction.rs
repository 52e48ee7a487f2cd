//! What one commit does: all jobs of a batch, and the answers that are to follow it.

use hubbub_chat::{AppendOutcome, PendingEvent, RoomRecord, StoreError};
use hubbub_protocol::{RoomName, Timestamp};
use sqlx::sqlite::SqliteTransaction;

use crate::sqlite::append::Positions;
use crate::sqlite::write_request::WriteRequest;
use crate::sqlite::{accounts, members, passing, rows, sessions};

/// Who waits for drafts to be stored.
type Appended = tokio::sync::oneshot::Sender<Result<Vec<AppendOutcome>, StoreError>>;

/// What is to be told after the commit.
pub(super) type Replies = Vec<Box<dyn FnOnce(Result<(), StoreError>) + Send>>;

/// Does all jobs, and prepares their answers.
pub(super) async fn perform(
    transaction: &mut SqliteTransaction<'_>,
    positions: &mut Positions,
    requests: &mut Vec<WriteRequest>,
    replies: &mut Replies,
) -> Result<(), sqlx::Error> {
    let mut pending_events: Vec<PendingEvent> = Vec::new();
    let mut appends: Vec<(usize, Appended)> = Vec::new();
    for request in requests.drain(..) {
        match request {
            WriteRequest::Append { pending_events: more, reply } => {
                appends.push((more.len(), reply));
                pending_events.extend(more);
            }
            WriteRequest::OpenRoom { name, at, reply } => {
                let room = open_room(transaction, name, at).await?;
                replies.push(reply_after_commit(reply, room));
            }
            WriteRequest::Read { room, user, mark, reply } => {
                // What stands before it in the queue is part of what there is to be read.
                flush(transaction, positions, &mut pending_events, &mut appends, replies).await?;
                let head = positions.head(transaction, room).await?;
                members::mark(transaction, room, user, mark, head).await?;
                replies.push(reply_after_commit(reply, ()));
            }
            WriteRequest::SetAppearance { user, appearance, reply } => {
                members::set_appearance(transaction, user, appearance).await?;
                replies.push(reply_after_commit(reply, ()));
            }
            WriteRequest::CreateGuest { guest, reply } => {
                let made = sessions::create_guest(transaction, guest).await?;
                replies.push(reply_after_commit(reply, made));
            }
            WriteRequest::Account { change, reply } => {
                let changed = accounts::change(transaction, change).await?;
                replies.push(reply_after_commit(reply, changed));
            }
            WriteRequest::CreatePassing { name, at, reply } => {
                let user = passing::create(transaction, name, at).await?;
                replies.push(reply_after_commit(reply, user));
            }
            WriteRequest::RenamePassing { user, name, reply } => {
                passing::rename(transaction, user, &name).await?;
                replies.push(reply_after_commit(reply, ()));
            }
            #[cfg(test)]
            WriteRequest::Panic { reply } => {
                drop(reply);
                panic!("a test wants it");
            }
            WriteRequest::Probe { reply } => {
                sqlx::query("INSERT OR REPLACE INTO server VALUES ('probe', strftime('%FT%H:%M:%fZ'))")
                    .execute(&mut **transaction)
                    .await?;
                replies.push(reply_after_commit(reply, ()));
            }
        }
    }
    flush(transaction, positions, &mut pending_events, &mut appends, replies).await
}

/// Stores what has gathered.
async fn flush(
    transaction: &mut SqliteTransaction<'_>,
    positions: &mut Positions,
    pending_events: &mut Vec<PendingEvent>,
    appends: &mut Vec<(usize, Appended)>,
    replies: &mut Replies,
) -> Result<(), sqlx::Error> {
    let stored: Vec<AppendOutcome> = positions.append(transaction, std::mem::take(pending_events)).await?;
    let mut stored = stored.into_iter();
    for (count, reply) in appends.drain(..) {
        // A list of its own size for each: the rest of a split list would keep the capacity of the whole.
        replies.push(reply_after_commit(reply, stored.by_ref().take(count).collect()));
    }
    Ok(())
}

/// Keeps an answer until it is known whether the commit succeeded.
fn reply_after_commit<T: Send + 'static>(
    reply: tokio::sync::oneshot::Sender<Result<T, StoreError>>,
    value: T,
) -> Box<dyn FnOnce(Result<(), StoreError>) + Send> {
    Box::new(move |outcome| {
        // Whoever asked may have gone; what they asked for is done all the same.
        drop(reply.send(outcome.map(|()| value)));
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
