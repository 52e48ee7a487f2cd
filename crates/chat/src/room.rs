//! A room: its members and connections, the requests that it accepts, and its deliveries.

use hubbub_protocol::{
    Answer, Event, Joined, Millis, MyRoom, Posted, ReadState, Refusal, Seq, ServerFrame, Signal, Timestamp,
    User, UserEvent, UserId,
};

use crate::pending_membership::PendingMembership;
use crate::text;
use crate::typing::Typing;
use crate::{
    Bus, DisplayedPresence, MemberRecord, PendingEvent, ReadProgress, RequestOrigin, RoomChange, RoomCommand,
    RoomRecord, RoomReply, RoomRequest, Roster, StoreResult, WriteOutcome,
};

/// One room with connected users. [`Room::decide`] checks the membership and the text of a request, and
/// [`Room::apply`] executes it. Between them the store checks what needs stored data
/// ([`PendingEvent::authorize`]) and commits, so that only committed changes are visible.
#[derive(Debug)]
pub struct Room {
    record: RoomRecord,
    roster: Roster,
    typing: Typing,
    pending: PendingMembership,
}

impl Room {
    /// Creates a room from the store, without connections.
    #[must_use]
    pub fn new(record: RoomRecord, members: Vec<MemberRecord>) -> Self {
        let roster = Roster::new(members);
        Self { record, roster, typing: Typing::default(), pending: PendingMembership::default() }
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
        self.roster.is_member(user) && !self.pending.is_leaving(user)
    }

    /// Checks a request. Returns the event to store before the request is applied; `None` if it needs no event.
    /// A read position is not an event: the driver stores it with [`crate::Store::mark`].
    ///
    /// # Errors
    /// A refusal if the user is not a member, or if a text is not visible.
    pub fn decide(&self, request: &RoomRequest, at: Timestamp) -> Result<Option<PendingEvent>, Refusal> {
        let RoomRequest { origin, by, command } = request;
        let change = match command {
            RoomCommand::Change(change @ (RoomChange::Join { .. } | RoomChange::Leave)) => change.clone(),
            RoomCommand::Change(change) if self.is_member(by.id) => text::prepare(change.clone())?,
            RoomCommand::Change(_) => return Err(self.not_joined()),
            RoomCommand::Enter { .. } if self.is_member(by.id) => return Ok(None),
            RoomCommand::Enter { resume: true, .. } if !self.pending.is_joining(by.id) => {
                return Err(self.not_joined());
            }
            RoomCommand::Enter { shown, .. } => RoomChange::Join { share_reads: shown.share_reads },
            // The store decides about a member whose join is pending, because it stores the join first.
            RoomCommand::Read(_) if self.is_member(by.id) || self.pending.is_joining(by.id) => {
                return Ok(None);
            }
            RoomCommand::Type(_) if self.user_of(*origin).is_some() => return Ok(None),
            RoomCommand::Read(_) | RoomCommand::Type(_) => return Err(self.not_joined()),
            RoomCommand::Exit | RoomCommand::Show(_) | RoomCommand::ShareReads(_) | RoomCommand::Rename => {
                return Ok(None);
            }
        };
        // The join that exceeds the limit of listed members is the last with an event.
        let silent = matches!(change, RoomChange::Join { .. } | RoomChange::Leave) && self.roster.is_crowd();
        Ok(Some(PendingEvent { room: self.record.id, by: by.clone(), at, change, silent }))
    }

    /// Records that an event is about to be stored. Until it is applied, a user with a pending leave does not
    /// count as a member, and a user whose last pending change is a join may read and resume.
    pub fn begin(&mut self, pending: &PendingEvent) {
        self.pending.begin(pending);
    }

