//! What the server says, and what it changes.

use hubbub_protocol::{
    Answer, CatchUp, ClientId, Code, Event, Hello, Joined, PROTOCOL_VERSION, Page, Posted, Refusal, Retry,
    RoomEvent, RoomName, RoomSignal, Seq, ServerFrame, Signal, StartOver, User,
};

use crate::requests::Request;
use crate::timeline::Applied;
use crate::{Client, Effect, LinkState, Millis, Phase, people};

impl Client {
    pub(crate) fn on_text(&mut self, text: &str, now: Millis) {
        let greeting = matches!(self.link.state(), LinkState::Greeting { .. });
        if !greeting && !self.link.state().is_online() {
            return;
        }
        self.link.received(now);
        match (ServerFrame::decode(text), greeting) {
            (Err(_), _) => self.link.give_up(&mut self.effects),
            (Ok(ServerFrame::Hello(hello)), true) => self.on_hello(hello, now),
            // Before the hello nothing has a meaning, and there is a deadline for it.
            (Ok(_), true) => {}
            (Ok(frame), false) => self.on_frame(frame, now),
        }
    }

    fn on_frame(&mut self, frame: ServerFrame, now: Millis) {
        match frame {
            // One is greeted once.
            ServerFrame::Hello(_) => {}
            ServerFrame::Reply { id, answer } => {
                let Some(request) = self.requests.take(id) else { return };
                if !self.on_answer(request, answer, now) {
                    // An answer to something else: what the server believes to be asked is anybody's guess.
                    self.link.abandon(now, &mut self.random, &mut self.effects);
                }
            }
            ServerFrame::Refusal { id, refusal } => {
                if let Some(request) = id.and_then(|id| self.requests.take(id)) {
                    self.on_refusal(request, refusal, now);
                }
            }
            ServerFrame::Event(event) => self.on_event(event),
            ServerFrame::Signal(signal) => self.on_signal(signal),
            ServerFrame::CatchUp(catch_up) => self.on_catch_up(catch_up),
            ServerFrame::StartOver(start) => self.on_start_over(start),
        }
    }

    fn on_hello(&mut self, hello: Hello, now: Millis) {
        if hello.protocol != PROTOCOL_VERSION {
            self.link.give_up(&mut self.effects);
            return;
        }
        if self.epoch.as_ref().is_some_and(|known| *known != hello.epoch) {
            self.outbox.forget_authors();
            for (name, room) in &mut self.rooms {
                room.timeline.forget_cursor();
                self.touched.room(name).timeline = true;
            }
        }
        self.epoch = Some(hello.epoch.clone());
        self.become_user(hello.user.clone());
        for entry in self.outbox.adopt(hello.user.id) {
            self.effects.push(Effect::Keep(entry.as_ref().clone()));
            self.show(&entry);
        }
        self.link.greeted(hello.idle_timeout_seconds, now);
        self.hello = Some(hello);
        self.touched.me = true;
    }

    pub(crate) fn become_user(&mut self, user: User) {
        let id = Some(user.id);
        let another = self.me.as_ref().map(|me| me.id) != id;
        self.me = Some(user);
        self.touched.me = true;
        if another {
            let names: Vec<RoomName> = self.rooms.keys().cloned().collect();
            for name in names {
                self.room_mut(&name).timeline.set_me(id);
                self.touched.room(&name).timeline = true;
                self.settle_saved(&name);
            }
        }
    }

    /// Whether the answer is one to this request.
    fn on_answer(&mut self, request: Request, answer: Answer, now: Millis) -> bool {
        match (request, answer) {
            (Request::Join(room), Answer::Joined(joined)) if joined.room.name == room => {
                self.on_joined(joined, now);
            }
            (Request::Post(client_id), Answer::Posted(posted)) => {
                if self.outbox.get(client_id).is_some_and(|entry| entry.room != posted.room) {
                    return false;
                }
                self.on_posted(client_id, posted);
            }
            (Request::History { room, before }, Answer::History(page)) if page.room == room => {
                self.on_history(page, before);
            }
            (Request::Leave, Answer::Left { .. }) | (Request::Ping, Answer::Pong {}) => {}
            _ => return false,
        }
        true
    }

    fn on_posted(&mut self, client_id: ClientId, posted: Posted) {
        let Posted { room, seq, at, .. } = posted;
        let entry = self.forget(client_id);
        let Some(room) = self.rooms.get_mut(&room) else { return };
        room.seat.posting.granted();
        // Without an entry its event was faster.
        if let Some(entry) = entry {
            room.timeline.confirm(entry, seq, at);
        }
    }

    fn on_joined(&mut self, joined: Joined, now: Millis) {
        let Joined { room, people, count } = joined;
        let Some(state) = self.rooms.get_mut(&room.name) else { return };
        state.seat.asked = false;
        state.seat.joined = true;
        state.seat.catching_up = true;
        state.seat.joining.granted();
        // If something is missing again at once, the next join has time.
        state.seat.joining.pause(now);
        state.phase = Phase::Live;
        state.people = people::listed(people);
        state.count = count;
        let touched = self.touched.room(&room.name);
        touched.people = true;
        touched.phase = true;
    }

    fn on_history(&mut self, page: Page, before: Seq) {
        let name = page.room.clone();
        let Some(room) = self.rooms.get_mut(&name) else { return };
        room.seat.asked_older = false;
        room.seat.reading.granted();
        if room.timeline.first_seq() == Some(before) {
            room.timeline.prepend(page);
        } else {
            // What is held has been replaced or trimmed meanwhile.
            room.timeline.stop_loading(false);
        }
        self.touched.room(&name).timeline = true;
        self.settle_saved(&name);
    }

