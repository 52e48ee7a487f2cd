//! Stores the events of rooms: a run of posts, joins and leaves in a few statements, whatever their number; other events
//! one by one.

mod membership_run;
mod post_run;

use std::collections::{HashMap, HashSet};

use hubbub_chat::{Decision, PendingEvent, RoomChange, WriteOutcome};
use hubbub_protocol::{
    Attachment, ClientId, Event, Message, MessageId, MessageText, Moved, Quote, RoomId, Seq,
};
use sqlx::sqlite::SqliteTransaction;

use super::{changes, rows};
use membership_run::MembershipRun;
use post_run::PostRun;

/// Maximum number of rooms whose newest position is cached. For other rooms it is read again.
const MAX_ROOMS_REMEMBERED: usize = if cfg!(test) { 1 } else { 10_000 };

/// The newest position of each room. The cache is valid because only the writer writes.
#[derive(Debug, Default)]
pub(super) struct Positions {
    last_message: Option<i64>,
    heads: HashMap<RoomId, Seq>,
    /// Number of positions assigned since [`Positions::take_assigned_count`].
    assigned: i64,
}

impl Positions {
    /// Empties a full cache. Not to be called within a run, whose positions are assigned before its rows are stored.
    pub(super) fn forget_if_full(&mut self) {
        if self.heads.len() >= MAX_ROOMS_REMEMBERED {
            self.heads.clear();
        }
    }

    /// Stores the pending events in order. Nothing is final before the transaction commits; if it fails, these
    /// positions are invalid.
    pub(super) async fn append(
        &mut self,
        transaction: &mut SqliteTransaction<'_>,
        pending_events: &[PendingEvent],
    ) -> Result<Vec<WriteOutcome>, sqlx::Error> {
        let mut stored = Vec::with_capacity(pending_events.len());
        let mut rest = pending_events;
        while let Some(first) = rest.first() {
            self.forget_if_full();
            let (run, later) = rest.split_at(run_length(rest));
            if run.is_empty() {
                stored.push(self.append_one(transaction, first).await?);
                rest = &rest[1..];
            } else {
                self.append_run(transaction, run, &mut stored).await?;
                rest = later;
            }
        }
        Ok(stored)
    }

    async fn append_one(
        &mut self,
        transaction: &mut SqliteTransaction<'_>,
        pending: &PendingEvent,
    ) -> Result<WriteOutcome, sqlx::Error> {
        let context = changes::authorization_context(transaction, pending).await?;
        match pending.authorize(&context) {
            Decision::Store => {}
            Decision::Unchanged(seq) => return Ok(WriteOutcome::Unchanged(seq)),
            Decision::Refuse(refusal) => return Ok(WriteOutcome::Refused(refusal)),
        }
        let seq = self.next(transaction, pending.room).await?;
        let event = changes::write(transaction, pending, seq).await?;
        Ok(event.map_or(WriteOutcome::Silent { at: pending.at }, WriteOutcome::New))
    }

    /// Stores a run of posts, joins and leaves.
    async fn append_run(
        &mut self,
        transaction: &mut SqliteTransaction<'_>,
        run: &[PendingEvent],
        stored: &mut Vec<WriteOutcome>,
    ) -> Result<(), sqlx::Error> {
        let mut posts = PostRun::load(transaction, run).await?;
        let mut moves = MembershipRun::load(transaction, run).await?;
        for pending in run {
            let outcome = match &pending.change {
                RoomChange::Post { client_id, text, .. } => {
                    // A repeated post has its files already, so that the authorization would refuse it.
                    if let Some(outcome) = posts.repeated(pending, stored) {
                        stored.push(outcome);
                        continue;
                    }
                    let mut context = changes::authorization_context(transaction, pending).await?;
                    match pending.authorize(&context) {
                        Decision::Store => {
                            let quote = context.target.as_ref().map(Message::quote);
                            let files = std::mem::take(&mut context.files);
                            let post = unplaced(pending, *client_id, text.clone(), quote, files);
                            self.post(transaction, pending.room, post, &mut posts, stored.len()).await?
                        }
                        Decision::Unchanged(seq) => WriteOutcome::Unchanged(seq),
                        Decision::Refuse(refusal) => WriteOutcome::Refused(refusal),
                    }
                }
                _ => self.change_membership(transaction, pending, &mut moves).await?,
            };
            stored.push(outcome);
        }
        posts.store(transaction).await?;
        moves.store(transaction).await
    }

