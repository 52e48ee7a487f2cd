//! Sends changes of stored data until the server has stored them.

use hubbub_protocol::{
    ClientId, Code, Command, Epoch, Event, Field, Refusal, Retry, RoomName, Seq, Timestamp, UserId,
};

use crate::change::Change;
use crate::channel::Channel;
use crate::output::ClientOutput;
use crate::pending_changes::PendingChanges;
use crate::requests::Request;
use crate::rooms::Rooms;
use crate::send_queue::SendQueue;
use crate::{Effect, Entry, Kept, Millis, PendingChange, RoomState};

/// Sends pending changes, and shows them in their rooms at once.
#[derive(Debug, Default)]
pub(crate) struct ChangeQueue {
    changes: PendingChanges,
}

impl ChangeQueue {
    pub(crate) const fn changes(&self) -> &PendingChanges {
        &self.changes
    }

    /// Returns whether the room has changes that are not stored yet.
    pub(crate) fn has_waiting(&self, room: &RoomName) -> bool {
        self.changes.has_waiting(room)
    }

    /// Adds a change, and removes the waiting changes that it replaces.
    pub(crate) fn enqueue(&mut self, pending: PendingChange, rooms: &mut Rooms, out: &mut ClientOutput) {
        let (pending, replaced) = self.changes.add(pending);
        // A crash between the two effects leaves an obsolete record instead of losing the change.
        out.keep(Kept::Change(pending.as_ref().clone()));
        out.effects.extend(replaced.into_iter().map(Effect::Forget));
        out.change_set.outbox = true;
        self.show(&pending.room, rooms, out);
    }

    /// Restores changes from an earlier run or another tab, in the order of sending.
    pub(crate) fn restore(
        &mut self,
        changes: Vec<PendingChange>,
        rooms: &mut Rooms,
        posts: &SendQueue,
        out: &mut ClientOutput,
    ) {
        for change in changes {
            let name = change.room.clone();
            if !self.changes.is_known(change.change_id) && self.changes.is_outdated(&change) {
                out.effects.push(Effect::Forget(change.change_id));
                continue;
            }
            if !self.changes.restore(change) {
                continue;
            }
            let has_posts = posts.has_pending(&name);
            let room = rooms.get_or_create(&name, posts.outbox());
            // An old change must not make the user a member again, so the list of rooms decides. A pending
            // message does join.
            if !room.open && !room.membership.belongs() && !has_posts {
                room.membership.await_room_list();
            }
            out.change_set.outbox = true;
            self.show(&name, rooms, out);
        }
    }

    /// Orders the next changes after those that another tab made before `at`.
    pub(crate) fn begin_after(&mut self, at: Timestamp) {
        self.changes.begin_after(at);
    }

    /// Sends waiting changes to joined rooms. Waits for all missed events, which may show that a change
    /// arrived although its reply was lost.
    pub(crate) fn send(&mut self, rooms: &Rooms, channel: &mut Channel, now: Millis, out: &mut ClientOutput) {
        for room in rooms.all().filter(|room| room.subscription.is_settled()) {
            while channel.has_place_for_posts()
                && let Some(change) = self.next_request(room, out)
            {
                channel.send(change, now, out);
            }
        }
    }

    /// Returns the next change of a joined room to send now. Removes changes that no longer apply; they are
    /// not shown either.
    fn next_request(&mut self, room: &RoomState, out: &mut ClientOutput) -> Option<(Command, Request)> {
        if !room.changing.is_ready() {
            return None;
        }
        loop {
            let pending = self.changes.next_to_send(&room.name, room.changing.on_trial())?;
            let PendingChange { change_id, change, .. } = pending.as_ref();
            if !change.is_obsolete(room.topic.stored()) {
                let request = Request::Change { room: room.name.clone(), change_id: *change_id };
                return Some((change.command(&room.name), request));
            }
            self.changes.remove(*change_id);
            out.effects.push(Effect::Forget(*change_id));
            out.change_set.outbox = true;
        }
    }

    /// Handles the reply to a change: it is stored at `seq`. It is shown until its event arrives.
    pub(crate) fn on_reply(
        &mut self,
        name: &RoomName,
        change_id: ClientId,
        seq: Seq,
        rooms: &mut Rooms,
        out: &mut ClientOutput,
    ) {
        if self.changes.set_stored(change_id, seq) {
            out.effects.push(Effect::Forget(change_id));
            out.change_set.outbox = true;
        }
        let Some(room) = rooms.get_mut(name) else { return };
        room.changing.granted();
        self.settle(name, rooms, out);
    }

    /// Handles the refusal of a change in a room. Returns whether the change must be given up.
    pub(crate) fn on_refusal(
        &mut self,
        change_id: ClientId,
        refusal: &Refusal,
        room: Option<&mut RoomState>,
        now: Millis,
        out: &mut ClientOutput,
    ) -> bool {
        self.changes.set_idle(change_id);
        match room {
            Some(room) if refusal.code == Code::NotJoined => room.rejoin(now, out),
            Some(room) if refusal.retry == Retry::Later => room.changing.refused_as(refusal, now),
            _ => {}
        }
        refusal.code != Code::NotJoined && refusal.retry == Retry::Never
    }

