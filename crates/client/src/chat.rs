//! The state of the chat, and the routes from what the server sends to the parts that handle it.

mod replies;

use hubbub_protocol::{
    CatchUp, Code, Epoch, Event, MAX_ROOMS_PER_CONNECTION, MyRoom, Refusal, Retry, RoomName, StartOver, User,
    UserEvent,
};

use crate::change::Change;
use crate::channel::Channel;
use crate::output::ClientOutput;
use crate::queries::Queries;
use crate::random::Random;
use crate::read_tracker::StartAt;
use crate::rooms::Rooms;
use crate::timeline::ApplyOutcome;
use crate::unsent::Unsent;
use crate::{Millis, RoomState, Seed};
pub(crate) use replies::{on_refusal, on_reply};

/// The rooms, the unsent messages and changes of the user, and the requests that concern no single room.
#[derive(Debug, Default)]
pub(crate) struct Chat {
    pub(crate) epoch: Option<Epoch>,
    pub(crate) rooms: Rooms,
    pub(crate) unsent: Unsent,
    pub(crate) queries: Queries,
}

impl Chat {
    /// Sends everything that can be sent now. Other work stays pending, so it is safe to call at any time.
    pub(crate) fn send(&mut self, channel: &mut Channel, now: Millis, out: &mut ClientOutput) {
        let Self { rooms, unsent, queries, .. } = self;
        rooms.all_mut().for_each(|room| room.wake(now));
        queries.wake(now);
        unsent.posts.wake(now);
        while channel.has_place()
            && let Some(query) = queries.next_request(rooms, now)
        {
            channel.send(query, now, out);
        }
        let is_listed = queries.room_list.is_answered();
        rooms.send_joins(is_listed, unsent, channel, now, out);
        rooms.send_page_requests(channel, now, out);
        unsent.send(rooms, channel, now, out);
        rooms.send_reads(channel, now, out);
        rooms.send_typing(channel, now, out);
        rooms.send_leaves(is_listed, unsent, channel, now, out);
    }

    /// Opens a room in the view.
    pub(crate) fn open(&mut self, name: &RoomName, start: StartAt, out: &mut ClientOutput) {
        let room = self.room_mut(name);
        room.open(start);
        room.allow_join(out);
        out.room(name).phase = true;
        out.room(name).timeline = true;
        out.change_set.rooms_list = true;
    }

    /// Closes a room and ends the membership.
    pub(crate) fn leave(&mut self, name: &RoomName, now: Millis, out: &mut ClientOutput) {
        self.rooms.leave(name, self.queries.room_list.is_answered(), &self.unsent, now, out);
    }

    /// Makes a change of stored data, which is shown at once.
    pub(crate) fn enqueue_change(
        &mut self,
        name: &RoomName,
        change: Change,
        random: &mut Random,
        out: &mut ClientOutput,
    ) {
        if self.rooms.get(name).is_some() {
            self.unsent.enqueue_change(name, change, self.epoch.as_ref(), &mut self.rooms, random, out);
        }
    }

    fn on_join_refused(&mut self, name: &RoomName, refusal: Refusal, now: Millis, out: &mut ClientOutput) {
        let Some(room) = self.rooms.get_mut(name) else { return };
        if refusal.code == Code::NotJoined {
            let is_left = room.on_not_member(out);
            self.on_membership_ended(name, is_left, out);
            if is_left {
                self.queries.room_list.require();
            }
            return;
        }
        room.subscription.on_refusal(refusal.clone(), now);
        out.room(name).phase |= !room.subscription.is_joined();
        if refusal.retry == Retry::Never {
            self.unsent.fail_room(name, &refusal, &mut self.rooms, out);
        }
    }

    /// Updates the lists of rooms after a membership has ended, and stays out of the room if it is left.
    fn on_membership_ended(&mut self, name: &RoomName, is_left: bool, out: &mut ClientOutput) {
        self.queries.browse.set_joined(name, false, out);
        self.queries.room_list.on_left(name);
        out.change_set.rooms_list = true;
        if is_left {
            self.stay_out(name, out);
        }
    }

    fn on_leave_refused(&mut self, name: &RoomName, refusal: Refusal, now: Millis, out: &mut ClientOutput) {
        let Some(room) = self.rooms.get_mut(name) else { return };
        if room.membership.on_refusal(&refusal) {
            out.change_set.rooms_list = true;
            out.refused(name, refusal);
            self.queries.room_list.require();
        } else {
            room.changing.refused_as(&refusal, now);
        }
    }

