//! The state of a room in this client.

use std::sync::Arc;

use crate::sorted_vec_map::SortedVecMap;

use hubbub_protocol::{Page, Person, ReadMark, Refusal, RoomName, Seq, Timestamp, Topic, User, UserId};

use crate::change::Change;
use crate::read_tracker::ReadTracker;
use crate::retry_backoff::RetryBackoff;
use crate::typing_notifier::TypingNotifier;
use crate::{Millis, Timeline};

/// Milliseconds within which the next batch of a catch-up must arrive.
const CATCH_UP_MILLIS: u64 = 30_000;

/// The state of the subscription to a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Not connected, or the join is not answered. Loaded messages can be read.
    Joining,
    /// Joined; events arrive.
    Live,
    /// Refused. After a temporary refusal, the client retries by itself.
    Refused(Refusal),
    /// Left on this or another device, while the room is open. Opening it again joins it again.
    Left,
}

/// A room of the user, an open room or a room with pending work.
#[derive(Clone, Debug)]
pub struct RoomState {
    /// Room name.
    pub name: RoomName,
    /// Whether the user has opened the room.
    pub open: bool,
    /// Whether the user is a member, as far as is known.
    pub member: bool,
    /// State of the subscription.
    pub phase: Phase,
    /// Topic, including the user's pending change.
    pub topic: Topic,
    /// Rows of the room.
    pub timeline: Timeline,
    /// Members: online, busy, away, then offline ones, each by name ignoring case, then by id; at most
    /// `MAX_PEOPLE_LISTED`. Unless the phase is `Live`, the list is outdated.
    pub people: Vec<Person>,
    /// Number of present users, listed or not.
    pub count: u32,
    /// Number of members, listed or not.
    pub members: u32,
    /// Read position, including a change in flight.
    pub read: Seq,
    /// Number of unread messages of other users; at most `MAX_UNREAD_COUNTED`, which means "or more".
    pub unread: u32,
    /// Time of the newest message, or of the user's joining if it is later, if known.
    pub active_at: Option<Timestamp>,
    /// Position after which the new messages start. It stays in place while the user reads.
    pub divider: Option<Seq>,
    /// Position after which the view starts: set if the room was opened at its unread messages and has some, or
    /// if messages arrived while the tab was hidden. The view scrolls there once.
    pub opens_at: Option<Seq>,
    /// Read positions of other members, by user id.
    pub marks: Vec<ReadMark>,
    /// Other users who are typing, in the order in which they started.
    pub typing: Vec<User>,
    pub(crate) subscription: Subscription,
    pub(crate) read_tracker: ReadTracker,
    /// Stored topic, with the position of its event.
    pub(crate) described: (Topic, Seq),
    /// Times at which typing indicators expire.
    pub(crate) typing_until: SortedVecMap<UserId, Millis>,
    pub(crate) typing_notifier: TypingNotifier,
    /// The user is a member, even if a leave is pending.
    pub(crate) belongs: bool,
    /// A leave is pending.
    pub(crate) leaving: bool,
    pub(crate) leave_asked: bool,
    /// This client has left the room, and the notice of it to all connections has not arrived.
    pub(crate) echo_due: bool,
    /// The server has confirmed the membership on this connection.
    pub(crate) listed: bool,
    /// The user was a member on the last connection. The list of rooms decides whether this is still so.
    pub(crate) unsure: bool,
    /// The room comes from a seed, and the server has not confirmed the membership.
    pub(crate) seeded: bool,
}

