//! Posting messages and making changes.

use hubbub_protocol::{ClientId, Event, Refusal, RoomName, UserId};

use crate::change::Change;
use crate::{Client, Effect, Entry, Kept, Millis, PendingChange};

impl Client {
    pub(crate) fn post(&mut self, entry: Entry, now: Millis) {
        if self.outbox.is_full() || self.is_in_use(entry.client_id, &entry.room) {
            return;
        }
        let entry = self.outbox.add(entry);
        self.effects.push(Effect::Keep(Kept::Message(entry.as_ref().clone())));
        self.show(&entry);
        self.ask_again(&entry.room);
        let room = self.room_mut(&entry.room);
        room.typing_notifier.stop(now);
        // Scrolls to the end, where the new message appears.
        room.timeline.want_end();
    }

    pub(crate) fn retry(&mut self, client_id: ClientId, fresh: ClientId) {
        let Some(entry) = self.outbox.get(client_id) else { return };
        let fresh = (!self.is_in_use(fresh, &entry.room)).then_some(fresh);
        let author = self.me.as_ref().map(|me| me.id);
        let Some(entry) = self.outbox.retry(client_id, fresh, author) else { return };
        // A crash between the two effects leaves a duplicate record instead of losing the message.
        self.effects.push(Effect::Keep(Kept::Message(entry.as_ref().clone())));
        if entry.client_id != client_id {
            self.effects.push(Effect::Forget(client_id));
            self.room_mut(&entry.room).timeline.hide(client_id);
        }
        self.show(&entry);
        self.ask_again(&entry.room);
    }

    /// Makes a change of stored data, which is shown at once.
    pub(crate) fn change(&mut self, name: &RoomName, change: Change) {
        if !self.rooms.contains_key(name) {
            return;
        }
        if !self.can_change(name, &change) {
            self.effects.push(Effect::Refused { room: name.clone(), refusal: Refusal::unavailable() });
            return;
        }
        let pending = PendingChange {
            change_id: self.fresh_id(),
            author: self.me.as_ref().map(|me| me.id),
            epoch: self.epoch.clone(),
            room: name.clone(),
            change,
            order: 0,
        };
        let (pending, replaced) = self.changes.add(pending);
        // A crash between the two effects leaves an obsolete record instead of losing the change.
        self.effects.push(Effect::Keep(Kept::Change(pending.as_ref().clone())));
        self.effects.extend(replaced.into_iter().map(Effect::Forget));
        self.change_set.outbox = true;
        self.repaint(name);
    }

    pub(crate) fn can_change(&self, room: &RoomName, change: &Change) -> bool {
        // An edit that is refused permanently becomes a failed message, which needs room in the outbox.
        let has_place = !matches!(change, Change::Edit { .. }) || !self.outbox.is_full();
        has_place && self.changes.can_take(room, change)
    }

    /// Restores a change from an earlier run or another tab.
    pub(crate) fn restore_change(&mut self, change: PendingChange) {
        let name = change.room.clone();
        if !self.changes.restore(change) {
            return;
        }
        let has_pending = self.outbox.has_pending(&name);
        let room = self.room_mut(&name);
        // An old change must not make the user a member again, so the list of rooms decides. A pending
        // message does join.
        room.unsure |= !room.open && !room.belongs && !has_pending;
        self.change_set.outbox = true;
        self.repaint(&name);
    }

    /// Gives up a change after a permanent refusal. The text of an edit is kept as a failed message, which
    /// can be sent as a new one.
    pub(crate) fn give_up_change(&mut self, change_id: ClientId, refusal: &Refusal) {
        let Some(pending) = self.changes.remove(change_id) else { return };
        let room = pending.room.clone();
        if let Change::Edit { text, at, .. } = &pending.change {
            let entry = self.outbox.add(Entry {
                client_id: change_id,
                author: pending.author,
                room: room.clone(),
                text: text.clone(),
                reply_to: None,
                at: *at,
                order: 0,
                failed: Some(refusal.clone()),
            });
            // The id is the same, so this overwrites the record of the change.
            self.effects.push(Effect::Keep(Kept::Message(entry.as_ref().clone())));
            self.show(&entry);
        } else {
            self.effects.push(Effect::Forget(change_id));
        }
        self.change_set.outbox = true;
        self.effects.push(Effect::Refused { room: room.clone(), refusal: refusal.clone() });
        self.repaint(&room);
    }

