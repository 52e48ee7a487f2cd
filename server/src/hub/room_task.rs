//! Drives one [`Room`]: owns its mailbox, its pending writes and its timers.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesOrdered;
use hubbub_chat::{
    AppendOutcome, ConnectionId, DisplayedPresence, MemberRecord, OnCommitted, PendingEvent, ReadProgress,
    ReadUpdate, RequestOrigin, Room, RoomCommand, RoomRecord, Store, StoreError,
};
use hubbub_protocol::{RoomName, User, UserId};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use super::outbox::{Departure, Outbox, Outboxes};
use super::{Hub, RoomSnapshot};
use crate::clock::wall_time;

/// Maximum number of inputs in the mailbox of a room. When it is full, senders wait.
const MAILBOX_INPUTS: usize = 1_024;
/// Maximum number of inputs handled in one round. Pending events among them are one write.
const INPUTS_AT_ONCE: usize = 256;
/// Maximum number of unfinished writes. When it is reached, the room reads no further input.
const MAX_WRITES_UNDER_WAY: usize = 8;
/// Events sent before the connection tasks get a turn.
const EVENTS_AT_ONCE: usize = 32;
/// Time that an empty room stays in memory. It is longer than the grace period of members who reconnect.
const EMPTY_FOR: Duration = Duration::from_secs(30);

/// Input of a room.
#[derive(Debug)]
pub(super) enum RoomInput {
    /// A connection enters the room.
    Enter { origin: RequestOrigin, user: User, shown: DisplayedPresence, outbox: Outbox },
    /// A connection leaves the room.
    Leave(ConnectionId),
    /// A connection requests a change.
    Command { origin: RequestOrigin, by: User, command: RoomCommand },
    /// A caller without a connection requests a change.
    Execute {
        by: User,
        command: RoomCommand,
        auto_join: AutoJoin,
        /// Whether others may see the user's read position. Needed if the command makes the user a member.
        share_reads: Option<bool>,
        answer: oneshot::Sender<Result<AppendOutcome, StoreError>>,
    },
    /// A user allows others to see the user's read position, or no longer does.
    ShareReads { user: UserId, share_reads: bool },
    /// A member has read the room up to a position.
    Read { by: ReadOrigin, user: UserId, mark: ReadUpdate },
    /// A connection starts or stops typing.
    Typing { origin: RequestOrigin, on: bool },
    /// A user has a new name.
    Rename(User),
    /// A connection changes the presence of its user.
    Show { connection: ConnectionId, shown: DisplayedPresence },
    /// A caller requests members and presence.
    Snapshot { answer: oneshot::Sender<RoomSnapshot> },
}

/// Decides how a room treats a command of a user who is not a member and has no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AutoJoin {
    /// The user becomes a member first.
    Join,
    /// The command is refused, as it is on a socket.
    Refuse,
}

/// The origin of a read position.
#[derive(Debug)]
pub(super) enum ReadOrigin {
    /// A connection.
    Connection(RequestOrigin),
    /// A caller without a connection.
    Caller(oneshot::Sender<Result<Option<ReadProgress>, StoreError>>),
}

/// The receiver of the result of a write.
#[derive(Debug)]
enum CommitWaiter {
    Asked(OnCommitted),
    Caller(oneshot::Sender<Result<AppendOutcome, StoreError>>, Option<bool>),
}

/// The result of a write by the store.
enum CommittedWrite {
    Events(Vec<(PendingEvent, CommitWaiter)>, Result<Vec<AppendOutcome>, StoreError>),
    Read(ReadOrigin, UserId, Result<Option<ReadProgress>, StoreError>),
    /// Nothing was written. Marks that all requests before this departure were answered.
    Nothing(Departure),
}

