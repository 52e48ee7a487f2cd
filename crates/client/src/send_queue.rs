//! Sends pending work in order and within the limit of open requests.

use hubbub_protocol::{
    ClientFrame, Command, MAX_OPEN_REQUESTS, MAX_PAGE_MESSAGES, MAX_ROOMS_PER_CONNECTION, RoomName, Seq,
};

use crate::read_tracker::ReadRequest;
use crate::requests::Request;
use crate::timeline::WantedPage;
use crate::{Client, Effect, Millis, PendingChange};

/// Maximum open requests when a join, a leave or a request for history is sent. The rest is reserved for
/// pings.
const OPEN_REQUESTS: usize = MAX_OPEN_REQUESTS - 4;
/// Maximum open requests when a post or a change is sent, so that a full outbox does not block joins.
const OPEN_POSTS: usize = MAX_OPEN_REQUESTS - 8;

impl Client {
    /// Sends everything that can be sent now. Other work stays pending, so it is safe to call at any time.
    pub(crate) fn send_pending(&mut self, now: Millis) {
        if !self.link.state().is_online() {
            return;
        }
        let unanswered = self.requests.unanswered();
        if self.link.ping_is_due(unanswered, now) {
            self.send(Command::Ping { active: false }, Request::Ping, now);
            self.link.pinged(unanswered, now);
        }
        for room in self.rooms.values_mut() {
            room.subscription.wake(now);
        }
        self.send_queries(now);
        self.send_joins(now);
        self.send_histories(now);
        self.send_posts(now);
        self.send_changes(now);
        self.send_reads(now);
        self.send_typing(now);
        self.send_leaves(now);
    }

    /// Returns whether a request other than a post may be sent.
    pub(crate) fn has_place(&self) -> bool {
        self.requests.len() < OPEN_REQUESTS
    }

