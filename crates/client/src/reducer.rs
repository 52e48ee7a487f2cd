//! Handling of server frames.

use hubbub_protocol::{
    CatchUp, Event, Hello, PROTOCOL_VERSION, RoomEvent, RoomName, ServerFrame, StartOver, User,
};

use crate::timeline::ApplyOutcome;
use crate::{Client, Effect, LinkState, Millis};

impl Client {
    pub(crate) fn on_server_frame(&mut self, frame: Option<Box<ServerFrame>>, now: Millis) {
        let greeting = matches!(self.link.state(), LinkState::Greeting { .. });
        if !greeting && !self.link.state().is_online() {
            return;
        }
        self.link.received(now);
        match (frame.map(|frame| *frame), greeting) {
            (None, _) => self.link.give_up(&mut self.effects),
            (Some(ServerFrame::Hello(hello)), true) => self.on_hello(hello, now),
            // Frames before `hello` are ignored; `hello` has a timeout.
            (Some(_), true) => {}
            (Some(frame), false) => self.on_frame(frame, now),
        }
    }

    fn on_frame(&mut self, frame: ServerFrame, now: Millis) {
        match frame {
            // A second `hello` is ignored.
            ServerFrame::Hello(_) => {}
            ServerFrame::Reply { id, answer } => {
                let Some(request) = self.requests.take(id) else { return };
                if !self.on_answer(request, answer, now) {
                    // The reply belongs to another request, so the states of client and server differ. A new
                    // connection restores them.
                    self.link.abandon(now, &mut self.random, &mut self.effects);
                }
            }
            ServerFrame::Refusal { id, refusal } => {
                if let Some(request) = id.and_then(|id| self.requests.take(id)) {
                    self.on_refusal(request, refusal, now);
                }
            }
            ServerFrame::Event(event) => self.on_event(event),
            ServerFrame::Signal(signal) => self.on_signal(&signal.room, signal.what, now),
            ServerFrame::CatchUp(catch_up) => self.on_catch_up(catch_up, now),
            ServerFrame::StartOver(start) => self.on_start_over(start),
            ServerFrame::Mine(mine) => self.on_mine(mine),
        }
    }

    fn on_hello(&mut self, hello: Hello, now: Millis) {
        if hello.protocol != PROTOCOL_VERSION {
            self.link.give_up(&mut self.effects);
            return;
        }
        if self.epoch.as_ref().is_some_and(|known| *known != hello.epoch) {
            self.outbox.forget_authors();
            self.changes.forget_authors();
            self.forget_all();
        }
        self.epoch = Some(hello.epoch.clone());
        self.become_user(hello.user.clone());
        self.adopt_unsent();
        self.link.greeted(hello.idle_timeout_seconds, now);
        self.learn_appearance(hello.appearance);
        self.want_rooms();
        self.effects.push(Effect::Restore);
        self.hello = Some(hello);
        self.change_set.me = true;
    }

    pub(crate) fn become_user(&mut self, user: User) {
        let id = Some(user.id);
        let former = self.me.replace(user).map(|me| me.id);
        self.change_set.me = true;
        if former == id {
            return;
        }
        self.dismiss_others();
        if former.is_some() {
            self.forget_all();
        }
        let names: Vec<RoomName> = self.rooms.keys().cloned().collect();
        for name in names {
            self.room_mut(&name).timeline.set_me(id);
            self.change_set.room(&name).timeline = true;
            self.repaint(&name);
            self.settle_saved(&name);
        }
    }

    fn on_event(&mut self, event: RoomEvent) {
        let RoomEvent { room, what } = event;
        let Some(state) = self.rooms.get_mut(&room) else { return };
        state.subscription.heard = state.subscription.heard.max(what.seq());
        if !state.subscription.joined {
            return;
        }
        if self.apply(&room, what) == ApplyOutcome::Gap
            && let Some(state) = self.rooms.get_mut(&room)
        {
            // During a catch-up, the event may be part of it and have arrived early.
            state.subscription.again |= state.subscription.catching_up.is_none() && !state.subscription.asked;
        }
    }

    fn on_catch_up(&mut self, catch_up: CatchUp, now: Millis) {
        let CatchUp { room, events, more } = catch_up;
        if !self.rooms.get(&room).is_some_and(|state| state.subscription.joined) {
            return;
        }
        let gap = events.into_iter().any(|event| self.apply(&room, event) == ApplyOutcome::Gap);
        let Some(state) = self.rooms.get_mut(&room) else { return };
        if gap {
            state.subscription.again = true;
            state.subscription.catching_up = None;
        } else if more {
            state.subscription.wait_for_missed(now);
        } else {
            state.timeline.begin_empty();
            state.caught_up();
        }
        self.change_set.room(&room).timeline = true;
    }

    fn on_start_over(&mut self, start: StartOver) {
        let name = start.page.room.clone();
        let Some(room) = self.rooms.get_mut(&name).filter(|room| room.subscription.joined) else { return };
        room.read_tracker.observe_from(start.cursor);
        room.timeline.start_over(start);
        room.caught_up();
        self.change_set.room(&name).timeline = true;
        self.settle_changes(&name);
        self.repaint(&name);
        self.settle_saved(&name);
        self.count_again();
    }

    /// Applies an event. Removes the outbox entry of the user's own message.
    fn apply(&mut self, name: &RoomName, event: Event) -> ApplyOutcome {
        let me = self.me.as_ref().map(|me| me.id);
        let Some(room) = self.rooms.get_mut(name) else { return ApplyOutcome::Double };
        let posted = match &event {
            Event::Posted(message) => Some((message.author.id, message.client_id)),
            _ => None,
        };
        let told = event.clone();
        let applied = room.timeline.apply(event);
        if applied == ApplyOutcome::New {
            self.change_set.room(name).timeline = true;
            self.notice(name, &told);
        }
        // After a gap the entry stays, because its row must not disappear before the saved message is there.
        if let Some((author, client_id)) = posted
            && me == Some(author)
            && applied != ApplyOutcome::Gap
            && self.outbox.get(client_id).is_some_and(|it| it.room == *name)
        {
            self.forget(client_id);
        }
        applied
    }

    /// Applies the effects of an event beside its row.
    fn notice(&mut self, name: &RoomName, event: &Event) {
        let me = self.me.as_ref().map(|me| me.id);
        let Some(room) = self.rooms.get_mut(name) else { return };
        match event {
            Event::Posted(message) => {
                room.active_at = room.active_at.max(Some(message.at));
                self.change_set.rooms_list = true;
                self.change_set.room(name).typing |= room.types_no_longer(message.author.id);
                if Some(message.author.id) != me && message.text.is_some() {
                    room.read_tracker.posted(message.seq);
                }
            }
            Event::Deleted(deleted) if Some(deleted.by) != me => {
                room.read_tracker.deleted(deleted.seq, deleted.message_seq);
            }
            Event::Described(described) => {
                room.described = (described.topic.clone(), described.seq);
            }
            Event::Deleted(_) | Event::Edited(_) | Event::Reacted(_) | Event::Joined(_) | Event::Left(_) => {}
        }
        if let Some(me) = me {
            self.forget_done(name, event, me);
        }
        let settled = self.settle_changes(name);
        if settled || self.changes.of_room(name).next().is_some() || matches!(event, Event::Described(_)) {
            self.repaint(name);
        }
        self.recount(name);
    }
}
