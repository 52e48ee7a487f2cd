//! Stores the events of rooms: a run of posts in two statements, whatever their number; other events one by one.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use hubbub_chat::{Decision, PendingEvent, RoomChange, WriteOutcome};
use hubbub_protocol::{
    ClientId, Event, Message, MessageId, MessageText, Quote, Refusal, RoomId, Seq, UserId,
};
use sqlx::Row;
use sqlx::sqlite::SqliteTransaction;

use super::{changes, rows};

/// Maximum number of rooms whose newest position is cached. For other rooms it is read again.
const MAX_ROOMS_REMEMBERED: usize = 10_000;

/// The newest position of each room. The cache is valid because only the writer writes.
#[derive(Debug, Default)]
pub(super) struct Positions {
    last_message: Option<i64>,
    heads: HashMap<RoomId, Seq>,
    /// Number of positions assigned since [`Positions::take_assigned_count`].
    assigned: i64,
}

/// Posts that an author has stored before with the same `client_id`: their room and the stored message.
type KnownPosts = HashMap<(UserId, ClientId), (RoomId, Message)>;

impl Positions {
    /// Stores the pending events in order. Nothing is final before the transaction commits; if it fails, these
    /// positions are invalid.
    pub(super) async fn append(
        &mut self,
        transaction: &mut SqliteTransaction<'_>,
        pending_events: &[PendingEvent],
    ) -> Result<Vec<WriteOutcome>, sqlx::Error> {
        let mut stored = Vec::with_capacity(pending_events.len());
        let mut run = Vec::new();
        for pending in pending_events {
            let context = changes::authorization_context(transaction, pending).await?;
            match (pending.authorize(&context), &pending.change) {
                (Decision::Store, RoomChange::Post { client_id, text, .. }) => {
                    let quote = context.target.as_ref().map(Message::quote);
                    run.push((pending.room, unplaced(pending, *client_id, text.clone(), quote)));
                }
                _ => {
                    self.post(transaction, std::mem::take(&mut run), &mut stored).await?;
                    // An earlier event of this call may have changed the message or the membership concerned.
                    let context = changes::authorization_context(transaction, pending).await?;
                    stored.push(match pending.authorize(&context) {
                        Decision::Store => self.append_one(transaction, pending).await?,
                        Decision::Unchanged(seq) => WriteOutcome::Unchanged(seq),
                        Decision::Refuse(refusal) => WriteOutcome::Refused(refusal),
                    });
                }
            }
        }
        self.post(transaction, run, &mut stored).await?;
        Ok(stored)
    }

    async fn append_one(
        &mut self,
        transaction: &mut SqliteTransaction<'_>,
        pending: &PendingEvent,
    ) -> Result<WriteOutcome, sqlx::Error> {
        let head = self.head(transaction, pending.room).await?;
        let silent = WriteOutcome::Silent { at: pending.at };
        if pending.silent {
            changes::write(transaction, pending, head).await?;
            return Ok(silent);
        }
        let room = pending.room;
        let event = changes::write(transaction, pending, head.next()).await?;
        self.heads.insert(room, head.next());
        self.assigned += 1;
        Ok(event.map_or(silent, WriteOutcome::New))
    }

    async fn post(
        &mut self,
        transaction: &mut SqliteTransaction<'_>,
        run: Vec<(RoomId, Message)>,
        stored: &mut Vec<WriteOutcome>,
    ) -> Result<(), sqlx::Error> {
        if run.is_empty() {
            return Ok(());
        }
        let mut known = find_duplicates(transaction, &run).await?;
        let mut rows = Vec::with_capacity(run.len());
        for (room, mut post) in run {
            match known.entry((post.author.id, post.client_id)) {
                Entry::Occupied(entry) => {
                    let (known_room, message) = entry.get();
                    // If the message was edited or deleted later, its current text is not the text of the first
                    // request, so the texts are not compared.
                    let same = message.changed.is_some() || message.text == post.text;
                    stored.push(if *known_room == room && same {
                        WriteOutcome::Repeat(message.clone())
                    } else {
                        WriteOutcome::Refused(Refusal::client_id_taken())
                    });
                }
                Entry::Vacant(entry) => {
                    self.place(transaction, room, &mut post).await?;
                    rows.push(row(room, &post));
                    entry.insert((room, post.clone()));
                    stored.push(WriteOutcome::New(Event::Posted(post)));
                }
            }
        }
        if !rows.is_empty() {
            insert(transaction, rows).await?;
        }
        Ok(())
    }

