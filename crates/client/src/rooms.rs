//! The rooms that the client knows.

use hubbub_protocol::{
    Code, MAX_ROOMS_PER_CONNECTION, MyRoom, ReadState, Refusal, Retry, RoomName, Seq, Signal, User, UserId,
};

use crate::channel::Channel;
use crate::output::ClientOutput;
use crate::sorted_vec_map::SortedVecMap;
use crate::timeline::PageRequest;
use crate::unsent::Unsent;
use crate::{Millis, Outbox, RoomState, Timeline};

/// Maximum known rooms, beyond open ones and those with pending messages.
pub(crate) const MAX_ROOMS_KNOWN: usize = 2 * MAX_ROOMS_PER_CONNECTION;

/// The rooms of the user, open rooms and rooms with pending work, and the user whose rooms they are.
#[derive(Debug, Default)]
pub(crate) struct Rooms {
    by_name: SortedVecMap<RoomName, RoomState>,
    me: Option<User>,
}

impl Rooms {
    pub(crate) const fn me(&self) -> Option<&User> {
        self.me.as_ref()
    }

    pub(crate) fn my_id(&self) -> Option<UserId> {
        self.me.as_ref().map(|me| me.id)
    }

    /// Sets the user, and returns the former one.
    pub(crate) const fn set_me(&mut self, me: User) -> Option<User> {
        self.me.replace(me)
    }

    pub(crate) fn get(&self, name: &RoomName) -> Option<&RoomState> {
        self.by_name.get(name)
    }

    pub(crate) fn get_mut(&mut self, name: &RoomName) -> Option<&mut RoomState> {
        self.by_name.get_mut(name)
    }

    /// Returns the room if it is joined.
    pub(crate) fn joined_mut(&mut self, name: &RoomName) -> Option<&mut RoomState> {
        self.get_mut(name).filter(|room| room.subscription.is_joined())
    }

    /// Returns a room together with the user.
    pub(crate) fn get_with_me(&mut self, name: &RoomName) -> Option<(&mut RoomState, Option<&User>)> {
        let Self { by_name, me } = self;
        Some((by_name.get_mut(name)?, me.as_ref()))
    }

