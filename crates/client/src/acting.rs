//! What the user says and changes.

use hubbub_protocol::{ClientId, Refusal, RoomName};

use crate::deeds::Change;
use crate::{Client, Effect, Entry, Millis};

impl Client {
    pub(crate) fn post(&mut self, entry: Entry, now: Millis) {
        if self.outbox.is_full() || self.is_in_use(entry.client_id, &entry.room) {
            return;
        }
        let entry = self.outbox.add(entry);
        self.effects.push(Effect::Keep(entry.as_ref().clone()));
        self.show(&entry);
        self.ask_again(&entry.room);
        let room = self.room_mut(&entry.room);
        room.keys.stop(now);
        // Whoever says something wants to see it.
        room.timeline.want_end();
    }

    pub(crate) fn retry(&mut self, client_id: ClientId, fresh: ClientId) {
        let Some(entry) = self.outbox.get(client_id) else { return };
        let fresh = (!self.is_in_use(fresh, &entry.room)).then_some(fresh);
        let author = self.me.as_ref().map(|me| me.id);
        let Some(entry) = self.outbox.retry(client_id, fresh, author) else { return };
        // In this order a crash in between leaves one entry too many, not one too few.
        self.effects.push(Effect::Keep(entry.as_ref().clone()));
        if entry.client_id != client_id {
            self.effects.push(Effect::Forget(client_id));
            self.room_mut(&entry.room).timeline.hide(client_id);
        }
        self.show(&entry);
        self.ask_again(&entry.room);
    }

    /// Changes something that is stored: it shows at once.
    pub(crate) fn change(&mut self, name: &RoomName, change: Change) {
        let Some(room) = self.rooms.get_mut(name) else { return };
        self.last_deed += 1;
        if !room.add_deed(self.last_deed, change) {
            let refusal = Refusal::unavailable();
            self.effects.push(Effect::Refused { room: name.clone(), refusal });
        }
        self.repaint(name);
    }

    /// Shows messages and topic with what is on its way.
    pub(crate) fn repaint(&mut self, name: &RoomName) {
        let Some(room) = self.rooms.get_mut(name) else { return };
        let topic = room.topic.clone();
        let changed = room.paint_deeds(self.me.as_ref());
        if changed || topic != room.topic {
            let touched = self.touched.room(name);
            touched.timeline |= changed;
            touched.topic |= topic != room.topic;
        }
    }

    /// Whether a message of mine has this name already: two rows must not have one key.
    fn is_in_use(&self, client_id: ClientId, room: &RoomName) -> bool {
        self.outbox.get(client_id).is_some()
            || self.rooms.get(room).is_some_and(|room| room.timeline.holds_mine(client_id))
    }
}
