//! A room: its members and connections, the changes that it accepts, and its deliveries.

use std::collections::BTreeMap;

use hubbub_protocol::{
    Answer, Event, Joined, Millis, Mine, MyRoom, Posted, ReadState, Refusal, RequestId, RoomEvent,
    RoomSignal, Seq, Signal, Timestamp, User, UserId,
};

use crate::text;
use crate::typing::Typing;
use crate::{
    AppendOutcome, Bus, ConnectionId, DisplayedPresence, MemberRecord, PendingEvent, ReadProgress,
    RoomCommand, RoomRecord, RoomReply, Roster, StoreError,
};

/// One room with connected users. `decide` reads, `apply` writes, and the store is called between them, so
/// that only committed events are visible.
#[derive(Debug)]
pub struct Room {
    record: RoomRecord,
    roster: Roster,
    typing: Typing,
    /// Number of pending leaves of each user, decided and not yet applied.
    leaving: BTreeMap<UserId, usize>,
}

/// The origin of a request, for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestOrigin {
    /// Connection that sent the request.
    pub connection: ConnectionId,
    /// Id of the request on that connection.
    pub request: RequestId,
}

/// What to do for the requesting connection when a pending event is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnCommitted {
    /// Answer the request.
    Answer(RequestOrigin),
    /// Let the connection enter with this presence.
    Enter(RequestOrigin, DisplayedPresence),
    /// Do nothing: the change did not come from a connection, or is part of another request.
    Nobody,
}

impl Room {
    /// Creates a room from the store, without connections.
    #[must_use]
    pub fn new(record: RoomRecord, members: Vec<MemberRecord>) -> Self {
        let roster = Roster::new(members);
        Self { record, roster, typing: Typing::default(), leaving: BTreeMap::new() }
    }

    /// Returns the newest position that is known to be committed.
    #[must_use]
    pub const fn head(&self) -> Seq {
        self.record.head
    }

    /// Returns the stored record of the room.
    #[must_use]
    pub const fn record(&self) -> &RoomRecord {
        &self.record
    }

    /// Returns the members and their presence.
    #[must_use]
    pub const fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Returns whether a user is a member and has no pending leave.
    #[must_use]
    pub fn is_member(&self, user: UserId) -> bool {
        self.roster.is_member(user) && !self.leaving.contains_key(&user)
    }

    /// Lets a connection of a member enter and sends it the state of the room. Later events are delivered to
    /// it.
    pub fn enter(
        &mut self,
        entry: RequestOrigin,
        user: UserId,
        shown: DisplayedPresence,
        bus: &mut impl Bus,
    ) {
        self.roster.enter(entry.connection, user, shown.presence);
        let mark = self.roster.set_share_reads(user, shown.share_reads);
        let joined = Joined {
            room: self.room(),
            people: self.roster.list(),
            count: self.roster.count(),
            members: self.roster.members(),
            read: self.roster.read(user),
            marks: self.roster.marks(),
            typing: self.typing.list(),
        };
        bus.answer(
            entry.connection,
            entry.request,
            RoomReply::Entered(Answer::Joined(joined), self.record.head, self.record.lost),
        );
        if let Some(mark) = mark {
            self.tell(Signal::Read(mark), bus);
        }
    }

    /// Removes a connection, after an exit or a broken connection.
    pub fn leave(&mut self, connection: ConnectionId, now: Millis) {
        self.roster.leave(connection, now);
    }

    /// Returns the pending event for a command.
    ///
    /// # Errors
    /// A refusal if the user is not a member, or if the text is not visible.
    pub fn decide(&mut self, by: User, command: RoomCommand, at: Timestamp) -> Result<PendingEvent, Refusal> {
        let command = match command {
            // The join that exceeds the limit of listed members is the last with an event.
            RoomCommand::Join { .. } => RoomCommand::Join { silent: self.roster.is_crowd() },
            RoomCommand::Leave { .. } => {
                *self.leaving.entry(by.id).or_default() += 1;
                RoomCommand::Leave { silent: self.roster.is_crowd() }
            }
            command if self.is_member(by.id) => text::prepare(command)?,
            _ => return Err(Refusal::not_joined(self.record.name.as_str())),
        };
        Ok(PendingEvent { room: self.record.id, by, at, command })
    }