    /// Returns the room and creates it if it does not exist, with its messages from the outbox.
    pub(crate) fn get_or_create(&mut self, name: &RoomName, outbox: &Outbox) -> &mut RoomState {
        let me = self.my_id();
        self.by_name.get_or_insert_with(name.clone(), || {
            let mut room = RoomState::new(name.clone(), me);
            for entry in outbox.of_room(name) {
                room.timeline.show(entry.clone());
            }
            room
        })
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &RoomState> {
        self.by_name.values()
    }

    pub(crate) fn all_mut(&mut self) -> impl Iterator<Item = &mut RoomState> {
        self.by_name.values_mut()
    }

    pub(crate) fn names(&self) -> Vec<RoomName> {
        self.by_name.keys().cloned().collect()
    }

    /// Returns whether the client knows this room, or can store a further room.
    pub(crate) fn has_place_for(&self, name: &RoomName) -> bool {
        self.by_name.contains_key(name) || self.by_name.len() < MAX_ROOMS_KNOWN
    }

    /// Closes a room in the view.
    pub(crate) fn close(&mut self, name: &RoomName, now: Millis, out: &mut ClientOutput) {
        if let Some(room) = self.get_mut(name) {
            room.close(now);
            out.room(name).phase = true;
            out.room(name).timeline = true;
            out.change_set.rooms_list = true;
        }
    }

    /// Closes a room in the view and requests to leave it. Until the list of the user's rooms arrives on this
    /// connection (`is_listed`), any room may be in it: a join may have arrived on a connection that was lost
    /// before the reply.
    pub(crate) fn leave(
        &mut self,
        name: &RoomName,
        is_listed: bool,
        unsent: &Unsent,
        now: Millis,
        out: &mut ClientOutput,
    ) {
        self.close(name, now, out);
        if !is_listed && self.has_place_for(name) {
            self.get_or_create(name, unsent.posts.outbox());
        }
        if let Some(room) = self.get_mut(name) {
            let is_joined = room.membership.belongs() || room.subscription.is_joined_or_joining();
            room.membership.leave(is_joined || !is_listed || unsent.has_work(name));
        }
    }

    /// Records that the tab is hidden: later messages are new.
    pub(crate) fn hide(&mut self, name: &RoomName, out: &mut ClientOutput) {
        if let Some(room) = self.get_mut(name) {
            room.read_tracker.hide();
            out.room(name).timeline = true;
        }
    }

    /// Records a key press, or that the composer is empty.
    pub(crate) fn on_typing(&mut self, name: &RoomName, on: bool, now: Millis) {
        match self.joined_mut(name) {
            Some(room) if on => room.typing_notifier.press(),
            Some(room) => room.typing_notifier.stop(now),
            None => {}
        }
    }

    /// Requests a page by one of the methods of [`Timeline`].
    pub(crate) fn want_page(
        &mut self,
        name: &RoomName,
        want: fn(&mut Timeline) -> bool,
        out: &mut ClientOutput,
    ) {
        if self.get_mut(name).is_some_and(|room| want(&mut room.timeline)) {
            out.room(name).timeline = true;
        }
    }

    /// Requests the rows around a position.
    pub(crate) fn want_around(&mut self, name: &RoomName, seq: Seq, out: &mut ClientOutput) {
        if self.get_mut(name).is_some_and(|room| room.timeline.want_around(seq)) {
            out.room(name).timeline = true;
        }
    }

    /// Records whether the view is above the end of the room.
    pub(crate) fn keep_place(&mut self, name: &RoomName, above: bool) {
        if let Some(room) = self.get_mut(name) {
            room.timeline.keep_place(above);
        }
    }

    /// Marks everything up to `seq` as seen.
    pub(crate) fn on_seen(&mut self, name: &RoomName, seq: Seq, out: &mut ClientOutput) {
        let Some(room) = self.get_mut(name) else { return };
        if room.read_tracker.on_seen(seq, &room.timeline) {
            room.recount(out);
        }
    }

    /// Marks everything from `seq` on as unread.
    pub(crate) fn mark_unread(&mut self, name: &RoomName, seq: Seq, out: &mut ClientOutput) {
        if let Some(room) = self.get_mut(name) {
            room.read_tracker.mark_unread(seq, &room.timeline);
            out.room(name).timeline = true;
            room.recount(out);
        }
    }

    /// Records a read position that the server reports.
    pub(crate) fn on_read(&mut self, state: &ReadState, out: &mut ClientOutput) {
        if let Some(room) = self.get_mut(&state.room) {
            room.read_tracker.counter.count(state, false);
            room.recount(out);
        }
    }

    /// Records that another connection of the user joined a room.
    pub(crate) fn on_joined_elsewhere(&mut self, name: &RoomName, head: Seq, out: &mut ClientOutput) {
        let Some(room) = self.get_mut(name) else { return };
        if !room.subscription.is_joined() {
            room.begin_at(head);
        }
        room.allow_join(out);
    }

    /// Handles the reply to a report of a read position.
    pub(crate) fn on_read_reply(&mut self, state: &ReadState, out: &mut ClientOutput) {
        if let Some(room) = self.get_mut(&state.room) {
            room.read_tracker.on_reply(state);
            room.recount(out);
        }
    }

    /// Handles the refusal of a report of a read position.
    pub(crate) fn on_read_refused(
        &mut self,
        name: &RoomName,
        refusal: &Refusal,
        now: Millis,
        out: &mut ClientOutput,
    ) {
        let Some(room) = self.get_mut(name) else { return };
        room.read_tracker.on_refusal(refusal, now);
        if refusal.code == Code::NotJoined {
            room.rejoin(now, out);
        } else if refusal.retry == Retry::Never {
            room.recount(out);
        }
    }

    /// Handles the refusal of a page of history.
    pub(crate) fn on_page_refused(
        &mut self,
        name: &RoomName,
        ask: PageRequest,
        refusal: &Refusal,
        now: Millis,
        out: &mut ClientOutput,
    ) {
        let Some(room) = self.get_mut(name) else { return };
        if room.timeline.on_refusal(ask, refusal, now) {
            out.room(name).timeline = true;
            if refusal.code == Code::NotJoined {
                room.rejoin(now, out);
            }
        }
    }

    pub(crate) fn on_signal(&mut self, name: &RoomName, signal: Signal, now: Millis, out: &mut ClientOutput) {
        if let Some(room) = self.joined_mut(name) {
            room.presence.on_signal(name, signal, room.timeline.me(), now, out);
        }
    }

    /// Discards all rooms, because the database or the user changed. Open rooms start empty.
    pub(crate) fn discard(&mut self, outbox: &Outbox, out: &mut ClientOutput) {
        let former = std::mem::take(&mut self.by_name);
        for (name, room) in former.into_entries() {
            out.room_replaced(&name);
            if room.open || outbox.has_pending(&name) {
                let fresh = self.get_or_create(&name, outbox);
                if room.open {
                    fresh.open = true;
                    fresh.membership.set_wanted();
                    fresh.timeline.open();
                    fresh.read_tracker.open(room.read_tracker.start());
                }
            }
        }
        out.change_set.rooms_list = true;
    }

    /// Applies the list of the user's rooms to those that are missing in it. Returns the rooms of which the
    /// user is no longer a member.
    pub(crate) fn on_list(&mut self, listed: &[MyRoom], unsent: &Unsent) -> Vec<RoomName> {
        let mut lost = Vec::new();
        for room in self.all_mut() {
            room.membership.on_list();
            let is_listed = listed.iter().any(|mine| mine.room.name == room.name);
            if !is_listed
                && !room.subscription.is_joined_or_joining()
                && room.membership.on_not_listed(unsent.has_work(&room.name))
            {
                lost.push(room.name.clone());
            }
        }
        lost
    }

    /// Removes rooms that are neither open nor the user's own and have no pending work.
    pub(crate) fn evict_unused(&mut self, unsent: &mut Unsent, out: &mut ClientOutput) {
        self.by_name.retain(|name, room| {
            let is_needed = room.is_needed() || unsent.has_work(name);
            if !is_needed {
                out.room(name).phase = true;
                out.change_set.rooms_list = true;
            }
            is_needed
        });
        unsent.changes.evict_unshown(self);
    }

    /// Joins rooms. `is_listed` is set if the list of the user's rooms is not expected any more: a room of
    /// which the user may have been removed waits for it.
    pub(crate) fn send_joins(
        &mut self,
        is_listed: bool,
        unsent: &Unsent,
        channel: &mut Channel,
        now: Millis,
        out: &mut ClientOutput,
    ) {
        let mut joined_count = self.all().filter(|room| room.subscription.is_joined_or_joining()).count();
        let open_room_waits =
            !is_listed && self.all().any(|room| room.open && room.membership.awaits_room_list());
        // Open rooms are joined first.
        for is_open in [true, false] {
            if !is_open && open_room_waits {
                break;
            }
            for room in self.all_mut().filter(|room| room.open == is_open) {
                if !room.subscription.is_join_due() || (room.membership.awaits_room_list() && !is_listed) {
                    continue;
                }
                let has_posts = unsent.posts.has_pending(&room.name);
                let has_reason = is_open
                    || (room.is_member() && room.timeline.cursor().is_some())
                    || (room.membership.is_leave_due() && room.membership.belongs() && is_listed)
                    || unsent.has_work(&room.name);
                // A room that is not needed now waits until fewer rooms are joined, because the server would refuse it. A
                // room with pending messages does not wait.
                let is_joined = room.subscription.is_joined();
                let fits = is_open || is_joined || has_posts || joined_count < MAX_ROOMS_PER_CONNECTION;
                let (cursor, resume) = (room.timeline.cursor(), room.resumes());
                if has_reason
                    && fits
                    && channel.has_place()
                    && let Some(join) = room.subscription.next_request(&room.name, cursor, resume)
                {
                    joined_count += usize::from(!is_joined);
                    channel.send(join, now, out);
                }
            }
        }
    }

    /// Requests pages of history.
    pub(crate) fn send_page_requests(&mut self, channel: &mut Channel, now: Millis, out: &mut ClientOutput) {
        for room in self.all_mut().filter(|room| room.subscription.is_settled()) {
            if room.open && room.timeline.loading() && room.timeline.loading_around().is_none() {
                room.timeline.want_end();
            }
            if channel.has_place()
                && let Some(request) = room.timeline.next_request(&room.name)
            {
                channel.send(request, now, out);
            }
        }
    }

    /// Reports read positions.
    pub(crate) fn send_reads(&mut self, channel: &mut Channel, now: Millis, out: &mut ClientOutput) {
        for room in self.all_mut().filter(|room| room.subscription.is_settled()) {
            let (looked_at, has_place) = (room.is_looked_at(), channel.has_place());
            if let Some(read) = room.read_tracker.next_request(&room.name, looked_at, has_place, now) {
                channel.send(read, now, out);
            }
        }
    }

    /// Sends typing indicators. An indicator is dropped if no request is free, because it may be lost.
    pub(crate) fn send_typing(&mut self, channel: &mut Channel, now: Millis, out: &mut ClientOutput) {
        for room in self.all_mut().filter(|room| room.subscription.is_joined()) {
            if let Some(typing) = room.typing_notifier.next_request(&room.name, now)
                && channel.has_place_for_posts()
            {
                channel.send(typing, now, out);
            }
        }
    }

    /// Leaves rooms after all pending work is sent, because the server accepts it from joined connections
    /// only. `is_listed` is set if the list of the user's rooms is not expected any more.
    pub(crate) fn send_leaves(
        &mut self,
        is_listed: bool,
        unsent: &Unsent,
        channel: &mut Channel,
        now: Millis,
        out: &mut ClientOutput,
    ) {
        for room in self.all_mut().filter(|room| room.membership.is_leave_due()) {
            let has_work = unsent.has_work(&room.name);
            if is_listed && !has_work && !room.subscription.is_joined_or_joining() {
                room.membership.drop_needless_leave();
            }
            let is_idle = room.subscription.is_settled() && !has_work;
            let is_ready = is_idle && room.changing.is_ready();
            if is_ready
                && channel.has_place()
                && let Some(leave) = room.membership.next_request(&room.name)
            {
                channel.send(leave, now, out);
            }
        }
    }

    pub(crate) fn deadline(&self) -> Option<Millis> {
        self.all().filter_map(RoomState::deadline).min()
    }
}
