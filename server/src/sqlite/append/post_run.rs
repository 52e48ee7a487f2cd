//! A run of posts, which two statements store.

use std::collections::HashMap;

use hubbub_chat::{PendingEvent, RoomChange, WriteOutcome};
use hubbub_protocol::{ClientId, Event, Message, MessageText, Refusal, RoomId, UserId};
use sqlx::Row;
use sqlx::sqlite::SqliteTransaction;

use crate::sqlite::attachments;
use crate::sqlite::rows::{self, JsonRows};

/// The new posts of a run, and those that their authors have stored before with the same `client_id`.
#[derive(Debug, Default)]
pub(super) struct PostRun {
    known: HashMap<(UserId, ClientId), KnownPost>,
    rows: JsonRows,
    attachments: JsonRows,
}

/// A post whose `client_id` its author has used.
#[derive(Debug)]
enum KnownPost {
    /// The post is stored.
    Stored(RoomId, Box<Message>),
    /// The post is new in this run; its outcome has this index.
    New(RoomId, usize),
}

impl PostRun {
    /// Finds the posts of the run that are already stored.
    pub(super) async fn load(
        transaction: &mut SqliteTransaction<'_>,
        run: &[PendingEvent],
    ) -> Result<Self, sqlx::Error> {
        let names: Vec<_> = run
            .iter()
            .filter_map(|pending| match pending.change {
                RoomChange::Post { client_id, .. } => Some((pending.by.id, client_id)),
                _ => None,
            })
            .collect();
        let mut posts = Self::default();
        if names.is_empty() {
            return Ok(posts);
        }
        // There are few keys, and each is looked up in the index. CROSS JOIN keeps the keys in the outer loop.
        let rows = sqlx::query(concat!(
            rows::messages!(),
            "WHERE messages.id IN (
                 SELECT known.id FROM json_each(?1) AS name
                 CROSS JOIN messages AS known
                     ON known.author_id = name.value ->> 0 AND known.client_id = name.value ->> 1)"
        ))
        .bind(rows::encode(&names)?)
        .fetch_all(&mut **transaction)
        .await?;
        for row in &rows {
            let message = rows::message(row)?;
            let room = RoomId(row.try_get("room_id")?);
            let key = (message.author.id, message.client_id);
            posts.known.insert(key, KnownPost::Stored(room, Box::new(message)));
        }
        Ok(posts)
    }

    /// Returns the outcome of a post whose author has used its `client_id` before. `stored` are the outcomes so far.
    pub(super) fn repeated(&self, pending: &PendingEvent, stored: &[WriteOutcome]) -> Option<WriteOutcome> {
        let RoomChange::Post { client_id, text, files, .. } = &pending.change else { return None };
        let (known_room, message) = match self.known.get(&(pending.by.id, *client_id))? {
            KnownPost::Stored(room, message) => (room, &**message),
            KnownPost::New(room, index) => match stored.get(*index) {
                Some(WriteOutcome::New(Event::Posted(message))) => (room, message),
                _ => return None,
            },
        };
        // If the message was edited or deleted later, its current text is not the text of the first request, so the texts
        // are not compared.
        let same = message.changed.is_some()
            || message.text.as_ref() == Some(text)
                && message.files.iter().map(|file| file.id).eq(files.iter().copied());
        Some(if *known_room == pending.room && same {
            WriteOutcome::Repeat(message.clone())
        } else {
            WriteOutcome::Refused(Refusal::client_id_taken())
        })
    }

    /// Adds a new post, whose outcome will have this index.
    pub(super) fn add(&mut self, room: RoomId, post: &Message, index: usize) -> Result<(), sqlx::Error> {
        self.rows.push(&(
            post.id,
            room,
            post.seq,
            post.at,
            post.author.id,
            &post.author.name,
            post.text.as_ref().map_or("", MessageText::as_str),
            post.client_id,
            post.reply_to.as_ref().map(|quote| quote.message_id),
            post.files.len(),
        ))?;
        for (position, file) in post.files.iter().enumerate() {
            self.attachments.push(&(file.id, post.id, position))?;
        }
        self.known.insert((post.author.id, post.client_id), KnownPost::New(room, index));
        Ok(())
    }

    /// Stores the new posts.
    pub(super) async fn store(self, transaction: &mut SqliteTransaction<'_>) -> Result<(), sqlx::Error> {
        let (rows, attachments) = (self.rows.finish()?, self.attachments.finish()?);
        let Some(rows) = rows else { return Ok(()) };
        sqlx::query(
            "INSERT INTO messages (id, room_id, seq, created_at, author_id, author, text, client_id, reply_to,
                                   files)
             SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3,
                    value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9
             FROM json_each(?1) ORDER BY key",
        )
        .bind(rows)
        .execute(&mut **transaction)
        .await?;
        if let Some(attachments) = attachments {
            attachments::attach(transaction, &attachments).await?;
        }
        Ok(())
    }
}