    /// Adds a new post to the run and returns its outcome, which has this index in the run.
    async fn post(
        &mut self,
        transaction: &mut SqliteTransaction<'_>,
        room: RoomId,
        mut post: Message,
        posts: &mut PostRun,
        index: usize,
    ) -> Result<WriteOutcome, sqlx::Error> {
        self.place(transaction, room, &mut post).await?;
        posts.add(room, &post, index)?;
        Ok(WriteOutcome::New(Event::Posted(post)))
    }

    /// Returns the outcome of a join or leave, and adds it to the run if it changes the membership.
    async fn change_membership(
        &mut self,
        transaction: &mut SqliteTransaction<'_>,
        pending: &PendingEvent,
        moves: &mut MembershipRun,
    ) -> Result<WriteOutcome, sqlx::Error> {
        match pending.authorize(&moves.context(pending)) {
            Decision::Store => {}
            Decision::Unchanged(seq) => return Ok(WriteOutcome::Unchanged(seq)),
            Decision::Refuse(refusal) => return Ok(WriteOutcome::Refused(refusal)),
        }
        if pending.silent {
            moves.add(pending, self.head(transaction, pending.room).await?);
            return Ok(WriteOutcome::Silent { at: pending.at });
        }
        let seq = self.next(transaction, pending.room).await?;
        moves.add(pending, seq);
        let moved = Moved { seq, user: pending.by.clone(), at: pending.at };
        Ok(WriteOutcome::New(match pending.change {
            RoomChange::Leave => Event::Left(moved),
            _ => Event::Joined(moved),
        }))
    }

    /// Assigns the next position of a room.
    async fn next(
        &mut self,
        transaction: &mut SqliteTransaction<'_>,
        room: RoomId,
    ) -> Result<Seq, sqlx::Error> {
        let seq = self.head(transaction, room).await?.next();
        self.assigned += 1;
        self.heads.insert(room, seq);
        Ok(seq)
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
        post.seq = self.next(transaction, room).await?;
        self.last_message = Some(last + 1);
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
        let head = sqlx::query_scalar(concat!("SELECT ", rows::head!("?1")))
            .bind(room.0)
            .fetch_one(&mut **transaction)
            .await?;
        self.heads.insert(room, Seq(head));
        Ok(Seq(head))
    }
}

/// Returns how many of the first pending events can be stored together: posts, joins and leaves, with at most one join or
/// leave of each user in each room, because the second depends on the first. For the same reason a post with files begins
/// a run: an earlier post may take its files.
fn run_length(pending_events: &[PendingEvent]) -> usize {
    let mut moves = HashSet::new();
    let is_in_run = |(index, pending): &(usize, &PendingEvent)| match &pending.change {
        RoomChange::Post { files, .. } => files.is_empty() || *index == 0,
        RoomChange::Join { .. } | RoomChange::Leave => moves.insert((pending.by.id, pending.room)),
        RoomChange::Edit { .. }
        | RoomChange::Delete { .. }
        | RoomChange::React { .. }
        | RoomChange::Describe { .. } => false,
    };
    pending_events.iter().enumerate().take_while(is_in_run).count()
}

/// Returns the message of a post before [`Positions::place`] assigns its id and position.
fn unplaced(
    pending: &PendingEvent,
    client_id: ClientId,
    text: MessageText,
    quote: Option<Quote>,
    files: Vec<Attachment>,
) -> Message {
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
        files,
    }
}
