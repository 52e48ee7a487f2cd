//! The state of a room in this client.

mod deadlines;

use hubbub_protocol::{
    Event, Joined, MyRoom, Page, Person, ReadMark, RoomId, RoomName, Seq, StartOver, Timestamp, Topic, User,
    UserId,
};

use crate::change::Change;
use crate::member_list::MemberList;
use crate::membership::Membership;
use crate::output::ClientOutput;
use crate::presence::RoomPresence;
use crate::read_tracker::{ReadTracker, StartAt};
use crate::retry_backoff::RetryBackoff;
use crate::room_topic::RoomTopic;
use crate::subscription::Subscription;
use crate::timeline::ApplyOutcome;
use crate::typing_notifier::TypingNotifier;
use crate::{Millis, Phase, Seed, Timeline};

/// A room of the user, an open room or a room with pending work.
#[derive(Clone, Debug)]
pub struct RoomState {
    /// Room name.
    pub name: RoomName,
    /// Room id, known after the first join.
    pub(crate) id: Option<RoomId>,
    /// Whether the user has opened the room.
    pub open: bool,
    /// Rows of the room.
    pub timeline: Timeline,
    /// Time of the newest message, or of the user's joining if it is later, if known.
    pub active_at: Option<Timestamp>,
    pub(crate) membership: Membership,
    pub(crate) subscription: Subscription,
    pub(crate) read_tracker: ReadTracker,
    pub(crate) typing_notifier: TypingNotifier,
    /// Delay before the next post.
    pub(crate) posting: RetryBackoff,
    /// Delay before the next edit, deletion, reaction, topic or leave.
    pub(crate) changing: RetryBackoff,
    pub(crate) presence: RoomPresence,
    pub(crate) topic: RoomTopic,
}

impl RoomState {
    pub(crate) fn new(name: RoomName, me: Option<UserId>) -> Self {
        let mut timeline = Timeline::default();
        timeline.close();
        timeline.set_me(me);
        Self {
            name,
            id: None,
            open: false,
            timeline,
            active_at: None,
            membership: Membership::default(),
            subscription: Subscription::default(),
            read_tracker: ReadTracker::default(),
            typing_notifier: TypingNotifier::default(),
            posting: RetryBackoff::default(),
            changing: RetryBackoff::default(),
            presence: RoomPresence::default(),
            topic: RoomTopic::default(),
        }
    }

    /// Returns whether the user is a member, as far as is known, and has not requested to leave.
    #[must_use]
    pub const fn is_member(&self) -> bool {
        self.membership.is_member()
    }

