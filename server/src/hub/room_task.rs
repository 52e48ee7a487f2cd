//! Drives one [`Room`]: its mailbox, its commits under way, its clock.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesOrdered;
use hubbub_chat::{ConnectionId, Draft, Entry, Outcome, Room, RoomRecord, Store, StoreError, Stored};
use hubbub_protocol::{ClientId, MessageText, RoomName, User};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use super::outbox::{Outbox, Outboxes};
use super::{Hub, Present};
use crate::clock::wall_time;

/// Inputs that may wait for a room; then those who send them wait.
const MAILBOX_INPUTS: usize = 1_024;
/// Inputs taken at once; the posts among them are one write.
const INPUTS_AT_ONCE: usize = 256;
/// Writes under way before the room reads no further input.
const MAX_WRITES_UNDER_WAY: usize = 8;
/// Events told before the connections get their turn.
const EVENTS_AT_ONCE: usize = 32;
/// How long an empty room stays in memory.
const EMPTY_FOR: Duration = Duration::from_secs(30);

/// What can happen to a room.
#[derive(Debug)]
pub(super) enum RoomInput {
    /// A connection comes in.
    Enter { entry: Entry, user: User, outbox: Outbox },
    /// A connection goes.
    Leave(ConnectionId),
    /// A connection says something.
    Post { entry: Entry, author: User, client_id: ClientId, text: MessageText },
    /// Somebody without a connection says something.
    Say { author: User, client_id: ClientId, text: MessageText, answer: oneshot::Sender<Outcome> },
    /// Somebody wants to know who is here.
    Look { answer: oneshot::Sender<Present> },
}

/// Who waits for a write.
#[derive(Debug)]
enum Asked {
    Connection(Entry),
    Caller(oneshot::Sender<Outcome>),
}

type Write = (Vec<Asked>, Result<Vec<Stored>, StoreError>);

/// One room while somebody is in it.
pub(super) struct RoomTask {
    hub: Hub,
    name: RoomName,
    room: Room,
    outboxes: Outboxes,
    mailbox: mpsc::Receiver<RoomInput>,
    /// In the order in which they were asked for, which is the order in which the store takes them.
    writes: FuturesOrdered<BoxFuture<'static, Write>>,
}

impl RoomTask {
    pub(super) fn new(hub: Hub, record: RoomRecord) -> (mpsc::Sender<RoomInput>, Self) {
        let (sender, mailbox) = mpsc::channel(MAILBOX_INPUTS);
        let name = record.name.clone();
        let outboxes = Outboxes::default();
        let writes = FuturesOrdered::new();
        (sender, Self { hub, name, room: Room::new(record), outboxes, mailbox, writes })
    }

    /// Waits, handles, tells; until nobody is here any more.
    pub(super) async fn run(mut self) {
        let mut inputs = Vec::new();
        let mut empty_since = Instant::now();
        loop {
            let clock = self.hub.clock();
            let idle = self.room.people().is_empty() && self.writes.is_empty();
            let due = match self.room.people_due() {
                Some(due) => Some(clock.instant(due)),
                None => idle.then(|| empty_since + EMPTY_FOR),
            };
            tokio::select! {
                Some((asked, stored)) = self.writes.next(), if !self.writes.is_empty() => self.apply(asked, stored).await,
                taken = self.mailbox.recv_many(&mut inputs, INPUTS_AT_ONCE), if self.writes.len() < MAX_WRITES_UNDER_WAY => {
                    if taken == 0 {
                        return;
                    }
                    self.take(&mut inputs);
                    empty_since = Instant::now();
                }
                () = sleep_until(due.unwrap_or(empty_since)), if due.is_some() => {}
                () = self.hub.stopping().cancelled(), if idle => return,
            }
            self.room.tell_people(clock.now(), &mut self.outboxes);
            if idle && empty_since.elapsed() >= EMPTY_FOR && self.hub.retire(&self.name, &mut self.mailbox) {
                return;
            }
        }
    }

    fn take(&mut self, inputs: &mut Vec<RoomInput>) {
        let mut drafts: Vec<Draft> = Vec::new();
        let mut asked = Vec::new();
        let mut post = |room: &Room, author, client_id, text, asker| {
            drafts.push(room.decide(author, client_id, text, wall_time()));
            asked.push(asker);
        };
        for input in inputs.drain(..) {
            match input {
                RoomInput::Enter { entry, user, outbox } => {
                    self.outboxes.insert(entry.connection, outbox);
                    self.room.enter(entry, &user, &mut self.outboxes);
                }
                RoomInput::Leave(connection) => {
                    self.room.leave(connection);
                    self.outboxes.remove(connection);
                }
                RoomInput::Post { entry, author, client_id, text } => {
                    post(&self.room, author, client_id, text, Asked::Connection(entry));
                }
                RoomInput::Say { author, client_id, text, answer } => {
                    post(&self.room, author, client_id, text, Asked::Caller(answer));
                }
                RoomInput::Look { answer } => {
                    let people = self.room.people();
                    // Whoever asked may have gone.
                    drop(answer.send(Present { people: people.list(), count: people.count() }));
                }
            }
        }
        if !drafts.is_empty() {
            let store = self.hub.store().clone();
            self.writes.push_back(Box::pin(async move { (asked, store.append(drafts).await) }));
        }
    }

    async fn apply(&mut self, asked: Vec<Asked>, stored: Result<Vec<Stored>, StoreError>) {
        let each: Vec<Result<Stored, StoreError>> = match stored {
            Ok(stored) => stored.into_iter().map(Ok).collect(),
            Err(error) => asked.iter().map(|_| Err(error.clone())).collect(),
        };
        for (number, (asked, stored)) in asked.into_iter().zip(&each).enumerate() {
            if number % EVENTS_AT_ONCE == EVENTS_AT_ONCE - 1 {
                // Lets the connections take what they have, so that a burst makes nobody look slow.
                tokio::task::yield_now().await;
            }
            let entry = match asked {
                Asked::Connection(entry) => Some(entry),
                Asked::Caller(answer) => {
                    drop(answer.send(self.room.outcome(stored)));
                    None
                }
            };
            self.room.apply(stored, entry, &mut self.outboxes);
        }
    }
}
