//! The user's memberships and open rooms.

use hubbub_protocol::{MAX_ROOMS_PER_CONNECTION, Mine, MyRoom, ReadState, Refusal, RoomName, Seq};

use crate::{Client, Millis, Phase};

/// Maximum known rooms, beyond open ones and those with pending messages.
const MAX_ROOMS_KNOWN: usize = 2 * MAX_ROOMS_PER_CONNECTION;

impl Client {
    pub(crate) fn open(&mut self, name: &RoomName, at_unread: bool) {
        let room = self.room_mut(name);
        room.open = true;
        room.unsure = false;
        room.timeline.open();
        room.read_tracker.kept_unread = false;
        room.read_tracker.away = false;
        room.read_tracker.divider_due = true;
        room.read_tracker.at_unread = at_unread;
        room.leaving &= room.leave_asked;
        room.set_belongs(room.belongs);
        room.place_divider();
        self.ask_again(name);
        let change_set = self.change_set.room(name);
        change_set.phase = true;
        change_set.timeline = true;
        self.change_set.rooms_list = true;
    }

    pub(crate) fn close(&mut self, name: &RoomName, now: Millis) {
        if let Some(room) = self.rooms.get_mut(name) {
            room.open = false;
            room.divider = None;
            room.opens_at = None;
            room.read_tracker.divider_due = false;
            room.typing_notifier.stop(now);
            room.timeline.close();
            let change_set = self.change_set.room(name);
            change_set.phase = true;
            change_set.timeline = true;
            self.change_set.rooms_list = true;
        }
    }

    pub(crate) fn leave(&mut self, name: &RoomName, now: Millis) {
        self.close(name, now);
        // A room with a pending message is joined to send it.
        let waits = self.outbox.has_pending(name);
        if let Some(room) = self.rooms.get_mut(name) {
            room.leaving |= room.belongs || room.subscription.joined || room.subscription.asked || waits;
            room.set_belongs(room.belongs);
        }
    }

    /// Applies the list of the user's rooms. Rooms joined meanwhile on this connection may be missing from
    /// it.
    pub(crate) fn on_rooms(&mut self, mut mine: Vec<MyRoom>, now: Millis) {
        let left = std::mem::take(&mut self.queries.listing.left);
        mine.retain(|mine| !left.contains(&mine.room.name));
        let named: Vec<RoomName> = mine.iter().map(|mine| mine.room.name.clone()).collect();
        let mut left = Vec::new();
        for room in self.rooms.values_mut() {
            room.seeded = false;
            if !named.contains(&room.name) && !room.subscription.joined && !room.subscription.asked {
                room.set_belongs(false);
                // Another device left the room, or the reply to the leave was lost.
                room.leaving &= self.outbox.has_pending(&room.name);
                if std::mem::take(&mut room.unsure) {
                    left.push(room.name.clone());
                }
            }
        }
        left.iter().for_each(|name| self.stay_out(name));
        for mine in mine.into_iter().take(MAX_ROOMS_PER_CONNECTION) {
            let name = mine.room.name.clone();
            let head = mine.read.head;
            self.learn_mine(mine, true);
            let Some(room) = self.rooms.get_mut(&name) else { continue };
            room.listed = true;
            room.unsure = false;
            if room.phase == Phase::Left {
                // The user is a member again, so the leave is outdated.
                room.phase = Phase::Joining;
                room.subscription.refused = false;
                self.change_set.room(&name).phase = true;
            }
            if room.timeline.cursor().is_none() && !room.subscription.asked && !room.open {
                room.timeline.begin_at(head);
                room.read_tracker.observe_from(head);
            }
        }
        self.queries.listing.known = true;
        self.change_set.rooms_list = true;
        // Delays the next request, in case the list is needed again at once.
        self.queries.listing.backoff.pause(now);
        self.count_again();
    }

    /// Requests the list again if events were missed, because only the server can then count unread messages.
    pub(crate) fn count_again(&mut self) {
        if self.rooms.values().any(|room| room.member && !room.read_tracker.is_exact()) {
            self.want_rooms();
        }
    }

    /// Records a membership. `for_sure` is set if it answers a request on this connection.
    pub(crate) fn learn_mine(&mut self, mine: MyRoom, for_sure: bool) {
        let name = mine.room.name;
        if !self.rooms.contains_key(&name) && self.rooms.len() >= MAX_ROOMS_KNOWN {
            return;
        }
        let room = self.room_mut(&name);
        room.set_belongs(true);
        room.active_at = room.active_at.max(Some(mine.active_at));
        if mine.read.head >= room.described.1 {
            room.described.0 = mine.room.topic;
        }
        room.read_tracker.count(&mine.read, for_sure);
        self.change_set.rooms_list = true;
        self.repaint(&name);
        self.recount(&name);
    }

    pub(crate) fn on_mine(&mut self, mine: Mine) {
        match mine {
            Mine::Joined(mine) => {
                let name = mine.room.name.clone();
                let head = mine.read.head;
                self.learn_mine(mine, false);
                self.mark_browsed(&name, true);
                let Some(room) = self.rooms.get_mut(&name) else { return };
                if room.timeline.cursor().is_none() && !room.subscription.asked && !room.subscription.joined {
                    room.timeline.begin_at(head);
                    room.read_tracker.observe_from(head);
                }
                self.ask_again(&name);
            }
            Mine::Left { room } => self.on_left(&room, false),
            Mine::Read(state) => self.on_read(&state),
            Mine::Appearance(appearance) => self.learn_appearance(appearance),
        }
    }