    pub(crate) fn on_event(&mut self, name: &RoomName, event: &Event, out: &mut ClientOutput) {
        let Some(room) = self.rooms.get_mut(name) else { return };
        room.subscription.on_event(event.seq());
        if room.subscription.is_joined()
            && self.apply(name, event, out) == ApplyOutcome::Gap
            && let Some(room) = self.rooms.get_mut(name)
        {
            room.subscription.on_gap();
        }
    }

    pub(crate) fn on_catch_up(&mut self, catch_up: &CatchUp, now: Millis, out: &mut ClientOutput) {
        let CatchUp { room: name, events, more } = catch_up;
        if self.rooms.joined_mut(name).is_some() {
            let gap = events.iter().any(|event| self.apply(name, event, out) == ApplyOutcome::Gap);
            if let Some(room) = self.rooms.get_mut(name) {
                room.on_catch_up(*more, gap, now, out);
            }
        }
    }

    pub(crate) fn on_start_over(&mut self, start: StartOver, out: &mut ClientOutput) {
        let name = start.page.room.clone();
        let Some(room) = self.rooms.joined_mut(&name) else { return };
        room.on_start_over(start, out);
        self.unsent.changes.settle(&name, &mut self.rooms, out);
        self.unsent.on_rows_replaced(&name, &mut self.rooms, out);
        self.recount_by_list();
    }

    /// Handles a notice to all connections of the user.
    pub(crate) fn on_user_event(&mut self, event: UserEvent, out: &mut ClientOutput) {
        match event {
            UserEvent::Joined(mine) => {
                let (name, head) = (mine.room.name.clone(), mine.read.head);
                self.on_my_room(mine, false, out);
                self.queries.browse.set_joined(&name, true, out);
                self.rooms.on_joined_elsewhere(&name, head, out);
            }
            UserEvent::Left { room } => self.on_left(&room, false, out),
            UserEvent::Read(state) => self.rooms.on_read(&state, out),
            UserEvent::Appearance(appearance) => self.queries.appearance.set_stored(appearance, out),
        }
    }

    /// Applies an event: to the timeline, to pending changes, to the unread count and to the send queue.
    fn apply(&mut self, name: &RoomName, event: &Event, out: &mut ClientOutput) -> ApplyOutcome {
        let Self { rooms, unsent: Unsent { posts, changes, .. }, .. } = self;
        let Some(room) = rooms.get_mut(name) else { return ApplyOutcome::Double };
        let outcome = room.apply(event, out);
        if outcome == ApplyOutcome::New {
            changes.on_event(name, event, rooms, out);
            if let Some(room) = rooms.get_mut(name) {
                room.recount(out);
            }
        }
        // After a gap the entry stays, because its row must not disappear before the saved message is there.
        if let Event::Posted(message) = event
            && rooms.my_id() == Some(message.author.id)
            && outcome != ApplyOutcome::Gap
        {
            posts.on_event(name, message.client_id, rooms, out);
        }
        outcome
    }

    /// Applies the list of the user's rooms. Rooms joined meanwhile on this connection may be missing from
    /// it.
    fn on_room_list(&mut self, mut mine: Vec<MyRoom>, now: Millis, out: &mut ClientOutput) {
        let left = self.queries.room_list.on_reply(now);
        mine.retain(|mine| !left.contains(&mine.room.name));
        let lost = self.rooms.on_list(&mine, &self.unsent);
        lost.iter().for_each(|name| self.stay_out(name, out));
        for mine in mine.into_iter().take(MAX_ROOMS_PER_CONNECTION) {
            let (name, head) = (mine.room.name.clone(), mine.read.head);
            self.on_my_room(mine, true, out);
            if let Some(room) = self.rooms.get_mut(&name) {
                room.on_listed(head, out);
            }
        }
        out.change_set.rooms_list = true;
        self.recount_by_list();
    }

    /// Records a membership. `for_sure` is set if it answers a request on this connection.
    fn on_my_room(&mut self, mine: MyRoom, for_sure: bool, out: &mut ClientOutput) {
        let name = mine.room.name.clone();
        if self.rooms.has_place_for(&name) {
            self.room_mut(&name).on_my_room(mine, for_sure);
            out.change_set.rooms_list = true;
            self.unsent.changes.show(&name, &mut self.rooms, out);
            self.room_mut(&name).recount(out);
        }
    }