/// The subscription of this connection to a room.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subscription {
    /// A join is not answered.
    pub(crate) asked: bool,
    /// The room is joined.
    pub(crate) joined: bool,
    /// A join was refused permanently, or the user left. No further join until the user acts.
    pub(crate) refused: bool,
    /// Events are missing, so the room is joined again from the cursor.
    pub(crate) again: bool,
    /// Deadline for the next batch of a catch-up, after which it is requested again.
    pub(crate) catching_up: Option<Millis>,
    /// Highest position received since the join was sent, applied or not.
    pub(crate) heard: Seq,
    /// Delay before the next join.
    pub(crate) joining: RetryBackoff,
    /// Delay before the next post.
    pub(crate) posting: RetryBackoff,
    /// Delay before the next request for a page.
    pub(crate) paging: RetryBackoff,
    /// Delay before the next edit, deletion, reaction, topic or leave.
    pub(crate) changing: RetryBackoff,
    /// Delay before the next read position.
    pub(crate) marking: RetryBackoff,
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
            subscription: Subscription::default(),
            read_tracker: ReadTracker::default(),
            described: (Topic::default(), Seq(0)),
            typing_until: SortedVecMap::default(),
            typing_notifier: TypingNotifier::default(),
            belongs: false,
            leaving: false,
            leave_asked: false,
            echo_due: false,
            listed: false,
            unsure: false,
            seeded: false,
        }
    }

    /// Returns the newest 50 rows and the cursor, to keep them for offline use and restore them with
    /// [`crate::Client::seed_room`]. Returns `None` if the end of the room is not loaded.
    #[must_use]
    pub fn copy(&self) -> Option<(Page, Seq)> {
        self.timeline.copy(&self.name)
    }

    /// Resets the subscription after the connection is lost. Delays of posts and changes remain, because
    /// unavailable storage does not recover with a new socket.
    pub(crate) fn reset_subscription(&mut self) {
        let refused = self.phase == Phase::Left;
        let posting = std::mem::take(&mut self.subscription.posting);
        let changing = std::mem::take(&mut self.subscription.changing);
        self.subscription = Subscription { posting, changing, refused, ..Subscription::default() };
        self.timeline.ask_again();
        // The list of rooms decides whether a leave in flight arrived. A user who opened the room again since
        // then wants to join in any case.
        let left_here = std::mem::take(&mut self.leave_asked);
        self.leaving &= !self.open;
        self.set_belongs(self.belongs && !left_here);
        self.listed = false;
        self.unsure |= self.belongs;
        self.echo_due = false;
        self.read_tracker.reset_in_flight();
        self.typing_notifier = TypingNotifier::default();
        if self.phase == Phase::Live {
            self.phase = Phase::Joining;
        }
    }

    /// Shows messages and topic with `changes` applied. Returns whether messages may have changed.
    pub(crate) fn paint<'a, C: DoubleEndedIterator<Item = &'a Change>>(
        &mut self,
        changes: impl Fn() -> C,
        me: Option<&User>,
    ) -> bool {
        let mut changing = SortedVecMap::default();
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
            Change::Describe { topic, .. } if !change.is_obsolete(&self.described.0) => Some(topic),
            _ => None,
        });
        self.topic = wanted.unwrap_or(&self.described.0).clone();
        changed
    }

    /// Sets the membership, considering a pending leave.
    pub(crate) const fn set_belongs(&mut self, belongs: bool) {
        self.belongs = belongs;
        self.member = belongs && !self.leaving;
    }

    /// Completes a catch-up. Joins again if it did not reach the events that were received meanwhile.
    pub(crate) fn caught_up(&mut self) {
        self.subscription.catching_up = None;
        self.subscription.again |=
            self.timeline.cursor().is_none_or(|cursor| cursor < self.subscription.heard);
    }

    /// Returns the read positions to show, by user id. The author of a message has read everything before it.
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

    /// Returns whether the room is joined and all missed events have arrived.
    pub(crate) const fn is_settled(&self) -> bool {
        self.subscription.joined && !self.subscription.asked && self.subscription.catching_up.is_none()
    }

    /// Returns the next deadline of the room.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        let typing = self.typing_until.values().min().copied();
        let keys = self.typing_notifier.deadline().filter(|_| self.subscription.joined);
        let read_tracker = self
            .read_tracker
            .deadline()
            .filter(|_| self.is_looked_at() && self.is_settled() && self.subscription.marking.is_ready());
        [self.subscription.deadline(), keys, read_tracker, typing].into_iter().flatten().min()
    }

    /// Returns whether the user can see new messages.
    pub(crate) const fn is_looked_at(&self) -> bool {
        self.open && !self.leaving && !self.read_tracker.away
    }

    /// Returns whether the room must be kept although it is not open.
    pub(crate) fn is_needed(&self) -> bool {
        self.open
            || self.member
            || self.leaving
            || self.subscription.asked
            || self.subscription.joined
            || self.seeded
    }
}

impl Subscription {
    pub(crate) const fn wants_join(&self) -> bool {
        !self.asked && !self.refused && (!self.joined || self.again) && self.joining.is_ready()
    }

    /// Sets the deadline of a catch-up, because nothing else would reveal that it was lost.
    pub(crate) fn wait_for_missed(&mut self, now: Millis) {
        self.catching_up = Some(now.plus(CATCH_UP_MILLIS));
    }

    pub(crate) fn wake(&mut self, now: Millis) {
        let Self { joining, posting, paging, changing, marking, .. } = self;
        for backoff in [joining, posting, paging, changing, marking] {
            backoff.wake(now);
        }
        if self.catching_up.is_some_and(|by| by <= now) {
            self.catching_up = None;
            self.again = true;
        }
    }

    pub(crate) fn deadline(&self) -> Option<Millis> {
        let Self { joining, posting, paging, changing, marking, .. } = self;
        let backoffs =
            [joining, posting, paging, changing, marking].into_iter().filter_map(RetryBackoff::deadline);
        backoffs.chain(self.catching_up).min()
    }
}
