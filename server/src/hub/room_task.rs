//! Drives one [`Room`]: owns its mailbox, its pending writes and its timers.

use std::future::ready;
use std::mem::take;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesOrdered;
use hubbub_chat::{
    ConnectionId, MemberRecord, PendingEvent, ReadUpdate, Room, RoomCommand, RoomRecord, RoomReply,
    RoomRequest, Store, StoreResult, WriteOutcome,
};
use hubbub_protocol::RoomName;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use super::recipients::{Departure, Recipients, Subscriber};
use super::{Hub, RoomSnapshot};
use crate::clock::wall_time;

/// Maximum number of inputs in the mailbox of a room. When it is full, senders wait.
const MAILBOX_INPUTS: usize = 1_024;
/// Maximum number of inputs handled in one round. Pending events among them are one write.
const INPUTS_AT_ONCE: usize = 256;
/// Maximum number of unfinished writes. When it is reached, the room reads no further input.
const MAX_WRITES_UNDER_WAY: usize = 8;
/// Events of one commit that are sent together, before the connection tasks get a turn.
const EVENTS_AT_ONCE: usize = 32;
/// Time that an empty room stays in memory. It is longer than the grace period of members who reconnect.
const EMPTY_FOR: Duration = Duration::from_secs(30);

/// Sends inputs to a room. They are boxed, because the queue keeps several blocks of 32 inputs in memory: unboxed, each
/// of these blocks has 4 KB, in every room.
pub(super) type RoomMailbox = mpsc::Sender<Box<RoomInput>>;

/// Input of a room.
#[derive(Debug)]
pub(super) enum RoomInput {
    /// A request, and where its result goes.
    Request(RoomRequest, ReplyTo),
    /// A caller requests members and presence.
    Snapshot(oneshot::Sender<RoomSnapshot>),
    /// A write has ended: its requests, and the result of the store with one outcome for each.
    Written(Vec<(RoomRequest, ReplyTo)>, StoreResult<Vec<WriteOutcome>>),
    /// All requests before this departure of a connection have been answered.
    Departed(Departure),
}

/// The receiver of the result of a request.
#[derive(Debug)]
pub(super) enum ReplyTo {
    /// The origin of the request, through its outbox in the room, if it waits for an answer.
    Origin,
    /// This connection, which enters the room.
    Entering(Subscriber),
    /// A caller that waits for the result of the store.
    Caller(oneshot::Sender<StoreResult<WriteOutcome>>),
}

/// The task of one room while connections use it.
pub(super) struct RoomTask {
    hub: Hub,
    name: RoomName,
    room: Room,
    recipients: Recipients,
    mailbox: mpsc::Receiver<Box<RoomInput>>,
    /// Unfinished writes in the order of their requests, which is also the order in which the store executes them.
    writes: FuturesOrdered<BoxFuture<'static, RoomInput>>,
    /// Requests whose events the next write stores together.
    batch: Vec<(RoomRequest, ReplyTo)>,
    /// The events of `batch`, one for each request.
    pending_events: Vec<PendingEvent>,
}

impl RoomTask {
    pub(super) fn new(hub: Hub, record: RoomRecord, members: Vec<MemberRecord>) -> (RoomMailbox, Self) {
        let (sender, mailbox) = mpsc::channel(MAILBOX_INPUTS);
        let name = record.name.clone();
        let recipients = Recipients::new(hub.clone(), record.id);
        let (room, writes) = (Room::new(record, members), FuturesOrdered::new());
        let (batch, pending_events) = (Vec::new(), Vec::new());
        (sender, Self { hub, name, room, recipients, mailbox, writes, batch, pending_events })
    }

    /// Receives inputs, handles them and sends updates, until the room has been empty for [`EMPTY_FOR`].
    pub(super) async fn run(mut self) {
        let mut inputs = Vec::new();
        let mut empty_since = Instant::now();
        loop {
            let clock = self.hub.clock();
            let idle = self.room.roster().is_empty() && self.writes.is_empty();
            let due = match self.room.due() {
                Some(due) => Some(clock.instant(due)),
                None => idle.then(|| empty_since + EMPTY_FOR),
            };
            tokio::select! {
                Some(ended) = self.writes.next(), if !self.writes.is_empty() => self.handle(ended).await,
                taken = self.mailbox.recv_many(&mut inputs, INPUTS_AT_ONCE), if self.writes.len() < MAX_WRITES_UNDER_WAY => {
                    if taken == 0 {
                        return;
                    }
                    for input in inputs.drain(..) {
                        self.handle(*input).await;
                    }
                    self.write();
                    empty_since = Instant::now();
                }
                () = sleep_until(due.unwrap_or(empty_since)), if due.is_some() => {}
                () = self.hub.stopping().cancelled(), if idle => return,
            }
            self.room.on_tick(clock.now(), &mut self.recipients);
            self.recipients.flush().await;
            if idle && empty_since.elapsed() >= EMPTY_FOR && self.hub.unload(&self.name, &mut self.mailbox) {
                return;
            }
        }
    }