    /// Applies a request that was decided and whose write has ended. `stored` is the result of the write; `None`
    /// if the request needed none. Answers the requesting connection first, then notifies all others. Thus each
    /// connection receives the answer before later events of the room.
    pub fn apply(
        &mut self,
        request: &RoomRequest,
        stored: Option<&StoreResult<WriteOutcome>>,
        now: Millis,
        bus: &mut impl Bus,
    ) {
        let RoomRequest { origin, by, command } = request;
        if stored.is_some() {
            self.pending.end(by.id, command);
        }
        let outcome = match stored.map(WriteOutcome::accepted).transpose() {
            Ok(outcome) => outcome,
            Err(refusal) => return origin.answer(RoomReply::Refused(refusal), bus),
        };
        match (command, outcome) {
            (RoomCommand::Change(change), Some(outcome)) => {
                self.apply_change(by, change, outcome, Some(*origin), bus);
            }
            (RoomCommand::Enter { shown, .. }, outcome) => {
                if let Some(outcome) = outcome {
                    let join = RoomChange::Join { share_reads: shown.share_reads };
                    self.apply_change(by, &join, outcome, None, bus);
                }
                self.enter(*origin, by.id, *shown, bus);
            }
            (RoomCommand::Read(_), Some(outcome)) => self.apply_read(*origin, by.id, outcome, bus),
            (RoomCommand::Type(on), _) => self.apply_typing(*origin, *on, now, bus),
            (RoomCommand::Show(shown), _) => self.show(*origin, *shown, bus),
            (RoomCommand::ShareReads(share), _) => self.share_reads(by.id, *share, bus),
            (RoomCommand::Rename, _) => self.roster.rename(by),
            (RoomCommand::Exit, _) => {
                if let Some(connection) = origin.connection() {
                    self.roster.leave(connection, now);
                    bus.exit(connection);
                }
            }
            // Without a result of the store, nothing has changed.
            (RoomCommand::Change(_) | RoomCommand::Read(_), None) => {}
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
            self.signal(Signal::Typing { user, on: false }, bus);
        }
        if let Some(people) = self.roster.signal(now) {
            self.signal(people, bus);
        }
    }

    /// Applies a stored change, and answers `origin` before it sends the event.
    fn apply_change(
        &mut self,
        by: &User,
        change: &RoomChange,
        outcome: &WriteOutcome,
        origin: Option<RequestOrigin>,
        bus: &mut impl Bus,
    ) {
        if let WriteOutcome::New(event) = outcome {
            self.record.head = event.seq();
            if let Event::Described(described) = event {
                self.record.topic = described.topic.clone();
            }
        }
        match (change, outcome) {
            (RoomChange::Join { share_reads }, _) => {
                let (read, share_reads) = (self.record.head, *share_reads);
                self.roster.add_member(MemberRecord { user: by.clone(), read, share_reads });
            }
            (RoomChange::Leave, _) => {
                self.roster.remove_member(by.id).into_iter().for_each(|connection| bus.exit(connection));
                self.end_typing(by, bus);
            }
            (RoomChange::Post { .. }, WriteOutcome::New(_)) => self.end_typing(by, bus),
            _ => {}
        }
        if let Some(origin) = origin {
            origin.answer(RoomReply::Done(self.answer(change, outcome)), bus);
        }
        if let WriteOutcome::New(event) = outcome {
            let frame = ServerFrame::Event { room: self.record.name.clone(), what: event.clone() };
            bus.broadcast(frame);
        }
        match (change, outcome) {
            (RoomChange::Join { .. }, WriteOutcome::New(Event::Joined(joined))) => {
                bus.user_event(by.id, &UserEvent::Joined(self.newly_mine(joined.at)));
            }
            (RoomChange::Join { .. }, WriteOutcome::Silent { at }) => {
                bus.user_event(by.id, &UserEvent::Joined(self.newly_mine(*at)));
            }
            (RoomChange::Leave, _) => {
                bus.user_event(by.id, &UserEvent::Left { room: self.record.name.clone() });
            }
            _ => {}
        }
    }