    /// Records the end of a membership; `answered` if this client requested it.
    pub(crate) fn on_left(&mut self, name: &RoomName, answered: bool) {
        self.mark_browsed(name, false);
        self.change_set.rooms_list = true;
        if self.queries.listing.left.len() < MAX_ROOMS_KNOWN {
            self.queries.listing.left.push(name.clone());
        }
        let Some(room) = self.rooms.get_mut(name) else { return };
        room.set_belongs(false);
        if answered {
            room.leaving = false;
            room.leave_asked = false;
            room.echo_due = !room.echo_due;
        } else if room.leave_asked || room.echo_due {
            // A leave of this client yields a reply and a notice, in either order. The second is ignored.
            room.echo_due = !room.echo_due;
            return;
        }
        // A join in flight decides; its answer follows.
        room.subscription.joined = false;
        room.stop_typing();
        let change_set = self.change_set.room(name);
        change_set.phase = true;
        change_set.typing = true;
        if room.subscription.asked || (answered && room.open) {
            room.phase = Phase::Joining;
            return;
        }
        self.stay_out(name);
        if !answered {
            // The list corrects this if it is outdated.
            self.want_rooms();
        }
    }

    /// Stays out of a room that the user left on any device.
    fn stay_out(&mut self, name: &RoomName) {
        let Some(room) = self.rooms.get_mut(name) else { return };
        room.phase = Phase::Left;
        room.subscription.refused = true;
        self.change_set.room(name).phase = true;
        self.fail_all(name, &Refusal::not_joined(name.as_str()));
    }

    pub(crate) fn on_read(&mut self, state: &ReadState) {
        if let Some(room) = self.rooms.get_mut(&state.room) {
            room.read_tracker.count(state, false);
            self.recount(&state.room);
        }
    }

    fn mark_browsed(&mut self, name: &RoomName, joined: bool) {
        let found = self.queries.browsing.found.iter_mut().flat_map(|found| &mut found.rooms);
        for room in found.filter(|room| room.room.name == *name && room.joined != joined) {
            room.joined = joined;
            self.change_set.browsed = true;
        }
    }

    /// Updates the read position, the unread count and the divider.
    pub(crate) fn recount(&mut self, name: &RoomName) {
        let Some(room) = self.rooms.get_mut(name) else { return };
        let before = (room.read, room.unread, room.divider);
        room.read = room.read_tracker.position();
        room.unread = room.read_tracker.unread();
        room.place_divider();
        self.change_set.rooms_list |= before != (room.read, room.unread, room.divider);
        if before.2 != room.divider {
            self.change_set.room(name).timeline = true;
        }
    }

    /// Marks everything up to `seq` as seen.
    pub(crate) fn seen(&mut self, name: &RoomName, seq: Seq) {
        let Some(room) = self.rooms.get_mut(name) else { return };
        room.read_tracker.away = false;
        // While the first unread message is unknown, the view may show any part of the room.
        let Some(seq) = room.timeline.seen_up_to(seq).filter(|_| !room.read_tracker.is_searching()) else {
            return;
        };
        if room.read_tracker.request_read(seq) {
            self.recount(name);
        }
    }

    pub(crate) fn mark_unread(&mut self, name: &RoomName, seq: Seq) {
        let me = self.me.as_ref().map(|me| me.id);
        let Some(room) = self.rooms.get_mut(name) else { return };
        let head = room.timeline.cursor().unwrap_or_default();
        let held = room
            .timeline
            .saved()
            .filter(|message| message.seq >= seq && Some(message.author.id) != me && message.text.is_some());
        let mut unread = u32::try_from(held.count()).unwrap_or(u32::MAX);
        if room.timeline.has_newer() {
            unread = unread.max(room.unread);
        }
        room.read_tracker.request_unread(seq, unread, head);
        room.divider = Some(Seq(seq.0.saturating_sub(1)));
        self.change_set.room(name).timeline = true;
        self.recount(name);
    }

    /// Marks the tab as hidden: later messages are new.
    pub(crate) fn away(&mut self, name: &RoomName) {
        let Some(room) = self.rooms.get_mut(name) else { return };
        room.read_tracker.away = true;
        room.divider = (room.unread > 0).then_some(room.read);
        room.opens_at = room.divider;
        self.change_set.room(name).timeline = true;
    }

    /// Evicts rooms that are neither open nor the user's own and have no pending work.
    pub(crate) fn evict_unused(&mut self) {
        let Self { rooms, outbox, changes, change_set, .. } = self;
        rooms.retain(|name, room| {
            let needed = room.is_needed() || outbox.has_pending(name) || changes.has_waiting(name);
            if !needed {
                change_set.room(name).phase = true;
                change_set.rooms_list = true;
            }
            needed
        });
        changes.retain_shown(|room| rooms.contains_key(room));
    }
}