    /// Applies the result of the store: answers the requesting connection first, then notifies all others.
    /// Thus each connection receives the answer before later events of the room.
    pub fn apply(
        &mut self,
        pending: &PendingEvent,
        stored: &Result<AppendOutcome, StoreError>,
        asked: OnCommitted,
        bus: &mut impl Bus,
    ) {
        let by = &pending.by;
        if let RoomCommand::Leave { .. } = pending.command {
            self.has_left(by.id);
        }
        let happened =
            matches!(stored, Ok(AppendOutcome::New(_) | AppendOutcome::Silent | AppendOutcome::Unchanged(_)));
        let newly = matches!(stored, Ok(AppendOutcome::New(_) | AppendOutcome::Silent));
        if let Ok(AppendOutcome::New(event)) = stored {
            self.record.head = event.seq();
        }
        match &pending.command {
            RoomCommand::Join { .. } if happened => {
                let member = MemberRecord { user: by.clone(), read: self.record.head, share_reads: true };
                self.roster.add_member(member);
            }
            RoomCommand::Leave { .. } if happened => {
                self.roster.remove_member(by.id);
                self.end_typing(by, bus);
            }
            RoomCommand::Describe { topic } if newly => self.record.topic = topic.clone(),
            RoomCommand::Post { .. } if newly => self.end_typing(by, bus),
            _ => {}
        }
        if let OnCommitted::Answer(RequestOrigin { connection, request }) = asked {
            bus.answer(connection, request, self.outcome(pending, stored));
        }
        if let Ok(AppendOutcome::New(event)) = stored {
            let event = RoomEvent { room: self.record.name.clone(), what: event.clone() };
            bus.event(&mut self.roster.connections(), &event);
        }
        match &pending.command {
            RoomCommand::Join { .. } if newly => bus.mine(by.id, &Mine::Joined(self.newly_mine(pending.at))),
            RoomCommand::Leave { .. } if happened => {
                bus.mine(by.id, &Mine::Left { room: self.record.name.clone() });
            }
            _ => {}
        }
        if let OnCommitted::Enter(entry, shown) = asked {
            match self.outcome(pending, stored) {
                RoomReply::Refused(refusal) => {
                    bus.answer(entry.connection, entry.request, RoomReply::Refused(refusal));
                }
                RoomReply::Done(_) | RoomReply::Entered(..) => self.enter(entry, by.id, shown, bus),
            }
        }
    }

    /// Returns the answer to the request of a pending event.
    #[must_use]
    pub fn outcome(&self, pending: &PendingEvent, stored: &Result<AppendOutcome, StoreError>) -> RoomReply {
        let room = || self.record.name.clone();
        let stored = match stored {
            Ok(AppendOutcome::Refused(refusal)) => return RoomReply::Refused(refusal.clone()),
            Ok(stored) => stored,
            Err(_) => return RoomReply::Refused(Refusal::unavailable()),
        };
        RoomReply::Done(match (stored, &pending.command) {
            (_, RoomCommand::Leave { .. }) => Answer::Left { room: room() },
            (AppendOutcome::New(Event::Posted(message)) | AppendOutcome::Repeat(message), _) => {
                Answer::Posted(Posted {
                    room: room(),
                    message_id: message.id,
                    seq: message.seq,
                    at: message.at,
                })
            }
            (AppendOutcome::New(event), _) => Answer::Done { room: room(), seq: event.seq() },
            (AppendOutcome::Unchanged(seq), _) => Answer::Done { room: room(), seq: *seq },
            (AppendOutcome::Silent | AppendOutcome::Refused(_), _) => {
                Answer::Done { room: room(), seq: self.record.head }
            }
        })
    }

