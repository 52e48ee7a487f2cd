//! Executes all requests of a batch in one transaction, and prepares the replies that follow the commit.

use std::slice;

use hubbub_chat::{PendingEvent, RoomRecord, StoreError, WriteOutcome};
use hubbub_protocol::{Refusal, RoomName, Timestamp, User};
use sqlx::Connection;
use sqlx::sqlite::SqliteTransaction;

use crate::sqlite::append::Positions;
use crate::sqlite::fault::{self, Fault};
use crate::sqlite::transient_guests::NewTransientGuest;
use crate::sqlite::write_request::WriteRequest;
use crate::sqlite::{accounts, files, members, rows, sessions, transient_guests};

/// The caller that waits for events to be stored.
type Appended = tokio::sync::oneshot::Sender<Result<Vec<WriteOutcome>, StoreError>>;

/// The caller that waits for a transient guest.
type Created = tokio::sync::oneshot::Sender<Result<Option<User>, StoreError>>;

/// Sends a result to its caller after the commit.
type CommitReply = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// The replies that are sent after the commit.
pub(super) type Replies = Vec<CommitReply>;

/// Executes all requests and prepares their replies. Each request has a savepoint: a request whose statement fails is
/// refused alone, because the others in the batch are those of other users.
///
/// # Errors
/// If the disk or the connection fails, or if no request succeeded: then nothing must be committed.
pub(super) async fn execute_all(
    transaction: &mut SqliteTransaction<'_>,
    positions: &mut Positions,
    requests: &mut Vec<WriteRequest>,
    replies: &mut Replies,
) -> Result<(), sqlx::Error> {
    let mut batch = WriteBatch { transaction, positions, replies, succeeded: false, failure: None };
    let mut pending_events: Vec<PendingEvent> = Vec::new();
    let mut appends: Vec<(usize, Appended)> = Vec::new();
    let mut guests: Vec<NewTransientGuest> = Vec::new();
    let mut creations: Vec<Created> = Vec::new();
    for request in requests.drain(..) {
        match request {
            WriteRequest::Append { pending_events: more, reply } => {
                appends.push((more.len(), reply));
                pending_events.extend(more);
            }
            WriteRequest::CreateTransientGuest { guest, reply } => {
                guests.push(guest);
                creations.push(reply);
            }
            request => {
                if let WriteRequest::Read { .. } = request {
                    // The events before this request in the queue must be stored before the read position.
                    batch.append(&mut pending_events, &mut appends).await?;
                }
                batch.execute(request).await?;
            }
        }
    }
    batch.append(&mut pending_events, &mut appends).await?;
    batch.create_guests(guests, creations).await?;
    match batch.failure {
        Some(error) if !batch.succeeded => Err(error),
        _ => Ok(()),
    }
}

/// The requests of one transaction.
struct WriteBatch<'batch, 'connection> {
    transaction: &'batch mut SqliteTransaction<'connection>,
    positions: &'batch mut Positions,
    replies: &'batch mut Replies,
    /// Whether any request succeeded.
    succeeded: bool,
    /// The error of the last statement that failed.
    failure: Option<sqlx::Error>,
}

impl WriteBatch<'_, '_> {
    /// Executes one request. A request that fails is dropped, which its caller sees as a failure.
    async fn execute(&mut self, request: WriteRequest) -> Result<(), sqlx::Error> {
        let assigned = self.positions.assigned();
        let mut savepoint = self.transaction.begin().await?;
        match execute(&mut savepoint, self.positions, request).await {
            Ok(reply) => {
                savepoint.commit().await?;
                self.replies.push(reply);
                self.succeeded = true;
                Ok(())
            }
            Err(error) => {
                savepoint.rollback().await?;
                self.positions.discard_since(assigned);
                self.fail(error)
            }
        }
    }

    /// Creates the collected guests: together, or one by one if that fails. Their order among the other requests does not
    /// matter, because no other request knows their ids yet.
    async fn create_guests(
        &mut self,
        guests: Vec<NewTransientGuest>,
        creations: Vec<Created>,
    ) -> Result<(), sqlx::Error> {
        if guests.is_empty() {
            return Ok(());
        }
        let mut savepoint = self.transaction.begin().await?;
        match transient_guests::create(&mut savepoint, &guests).await {
            Ok(created) => {
                savepoint.commit().await?;
                self.succeeded = true;
                let replies = creations.into_iter().zip(created);
                self.replies.extend(replies.map(|(reply, user)| reply_after_commit(reply, user)));
            }
            Err(error) if guests.len() == 1 => {
                savepoint.rollback().await?;
                self.fail(error)?;
            }
            Err(_) => {
                savepoint.rollback().await?;
                for (guest, reply) in guests.into_iter().zip(creations) {
                    self.execute(WriteRequest::CreateTransientGuest { guest, reply }).await?;
                }
            }
        }
        Ok(())
    }

