//! Drives one [`Room`]: its mailbox, its commits under way, its clock.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesOrdered;
use hubbub_chat::{
    Asked, ConnectionId, Deed, Draft, Entry, Mark, MemberRecord, Progress, Room, RoomRecord, Shown, Store,
    StoreError, Stored,
};
use hubbub_protocol::{RoomName, User, UserId};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use super::outbox::{Departure, Outbox, Outboxes};
use super::{Hub, Present};
use crate::clock::wall_time;

/// Inputs that may wait for a room; then those who send them wait.
const MAILBOX_INPUTS: usize = 1_024;
/// Inputs taken at once; the drafts among them are one write.
const INPUTS_AT_ONCE: usize = 256;
/// Writes under way before the room reads no further input.
const MAX_WRITES_UNDER_WAY: usize = 8;
/// Events told before the connections get their turn.
const EVENTS_AT_ONCE: usize = 32;
/// How long an empty room stays in memory. Longer than the grace of those who are gone for a moment.
const EMPTY_FOR: Duration = Duration::from_secs(30);

/// What can happen to a room.
#[derive(Debug)]
pub(super) enum RoomInput {
    /// A connection comes in.
    Enter { entry: Entry, user: User, shown: Shown, outbox: Outbox },
    /// A connection goes.
    Leave(ConnectionId),
    /// A connection wants something changed.
    Deed { entry: Entry, by: User, deed: Deed },
    /// Somebody without a connection wants something changed.
    Act {
        by: User,
        deed: Deed,
        newcomers: Newcomers,
        /// Of somebody who may become a member by it: whether others may see what they have read.
        share_reads: Option<bool>,
        answer: oneshot::Sender<Result<Stored, StoreError>>,
    },
    /// Others may see what somebody has read, or no longer.
    ShareReads { user: UserId, share_reads: bool },
    /// A member has read something.
    Mark { by: Marker, user: UserId, mark: Mark },
    /// A connection shows a sign of writing, or that it ended.
    Typing { entry: Entry, on: bool },
    /// Somebody is called otherwise.
    Rename(User),
    /// A connection shows its user otherwise.
    Show { connection: ConnectionId, shown: Shown },
    /// Somebody wants to know who is here.
    Look { answer: oneshot::Sender<Present> },
}

/// What becomes of somebody without a connection who is no member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Newcomers {
    /// They become one first.
    Join,
    /// They are refused, as on a socket.
    Refuse,
}

/// Who has read something.
#[derive(Debug)]
pub(super) enum Marker {
    /// A connection.
    Connection(Entry),
    /// Somebody without one.
    Caller(oneshot::Sender<Result<Option<Progress>, StoreError>>),
}

/// Who waits for a draft.
#[derive(Debug)]
enum Waiting {
    Asked(Asked),
    Caller(oneshot::Sender<Result<Stored, StoreError>>, Option<bool>),
}

/// What the store made of what it was given.
enum Write {
    Drafts(Vec<(Draft, Waiting)>, Result<Vec<Stored>, StoreError>),
    Mark(Marker, UserId, Result<Option<Progress>, StoreError>),
    /// There was nothing to write: all that was asked before this departure is answered.
    Nothing(Departure),
}

/// One room while somebody is in it.
pub(super) struct RoomTask {
    hub: Hub,
    name: RoomName,
    room: Room,
    outboxes: Outboxes,
    mailbox: mpsc::Receiver<RoomInput>,
    /// In the order in which they were asked for, which is the order in which the store takes them.
    writes: FuturesOrdered<BoxFuture<'static, Write>>,
    /// What is to be written next, all at once.
    drafts: Vec<(Draft, Waiting)>,
}

impl RoomTask {
    pub(super) fn new(
        hub: Hub,
        record: RoomRecord,
        members: Vec<MemberRecord>,
    ) -> (mpsc::Sender<RoomInput>, Self) {
        let (sender, mailbox) = mpsc::channel(MAILBOX_INPUTS);
        let name = record.name.clone();
        let outboxes = Outboxes::new(hub.clone(), record.id);
        let (room, writes, drafts) = (Room::new(record, members), FuturesOrdered::new(), Vec::new());
        (sender, Self { hub, name, room, outboxes, mailbox, writes, drafts })
    }

    /// Waits, handles, tells; until nobody is here any more.
    pub(super) async fn run(mut self) {
        let mut inputs = Vec::new();
        let mut empty_since = Instant::now();
        loop {
            let clock = self.hub.clock();
            let idle = self.room.people().is_empty() && self.writes.is_empty();
            let due = match self.room.due() {
                Some(due) => Some(clock.instant(due)),
                None => idle.then(|| empty_since + EMPTY_FOR),
            };
            tokio::select! {
                Some(write) = self.writes.next(), if !self.writes.is_empty() => self.apply(write).await,
                taken = self.mailbox.recv_many(&mut inputs, INPUTS_AT_ONCE), if self.writes.len() < MAX_WRITES_UNDER_WAY => {
                    if taken == 0 {
                        return;
                    }
                    for input in inputs.drain(..) {
                        self.take(input);
                    }
                    self.write();
                    empty_since = Instant::now();
                }
                () = sleep_until(due.unwrap_or(empty_since)), if due.is_some() => {}
                () = self.hub.stopping().cancelled(), if idle => return,
            }
            self.room.on_tick(clock.now(), &mut self.outboxes);
            if idle && empty_since.elapsed() >= EMPTY_FOR && self.hub.retire(&self.name, &mut self.mailbox) {
                return;
            }
        }
    }