    /// Removes changes that this event of the room has made, and shows the remaining ones.
    pub(crate) fn on_event(
        &mut self,
        name: &RoomName,
        event: &Event,
        rooms: &mut Rooms,
        out: &mut ClientOutput,
    ) {
        let made = rooms.my_id().and_then(|me| self.changes.take_done(name, event, me));
        if let Some(change_id) = made {
            out.effects.push(Effect::Forget(change_id));
            out.change_set.outbox = true;
            self.show(name, rooms, out);
        }
        self.settle(name, rooms, out);
        if self.changes.of_room(name).next().is_some() || matches!(event, Event::Described(_)) {
            self.show(name, rooms, out);
        }
    }

    /// Removes the stored changes of the room whose events have arrived.
    pub(crate) fn settle(&mut self, name: &RoomName, rooms: &mut Rooms, out: &mut ClientOutput) {
        let cursor = rooms.get(name).and_then(|room| room.timeline.cursor());
        if self.changes.settle(name, cursor) {
            self.show(name, rooms, out);
        }
    }

    /// Shows messages and topic of the room with its pending changes applied.
    pub(crate) fn show(&self, name: &RoomName, rooms: &mut Rooms, out: &mut ClientOutput) {
        if let Some((room, me)) = rooms.get_with_me(name) {
            room.show_changes(|| self.changes.of_room(name), me, out);
        }
    }

    /// Gives up all pending changes of a room that cannot be joined.
    pub(crate) fn fail_room(
        &mut self,
        name: &RoomName,
        refusal: &Refusal,
        rooms: &mut Rooms,
        posts: &mut SendQueue,
        out: &mut ClientOutput,
    ) {
        let changes = self.changes.open().filter(|change| change.room == *name);
        let changes: Vec<ClientId> = changes.map(|change| change.change_id).collect();
        for change_id in changes {
            self.give_up(change_id, refusal, rooms, posts, out);
        }
    }

    /// Assigns changes without an author to this user. Gives up changes to another database.
    pub(crate) fn adopt(
        &mut self,
        me: UserId,
        epoch: &Epoch,
        rooms: &mut Rooms,
        posts: &mut SendQueue,
        out: &mut ClientOutput,
    ) {
        for change in self.changes.adopt(me, epoch) {
            out.keep(Kept::Change(change.as_ref().clone()));
        }
        let void = self.changes.open().filter(|change| change.epoch.as_ref() != Some(epoch));
        let void: Vec<ClientId> = void.map(|change| change.change_id).collect();
        for change_id in void {
            self.give_up(change_id, &Refusal::not_found(Field::MessageId), rooms, posts, out);
        }
    }

    /// Hides changes by their id and author. They stay in storage.
    pub(crate) fn hide(
        &mut self,
        is_hidden: &dyn Fn(ClientId, Option<UserId>) -> bool,
        rooms: &mut Rooms,
        out: &mut ClientOutput,
    ) {
        for room in self.changes.take_out(is_hidden) {
            out.change_set.outbox = true;
            self.show(&room, rooms, out);
        }
    }

    /// Removes the authors, because users of another database have other ids.
    pub(crate) fn forget_authors(&mut self) {
        self.changes.forget_authors();
    }

    /// Marks all changes as waiting after the connection is lost, so that they are sent again.
    pub(crate) fn reset_in_flight(&mut self) {
        self.changes.reset_in_flight();
    }

    /// Removes the stored changes of rooms that are no longer known.
    pub(crate) fn evict_unshown(&mut self, rooms: &Rooms) {
        self.changes.retain_shown(|room| rooms.get(room).is_some());
    }

    /// Gives up a change after a permanent refusal. The text of an edit is kept as a failed message, which
    /// can be sent as a new one.
    pub(crate) fn give_up(
        &mut self,
        change_id: ClientId,
        refusal: &Refusal,
        rooms: &mut Rooms,
        posts: &mut SendQueue,
        out: &mut ClientOutput,
    ) {
        let Some(pending) = self.changes.remove(change_id) else { return };
        // An edit to an empty text removed the caption of attachments; without them there is nothing to post.
        if let Change::Edit { text, at, .. } = &pending.change
            && !text.is_empty()
        {
            let entry = Entry {
                client_id: change_id,
                author: pending.author,
                room: pending.room.clone(),
                text: text.clone(),
                files: Vec::new(),
                reply_to: None,
                at: *at,
                order: 0,
                failed: Some(refusal.clone()),
            };
            posts.add_failed(entry, rooms, out);
        } else {
            out.effects.push(Effect::Forget(change_id));
        }
        out.change_set.outbox = true;
        out.refused(&pending.room, refusal.clone());
        self.show(&pending.room, rooms, out);
    }
}