    /// Stores the collected events: together, or one by one if that fails.
    async fn append(
        &mut self,
        pending_events: &mut Vec<PendingEvent>,
        appends: &mut Vec<(usize, Appended)>,
    ) -> Result<(), sqlx::Error> {
        let pending_events = std::mem::take(pending_events);
        if pending_events.is_empty() && appends.is_empty() {
            return Ok(());
        }
        let mut stored = match self.try_append(&pending_events).await? {
            Ok(stored) => stored,
            Err(error) if pending_events.len() == 1 => {
                self.fail(error)?;
                vec![WriteOutcome::Refused(Refusal::unavailable())]
            }
            Err(_) => self.append_each(&pending_events).await?,
        }
        .into_iter();
        for (count, reply) in appends.drain(..) {
            // Each caller gets a list of its own size, because the rest of a split list would keep the capacity of the
            // whole.
            self.replies.push(reply_after_commit(reply, stored.by_ref().take(count).collect()));
        }
        Ok(())
    }

    async fn append_each(
        &mut self,
        pending_events: &[PendingEvent],
    ) -> Result<Vec<WriteOutcome>, sqlx::Error> {
        let mut all = Vec::with_capacity(pending_events.len());
        for pending in pending_events {
            match self.try_append(slice::from_ref(pending)).await? {
                Ok(stored) => all.extend(stored),
                Err(error) => {
                    self.fail(error)?;
                    all.push(WriteOutcome::Refused(Refusal::unavailable()));
                }
            }
        }
        Ok(all)
    }

    /// Stores all of these events, or none if a statement fails.
    async fn try_append(
        &mut self,
        pending_events: &[PendingEvent],
    ) -> Result<Result<Vec<WriteOutcome>, sqlx::Error>, sqlx::Error> {
        let assigned = self.positions.assigned();
        let mut savepoint = self.transaction.begin().await?;
        match self.positions.append(&mut savepoint, pending_events).await {
            Ok(stored) => {
                savepoint.commit().await?;
                self.succeeded |= !pending_events.is_empty();
                Ok(Ok(stored))
            }
            Err(error) => {
                savepoint.rollback().await?;
                self.positions.discard_since(assigned);
                Ok(Err(error))
            }
        }
    }

    /// Refuses one request because its statement failed. A fault of the disk or of the connection is returned, because
    /// it concerns all requests.
    fn fail(&mut self, error: sqlx::Error) -> Result<(), sqlx::Error> {
        if Fault::of(&error).is_some() {
            return Err(error);
        }
        tracing::error!(
            cause = fault::describe(&error),
            "a write failed; other writes of the same transaction are not affected"
        );
        self.failure = Some(error);
        Ok(())
    }
}

/// Executes one request and prepares its reply.
async fn execute(
    transaction: &mut SqliteTransaction<'_>,
    positions: &mut Positions,
    request: WriteRequest,
) -> Result<CommitReply, sqlx::Error> {
    Ok(match request {
        WriteRequest::Append { pending_events, reply } => {
            reply_after_commit(reply, positions.append(transaction, &pending_events).await?)
        }
        WriteRequest::OpenRoom { name, at, reply } => {
            reply_after_commit(reply, open_room(transaction, name, at).await?)
        }
        WriteRequest::Read { room, user, mark, reply } => {
            positions.forget_if_full();
            let head = positions.head(transaction, room).await?;
            members::mark(transaction, room, user, mark, head).await?;
            reply_after_commit(reply, ())
        }
        WriteRequest::SetAppearance { user, appearance, reply } => {
            members::set_appearance(transaction, user, appearance).await?;
            reply_after_commit(reply, ())
        }
        WriteRequest::CreateGuest { guest, reply } => {
            reply_after_commit(reply, sessions::create_guest(transaction, guest).await?)
        }
        WriteRequest::Account { change, reply } => {
            reply_after_commit(reply, accounts::change(transaction, change).await?)
        }
        WriteRequest::File { change, reply } => {
            reply_after_commit(reply, files::change(transaction, change).await?)
        }
        WriteRequest::CreateTransientGuest { guest, reply } => {
            reply_after_commit(reply, transient_guests::create(transaction, &[guest]).await?.pop().flatten())
        }
        WriteRequest::RenameTransientGuest { user, name, reply } => {
            transient_guests::rename(transaction, user, &name).await?;
            reply_after_commit(reply, ())
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
            reply_after_commit(reply, ())
        }
    })
}

/// Keeps a reply until it is known whether the commit succeeded.
fn reply_after_commit<T: Send + 'static>(
    reply: tokio::sync::oneshot::Sender<Result<T, StoreError>>,
    value: T,
) -> CommitReply {
    Box::new(move |outcome| {
        // An error means that the caller no longer waits; the request is executed nevertheless.
        _ = reply.send(outcome.map(|()| value));
    })
}

async fn open_room(
    transaction: &mut SqliteTransaction<'_>,
    name: RoomName,
    at: Timestamp,
) -> Result<RoomRecord, sqlx::Error> {
    // After a backup was restored, an earlier room may have had this name, and its positions count as lost.
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