    async fn handle(&mut self, input: RoomInput) {
        match input {
            RoomInput::Request(request, reply_to) => self.request(request, reply_to),
            RoomInput::Snapshot(answer) => {
                let people = self.room.roster();
                let present = RoomSnapshot {
                    people: people.list(),
                    count: people.count(),
                    members: people.members(),
                    marks: people.marks(),
                };
                // An error means that the caller no longer waits.
                _ = answer.send(present);
            }
            RoomInput::Written(batch, stored) => self.apply(batch, stored).await,
            RoomInput::Departed(departure) => self.recipients.forget(departure),
        }
    }

    /// Lets the room decide a request. A request that needs no write is applied at once.
    fn request(&mut self, request: RoomRequest, reply_to: ReplyTo) {
        if let (ReplyTo::Entering(subscriber), Some(connection)) = (&reply_to, request.origin.connection()) {
            self.recipients.insert(connection, subscriber.clone());
        }
        match (self.room.decide(&request, wall_time()), &request.command) {
            (Ok(Some(pending)), _) => {
                self.room.begin(&pending);
                self.pending_events.push(pending);
                self.batch.push((request, reply_to));
            }
            (Ok(None), RoomCommand::Read(update)) => self.write_read_position(*update, request, reply_to),
            (Ok(None), command) => {
                let departs = matches!(command, RoomCommand::Exit);
                self.room.apply(&request, None, self.hub.clock().now(), &mut self.recipients);
                if let Some(connection) = request.origin.connection().filter(|_| departs) {
                    self.depart(connection);
                }
            }
            (Err(refusal), _) => match reply_to {
                // An error means that the caller no longer waits.
                ReplyTo::Caller(answer) => _ = answer.send(Ok(WriteOutcome::Refused(refusal))),
                ReplyTo::Origin | ReplyTo::Entering(_) => {
                    request.origin.answer(RoomReply::Refused(refusal), &mut self.recipients);
                }
            },
        }
    }

    /// Removes the outbox of a connection after its requests have been answered.
    fn depart(&mut self, connection: ConnectionId) {
        self.write();
        if self.writes.is_empty() {
            self.recipients.remove(connection);
        } else {
            let departure = self.recipients.depart(connection);
            self.writes.push_back(Box::pin(ready(RoomInput::Departed(departure))));
        }
    }

    fn write_read_position(&mut self, update: ReadUpdate, request: RoomRequest, reply_to: ReplyTo) {
        // Earlier events must be written before the read position.
        self.write();
        let (store, room, name) = (self.hub.store().clone(), self.room.record().id, self.name.clone());
        self.writes.push_back(Box::pin(async move {
            let progress = store.mark(room, request.by.id, update).await;
            let outcome = progress.map(|progress| vec![WriteOutcome::of_read(progress, &name)]);
            RoomInput::Written(vec![(request, reply_to)], outcome)
        }));
    }

    /// Gives the pending events to the store.
    fn write(&mut self) {
        if self.batch.is_empty() {
            return;
        }
        let store = self.hub.store().clone();
        let (batch, pending_events) = (take(&mut self.batch), take(&mut self.pending_events));
        self.writes.push_back(Box::pin(async move {
            RoomInput::Written(batch, store.append(pending_events).await)
        }));
    }

    /// Applies the requests of a write that has ended.
    async fn apply(&mut self, batch: Vec<(RoomRequest, ReplyTo)>, stored: StoreResult<Vec<WriteOutcome>>) {
        let outcomes: Vec<StoreResult<WriteOutcome>> = match stored {
            Ok(stored) => stored.into_iter().map(Ok).collect(),
            Err(error) => batch.iter().map(|_| Err(error.clone())).collect(),
        };
        for (number, ((mut request, reply_to), stored)) in batch.into_iter().zip(&outcomes).enumerate() {
            if number % EVENTS_AT_ONCE == EVENTS_AT_ONCE - 1 {
                self.recipients.flush().await;
                // Lets the connection tasks empty their queues, so that a burst of events closes no connection as slow.
                tokio::task::yield_now().await;
            }
            match reply_to {
                // An error means that the caller no longer waits.
                ReplyTo::Caller(answer) => _ = answer.send(stored.clone()),
                ReplyTo::Entering(_) => {
                    let connection = request.origin.connection();
                    if connection.is_some_and(|connection| !self.recipients.has(connection)) {
                        request.detach();
                    }
                }
                ReplyTo::Origin => {}
            }
            self.room.apply(&request, Some(stored), self.hub.clock().now(), &mut self.recipients);
        }
    }
}