    /// Removes a pending change that this event has already made.
    pub(crate) fn forget_done(&mut self, name: &RoomName, event: &Event, me: UserId) {
        if let Some(change_id) = self.changes.take_done(name, event, me) {
            self.forget_change(name, change_id);
        }
    }

    /// Removes a pending change that will not be sent, also from storage.
    pub(crate) fn forget_change(&mut self, name: &RoomName, change_id: ClientId) {
        self.changes.remove(change_id);
        self.effects.push(Effect::Forget(change_id));
        self.change_set.outbox = true;
        self.repaint(name);
    }

    /// Removes the stored changes of the room whose events have arrived. Returns whether there were any.
    pub(crate) fn settle_changes(&mut self, name: &RoomName) -> bool {
        let cursor = self.rooms.get(name).and_then(|room| room.timeline.cursor());
        let settled = self.changes.settle(name, cursor);
        if settled {
            self.repaint(name);
        }
        settled
    }

    /// Updates messages and topic to include pending changes.
    pub(crate) fn repaint(&mut self, name: &RoomName) {
        let Some(room) = self.rooms.get_mut(name) else { return };
        let topic = room.topic.clone();
        let changed = room.paint(|| self.changes.of_room(name), self.me.as_ref());
        if changed || topic != room.topic {
            let change_set = self.change_set.room(name);
            change_set.timeline |= changed;
            change_set.topic |= topic != room.topic;
        }
    }

    /// Assigns messages and changes without an author to the current user. Gives up changes to another
    /// database.
    pub(crate) fn adopt_unsent(&mut self) {
        let (Some(me), Some(epoch)) = (self.me.as_ref().map(|me| me.id), self.epoch.clone()) else { return };
        self.dismiss_others();
        for entry in self.outbox.adopt(me) {
            self.effects.push(Effect::Keep(Kept::Message(entry.as_ref().clone())));
            self.show(&entry);
        }
        for change in self.changes.adopt(me, &epoch) {
            self.effects.push(Effect::Keep(Kept::Change(change.as_ref().clone())));
        }
        let void = self.changes.open().filter(|change| change.epoch.as_ref() != Some(&epoch));
        let void: Vec<ClientId> = void.map(|change| change.change_id).collect();
        for change_id in void {
            self.give_up_change(change_id, &Refusal::not_found(hubbub_protocol::Field::MessageId));
        }
    }

    /// Hides messages and changes of other users. They stay in storage for their authors.
    pub(crate) fn dismiss_others(&mut self) {
        let Some(me) = self.me.as_ref().map(|me| me.id) else { return };
        for entry in self.outbox.dismiss_others(me) {
            if let Some(room) = self.rooms.get_mut(&entry.room) {
                room.timeline.hide(entry.client_id);
            }
            self.change_set.outbox = true;
            self.change_set.room(&entry.room).timeline = true;
        }
        for room in self.changes.dismiss_others(me) {
            self.change_set.outbox = true;
            self.repaint(&room);
        }
    }

    /// Returns an id that no local message or change has.
    fn fresh_id(&mut self) -> ClientId {
        loop {
            let mut bytes = [0; 16];
            bytes[..8].copy_from_slice(&self.random.bits().to_le_bytes());
            bytes[8..].copy_from_slice(&self.random.bits().to_le_bytes());
            let id = ClientId::from_random_bytes(bytes);
            if !self.changes.is_known(id) && self.outbox.get(id).is_none() {
                return id;
            }
        }
    }

    /// Returns whether one of the user's messages already has this id. Two rows must not have the same key.
    fn is_in_use(&self, client_id: ClientId, room: &RoomName) -> bool {
        self.outbox.get(client_id).is_some()
            || self.rooms.get(room).is_some_and(|room| room.timeline.holds_mine(client_id))
    }
}