    fn send_joins(&mut self, now: Millis) {
        let mut seats =
            self.rooms.values().filter(|room| room.subscription.asked || room.subscription.joined).count();
        let mut joins = Vec::new();
        let listed = self.queries.listing.answered;
        let first_wait = !listed && self.rooms.values().any(|room| room.open && room.unsure);
        // Open rooms are joined first.
        for wanted in [true, false] {
            if !wanted && first_wait {
                break;
            }
            for room in self.rooms.values_mut().filter(|room| room.open == wanted) {
                let has_seat = room.subscription.joined;
                let has_reason = wanted
                    || (room.member && room.timeline.cursor().is_some())
                    || room.leaving && room.listed
                    || self.changes.has_waiting(&room.name)
                    || self.outbox.has_pending(&room.name);
                // A room that is not needed now waits for a free place, because the server would refuse it. A
                // room with pending messages does not wait.
                let needed = wanted || has_seat || self.outbox.has_pending(&room.name);
                let fits = needed || seats < MAX_ROOMS_PER_CONNECTION;
                let has_place = self.requests.len() + joins.len() < OPEN_REQUESTS;
                let known = !room.unsure || listed;
                if room.subscription.wants_join() && known && has_reason && fits && has_place {
                    room.subscription.asked = true;
                    room.subscription.again = false;
                    room.subscription.heard = Seq(0);
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
        let mut asks = Vec::new();
        for room in self.rooms.values_mut().filter(|room| room.is_settled()) {
            if room.open && room.timeline.loading() && room.timeline.loading_around().is_none() {
                room.timeline.want_end();
            }
            let has_place = self.requests.len() + asks.len() < OPEN_REQUESTS;
            if has_place
                && room.subscription.paging.is_ready()
                && let Some(ask) = room.timeline.ask()
            {
                asks.push((room.name.clone(), ask));
            }
        }
        for (room, ask) in asks {
            let (mut before, mut after, mut around, mut limit) = (None, None, None, None);
            match ask.want {
                WantedPage::Older => before = ask.edge,
                WantedPage::Newer => after = ask.edge,
                WantedPage::Newest => {}
                WantedPage::Around(seq) => around = Some(seq),
                WantedPage::Renewed => {
                    after = ask.edge;
                    limit = Some(MAX_PAGE_MESSAGES);
                }
            }
            let name = room.as_str().to_owned();
            let command = Command::History { room: name, before, after, around, limit };
            self.send(command, Request::History { room, ask }, now);
        }
    }

    fn send_posts(&mut self, now: Millis) {
        if self.outbox.is_empty() {
            return;
        }
        let rooms = self
            .rooms
            .values()
            .filter(|room| room.subscription.joined && room.subscription.posting.is_ready());
        let rooms: Vec<_> =
            rooms.map(|room| (room.name.clone(), room.subscription.posting.on_trial())).collect();
        for (room, on_trial) in rooms {
            while self.requests.len() < OPEN_POSTS {
                // After a temporary refusal, one message is sent alone. If it is refused too, no other has
                // overtaken it.
                if on_trial && self.outbox.has_in_flight(&room) {
                    break;
                }
                let Some(entry) = self.outbox.first_waiting(&room).cloned() else { break };
                self.outbox.set_in_flight(entry.client_id, true);
                let command = Command::Post {
                    room: room.as_str().to_owned(),
                    client_id: entry.client_id,
                    text: entry.text.as_str().to_owned(),
                    reply_to: entry.reply_to.as_ref().map(|quote| quote.message_id),
                };
                self.send(command, Request::Post(entry.client_id), now);
            }
        }
    }

    fn send_changes(&mut self, now: Millis) {
        let (mut sent, mut obsolete) = (Vec::new(), Vec::new());
        // Waits for all missed events, which may show that a change arrived although its reply was lost.
        for room in self.rooms.values().filter(|room| room.is_settled()) {
            while room.subscription.changing.is_ready()
                && self.requests.len() + sent.len() < OPEN_POSTS
                && let Some(change) =
                    self.changes.next_to_send(&room.name, room.subscription.changing.on_trial())
            {
                if change.change.is_obsolete(&room.described.0) { &mut obsolete } else { &mut sent }
                    .push(change);
            }
        }
        for pending in obsolete {
            self.forget_change(&pending.room, pending.change_id);
        }
        for pending in sent {
            let PendingChange { room, change_id, change, .. } = pending.as_ref();
            let request = Request::Change { room: room.clone(), change_id: *change_id };
            self.send(change.command(room), request, now);
        }
    }

    fn send_reads(&mut self, now: Millis) {
        let mut sent = Vec::new();
        for room in
            self.rooms.values_mut().filter(|room| room.is_settled() && room.subscription.marking.is_ready())
        {
            let has_place = self.requests.len() + sent.len() < OPEN_REQUESTS;
            let looked_at = room.is_looked_at();
            if let Some(wish) = room.read_tracker.next_request(looked_at, now).filter(|_| has_place) {
                room.read_tracker.send(wish, now);
                sent.push((room.name.clone(), wish));
            }
        }
        for (name, wish) in sent {
            let room = name.as_str().to_owned();
            let command = match wish {
                ReadRequest::Read(seq) => Command::Read { room, seq },
                ReadRequest::Unread { seq, .. } => Command::Unread { room, seq },
            };
            self.send(command, Request::Read(name), now);
        }
    }

    fn send_typing(&mut self, now: Millis) {
        let mut sent = Vec::new();
        for room in self.rooms.values_mut().filter(|room| room.subscription.joined) {
            // Typing is lost if there is no free request. It is only a signal.
            if let Some(on) = room.typing_notifier.tell(now)
                && self.requests.len() + sent.len() < OPEN_POSTS
            {
                sent.push((room.name.as_str().to_owned(), on));
            }
        }
        for (room, on) in sent {
            self.send(Command::Type { room, on }, Request::Type, now);
        }
    }

    /// Leaves rooms after all pending work is sent, because the server accepts it from joined connections
    /// only.
    fn send_leaves(&mut self, now: Millis) {
        let mut sent: Vec<RoomName> = Vec::new();
        for room in self.rooms.values_mut().filter(|room| room.leaving && !room.leave_asked) {
            let waits = self.changes.has_waiting(&room.name) || self.outbox.has_pending(&room.name);
            let idle = room.is_settled() && !waits;
            let has_place = self.requests.len() + sent.len() < OPEN_REQUESTS;
            if idle && has_place && room.subscription.changing.is_ready() {
                room.leave_asked = true;
                sent.push(room.name.clone());
            }
        }
        for name in sent {
            self.send(Command::Leave { room: name.as_str().to_owned() }, Request::Leave(name), now);
        }
    }

    pub(crate) fn send(&mut self, command: Command, request: Request, now: Millis) {
        let id = self.requests.add(request, now);
        self.effects.push(Effect::Send(ClientFrame { id, command }.encode()));
        self.link.sent(now);
    }
}