    fn take(&mut self, input: RoomInput) {
        let now = self.hub.clock().now();
        match input {
            RoomInput::Enter { entry, user, shown, outbox } => {
                self.outboxes.insert(entry.connection, outbox);
                if self.room.is_member(user.id) {
                    self.room.enter(entry, user.id, shown, &mut self.outboxes);
                } else {
                    let asked = Waiting::Asked(Asked::Enter(entry, shown));
                    self.draft(user, Deed::Join { quiet: false }, asked);
                }
            }
            RoomInput::Leave(connection) => {
                self.room.leave(connection, now);
                self.write();
                if self.writes.is_empty() {
                    self.outboxes.remove(connection);
                } else {
                    // What it asked for before is still to be answered.
                    let departure = self.outboxes.depart(connection);
                    self.writes.push_back(Box::pin(std::future::ready(Write::Nothing(departure))));
                }
            }
            RoomInput::Deed { entry, by, deed } => self.draft(by, deed, Waiting::Asked(Asked::Answer(entry))),
            RoomInput::Act { by, deed, newcomers: Newcomers::Join, share_reads, answer } => {
                if !self.room.is_member(by.id) {
                    self.draft(by.clone(), Deed::Join { quiet: false }, Waiting::Asked(Asked::Nobody));
                }
                self.say(by, deed, Waiting::Caller(answer, share_reads));
            }
            RoomInput::Act { by, deed, newcomers: Newcomers::Refuse, share_reads, answer } => {
                self.draft(by, deed, Waiting::Caller(answer, share_reads));
            }
            RoomInput::Mark { by, user, mark } => {
                // What stands before it is written before it.
                self.write();
                let (store, room) = (self.hub.store().clone(), self.room.record().id);
                let write = async move { Write::Mark(by, user, store.mark(room, user, mark).await) };
                self.writes.push_back(Box::pin(write));
            }
            RoomInput::ShareReads { user, share_reads } => {
                self.room.share_reads(user, share_reads, &mut self.outboxes);
            }
            RoomInput::Typing { entry, on } => self.room.typing(entry, on, now, &mut self.outboxes),
            RoomInput::Show { connection, shown } => {
                self.room.show(connection, shown, &mut self.outboxes);
            }
            RoomInput::Rename(user) => self.room.rename(&user),
            RoomInput::Look { answer } => {
                let people = self.room.people();
                let present = Present {
                    people: people.list(),
                    count: people.count(),
                    members: people.members(),
                    marks: people.marks(),
                };
                // Whoever asked may have gone.
                drop(answer.send(present));
            }
        }
    }

    fn draft(&mut self, by: User, deed: Deed, waiting: Waiting) {
        match self.room.decide(by, deed, wall_time()) {
            Ok(draft) => self.drafts.push((draft, waiting)),
            Err(refusal) => match waiting {
                Waiting::Asked(Asked::Answer(entry) | Asked::Enter(entry, _)) => {
                    self.outboxes.refuse(entry, refusal);
                }
                Waiting::Asked(Asked::Nobody) => {}
                // Whoever asked may have gone.
                Waiting::Caller(answer, _) => drop(answer.send(Ok(Stored::Refused(refusal)))),
            },
        }
    }

    /// The membership that was asked for right before is as good as there.
    fn say(&mut self, author: User, deed: Deed, waiting: Waiting) {
        let draft = Draft { room: self.room.record().id, by: author, at: wall_time(), deed };
        self.drafts.push((draft, waiting));
    }

    /// Hands what has gathered to the store.
    fn write(&mut self) {
        let taken = std::mem::take(&mut self.drafts);
        if taken.is_empty() {
            return;
        }
        let store = self.hub.store().clone();
        let drafts = taken.iter().map(|(draft, _)| draft.clone()).collect();
        self.writes.push_back(Box::pin(async move { Write::Drafts(taken, store.append(drafts).await) }));
    }

    async fn apply(&mut self, write: Write) {
        let (drafts, stored) = match write {
            Write::Mark(by, user, progress) => {
                let entry = match by {
                    Marker::Connection(entry) => Some(entry),
                    Marker::Caller(answer) => {
                        drop(answer.send(progress.clone()));
                        None
                    }
                };
                self.room.marked(user, &progress, entry, &mut self.outboxes);
                return;
            }
            Write::Nothing(departure) => {
                self.outboxes.forget(departure);
                return;
            }
            Write::Drafts(drafts, stored) => (drafts, stored),
        };
        let each: Vec<Result<Stored, StoreError>> = match stored {
            Ok(stored) => stored.into_iter().map(Ok).collect(),
            Err(error) => drafts.iter().map(|_| Err(error.clone())).collect(),
        };
        for (number, ((draft, waiting), stored)) in drafts.into_iter().zip(&each).enumerate() {
            if number % EVENTS_AT_ONCE == EVENTS_AT_ONCE - 1 {
                // Lets the connections take what they have, so that a burst makes nobody look slow.
                tokio::task::yield_now().await;
            }
            let mut share_reads = None;
            let asked = match waiting {
                // It ended while its membership was stored: let in now, it would be there for ever.
                Waiting::Asked(Asked::Enter(entry, _)) if !self.outboxes.has(entry.connection) => {
                    Asked::Nobody
                }
                Waiting::Asked(asked) => asked,
                Waiting::Caller(answer, shares) => {
                    drop(answer.send(stored.clone()));
                    share_reads = shares;
                    Asked::Nobody
                }
            };
            self.room.apply(&draft, stored, asked, &mut self.outboxes);
            if let Some(share_reads) = share_reads {
                self.room.share_reads(draft.by.id, share_reads, &mut self.outboxes);
            }
        }
    }
}
