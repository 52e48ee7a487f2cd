//! Everything one tab (or one terminal) knows about the chat.

use std::collections::BTreeMap;
use std::sync::Arc;

use hubbub_protocol::{ClientId, Epoch, Hello, Page, RoomName, Seq, StartOver, User};

use crate::link::Link;
use crate::people;
use crate::random::Random;
use crate::requests::Requests;
use crate::{Effect, Entry, Intent, LinkState, Millis, Outbox, Phase, RoomState, SocketEvent, Touched};

/// The client's mind. See the crate's page for how to drive it.
#[derive(Debug)]
pub struct Client {
    pub(crate) link: Link,
    pub(crate) random: Random,
    pub(crate) requests: Requests,
    pub(crate) me: Option<User>,
    pub(crate) hello: Option<Hello>,
    pub(crate) epoch: Option<Epoch>,
    pub(crate) rooms: BTreeMap<RoomName, RoomState>,
    pub(crate) outbox: Outbox,
    pub(crate) effects: Vec<Effect>,
    pub(crate) touched: Touched,
}

impl Client {
    /// A client that knows nothing yet. The seed is for jitter only.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            link: Link::new(),
            random: Random::new(seed),
            requests: Requests::default(),
            me: None,
            hello: None,
            epoch: None,
            rooms: BTreeMap::new(),
            outbox: Outbox::default(),
            effects: Vec::new(),
            touched: Touched::default(),
        }
    }

    /// Begins with whom the server rendered the page for.
    pub fn seed_me(&mut self, me: User) {
        self.become_user(me);
    }

    /// Begins with the database that the seeded rooms come from.
    pub fn seed_epoch(&mut self, epoch: Epoch) {
        self.epoch = Some(epoch);
    }

    /// Begins with a room as the server rendered it. It is open from now on, and joined with `cursor`, so that
    /// only what has changed since comes. A room that is already loaded keeps what it has.
    pub fn seed_room(&mut self, page: Page, cursor: Seq, people: Vec<User>, count: u32) {
        let name = page.room.clone();
        let room = self.room_mut(&name);
        room.open = true;
        if room.timeline.cursor().is_some() {
            return;
        }
        room.people = people::listed(people);
        room.count = count;
        room.timeline.start_over(StartOver { page, cursor });
        self.touch_all_of(&name);
        self.settle_saved(&name);
    }

    /// Begins with the entries that an earlier run left in storage, in any order.
    pub fn restore_outbox(&mut self, mut entries: Vec<Entry>) {
        entries.sort_by_key(|entry| entry.order);
        for entry in entries {
            let Some(entry) = self.outbox.restore(entry) else { continue };
            self.show(&entry);
            self.settle_saved(&entry.room);
        }
    }

    /// Does what the user wants.
    pub fn handle(&mut self, intent: Intent, now: Millis) {
        match intent {
            Intent::Start => self.link.start(now, &mut self.effects),
            Intent::Stop => self.link.stop(&mut self.effects),
            Intent::RetryNow => self.link.retry_now(now, &mut self.effects),
            Intent::NetworkLost => self.link.suspect(now),
            Intent::Open { room } => self.open(&room),
            Intent::Leave { room } => self.leave(&room),
            Intent::Post { room, client_id, text, at } => {
                let author = self.me.as_ref().map(|me| me.id);
                self.post(Entry { client_id, author, room, text, at, order: 0, failed: None });
            }
            Intent::Retry { client_id, fresh } => self.retry(client_id, fresh),
            Intent::Cancel { client_id } => {
                if self.outbox.can_cancel(client_id) {
                    self.forget(client_id);
                }
            }
            Intent::Older { room } => {
                if self.rooms.get_mut(&room).is_some_and(|room| room.timeline.want_older()) {
                    self.touched.room(&room).timeline = true;
                }
            }
            Intent::TrimOlder { room } => {
                if self.rooms.get_mut(&room).is_some_and(|room| room.timeline.trim()) {
                    self.touched.room(&room).timeline = true;
                }
            }
        }
        self.go_on(now);
    }

    /// Takes in what happened to the socket.
    pub fn on_socket(&mut self, event: SocketEvent, now: Millis) {
        match event {
            SocketEvent::Opened => self.link.opened(now),
            SocketEvent::Text(text) => self.on_text(&text, now),
            SocketEvent::Closed { code } => {
                self.link.closed(code, now, &mut self.random, &mut self.effects);
            }
        }
        self.go_on(now);
    }

    /// Does what is due. To be called when [`Client::next_deadline`] has come; earlier or later does no harm.
    pub fn on_tick(&mut self, now: Millis) {
        self.link.tick(now, &mut self.random, &mut self.effects);
        self.follow_link();
        if self.requests.deadline().is_some_and(|deadline| now >= deadline) {
            self.link.abandon(now, &mut self.random, &mut self.effects);
        }
        self.go_on(now);
    }

    /// When to call [`Client::on_tick`] next.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Millis> {
        let mut next = self.link.deadline();
        if self.link.state().is_online() {
            let rooms = self.rooms.values().filter_map(|room| room.seat.deadline());
            next = rooms.chain(self.requests.deadline()).chain(next).min();
        }
        next
    }

    /// What to do now, in order.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// What has changed since this was last asked.
    pub fn take_touched(&mut self) -> Touched {
        std::mem::take(&mut self.touched)
    }

    /// The connection.
    #[must_use]
    pub const fn link(&self) -> &LinkState {
        self.link.state()
    }

    /// Who one is, where that is known.
    #[must_use]
    pub const fn me(&self) -> Option<&User> {
        self.me.as_ref()
    }

    /// What the server said of itself on the last connection.
    #[must_use]
    pub const fn hello(&self) -> Option<&Hello> {
        self.hello.as_ref()
    }

    /// A room that is open or still has messages on their way.
    #[must_use]
    pub fn room(&self, room: &RoomName) -> Option<&RoomState> {
        self.rooms.get(room)
    }

    /// The rooms, by name.
    pub fn rooms(&self) -> impl Iterator<Item = &RoomState> {
        self.rooms.values()
    }

    /// The messages on their way.
    #[must_use]
    pub const fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Whether a further message can be taken. Without a connection the outbox fills up.
    #[must_use]
    pub fn can_post(&self) -> bool {
        !self.outbox.is_full()
    }

    fn open(&mut self, name: &RoomName) {
        let room = self.room_mut(name);
        room.open = true;
        self.ask_again(name);
        self.touched.room(name).phase = true;
    }

    fn leave(&mut self, name: &RoomName) {
        if let Some(room) = self.rooms.get_mut(name) {
            room.open = false;
            self.touched.room(name).phase = true;
        }
    }

    fn post(&mut self, entry: Entry) {
        if self.outbox.is_full() || self.is_in_use(entry.client_id, &entry.room) {
            return;
        }
        let entry = self.outbox.add(entry);
        self.effects.push(Effect::Keep(entry.as_ref().clone()));
        self.show(&entry);
        self.ask_again(&entry.room);
    }

    fn retry(&mut self, client_id: ClientId, fresh: ClientId) {
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

    /// Whether a message of mine has this name already: two rows must not have one key.
    fn is_in_use(&self, client_id: ClientId, room: &RoomName) -> bool {
        self.outbox.get(client_id).is_some()
            || self.rooms.get(room).is_some_and(|room| room.timeline.holds_mine(client_id))
    }

    /// A join that was refused is worth another try, because the user wants something there.
    fn ask_again(&mut self, name: &RoomName) {
        if let Some(room) = self.rooms.get_mut(name).filter(|room| room.seat.refused) {
            room.seat.refused = false;
            room.phase = Phase::Joining;
            self.touched.room(name).phase = true;
        }
    }

    /// Follows what the link did, sends what can be sent, lets go of what is not needed.
    fn go_on(&mut self, now: Millis) {
        self.follow_link();
        self.tidy(now);
        self.send_what_waits(now);
    }

    /// If the socket is lost, so is all that was under way on it.
    fn follow_link(&mut self) {
        self.touched.link |= self.link.take_changed();
        if self.link.take_lost() {
            self.requests = Requests::default();
            self.outbox.land_all();
            for (name, room) in &mut self.rooms {
                if room.phase == Phase::Live {
                    self.touched.room(name).phase = true;
                }
                room.lose_seat();
            }
        }
    }

    /// The room, made if it is not there, with what the outbox has for it.
    pub(crate) fn room_mut(&mut self, name: &RoomName) -> &mut RoomState {
        let Self { rooms, outbox, me, .. } = self;
        rooms.entry(name.clone()).or_insert_with(|| {
            let mut room = RoomState::new(name.clone());
            room.timeline.set_me(me.as_ref().map(|me| me.id));
            for entry in outbox.of_room(name) {
                room.timeline.show(entry.clone());
            }
            room
        })
    }

    /// Shows an entry that is new or has changed.
    pub(crate) fn show(&mut self, entry: &Arc<Entry>) {
        self.room_mut(&entry.room).timeline.show(entry.clone());
        self.touched.outbox = true;
        self.touched.room(&entry.room).timeline = true;
    }

    /// Lets go of an entry: it is stored, or given up.
    pub(crate) fn forget(&mut self, client_id: ClientId) -> Option<Arc<Entry>> {
        let entry = self.outbox.remove(client_id)?;
        self.effects.push(Effect::Forget(client_id));
        if let Some(room) = self.rooms.get_mut(&entry.room) {
            room.timeline.hide(client_id);
        }
        self.touched.outbox = true;
        self.touched.room(&entry.room).timeline = true;
        Some(entry)
    }

    /// Lets go of every entry of the room that is among its saved messages.
    pub(crate) fn settle_saved(&mut self, name: &RoomName) {
        let Some(room) = self.rooms.get(name) else { return };
        let saved = self.outbox.of_room(name).map(|entry| entry.client_id);
        let saved: Vec<ClientId> = saved.filter(|id| room.timeline.holds_mine(*id)).collect();
        for client_id in saved {
            self.forget(client_id);
        }
    }

    pub(crate) fn touch_all_of(&mut self, name: &RoomName) {
        let touched = self.touched.room(name);
        touched.timeline = true;
        touched.people = true;
        touched.phase = true;
    }
}