    /// Applies a stored read position, or refuses the request if the store failed.
    pub fn marked(
        &mut self,
        user: UserId,
        progress: &Result<Option<ReadProgress>, StoreError>,
        asked: Option<RequestOrigin>,
        bus: &mut impl Bus,
    ) {
        let outcome = match progress {
            Ok(Some(progress)) => {
                let state = ReadState {
                    room: self.record.name.clone(),
                    seq: progress.read,
                    unread: progress.unread,
                    head: progress.head,
                };
                RoomReply::Done(Answer::Read(state))
            }
            Ok(None) => RoomReply::Refused(Refusal::not_joined(self.record.name.as_str())),
            Err(_) => RoomReply::Refused(Refusal::unavailable()),
        };
        if let Some(RequestOrigin { connection, request }) = asked {
            bus.answer(connection, request, outcome.clone());
        }
        if let RoomReply::Done(Answer::Read(state)) = outcome {
            let mark = self.roster.set_read(user, state.seq);
            bus.mine(user, &Mine::Read(state));
            if let Some(mark) = mark {
                self.tell(Signal::Read(mark), bus);
            }
        }
    }

    /// Starts or ends the typing indicator of a user. Typing of invisible users is not shown.
    pub fn typing(&mut self, entry: RequestOrigin, on: bool, now: Millis, bus: &mut impl Bus) {
        let Some(user) = self.roster.user_of(entry.connection).cloned() else {
            let refusal = Refusal::not_joined(self.record.name.as_str());
            bus.answer(entry.connection, entry.request, RoomReply::Refused(refusal));
            return;
        };
        bus.answer(entry.connection, entry.request, RoomReply::Done(Answer::Typed {}));
        if !on {
            self.end_typing(&user, bus);
        } else if self.roster.is_here(user.id) && self.typing.renew(&user, now) {
            self.tell(Signal::Typing { user, on: true }, bus);
        }
    }

    /// Renames a user. Earlier messages keep the former name.
    pub fn rename(&mut self, user: &User) {
        self.roster.rename(user);
    }

    /// Changes how a connection shows its user.
    pub fn show(&mut self, connection: ConnectionId, shown: DisplayedPresence, bus: &mut impl Bus) {
        let Some(user) = self.roster.user_of(connection).cloned() else { return };
        self.roster.show(connection, shown.presence);
        if !self.roster.is_here(user.id) {
            self.end_typing(&user, bus);
        }
        self.share_reads(user.id, shown.share_reads, bus);
    }

    /// Sets whether other users may see a member's read positions, also for members without a connection.
    pub fn share_reads(&mut self, user: UserId, share: bool, bus: &mut impl Bus) {
        if let Some(mark) = self.roster.set_share_reads(user, share) {
            self.tell(Signal::Read(mark), bus);
        }
    }

    /// Returns the time at which to call [`Room::on_tick`].
    #[must_use]
    pub fn due(&self) -> Option<Millis> {
        self.roster.signal_due().into_iter().chain(self.typing.due()).min()
    }

    /// Sends due changes of the roster and ends expired typing indicators.
    pub fn on_tick(&mut self, now: Millis, bus: &mut impl Bus) {
        for user in self.typing.expire(now) {
            self.tell(Signal::Typing { user, on: false }, bus);
        }
        if let Some(people) = self.roster.signal(now) {
            self.tell(people, bus);
        }
    }

    fn end_typing(&mut self, user: &User, bus: &mut impl Bus) {
        if self.typing.end(user.id) {
            self.tell(Signal::Typing { user: user.clone(), on: false }, bus);
        }
    }

    fn tell(&self, what: Signal, bus: &mut impl Bus) {
        let signal = RoomSignal { room: self.record.name.clone(), what };
        bus.signal(&mut self.roster.connections(), &signal);
    }

    fn has_left(&mut self, user: UserId) {
        if let Some(times) = self.leaving.get_mut(&user) {
            *times -= 1;
            if *times == 0 {
                self.leaving.remove(&user);
            }
        }
    }

    fn room(&self) -> hubbub_protocol::Room {
        let RoomRecord { id, name, topic, .. } = self.record.clone();
        hubbub_protocol::Room { id, name, topic }
    }

    /// Returns the room for a new member. Messages from before the join are not unread.
    fn newly_mine(&self, at: Timestamp) -> MyRoom {
        let head = self.record.head;
        let read = ReadState { room: self.record.name.clone(), seq: head, unread: 0, head };
        MyRoom { room: self.room(), read, active_at: at }
    }
}
