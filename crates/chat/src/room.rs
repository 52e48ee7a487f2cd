//! A room: who is in it, what it accepts, and whom it tells.

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

/// One room while somebody is in it. `decide` reads, `apply` writes, and the store stands between: nothing
/// is shown to anybody that is not committed.
#[derive(Debug)]
pub struct Room {
    record: RoomRecord,
    roster: Roster,
    typing: Typing,
    /// Whose leaving is decided and not applied yet, and how often.
    leaving: BTreeMap<UserId, usize>,
}

/// Who asked for something, and how to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestOrigin {
    /// The connection that sent it.
    pub connection: ConnectionId,
    /// Its request.
    pub request: RequestId,
}

/// What to do for whoever asked, once a draft is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnCommitted {
    /// Answer.
    Answer(RequestOrigin),
    /// Let the connection in, which shows its user so.
    Enter(RequestOrigin, DisplayedPresence),
    /// Nothing: it was not asked by a connection, or is part of something else.
    Nobody,
}

impl Room {
    /// The room as it is stored, with nobody in it.
    #[must_use]
    pub fn new(record: RoomRecord, members: Vec<MemberRecord>) -> Self {
        let roster = Roster::new(members);
        Self { record, roster, typing: Typing::default(), leaving: BTreeMap::new() }
    }

    /// The room's newest position that is known to be committed.
    #[must_use]
    pub const fn head(&self) -> Seq {
        self.record.head
    }

    /// The room as it is stored.
    #[must_use]
    pub const fn record(&self) -> &RoomRecord {
        &self.record
    }

    /// Its members, and who is here.
    #[must_use]
    pub const fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Whether somebody is a member, and is not about to leave.
    #[must_use]
    pub fn is_member(&self, user: UserId) -> bool {
        self.roster.is_member(user) && !self.leaving.contains_key(&user)
    }

    /// Lets a connection of a member in and tells it how it finds the room. From now on it hears what is applied.
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

    /// A connection goes, whether it said so or broke.
    pub fn leave(&mut self, connection: ConnectionId, now: Millis) {
        self.roster.leave(connection, now);
    }

    /// What to store when somebody wants this here.
    ///
    /// # Errors
    /// A refusal, if they are no member or if nothing is seen of what they write.
    pub fn decide(&mut self, by: User, command: RoomCommand, at: Timestamp) -> Result<PendingEvent, Refusal> {
        let command = match command {
            // The event of the one who makes the crowd is the last.
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

    /// Takes in what the store made of a draft: answers whoever asked, then tells everyone. The answer goes
    /// first, so that on each connection it comes before any later event of the room.
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

    /// What whoever asked is told about a draft.
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

    /// A member has read up to somewhere, or the store could not remember it.
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

    /// A connection shows a sign of writing, or that it ended. Invisible people write unseen.
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

    /// Somebody is called otherwise from now on. What was said before keeps the name of its time.
    pub fn rename(&mut self, user: &User) {
        self.roster.rename(user);
    }

    /// A connection shows its user so from now on.
    pub fn show(&mut self, connection: ConnectionId, shown: DisplayedPresence, bus: &mut impl Bus) {
        let Some(user) = self.roster.user_of(connection).cloned() else { return };
        self.roster.show(connection, shown.presence);
        if !self.roster.is_here(user.id) {
            self.end_typing(&user, bus);
        }
        self.share_reads(user.id, shown.share_reads, bus);
    }

    /// Others may see up to where a member has read, or no longer; for members without a connection, too.
    pub fn share_reads(&mut self, user: UserId, share: bool, bus: &mut impl Bus) {
        if let Some(mark) = self.roster.set_share_reads(user, share) {
            self.tell(Signal::Read(mark), bus);
        }
    }

    /// When [`Room::on_tick`] has something to do.
    #[must_use]
    pub fn due(&self) -> Option<Millis> {
        self.roster.signal_due().into_iter().chain(self.typing.due()).min()
    }

    /// Tells everyone who came and went and who ceased to write, if it is time.
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

    /// The room as a new member has it: what was said before they came is not unread.
    fn newly_mine(&self, at: Timestamp) -> MyRoom {
        let head = self.record.head;
        let read = ReadState { room: self.record.name.clone(), seq: head, unread: 0, head };
        MyRoom { room: self.room(), read, active_at: at }
    }
}