    /// Assigns the id and the position of a new post.
    async fn place(
        &mut self,
        transaction: &mut SqliteTransaction<'_>,
        room: RoomId,
        post: &mut Message,
    ) -> Result<(), sqlx::Error> {
        let last = match self.last_message {
            Some(last) => last,
            None => {
                sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM messages")
                    .fetch_one(&mut **transaction)
                    .await?
            }
        };
        post.id = MessageId(last + 1);
        post.seq = self.head(transaction, room).await?.next();
        self.last_message = Some(last + 1);
        self.assigned += 1;
        self.heads.insert(room, post.seq);
        Ok(())
    }

    /// Returns the number of positions assigned so far, for [`Positions::discard_since`].
    pub(super) const fn assigned(&self) -> i64 {
        self.assigned
    }

    /// Restores the number of assigned positions, as the savepoint restores the rows. The newest positions are read
    /// again.
    pub(super) fn discard_since(&mut self, assigned: i64) {
        *self = Self { assigned, ..Self::default() };
    }

    /// Returns the number of positions assigned since the last call.
    pub(super) const fn take_assigned_count(&mut self) -> i64 {
        std::mem::replace(&mut self.assigned, 0)
    }

    /// Returns the newest position of a room.
    pub(super) async fn head(
        &mut self,
        transaction: &mut SqliteTransaction<'_>,
        room: RoomId,
    ) -> Result<Seq, sqlx::Error> {
        if let Some(head) = self.heads.get(&room) {
            return Ok(*head);
        }
        if self.heads.len() >= MAX_ROOMS_REMEMBERED {
            self.heads.clear();
        }
        let head = sqlx::query_scalar(concat!("SELECT ", rows::head!("?1")))
            .bind(room.0)
            .fetch_one(&mut **transaction)
            .await?;
        self.heads.insert(room, Seq(head));
        Ok(Seq(head))
    }
}

/// Returns the message of a post before [`Positions::place`] assigns its id and position.
fn unplaced(pending: &PendingEvent, client_id: ClientId, text: MessageText, quote: Option<Quote>) -> Message {
    Message {
        id: MessageId(0),
        seq: Seq(0),
        author: pending.by.clone(),
        client_id,
        text: Some(text),
        at: pending.at,
        reply_to: quote,
        changed: None,
        edited_at: None,
        reactions: Vec::new(),
    }
}

/// Returns the posts of the run that are already stored, by author and `client_id`.
async fn find_duplicates(
    transaction: &mut SqliteTransaction<'_>,
    run: &[(RoomId, Message)],
) -> Result<KnownPosts, sqlx::Error> {
    let names: Vec<_> = run.iter().map(|(_, post)| (post.author.id, post.client_id)).collect();
    // There are few keys, and each is looked up in the index. CROSS JOIN keeps the keys in the outer loop.
    let rows = sqlx::query(concat!(
        rows::messages!(),
        "WHERE messages.id IN (
             SELECT known.id FROM json_each(?1) AS name
             CROSS JOIN messages AS known
                 ON known.author_id = name.value ->> 0 AND known.client_id = name.value ->> 1)"
    ))
    .bind(json(&names)?)
    .fetch_all(&mut **transaction)
    .await?;
    let mut known = KnownPosts::with_capacity(run.len());
    for row in &rows {
        let message = rows::message(row)?;
        let room = RoomId(row.try_get("room_id")?);
        known.insert((message.author.id, message.client_id), (room, message));
    }
    Ok(known)
}

type NewRow = (i64, i64, i64, String, i64, String, String, String, Option<i64>);

fn row(room: RoomId, message: &Message) -> NewRow {
    (
        message.id.0,
        room.0,
        message.seq.0,
        message.at.to_string(),
        message.author.id.0,
        message.author.name.to_string(),
        message.text.as_ref().map(ToString::to_string).unwrap_or_default(),
        message.client_id.to_string(),
        message.reply_to.as_ref().map(|quote| quote.message_id.0),
    )
}

async fn insert(transaction: &mut SqliteTransaction<'_>, rows: Vec<NewRow>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO messages (id, room_id, seq, created_at, author_id, author, text, client_id, reply_to)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3,
                value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8
         FROM json_each(?1) ORDER BY key",
    )
    .bind(json(&rows)?)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, sqlx::Error> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(error.into()))
}
