//! Storing messages: a whole batch in two statements, however many they are.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use hubbub_chat::{Draft, Stored};
use hubbub_protocol::{ClientId, Message, MessageId, RoomId, Seq, UserId};
use sqlx::Row;
use sqlx::sqlite::SqliteTransaction;

use super::rows;

/// Rooms whose newest position is kept at hand; beyond, it is read again.
const MAX_ROOMS_REMEMBERED: usize = 10_000;

/// The newest positions, known because nobody else writes.
#[derive(Debug, Default)]
pub(super) struct Positions {
    last_message: Option<i64>,
    heads: HashMap<RoomId, Seq>,
}

/// What an author has already called so: in which room, and as what it was stored.
type Known = HashMap<(UserId, ClientId), (RoomId, Message)>;

impl Positions {
    /// Stores what is new, in order. Nothing is final before the transaction commits; if it does not,
    /// these positions are void.
    pub(super) async fn append(
        &mut self,
        transaction: &mut SqliteTransaction<'_>,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Stored>, sqlx::Error> {
        if drafts.is_empty() {
            return Ok(Vec::new());
        }
        let mut known = known(transaction, &drafts).await?;
        let mut rows = Vec::with_capacity(drafts.len());
        let mut stored = Vec::with_capacity(drafts.len());
        for draft in drafts {
            match known.entry((draft.author.id, draft.client_id)) {
                Entry::Occupied(entry) => {
                    let (room, message) = entry.get();
                    let same = *room == draft.room && message.text == draft.text;
                    stored.push(if same { Stored::Repeat(message.clone()) } else { Stored::Taken });
                }
                Entry::Vacant(entry) => {
                    let room = draft.room;
                    let message = self.place(transaction, draft).await?;
                    rows.push(row(room, &message));
                    entry.insert((room, message.clone()));
                    stored.push(Stored::New(message));
                }
            }
        }
        if !rows.is_empty() {
            insert(transaction, rows).await?;
        }
        Ok(stored)
    }

    async fn place(
        &mut self,
        transaction: &mut SqliteTransaction<'_>,
        draft: Draft,
    ) -> Result<Message, sqlx::Error> {
        let last = match self.last_message {
            Some(last) => last,
            None => {
                sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM messages")
                    .fetch_one(&mut **transaction)
                    .await?
            }
        };
        if self.heads.len() >= MAX_ROOMS_REMEMBERED && !self.heads.contains_key(&draft.room) {
            self.heads.clear();
        }
        let head = match self.heads.get(&draft.room) {
            Some(head) => *head,
            None => Seq(sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM messages WHERE room_id = ?1")
                .bind(draft.room.0)
                .fetch_one(&mut **transaction)
                .await?),
        };
        let (id, seq) = (last + 1, head.next());
        self.last_message = Some(id);
        self.heads.insert(draft.room, seq);
        let Draft { author, client_id, text, at, .. } = draft;
        Ok(Message { id: MessageId(id), seq, author, client_id, text, at })
    }
}

/// Which of these drafts are stored already.
async fn known(transaction: &mut SqliteTransaction<'_>, drafts: &[Draft]) -> Result<Known, sqlx::Error> {
    let names: Vec<_> = drafts.iter().map(|draft| (draft.author.id, draft.client_id)).collect();
    // CROSS JOIN fixes the order: walk the few names, look each up in the index.
    let rows = sqlx::query(
        "SELECT messages.* FROM json_each(?1) AS name
         CROSS JOIN messages ON author_id = name.value ->> 0 AND client_id = name.value ->> 1",
    )
    .bind(json(&names)?)
    .fetch_all(&mut **transaction)
    .await?;
    let mut known = Known::with_capacity(drafts.len());
    for row in &rows {
        let message = rows::message(row)?;
        let room = RoomId(row.try_get("room_id")?);
        known.insert((message.author.id, message.client_id), (room, message));
    }
    Ok(known)
}

type NewRow = (i64, i64, i64, String, i64, String, String, String);

fn row(room: RoomId, message: &Message) -> NewRow {
    (
        message.id.0,
        room.0,
        message.seq.0,
        message.at.to_string(),
        message.author.id.0,
        message.author.name.to_string(),
        message.text.to_string(),
        message.client_id.to_string(),
    )
}

async fn insert(transaction: &mut SqliteTransaction<'_>, rows: Vec<NewRow>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO messages (id, room_id, seq, created_at, author_id, author, text, client_id)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3,
                value ->> 4, value ->> 5, value ->> 6, value ->> 7
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