/// The task of one room while connections use it.
pub(super) struct RoomTask {
    hub: Hub,
    name: RoomName,
    room: Room,
    outboxes: Outboxes,
    mailbox: mpsc::Receiver<RoomInput>,
    /// Unfinished writes in the order of their requests, which is also the order in which the store executes them.
    writes: FuturesOrdered<BoxFuture<'static, CommittedWrite>>,
    /// Events that the next write stores together.
    pending_events: Vec<(PendingEvent, CommitWaiter)>,
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
        let (room, writes, pending_events) = (Room::new(record, members), FuturesOrdered::new(), Vec::new());
        (sender, Self { hub, name, room, outboxes, mailbox, writes, pending_events })
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
                Some(write) = self.writes.next(), if !self.writes.is_empty() => self.apply(write).await,
                taken = self.mailbox.recv_many(&mut inputs, INPUTS_AT_ONCE), if self.writes.len() < MAX_WRITES_UNDER_WAY => {
                    if taken == 0 {
                        return;
                    }
                    for input in inputs.drain(..) {
                        self.handle(input);
                    }
                    self.write();
                    empty_since = Instant::now();
                }
                () = sleep_until(due.unwrap_or(empty_since)), if due.is_some() => {}
                () = self.hub.stopping().cancelled(), if idle => return,
            }
            self.room.on_tick(clock.now(), &mut self.outboxes);
            if idle && empty_since.elapsed() >= EMPTY_FOR && self.hub.unload(&self.name, &mut self.mailbox) {
                return;
            }
        }
    }

    fn handle(&mut self, input: RoomInput) {
        let now = self.hub.clock().now();
        match input {
            RoomInput::Enter { origin, user, shown, outbox } => {
                self.outboxes.insert(origin.connection, outbox);
                if self.room.is_member(user.id) {
                    self.room.enter(origin, user.id, shown, &mut self.outboxes);
                } else {
                    let asked = CommitWaiter::Asked(OnCommitted::Enter(origin, shown));
                    self.enqueue(user, RoomCommand::Join { silent: false }, asked);
                }
            }
            RoomInput::Leave(connection) => {
                self.room.leave(connection, now);
                self.write();
                if self.writes.is_empty() {
                    self.outboxes.remove(connection);
                } else {
                    // Requests that the connection sent before it left are still to be answered.
                    let departure = self.outboxes.depart(connection);
                    self.writes.push_back(Box::pin(std::future::ready(CommittedWrite::Nothing(departure))));
                }
            }
            RoomInput::Command { origin, by, command } => {
                self.enqueue(by, command, CommitWaiter::Asked(OnCommitted::Answer(origin)))
            }
            RoomInput::Execute { by, command, auto_join: AutoJoin::Join, share_reads, answer } => {
                if !self.room.is_member(by.id) {
                    self.enqueue(
                        by.clone(),
                        RoomCommand::Join { silent: false },
                        CommitWaiter::Asked(OnCommitted::Nobody),
                    );
                }
                self.enqueue_unchecked(by, command, CommitWaiter::Caller(answer, share_reads));
            }
            RoomInput::Execute { by, command, auto_join: AutoJoin::Refuse, share_reads, answer } => {
                self.enqueue(by, command, CommitWaiter::Caller(answer, share_reads));
            }
            RoomInput::Read { by, user, mark } => {
                // Earlier events must be written before the read position.
                self.write();
                let (store, room) = (self.hub.store().clone(), self.room.record().id);
                let write = async move { CommittedWrite::Read(by, user, store.mark(room, user, mark).await) };
                self.writes.push_back(Box::pin(write));
            }
            RoomInput::ShareReads { user, share_reads } => {
                self.room.share_reads(user, share_reads, &mut self.outboxes);
            }
            RoomInput::Typing { origin, on } => self.room.typing(origin, on, now, &mut self.outboxes),
            RoomInput::Show { connection, shown } => {
                self.room.show(connection, shown, &mut self.outboxes);
            }
            RoomInput::Rename(user) => self.room.rename(&user),
            RoomInput::Snapshot { answer } => {
                let people = self.room.roster();
                let present = RoomSnapshot {
                    people: people.list(),
                    count: people.count(),
                    members: people.members(),
                    marks: people.marks(),
                };
                // An error means that the caller no longer waits.
                drop(answer.send(present));
            }
        }
    }

    fn enqueue(&mut self, by: User, command: RoomCommand, waiting: CommitWaiter) {
        match self.room.decide(by, command, wall_time()) {
            Ok(pending) => self.pending_events.push((pending, waiting)),
            Err(refusal) => match waiting {
                CommitWaiter::Asked(OnCommitted::Answer(origin) | OnCommitted::Enter(origin, _)) => {
                    self.outboxes.refuse(origin, refusal);
                }
                CommitWaiter::Asked(OnCommitted::Nobody) => {}
                // An error means that the caller no longer waits.
                CommitWaiter::Caller(answer, _) => drop(answer.send(Ok(AppendOutcome::Refused(refusal)))),
            },
        }
    }

    /// Enqueues a command without authorization, because the join enqueued just before makes its author a member.
    fn enqueue_unchecked(&mut self, author: User, command: RoomCommand, waiting: CommitWaiter) {
        let pending = PendingEvent { room: self.room.record().id, by: author, at: wall_time(), command };
        self.pending_events.push((pending, waiting));
    }

    /// Gives the pending events to the store.
    fn write(&mut self) {
        let taken = std::mem::take(&mut self.pending_events);
        if taken.is_empty() {
            return;
        }
        let store = self.hub.store().clone();
        let pending_events = taken.iter().map(|(pending, _)| pending.clone()).collect();
        self.writes.push_back(Box::pin(async move {
            CommittedWrite::Events(taken, store.append(pending_events).await)
        }));
    }

    async fn apply(&mut self, write: CommittedWrite) {
        let (pending_events, stored) = match write {
            CommittedWrite::Read(by, user, progress) => {
                let origin = match by {
                    ReadOrigin::Connection(origin) => Some(origin),
                    ReadOrigin::Caller(answer) => {
                        drop(answer.send(progress.clone()));
                        None
                    }
                };
                self.room.marked(user, &progress, origin, &mut self.outboxes);
                return;
            }
            CommittedWrite::Nothing(departure) => {
                self.outboxes.forget(departure);
                return;
            }
            CommittedWrite::Events(pending_events, stored) => (pending_events, stored),
        };
        let each: Vec<Result<AppendOutcome, StoreError>> = match stored {
            Ok(stored) => stored.into_iter().map(Ok).collect(),
            Err(error) => pending_events.iter().map(|_| Err(error.clone())).collect(),
        };
        for (number, ((pending, waiting), stored)) in pending_events.into_iter().zip(&each).enumerate() {
            if number % EVENTS_AT_ONCE == EVENTS_AT_ONCE - 1 {
                // Lets the connection tasks empty their queues, so that a burst of events closes no connection as slow.
                tokio::task::yield_now().await;
            }
            let mut share_reads = None;
            let asked = match waiting {
                // The connection ended while its membership was stored. If it were added now, nothing would remove it.
                CommitWaiter::Asked(OnCommitted::Enter(origin, _))
                    if !self.outboxes.has(origin.connection) =>
                {
                    OnCommitted::Nobody
                }
                CommitWaiter::Asked(asked) => asked,
                CommitWaiter::Caller(answer, shares) => {
                    drop(answer.send(stored.clone()));
                    share_reads = shares;
                    OnCommitted::Nobody
                }
            };
            self.room.apply(&pending, stored, asked, &mut self.outboxes);
            if let Some(share_reads) = share_reads {
                self.room.share_reads(pending.by.id, share_reads, &mut self.outboxes);
            }
        }
    }
}