    /// Returns the state of the subscription.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.subscription.phase()
    }

    /// Returns the topic, including the user's pending change.
    #[must_use]
    pub const fn topic(&self) -> &Topic {
        self.topic.shown()
    }

    /// Returns the members: online, busy, away, then offline ones, each by name ignoring case, then by id; at
    /// most `MAX_PEOPLE_LISTED`. Unless the phase is `Live`, the list is outdated.
    #[must_use]
    pub fn people(&self) -> &[Person] {
        self.presence.members.people()
    }

    /// Returns the number of present users, listed or not.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.presence.members.present()
    }

    /// Returns the number of members, listed or not.
    #[must_use]
    pub const fn members(&self) -> u32 {
        self.presence.members.members()
    }

    /// Returns the read position, including a change in flight.
    #[must_use]
    pub const fn read(&self) -> Seq {
        self.read_tracker.shown().read
    }

    /// Returns the number of unread messages of other users; at most `MAX_UNREAD_COUNTED`, which means "or
    /// more".
    #[must_use]
    pub const fn unread(&self) -> u32 {
        self.read_tracker.shown().unread
    }

    /// Returns the position after which the new messages start. It stays in place while the user reads.
    #[must_use]
    pub const fn divider(&self) -> Option<Seq> {
        self.read_tracker.shown().divider
    }

    /// Returns the position after which the view starts, if the room was opened at its unread messages and has
    /// some, or if messages arrived while the tab was hidden. The view scrolls there once.
    #[must_use]
    pub const fn opens_at(&self) -> Option<Seq> {
        self.read_tracker.shown().opens_at
    }

    /// Returns the read positions of other members, by user id.
    #[must_use]
    pub fn marks(&self) -> &[ReadMark] {
        self.presence.marks.all()
    }

    /// Returns the other users who are typing, in the order in which they started.
    #[must_use]
    pub fn typing(&self) -> &[User] {
        self.presence.typing.users()
    }

    /// Returns the newest 50 rows and the cursor, to keep them for offline use and restore them with
    /// [`crate::Client::seed_room`]. Returns `None` if the end of the room is not loaded.
    #[must_use]
    pub fn copy(&self) -> Option<(Page, Seq)> {
        self.timeline.copy(&self.name)
    }

    /// Returns the read positions to show, by user id. The author of a message has read everything before it.
    #[must_use]
    pub fn readers(&self) -> Vec<ReadMark> {
        self.presence.marks.with_authors(&self.timeline)
    }

    /// Takes the state of the room from a rendered page or a local copy.
    pub(crate) fn seed(&mut self, seed: Seed) {
        let Seed { page, cursor, topic, people, count, members, marks } = seed;
        self.membership.set_seeded();
        self.timeline.open();
        self.presence.seed(MemberList::new(people, count, members), marks, self.timeline.me());
        self.topic.seed(topic);
        self.read_tracker.counter.observe_from(cursor);
        self.timeline.start_over(StartOver { page, cursor });
    }

    /// Opens the room in the view.
    pub(crate) fn open(&mut self, start: StartAt) {
        self.open = true;
        self.membership.on_opened(self.subscription.is_joined());
        self.timeline.open();
        self.read_tracker.open(start);
        self.read_tracker.place_divider(&mut self.timeline);
    }

    /// Closes the room in the view.
    pub(crate) fn close(&mut self, now: Millis) {
        self.open = false;
        self.membership.on_closed();
        self.read_tracker.close();
        self.typing_notifier.stop(now);
        self.timeline.close();
    }

    /// Allows another join after a leave or a permanent refusal, because the user acts in the room.
    pub(crate) fn allow_join(&mut self, out: &mut ClientOutput) {
        if self.subscription.allow() {
            out.room(&self.name).phase = true;
            if !self.membership.belongs() {
                self.membership.set_wanted();
            }
        }
    }

    /// Joins the room again, because the server does not see this client in it.
    pub(crate) fn rejoin(&mut self, now: Millis, out: &mut ClientOutput) {
        if self.subscription.rejoin(now) {
            out.room(&self.name).phase = true;
        }
    }

    /// Starts receiving events after `head` in a room that is neither loaded nor about to be joined.
    pub(crate) fn begin_at(&mut self, head: Seq) {
        if self.timeline.cursor().is_none() && !self.subscription.is_joining() {
            self.timeline.begin_at(head);
            self.read_tracker.counter.observe_from(head);
        }
    }

    /// Takes the state of the room from the reply to a join.
    pub(crate) fn on_joined(&mut self, joined: Joined, now: Millis, out: &mut ClientOutput) {
        self.subscription.on_reply(now);
        out.change_set.rooms_list |= !self.membership.is_member();
        self.membership.on_joined();
        self.id = Some(joined.room.id);
        self.topic.set_stored(joined.room.topic);
        let members = MemberList::new(joined.people, joined.count, joined.members);
        self.presence.on_joined(members, joined.marks, joined.typing, self.timeline.me(), now);
        out.room_replaced(&self.name);
    }

    /// Takes the state of the room from the list of the user's rooms. `for_sure` is set if it answers a
    /// request on this connection.
    pub(crate) fn on_my_room(&mut self, mine: MyRoom, for_sure: bool) {
        self.membership.set_belongs(true);
        self.active_at = self.active_at.max(Some(mine.active_at));
        self.topic.on_listed(mine.room.topic, mine.read.head);
        self.read_tracker.counter.count(&mine.read, for_sure);
    }

    /// Records that the room is in the list of the user's rooms. A room that was left may be joined again.
    pub(crate) fn on_listed(&mut self, head: Seq, out: &mut ClientOutput) {
        self.membership.on_listed();
        if self.subscription.allow_after_leave() {
            out.room(&self.name).phase = true;
        }
        if !self.open {
            self.begin_at(head);
        }
    }

    /// Ends the subscription after a leave; `answered` if this client requested it. Returns whether the room
    /// is left.
    pub(crate) fn on_left(&mut self, answered: bool, out: &mut ClientOutput) -> bool {
        self.end_presence(out);
        self.subscription.on_left(answered && self.open)
    }

    /// Handles the refusal of a join, because the user is no member any more. Returns whether the room is left.
    pub(crate) fn on_not_member(&mut self, out: &mut ClientOutput) -> bool {
        self.membership.on_not_member();
        self.end_presence(out);
        self.subscription.on_not_member(self.membership.is_wanted())
    }

    /// Removes the typing users after the end of the membership.
    fn end_presence(&mut self, out: &mut ClientOutput) {
        self.presence.typing.clear();
        let changes = out.room(&self.name);
        changes.phase = true;
        changes.typing = true;
    }

    /// Returns whether the next join must not make the user a member: all joins but that of a room that the user
    /// opened, and that of a room with unsent messages of a user who left it.
    pub(crate) const fn resumes(&self) -> bool {
        !self.membership.is_wanted() && (self.membership.belongs() || self.open)
    }

    /// Applies an event to the timeline, and to the other state of the room, such as counts and the topic.
    pub(crate) fn apply(&mut self, event: &Event, out: &mut ClientOutput) -> ApplyOutcome {
        let outcome = self.timeline.apply(event.clone());
        if outcome != ApplyOutcome::New {
            return outcome;
        }
        let me = self.timeline.me();
        out.room(&self.name).timeline = true;
        match event {
            Event::Posted(message) => {
                self.active_at = self.active_at.max(Some(message.at));
                out.change_set.rooms_list = true;
                out.room(&self.name).typing |= self.presence.typing.remove(message.author.id);
                if Some(message.author.id) != me && message.text.is_some() {
                    self.read_tracker.counter.posted(message.seq);
                }
            }
            Event::Deleted(deleted) if Some(deleted.by) != me => {
                self.read_tracker.counter.deleted(deleted.seq, deleted.message_seq);
            }
            Event::Described(_) => self.topic.on_event(event),
            Event::Deleted(_) | Event::Edited(_) | Event::Reacted(_) | Event::Joined(_) | Event::Left(_) => {}
        }
        outcome
    }

    /// Continues or completes a catch-up after its batch of events was applied. `gap` is set if some
    /// events could not be applied.
    pub(crate) fn on_catch_up(&mut self, more: bool, gap: bool, now: Millis, out: &mut ClientOutput) {
        if gap {
            self.subscription.on_broken_catch_up();
        } else if more {
            self.subscription.on_partial_catch_up(now);
        } else {
            self.timeline.begin_empty();
            self.subscription.on_caught_up(self.timeline.cursor());
        }
        out.room(&self.name).timeline = true;
    }

    /// Replaces the rows after too many missed events.
    pub(crate) fn on_start_over(&mut self, start: StartOver, out: &mut ClientOutput) {
        // The page can be newer than the topic in the reply to the join.
        start.page.events.iter().for_each(|event| self.topic.on_event(event));
        self.read_tracker.counter.observe_from(start.cursor);
        self.timeline.start_over(start);
        self.subscription.on_caught_up(self.timeline.cursor());
        out.room(&self.name).timeline = true;
    }

    /// Updates the read position, the unread count and the divider.
    pub(crate) fn recount(&mut self, out: &mut ClientOutput) {
        self.read_tracker.recount(&self.name, &mut self.timeline, out);
    }

    /// Shows messages and topic with `changes` applied.
    pub(crate) fn show_changes<'a, C: DoubleEndedIterator<Item = &'a Change>>(
        &mut self,
        changes: impl Fn() -> C,
        me: Option<&User>,
        out: &mut ClientOutput,
    ) {
        if self.timeline.show_changes(changes(), me) {
            out.room(&self.name).timeline = true;
        }
        if self.topic.show(changes()) {
            out.room(&self.name).topic = true;
        }
    }

    /// Resets what belongs to a connection after it is lost. Delays of posts and changes remain, because
    /// unavailable storage does not recover with a new socket.
    pub(crate) fn reset_connection(&mut self, out: &mut ClientOutput) {
        if self.presence.typing.clear() {
            out.room(&self.name).typing = true;
        }
        if self.subscription.reset() {
            out.room(&self.name).phase = true;
        }
        self.timeline.reset_in_flight();
        self.membership.reset(self.open);
        self.read_tracker.reset_in_flight();
        self.typing_notifier = TypingNotifier::default();
    }

    /// Removes expired typing indicators.
    pub(crate) fn expire_typing(&mut self, now: Millis, out: &mut ClientOutput) {
        if self.presence.typing.expire(now) {
            out.room(&self.name).typing = true;
        }
    }

    /// Returns whether the user can see new messages.
    pub(crate) const fn is_looked_at(&self) -> bool {
        self.open && !self.membership.is_leaving() && !self.read_tracker.is_hidden()
    }

    /// Returns whether the room must be kept although it is not open.
    pub(crate) const fn is_needed(&self) -> bool {
        self.open
            || self.membership.is_member()
            || self.membership.is_leaving()
            || self.subscription.is_joined_or_joining()
            || self.membership.is_seeded()
    }
}