    /// Requests the list again if events were missed, because only the server can then count unread messages.
    fn recount_by_list(&mut self) {
        if self.rooms.all().any(|room| room.is_member() && !room.read_tracker.counter.is_exact()) {
            self.queries.room_list.require();
        }
    }

    /// Records the end of a membership; `answered` if this client requested it.
    fn on_left(&mut self, name: &RoomName, answered: bool, out: &mut ClientOutput) {
        let is_left = match self.rooms.get_mut(name) {
            Some(room) if answered => {
                room.membership.on_reply();
                room.on_left(true, out)
            }
            Some(room) => room.membership.on_left_notice() && room.on_left(false, out),
            None => false,
        };
        self.on_membership_ended(name, is_left, out);
        if is_left && !answered {
            // The list corrects this if it is outdated.
            self.queries.room_list.require();
        }
    }

    /// Stays out of a room that the user left on any device.
    fn stay_out(&mut self, name: &RoomName, out: &mut ClientOutput) {
        if let Some(room) = self.rooms.get_mut(name) {
            room.subscription.stay_out();
            out.room(name).phase = true;
            self.unsent.fail_room(name, &Refusal::not_joined(name.as_str()), &mut self.rooms, out);
        }
    }

    /// Sets the database. Discards all rooms if the client had data of another database.
    pub(crate) fn set_epoch(&mut self, epoch: Epoch, out: &mut ClientOutput) {
        if self.epoch.as_ref().is_some_and(|known| *known != epoch) {
            self.unsent.forget_authors();
            self.discard_rooms(out);
        }
        self.epoch = Some(epoch);
    }

    /// Sets the user. Discards all rooms if the client had another user before.
    pub(crate) fn set_me(&mut self, user: User, out: &mut ClientOutput) {
        let id = user.id;
        let former = self.rooms.set_me(user).map(|me| me.id);
        out.change_set.me = true;
        if former == Some(id) {
            return;
        }
        self.unsent.remove_others(&mut self.rooms, out);
        if former.is_some() {
            self.discard_rooms(out);
        }
        for name in self.rooms.names() {
            self.room_mut(&name).timeline.set_me(Some(id));
            out.room(&name).timeline = true;
            self.unsent.on_rows_replaced(&name, &mut self.rooms, out);
        }
    }

    /// Discards all rooms, because the database or the user changed.
    fn discard_rooms(&mut self, out: &mut ClientOutput) {
        self.rooms.discard(self.unsent.posts.outbox(), out);
        self.queries = Queries::default();
        out.change_set.appearance = true;
        out.change_set.browsed = true;
        out.change_set.edits = true;
    }

    /// Assigns messages and changes without an author to the current user.
    pub(crate) fn adopt_unsent(&mut self, out: &mut ClientOutput) {
        if let Some(epoch) = &self.epoch {
            self.unsent.adopt(epoch, &mut self.rooms, out);
        }
    }

    /// Adds the user's rooms as the server rendered them.
    pub(crate) fn seed_rooms(&mut self, rooms: Vec<MyRoom>, out: &mut ClientOutput) {
        for room in rooms {
            self.on_my_room(room, false, out);
        }
        self.queries.room_list.set_known();
        out.change_set.rooms_list = true;
    }

    /// Adds a room, unless it is loaded.
    pub(crate) fn seed_room(&mut self, seed: Seed, out: &mut ClientOutput) {
        let name = seed.page.room.clone();
        let room = self.room_mut(&name);
        if room.timeline.cursor().is_none() {
            room.seed(seed);
            out.room_replaced(&name);
            self.unsent.on_rows_replaced(&name, &mut self.rooms, out);
        }
    }

    /// Resets everything that was in flight after the connection is lost.
    pub(crate) fn reset_connection(&mut self, out: &mut ClientOutput) {
        self.unsent.reset_in_flight(&mut self.rooms, out);
        self.queries.reset_in_flight();
        self.rooms.all_mut().for_each(|room| room.reset_connection(out));
    }

    /// Returns the room and creates it if it does not exist.
    pub(crate) fn room_mut(&mut self, name: &RoomName) -> &mut RoomState {
        self.rooms.get_or_create(name, self.unsent.posts.outbox())
    }

    pub(crate) fn deadline(&self) -> Option<Millis> {
        let deadlines = [self.rooms.deadline(), self.queries.deadline(), self.unsent.posts.deadline()];
        deadlines.into_iter().flatten().min()
    }
}
