//! A room as this client knows it.

use std::sync::Arc;

use crate::sorted::Sorted;

use hubbub_protocol::{Page, Person, ReadMark, Refusal, RoomName, Seq, Timestamp, Topic, User, UserId};

use crate::change::Change;
use crate::keys::Keys;
use crate::patience::Patience;
use crate::reading::Reading;
use crate::{Millis, Timeline};

/// Milliseconds within which a part of what was missed must come.
const CATCH_UP_MILLIS: u64 = 30_000;

/// How far one is into a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// On the way in: not connected, or not answered. What is held can be read.
    Joining,
    /// In it: what happens there comes.
    Live,
    /// Not let in. If the refusal says `later`, the client asks again by itself.
    Refused(Refusal),
    /// Left, here or on another device, while one looks at it. Opening it again makes one a member again.
    Left,
}

/// A room that one is a member of, looks at, or still has something to bring to.
#[derive(Clone, Debug)]
pub struct RoomState {
    /// Its name.
    pub name: RoomName,
    /// Whether the user looks at it.
    pub open: bool,
    /// Whether one is a member, as far as is known.
    pub member: bool,
    /// How far one is in.
    pub phase: Phase,
    /// What it is about, with a change of mine that is on its way.
    pub topic: Topic,
    /// Its lines.
    pub timeline: Timeline,
    /// Its members: online, busy, away, then offline ones, each by name regardless of case, then by id; at most
    /// `MAX_PEOPLE_LISTED`. While not `Live`: as they were last.
    pub people: Vec<Person>,
    /// How many people are there, listed or not.
    pub count: u32,
    /// How many members it has, listed or not.
    pub members: u32,
    /// Up to where one has read, with what is on its way.
    pub read: Seq,
    /// How many messages of others are not read; at most `MAX_UNREAD_COUNTED`, which means "or more".
    pub unread: u32,
    /// When something was last said there, or when one became a member; where that is known.
    pub active_at: Option<Timestamp>,
    /// The position after which the new begins. It stays where it is while one reads.
    pub divider: Option<Seq>,
    /// The position after which the view begins, if the room was opened at its unread messages and there are some: the
    /// view scrolls there, once.
    pub opens_at: Option<Seq>,
    /// Up to where others have read, by user.
    pub marks: Vec<ReadMark>,
    /// Who is writing, I never; in the order in which they began.
    pub typing: Vec<User>,
    pub(crate) seat: Seat,
    pub(crate) reading: Reading,
    /// The topic that is stored, and the position at which it was said.
    pub(crate) described: (Topic, Seq),
    /// When to stop believing that somebody writes.
    pub(crate) typing_until: Sorted<UserId, Millis>,
    pub(crate) keys: Keys,
    /// One is a member, whether one wants to be or not.
    pub(crate) belongs: bool,
    /// One wants to be a member no longer.
    pub(crate) leaving: bool,
    pub(crate) leave_asked: bool,
    /// I have left, and that is told to all my connections: to this one too.
    pub(crate) echo_due: bool,
    /// The server has said on this connection that one is a member.
    pub(crate) listed: bool,
    /// One was a member on the last connection; whether one still is, the list will say.
    pub(crate) unsure: bool,
    /// It was seeded, and the server has not said yet whether one is a member.
    pub(crate) seeded: bool,
}

/// The room's place on this connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seat {
    /// A join was sent and not answered.
    pub(crate) asked: bool,
    /// One is in the room.
    pub(crate) joined: bool,
    /// A join was refused for good, or one has left, as long as nothing changes.
    pub(crate) refused: bool,
    /// Something is missing, so the room is joined once more, from the cursor.
    pub(crate) again: bool,
    /// What was missed is still coming; the next part of it by then, or it is asked for again.
    pub(crate) catching_up: Option<Millis>,
    /// The highest position heard of since the join was sent, whether it could be applied or not.
    pub(crate) heard: Seq,
    /// When a join may be sent.
    pub(crate) joining: Patience,
    /// When a post may be sent.
    pub(crate) posting: Patience,
    /// When a page may be asked for.
    pub(crate) paging: Patience,
    /// When an edit, a deletion, a reaction, a topic or a leave may be sent.
    pub(crate) acting: Patience,
    /// When a read position may be sent.
    pub(crate) marking: Patience,
}

impl RoomState {
    pub(crate) fn new(name: RoomName) -> Self {
        let mut timeline = Timeline::default();
        timeline.close();
        Self {
            name,
            open: false,
            member: false,
            phase: Phase::Joining,
            topic: Topic::default(),
            timeline,
            people: Vec::new(),
            count: 0,
            members: 0,
            read: Seq(0),
            unread: 0,
            active_at: None,
            divider: None,
            opens_at: None,
            marks: Vec::new(),
            typing: Vec::new(),
            seat: Seat::default(),
            reading: Reading::default(),
            described: (Topic::default(), Seq(0)),
            typing_until: Sorted::default(),
            keys: Keys::default(),
            belongs: false,
            leaving: false,
            leave_asked: false,
            echo_due: false,
            listed: false,
            unsure: false,
            seeded: false,
        }
    }

