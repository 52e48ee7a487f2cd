//! Drives one [`Room`]: its mailbox, its commits under way, its clock.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesOrdered;
use hubbub_chat::{
    Asked, ConnectionId, Deed, Draft, Entry, Mark, MemberRecord, Outcome, Progress, Room, RoomRecord, Shown,
    Store, StoreError, Stored,
};
use hubbub_protocol::{RoomName, User, UserId};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use super::outbox::{Outbox, Outboxes};
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
    /// Somebody without a connection says something. Whoever speaks belongs to the room.
    Say { author: User, deed: Deed, answer: oneshot::Sender<Outcome> },
    /// A connection has read something.
    Mark { entry: Entry, user: UserId, mark: Mark },
    /// A connection shows a sign of writing, or that it ended.
    Typing { entry: Entry, on: bool },
    /// A connection shows its user otherwise.
    Show { connection: ConnectionId, shown: Shown },
    /// Somebody wants to know who is here.
    Look { answer: oneshot::Sender<Present> },
}

/// Who waits for a draft.
#[derive(Debug)]
enum Waiting {
    Asked(Asked),
    Caller(oneshot::Sender<Outcome>),
}

/// What the store made of what it was given.
enum Write {
    Drafts(Vec<(Draft, Waiting)>, Result<Vec<Stored>, StoreError>),
    Mark(Entry, UserId, Result<Option<Progress>, StoreError>),
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
        let outboxes = Outboxes::new(hub.clone());
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
                self.outboxes.remove(connection);
            }
            RoomInput::Deed { entry, by, deed } => self.draft(by, deed, Waiting::Asked(Asked::Answer(entry))),
            RoomInput::Say { author, deed, answer } => {
                if !self.room.is_member(author.id) {
                    self.draft(author.clone(), Deed::Join { quiet: false }, Waiting::Asked(Asked::Nobody));
                }
                self.say(author, deed, answer);
            }
            RoomInput::Mark { entry, user, mark } => {
                // What stands before it is written before it.
                self.write();
                let (store, room) = (self.hub.store().clone(), self.room.record().id);
                let write = async move { Write::Mark(entry, user, store.mark(room, user, mark).await) };
                self.writes.push_back(Box::pin(write));
            }
            RoomInput::Typing { entry, on } => self.room.typing(entry, on, now, &mut self.outboxes),
            RoomInput::Show { connection, shown } => {
                self.room.show(connection, shown, &mut self.outboxes);
            }
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
            Err(refusal) => {
                if let Waiting::Asked(Asked::Answer(entry) | Asked::Enter(entry, _)) = waiting {
                    self.outboxes.refuse(entry, refusal);
                }
            }
        }
    }

    /// The membership that was asked for right before is as good as there.
    fn say(&mut self, author: User, deed: Deed, answer: oneshot::Sender<Outcome>) {
        let draft = Draft { room: self.room.record().id, by: author, at: wall_time(), deed };
        self.drafts.push((draft, Waiting::Caller(answer)));
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
            Write::Mark(entry, user, progress) => {
                self.room.marked(user, &progress, Some(entry), &mut self.outboxes);
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
            let asked = match waiting {
                Waiting::Asked(asked) => asked,
                Waiting::Caller(answer) => {
                    drop(answer.send(self.room.outcome(&draft, stored)));
                    Asked::Nobody
                }
            };
            self.room.apply(&draft, stored, asked, &mut self.outboxes);
        }
    }
}