    fn on_event(&mut self, event: RoomEvent) {
        let RoomEvent { room, what } = event;
        let Some(state) = self.rooms.get_mut(&room) else { return };
        state.seat.heard = state.seat.heard.max(what.seq());
        if !state.seat.joined {
            return;
        }
        let applied = self.apply(&room, what);
        if let Some(state) = self.rooms.get_mut(&room).filter(|_| applied == Applied::Gap) {
            // While what was missed is coming, this may be a part of it that came early.
            state.seat.again |= !state.seat.catching_up && !state.seat.asked;
        }
    }

    fn on_catch_up(&mut self, catch_up: CatchUp) {
        let CatchUp { room, events, more } = catch_up;
        if !self.rooms.get(&room).is_some_and(|state| state.seat.joined) {
            return;
        }
        let gap = events.into_iter().any(|event| self.apply(&room, event) == Applied::Gap);
        let Some(state) = self.rooms.get_mut(&room) else { return };
        if gap {
            state.seat.again = true;
            state.seat.catching_up = false;
        } else if !more {
            state.timeline.begin_empty();
            state.caught_up();
        }
        self.touched.room(&room).timeline = true;
    }

    fn on_start_over(&mut self, start: StartOver) {
        let name = start.page.room.clone();
        let Some(room) = self.rooms.get_mut(&name).filter(|room| room.seat.joined) else { return };
        room.timeline.start_over(start);
        room.caught_up();
        self.touched.room(&name).timeline = true;
        self.settle_saved(&name);
    }

    /// Applies an event; if it is a message of mine, its entry has done its duty.
    fn apply(&mut self, name: &RoomName, event: Event) -> Applied {
        let Some(room) = self.rooms.get_mut(name) else { return Applied::Double };
        let Event::Posted(message) = &event;
        let (author, client_id) = (message.author.id, message.client_id);
        let applied = room.timeline.apply(event);
        if applied == Applied::New {
            self.touched.room(name).timeline = true;
        }
        // Over a gap it stays: its row must not vanish before the saved one is there.
        let mine = self.me.as_ref().is_some_and(|me| me.id == author);
        if mine && applied != Applied::Gap && self.outbox.get(client_id).is_some_and(|it| it.room == *name) {
            self.forget(client_id);
        }
        applied
    }

    fn on_signal(&mut self, signal: RoomSignal) {
        let RoomSignal { room, what } = signal;
        let Some(state) = self.rooms.get_mut(&room).filter(|state| state.seat.joined) else { return };
        let Signal::People { arrived, departed, count } = what;
        people::change(&mut state.people, arrived, &departed);
        state.count = count;
        self.touched.room(&room).people = true;
    }

    fn on_refusal(&mut self, request: Request, refusal: Refusal, now: Millis) {
        match request {
            Request::Join(room) => self.on_join_refused(&room, refusal, now),
            Request::Post(client_id) => self.on_post_refused(client_id, refusal, now),
            Request::History { room: name, .. } => {
                let Some(room) = self.rooms.get_mut(&name) else { return };
                room.seat.asked_older = false;
                match refusal.retry {
                    _ if refusal.code == Code::NotJoined => self.come_in_again(&name, now),
                    Retry::Later => room.seat.reading.refused(now),
                    Retry::Never => room.timeline.stop_loading(true),
                }
                self.touched.room(&name).timeline = true;
            }
            Request::Leave | Request::Ping => {}
        }
    }

    fn on_join_refused(&mut self, name: &RoomName, refusal: Refusal, now: Millis) {
        let Some(room) = self.rooms.get_mut(name) else { return };
        room.seat.asked = false;
        if refusal.retry == Retry::Later {
            room.seat.joining.refused(now);
            // Asked again only for what was missed: one is still in.
            room.seat.again = room.seat.joined;
        } else {
            room.seat.joined = false;
            room.seat.refused = true;
            let entries = self.outbox.of_room(name).filter(|entry| entry.failed.is_none());
            let entries: Vec<_> = entries.map(|entry| entry.client_id).collect();
            for client_id in entries {
                self.fail(client_id, refusal.clone());
            }
        }
        if let Some(room) = self.rooms.get_mut(name).filter(|room| !room.seat.joined) {
            room.phase = Phase::Refused(refusal);
            self.touched.room(name).phase = true;
        }
    }

    fn on_post_refused(&mut self, client_id: ClientId, refusal: Refusal, now: Millis) {
        self.outbox.set_in_flight(client_id, false);
        let Some(name) = self.outbox.get(client_id).map(|entry| entry.room.clone()) else { return };
        match refusal.retry {
            // That is not the message's fault.
            _ if refusal.code == Code::NotJoined => self.come_in_again(&name, now),
            Retry::Later => {
                if let Some(room) = self.rooms.get_mut(&name) {
                    room.seat.posting.refused(now);
                }
            }
            Retry::Never => self.fail(client_id, refusal),
        }
    }

    /// The server says that one is not in a room that one believed to be in.
    fn come_in_again(&mut self, name: &RoomName, now: Millis) {
        if let Some(room) = self.rooms.get_mut(name).filter(|room| room.seat.joined && !room.seat.asked) {
            room.seat.joined = false;
            room.seat.joining.pause(now);
            room.phase = Phase::Joining;
            self.touched.room(name).phase = true;
        }
    }

    fn fail(&mut self, client_id: ClientId, refusal: Refusal) {
        if let Some(entry) = self.outbox.fail(client_id, refusal) {
            self.effects.push(Effect::Keep(entry.as_ref().clone()));
            self.show(&entry);
        }
    }
}