    /// The newest 50 lines and the cursor, to be kept for a time without a network; give it back with
    /// [`crate::Client::seed_room`]. None if the end of the room is not held.
    #[must_use]
    pub fn copy(&self) -> Option<(Page, Seq)> {
        self.timeline.copy(&self.name)
    }

    /// The connection is lost. How patient one is with what is to be stored is remembered: storage that was
    /// unavailable does not come back because a socket closed.
    pub(crate) fn lose_seat(&mut self) {
        let refused = self.phase == Phase::Left;
        let posting = std::mem::take(&mut self.seat.posting);
        let acting = std::mem::take(&mut self.seat.acting);
        self.seat = Seat { posting, acting, refused, ..Seat::default() };
        self.timeline.ask_again();
        // Whether a leave on its way has arrived, nobody knows: the list will say. Whoever has opened the room
        // since wants in, whatever it says: that was no other device.
        let left_here = std::mem::take(&mut self.leave_asked);
        self.leaving &= !self.open;
        self.set_belongs(self.belongs && !left_here);
        self.listed = false;
        self.unsure |= self.belongs;
        self.echo_due = false;
        self.reading.land();
        self.keys = Keys::default();
        if self.phase == Phase::Live {
            self.phase = Phase::Joining;
        }
    }

    /// Shows messages and topic as `changes` will leave them. Returns whether messages may have changed.
    pub(crate) fn paint<'a, C: DoubleEndedIterator<Item = &'a Change>>(
        &mut self,
        changes: impl Fn() -> C,
        me: Option<&User>,
    ) -> bool {
        let mut changing = Sorted::default();
        if let Some(me) = me {
            for change in changes() {
                let Some(id) = change.target() else { continue };
                let held = || self.timeline.saved().find(|message| message.id == id).cloned();
                if let Some(mut message) = changing.remove(&id).or_else(held) {
                    change.apply(Arc::make_mut(&mut message), me);
                    changing.insert(id, message);
                }
            }
        }
        let changed = self.timeline.set_changing(changing);
        let wanted = changes().rev().find_map(|change| match change {
            Change::Describe { topic } => Some(topic),
            _ => None,
        });
        self.topic = wanted.unwrap_or(&self.described.0).clone();
        changed
    }

    /// One is a member, or is not; with the wish to leave.
    pub(crate) const fn set_belongs(&mut self, belongs: bool) {
        self.belongs = belongs;
        self.member = belongs && !self.leaving;
    }

    /// All that was missed has come. Whether it reaches up to what was heard meanwhile, the server knows
    /// best: if not, ask again.
    pub(crate) fn caught_up(&mut self) {
        self.seat.catching_up = None;
        self.seat.again |= self.timeline.cursor().is_none_or(|cursor| cursor < self.seat.heard);
    }

    /// Up to where others have read, as it is shown, by user: whoever has written a message has read all before it.
    #[must_use]
    pub fn readers(&self) -> Vec<ReadMark> {
        let mut marks = self.marks.clone();
        for message in self.timeline.saved() {
            if let Ok(index) = marks.binary_search_by_key(&message.author.id, |mark| mark.user) {
                marks[index].seq = marks[index].seq.max(message.seq);
            }
        }
        marks
    }

    /// Whether one is in the room and has heard all that was missed.
    pub(crate) const fn is_settled(&self) -> bool {
        self.seat.joined && !self.seat.asked && self.seat.catching_up.is_none()
    }

    /// When something is due here.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        let typing = self.typing_until.values().min().copied();
        let keys = self.keys.deadline().filter(|_| self.seat.joined);
        let reading = self
            .reading
            .deadline()
            .filter(|_| self.is_looked_at() && self.is_settled() && self.seat.marking.is_ready());
        [self.seat.deadline(), keys, reading, typing].into_iter().flatten().min()
    }

    /// Whether somebody sees what comes.
    pub(crate) const fn is_looked_at(&self) -> bool {
        self.open && !self.leaving && !self.reading.away
    }

    /// Whether it must be kept though nobody looks at it.
    pub(crate) fn is_needed(&self) -> bool {
        self.open || self.member || self.leaving || self.seat.asked || self.seat.joined || self.seeded
    }
}

impl Seat {
    pub(crate) const fn wants_join(&self) -> bool {
        !self.asked && !self.refused && (!self.joined || self.again) && self.joining.is_ready()
    }

    /// What was missed must come soon: on a connection that lost it, nothing else would tell.
    pub(crate) fn wait_for_missed(&mut self, now: Millis) {
        self.catching_up = Some(now.plus(CATCH_UP_MILLIS));
    }

    pub(crate) fn wake(&mut self, now: Millis) {
        let Self { joining, posting, paging, acting, marking, .. } = self;
        for patience in [joining, posting, paging, acting, marking] {
            patience.wake(now);
        }
        if self.catching_up.is_some_and(|by| by <= now) {
            self.catching_up = None;
            self.again = true;
        }
    }

    pub(crate) fn deadline(&self) -> Option<Millis> {
        let Self { joining, posting, paging, acting, marking, .. } = self;
        let patiences =
            [joining, posting, paging, acting, marking].into_iter().filter_map(Patience::deadline);
        patiences.chain(self.catching_up).min()
    }
}