    /// Returns the answer to the request of a stored change.
    fn answer(&self, change: &RoomChange, outcome: &WriteOutcome) -> Answer {
        let room = self.record.name.clone();
        match (outcome, change) {
            (_, RoomChange::Leave) => Answer::Left { room },
            (WriteOutcome::New(Event::Posted(message)) | WriteOutcome::Repeat(message), _) => {
                Answer::Posted(Posted { room, message_id: message.id, seq: message.seq, at: message.at })
            }
            (WriteOutcome::New(event), _) => Answer::Done { room, seq: event.seq() },
            (WriteOutcome::Unchanged(seq), _) => Answer::Done { room, seq: *seq },
            (WriteOutcome::Silent { .. } | WriteOutcome::Read(_) | WriteOutcome::Refused(_), _) => {
                Answer::Done { room, seq: self.record.head }
            }
        }
    }

    /// Adds a connection of a member and sends it the state of the room. Later events are delivered to it.
    fn enter(&mut self, origin: RequestOrigin, user: UserId, shown: DisplayedPresence, bus: &mut impl Bus) {
        let Some(connection) = origin.connection() else { return };
        if self.roster.enter(connection, user, shown.presence) {
            bus.enter(connection);
        }
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
        let reply = RoomReply::Entered(Answer::Joined(joined), self.record.head, self.record.lost);
        origin.answer(reply, bus);
        if let Some(mark) = mark {
            self.signal(Signal::Read(mark), bus);
        }
    }

    /// Applies a stored read position.
    fn apply_read(
        &mut self,
        origin: RequestOrigin,
        user: UserId,
        outcome: &WriteOutcome,
        bus: &mut impl Bus,
    ) {
        let WriteOutcome::Read(ReadProgress { read, unread, head }) = *outcome else {
            return origin.answer(RoomReply::Refused(Refusal::unavailable()), bus);
        };
        let state = ReadState { room: self.record.name.clone(), seq: read, unread, head };
        origin.answer(RoomReply::Done(Answer::Read(state.clone())), bus);
        let mark = self.roster.set_read(user, state.seq);
        bus.user_event(user, &UserEvent::Read(state));
        if let Some(mark) = mark {
            self.signal(Signal::Read(mark), bus);
        }
    }

    /// Starts or ends the typing indicator of a user. Typing of invisible users is not shown.
    fn apply_typing(&mut self, origin: RequestOrigin, on: bool, now: Millis, bus: &mut impl Bus) {
        let Some(user) = self.user_of(origin).cloned() else { return };
        origin.answer(RoomReply::Done(Answer::Typed {}), bus);
        if !on {
            self.end_typing(&user, bus);
        } else if self.roster.is_here(user.id) && self.typing.renew(&user, now) {
            self.signal(Signal::Typing { user, on: true }, bus);
        }
    }

    fn show(&mut self, origin: RequestOrigin, shown: DisplayedPresence, bus: &mut impl Bus) {
        let Some(connection) = origin.connection() else { return };
        let Some(user) = self.roster.user_of(connection).cloned() else { return };
        self.roster.show(connection, shown.presence);
        if !self.roster.is_here(user.id) {
            self.end_typing(&user, bus);
        }
        self.share_reads(user.id, shown.share_reads, bus);
    }

    /// Sets whether other users may see a member's read positions, also for members without a connection.
    fn share_reads(&mut self, user: UserId, share: bool, bus: &mut impl Bus) {
        if let Some(mark) = self.roster.set_share_reads(user, share) {
            self.signal(Signal::Read(mark), bus);
        }
    }

    fn end_typing(&mut self, user: &User, bus: &mut impl Bus) {
        if self.typing.end(user.id) {
            self.signal(Signal::Typing { user: user.clone(), on: false }, bus);
        }
    }

    fn signal(&self, what: Signal, bus: &mut impl Bus) {
        let frame = ServerFrame::Signal { room: self.record.name.clone(), what };
        bus.broadcast(frame);
    }

    fn user_of(&self, origin: RequestOrigin) -> Option<&User> {
        self.roster.user_of(origin.connection()?)
    }

    fn not_joined(&self) -> Refusal {
        Refusal::not_joined(self.record.name.as_str())
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
