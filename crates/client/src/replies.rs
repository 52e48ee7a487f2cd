//! Handling of replies.

use hubbub_protocol::{Answer, ClientId, Joined, Page, Posted, RoomName, Seq};

use crate::requests::Request;
use crate::timeline::PageRequest;
use crate::{Client, Effect, Millis, Phase};

impl Client {
    /// Handles a reply. Returns `false` if it does not match the request.
    pub(crate) fn on_answer(&mut self, request: Request, answer: Answer, now: Millis) -> bool {
        match (request, answer) {
            (Request::Join(room), Answer::Joined(joined)) if joined.room.name == room => {
                self.on_joined(joined, now);
            }
            (Request::Leave(room), Answer::Left { room: left }) if room == left => {
                self.on_left(&room, true);
            }
            (Request::Post(client_id), Answer::Posted(posted)) => {
                if self.outbox.get(client_id).is_some_and(|entry| entry.room != posted.room) {
                    return false;
                }
                self.on_posted(client_id, posted);
            }
            (Request::Change { room, change_id }, Answer::Done { room: done, seq }) if room == done => {
                self.on_done(&room, change_id, seq);
            }
            (Request::Read(room), Answer::Read(state)) if state.room == room => {
                if let Some(room) = self.rooms.get_mut(&room) {
                    room.read_tracker.answered();
                    room.subscription.marking.granted();
                }
                self.on_read(&state);
                self.recount(&room);
            }
            (Request::History { room, ask }, Answer::History(page)) if page.room == room => {
                self.on_history(page, ask, now);
            }
            (Request::Ping, Answer::Pong {}) | (Request::Type, Answer::Typed {}) => {}
            (request, answer) => return self.on_asked(&request, answer, now),
        }
        true
    }

    fn on_posted(&mut self, client_id: ClientId, posted: Posted) {
        let Posted { room, seq, at, .. } = posted;
        let entry = self.forget(client_id);
        let Some(room) = self.rooms.get_mut(&room) else { return };
        room.subscription.posting.granted();
        // The outbox has no entry if the event arrived before the reply.
        if let Some(entry) = entry {
            room.timeline.confirm(entry, seq, at);
        }
    }

    fn on_done(&mut self, name: &RoomName, change_id: ClientId, seq: Seq) {
        if self.changes.set_stored(change_id, seq) {
            self.effects.push(Effect::Forget(change_id));
            self.change_set.outbox = true;
        }
        let Some(room) = self.rooms.get_mut(name) else { return };
        room.subscription.changing.granted();
        self.settle_changes(name);
    }

    fn on_joined(&mut self, joined: Joined, now: Millis) {
        let name = joined.room.name.clone();
        let Some(room) = self.rooms.get_mut(&name) else { return };
        room.subscription.asked = false;
        room.subscription.joined = true;
        room.subscription.wait_for_missed(now);
        room.echo_due = false;
        room.subscription.joining.granted();
        // Delays the next join, in case another gap is found at once.
        room.subscription.joining.pause(now);
        room.phase = Phase::Live;
        self.change_set.rooms_list |= !room.member;
        room.set_belongs(true);
        self.merge_joined(joined, now);
    }

    fn on_history(&mut self, page: Page, ask: PageRequest, now: Millis) {
        let name = page.room.clone();
        let Some(room) = self.rooms.get_mut(&name) else { return };
        if !room.timeline.awaits(ask) {
            return;
        }
        room.subscription.paging.granted();
        if room.timeline.take_page(ask, page) {
            // Paging continues by itself, after a delay.
            room.subscription.paging.pause(now);
        }
        self.change_set.room(&name).timeline = true;
        self.repaint(&name);
        self.settle_saved(&name);
    }
}
