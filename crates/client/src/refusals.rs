//! Handling of refusals.

use hubbub_protocol::{ClientId, Code, Refusal, Retry, RoomName};

use crate::requests::Request;
use crate::timeline::PageRequest;
use crate::{Client, Effect, Kept, Millis, Phase};

impl Client {
    pub(crate) fn on_refusal(&mut self, request: Request, refusal: Refusal, now: Millis) {
        match request {
            Request::Join(room) => self.on_join_refused(&room, refusal, now),
            Request::Leave(room) => self.on_leave_refused(&room, refusal, now),
            Request::Post(client_id) => self.on_post_refused(client_id, refusal, now),
            Request::Change { room, change_id } => self.on_change_refused(&room, change_id, refusal, now),
            Request::Read(room) => self.on_read_refused(&room, &refusal, now),
            Request::History { room, ask } => self.on_history_refused(&room, ask, &refusal, now),
            Request::Edits { ref room, .. } if refusal.code == Code::NotJoined => {
                self.on_asked_in_vain(&request, true, now);
                self.come_in_again(room, now);
            }
            Request::Edits { ref room, .. } if refusal.retry == Retry::Never => {
                self.on_asked_in_vain(&request, false, now);
                self.effects.push(Effect::Refused { room: room.clone(), refusal });
            }
            request => self.on_asked_in_vain(&request, refusal.retry == Retry::Later, now),
        }
    }

    fn on_join_refused(&mut self, name: &RoomName, refusal: Refusal, now: Millis) {
        let Some(room) = self.rooms.get_mut(name) else { return };
        room.subscription.asked = false;
        if refusal.retry == Retry::Later {
            room.subscription.joining.refused_as(&refusal, now);
            // The room was joined again only for missed events, so the subscription remains.
            room.subscription.again = room.subscription.joined;
        } else {
            room.subscription.joined = false;
            room.subscription.refused = true;
            self.fail_all(name, &refusal);
        }
        if let Some(room) = self.rooms.get_mut(name).filter(|room| !room.subscription.joined) {
            room.phase = Phase::Refused(refusal);
            self.change_set.room(name).phase = true;
        }
    }

    fn on_leave_refused(&mut self, name: &RoomName, refusal: Refusal, now: Millis) {
        let Some(room) = self.rooms.get_mut(name) else { return };
        room.leave_asked = false;
        if refusal.retry == Retry::Later {
            room.subscription.changing.refused_as(&refusal, now);
            return;
        }
        room.leaving = false;
        room.set_belongs(true);
        self.change_set.rooms_list = true;
        self.effects.push(Effect::Refused { room: name.clone(), refusal });
        self.want_rooms();
    }

    fn on_post_refused(&mut self, client_id: ClientId, refusal: Refusal, now: Millis) {
        self.outbox.set_in_flight(client_id, false);
        let Some(name) = self.outbox.get(client_id).map(|entry| entry.room.clone()) else { return };
        match refusal.retry {
            // The message is valid; the room must be joined again.
            _ if refusal.code == Code::NotJoined => self.come_in_again(&name, now),
            Retry::Later => {
                let Some(room) = self.rooms.get_mut(&name) else { return };
                let is_first = !room.subscription.posting.on_trial();
                room.subscription.posting.refused_as(&refusal, now);
                // The message waits. The user is notified once, until a message is stored again.
                if is_first && refusal.code == Code::Unavailable {
                    self.effects.push(Effect::Refused { room: name, refusal });
                }
            }
            Retry::Never => self.fail(client_id, refusal),
        }
    }

    fn on_change_refused(&mut self, name: &RoomName, change_id: ClientId, refusal: Refusal, now: Millis) {
        self.changes.set_idle(change_id);
        match refusal.retry {
            _ if refusal.code == Code::NotJoined => self.come_in_again(name, now),
            Retry::Later => {
                if let Some(room) = self.rooms.get_mut(name) {
                    room.subscription.changing.refused_as(&refusal, now);
                }
            }
            Retry::Never => self.give_up_change(change_id, &refusal),
        }
    }

    fn on_read_refused(&mut self, name: &RoomName, refusal: &Refusal, now: Millis) {
        let Some(room) = self.rooms.get_mut(name) else { return };
        match refusal.retry {
            _ if refusal.code == Code::NotJoined => {
                room.read_tracker.reset_in_flight();
                self.come_in_again(name, now);
            }
            Retry::Later => {
                room.read_tracker.reset_in_flight();
                room.subscription.marking.refused_as(refusal, now);
            }
            Retry::Never => {
                room.read_tracker.answered();
                self.recount(name);
            }
        }
    }

    fn on_history_refused(&mut self, name: &RoomName, ask: PageRequest, refusal: &Refusal, now: Millis) {
        let Some(room) = self.rooms.get_mut(name).filter(|room| room.timeline.awaits(ask)) else { return };
        room.timeline.ask_again();
        match refusal.retry {
            _ if refusal.code == Code::NotJoined => self.come_in_again(name, now),
            Retry::Later => room.subscription.paging.refused_as(refusal, now),
            Retry::Never => {
                room.timeline.stop_loading(true);
                // The newest page is requested again at once, so this needs a delay.
                room.subscription.paging.refused(now);
            }
        }
        self.change_set.room(name).timeline = true;
    }

    /// Joins a room again in which the server does not see this client.
    fn come_in_again(&mut self, name: &RoomName, now: Millis) {
        if let Some(room) =
            self.rooms.get_mut(name).filter(|room| room.subscription.joined && !room.subscription.asked)
        {
            room.subscription.joined = false;
            room.subscription.joining.pause(now);
            room.phase = Phase::Joining;
            self.change_set.room(name).phase = true;
        }
    }

    /// Fails all pending work for a room that cannot be joined.
    pub(crate) fn fail_all(&mut self, name: &RoomName, refusal: &Refusal) {
        let changes = self.changes.open().filter(|change| change.room == *name);
        let changes: Vec<ClientId> = changes.map(|change| change.change_id).collect();
        for change_id in changes {
            self.give_up_change(change_id, refusal);
        }
        let entries = self.outbox.of_room(name).filter(|entry| entry.failed.is_none());
        let entries: Vec<ClientId> = entries.map(|entry| entry.client_id).collect();
        for client_id in entries {
            self.fail(client_id, refusal.clone());
        }
    }

    fn fail(&mut self, client_id: ClientId, refusal: Refusal) {
        if let Some(entry) = self.outbox.fail(client_id, refusal) {
            self.effects.push(Effect::Keep(Kept::Message(entry.as_ref().clone())));
            self.show(&entry);
        }
    }
}
