//! What is sent, and when: everything that waits goes out from here, in order and within the window.

use hubbub_protocol::{ClientFrame, Command, MAX_OPEN_REQUESTS, MAX_ROOMS_PER_CONNECTION, Seq};

use crate::requests::Request;
use crate::{Client, Effect, Millis};

/// Requests that may be open when a join, a leave or a page of history is sent. The rest is for pings.
const OPEN_REQUESTS: usize = MAX_OPEN_REQUESTS - 4;
/// Requests that may be open when a post is sent, so that a full outbox does not keep one out of a room.
const OPEN_POSTS: usize = MAX_OPEN_REQUESTS - 8;

impl Client {
    /// Sends what may be sent now. Safe to call at any time: what waits is remembered where it belongs.
    pub(crate) fn send_what_waits(&mut self, now: Millis) {
        if !self.link.state().is_online() {
            return;
        }
        if self.link.ping_is_due(now) {
            self.send(Command::Ping {}, Request::Ping, now);
            self.link.pinged(now);
        }
        for room in self.rooms.values_mut() {
            room.seat.wake(now);
        }
        self.send_joins(now);
        self.send_histories(now);
        self.send_posts(now);
    }

    fn send_joins(&mut self, now: Millis) {
        let mut seats = self.rooms.values().filter(|room| room.seat.asked || room.seat.joined).count();
        let mut joins = Vec::new();
        // The rooms that somebody looks at come first.
        for wanted in [true, false] {
            for room in self.rooms.values_mut().filter(|room| room.open == wanted) {
                let has_seat = room.seat.joined;
                // A room that one only has messages for waits until there is a seat; the server would refuse.
                let fits = wanted || has_seat || seats < MAX_ROOMS_PER_CONNECTION;
                if room.seat.wants_join() && fits && self.requests.len() + joins.len() < OPEN_REQUESTS {
                    room.seat.asked = true;
                    room.seat.again = false;
                    room.seat.heard = Seq(0);
                    seats += usize::from(!has_seat);
                    joins.push((room.name.clone(), room.timeline.cursor()));
                }
            }
        }
        for (name, cursor) in joins {
            let room = name.as_str().to_owned();
            self.send(Command::Join { room, cursor }, Request::Join(name), now);
        }
    }

    fn send_histories(&mut self, now: Millis) {
        let mut pages = Vec::new();
        for room in self.rooms.values_mut() {
            let seat = &mut room.seat;
            let ready = seat.joined && !seat.asked_older && seat.reading.is_ready();
            if !ready || !room.timeline.loading_older() {
                continue;
            }
            match room.timeline.first_seq() {
                Some(before) if self.requests.len() + pages.len() < OPEN_REQUESTS => {
                    seat.asked_older = true;
                    pages.push((room.name.clone(), before));
                }
                Some(_) => {}
                None => room.timeline.stop_loading(true),
            }
        }
        for (room, before) in pages {
            let name = room.as_str().to_owned();
            let command = Command::History { room: name, before: Some(before), limit: None };
            self.send(command, Request::History { room, before }, now);
        }
    }

    fn send_posts(&mut self, now: Millis) {
        if self.outbox.is_empty() {
            return;
        }
        let rooms = self.rooms.values().filter(|room| room.seat.joined && room.seat.posting.is_ready());
        let rooms: Vec<_> = rooms.map(|room| (room.name.clone(), room.seat.posting.on_trial())).collect();
        for (room, on_trial) in rooms {
            while self.requests.len() < OPEN_POSTS {
                // After a "later" one message goes first, alone: if it is refused too, none has overtaken it.
                if on_trial && self.outbox.has_in_flight(&room) {
                    break;
                }
                let Some(entry) = self.outbox.first_waiting(&room).cloned() else { break };
                self.outbox.set_in_flight(entry.client_id, true);
                let command = Command::Post {
                    room: room.as_str().to_owned(),
                    client_id: entry.client_id,
                    text: entry.text.as_str().to_owned(),
                };
                self.send(command, Request::Post(entry.client_id), now);
            }
        }
    }

    /// Lets go of rooms that nobody looks at and no message waits for.
    pub(crate) fn tidy(&mut self, now: Millis) {
        let mut idle = Vec::new();
        for (name, room) in &self.rooms {
            if !room.open && !self.outbox.has_pending(name) {
                idle.push((name.clone(), room.seat.asked || room.seat.joined));
            }
        }
        for (name, seated) in idle {
            if seated && self.link.state().is_online() {
                if self.requests.len() >= OPEN_REQUESTS {
                    continue;
                }
                self.send(Command::Leave { room: name.as_str().to_owned() }, Request::Leave, now);
            }
            self.rooms.remove(&name);
            self.touched.room(&name).phase = true;
        }
    }

    fn send(&mut self, command: Command, request: Request, now: Millis) {
        let id = self.requests.add(request, now);
        self.effects.push(Effect::Send(ClientFrame { id, command }.encode()));
        self.link.sent(now);
    }
}
