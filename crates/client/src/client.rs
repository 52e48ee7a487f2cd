//! The state of the chat in one tab or terminal.

use crate::sorted_vec_map::SortedVecMap;
use std::sync::Arc;

use hubbub_protocol::{
    Appearance, Browsed, ClientId, Edits, Epoch, Hello, MessageId, MessageText, RoomName, Timestamp, User,
};

use crate::change::Change;
use crate::link::Link;
use crate::pending_changes::PendingChanges;
use crate::queries::Queries;
use crate::random::Random;
use crate::requests::Requests;
use crate::{
    ChangeSet, Effect, Entry, Intent, LinkState, Millis, Outbox, PendingChange, Phase, RoomState, SocketEvent,
};

/// The client without I/O. The documentation of the crate describes how to drive it.
#[derive(Debug)]
pub struct Client {
    pub(crate) link: Link,
    pub(crate) random: Random,
    pub(crate) requests: Requests,
    pub(crate) me: Option<User>,
    pub(crate) hello: Option<Hello>,
    pub(crate) epoch: Option<Epoch>,
    pub(crate) rooms: SortedVecMap<RoomName, RoomState>,
    pub(crate) outbox: Outbox,
    pub(crate) changes: PendingChanges,
    pub(crate) queries: Queries,
    pub(crate) effects: Vec<Effect>,
    pub(crate) change_set: ChangeSet,
}

impl Client {
    /// Creates an empty client. The seed is used for jitter and for ids of changes: clients that share
    /// durable storage need different seeds.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            link: Link::new(),
            random: Random::new(seed),
            requests: Requests::default(),
            me: None,
            hello: None,
            epoch: None,
            rooms: SortedVecMap::default(),
            outbox: Outbox::default(),
            changes: PendingChanges::default(),
            queries: Queries::default(),
            effects: Vec::new(),
            change_set: ChangeSet::default(),
        }
    }

    /// Executes an intent of the user.
    pub fn handle(&mut self, intent: Intent, now: Millis) {
        match intent {
            Intent::Start => self.link.start(now, &mut self.effects),
            Intent::Stop => self.link.stop(&mut self.effects),
            Intent::RetryNow => self.link.retry_now(now, &mut self.effects),
            Intent::NetworkLost => self.link.suspect(now),
            Intent::Active => self.active(now),

            Intent::Open { room } => self.open(&room, false),
            Intent::OpenAtUnread { room } => self.open(&room, true),
            Intent::Close { room } => self.close(&room, now),
            Intent::Away { room } => self.away(&room),
            Intent::Leave { room } => self.leave(&room, now),
            Intent::Describe { room, topic, only_if_empty } => {
                self.change(&room, Change::Describe { topic, only_if_empty });
            }

            Intent::Post { room, client_id, text, at, reply_to } => {
                let author = self.me.as_ref().map(|me| me.id);
                let entry = Entry { client_id, author, room, text, reply_to, at, order: 0, failed: None };
                self.post(entry, now);
            }
            Intent::Retry { client_id, fresh } => self.retry(client_id, fresh),
            Intent::Cancel { client_id } => {
                if self.outbox.can_cancel(client_id) {
                    self.forget(client_id);
                }
            }
            Intent::Edit { room, message_id, text, at } => {
                self.change(&room, Change::Edit { message_id, text, at });
            }
            Intent::Delete { room, message_id } => self.change(&room, Change::Delete { message_id }),
            Intent::React { room, message_id, emoji, on } => {
                self.change(&room, Change::React { message_id, emoji, on });
            }
            Intent::Typing { room, on } => self.notify_typing(&room, on, now),

            Intent::Older { room } => self.page(&room, crate::Timeline::want_older),
            Intent::Newer { room } => self.page(&room, crate::Timeline::want_newer),
            Intent::ToEnd { room } => self.page(&room, crate::Timeline::want_end),
            Intent::Around { room, seq } => self.page(&room, |timeline| timeline.want_around(seq)),
            Intent::AtEnd { room, at_end } => {
                if let Some(room) = self.rooms.get_mut(&room) {
                    room.timeline.keep_place(!at_end);
                }
            }
            Intent::Seen { room, seq } => self.seen(&room, seq),
            Intent::MarkUnread { room, seq } => self.mark_unread(&room, seq),

            Intent::Browse { query, after } => self.browse(query, after),
            Intent::Edits { room, message_id } => self.recall(room, message_id),
            Intent::Appear { status, share_reads } => self.appear(status, share_reads),
        }
        self.flush(now);
    }

    /// Handles an event of the socket.
    pub fn on_socket(&mut self, event: SocketEvent, now: Millis) {
        match event {
            SocketEvent::Opened => self.link.opened(now),
            SocketEvent::Frame(frame) => self.on_server_frame(frame, now),
            SocketEvent::Closed { code } => {
                self.link.closed(code, now, &mut self.random, &mut self.effects);
            }
        }
        self.flush(now);
    }

    /// Handles expired deadlines. Call it at [`Client::next_deadline`]; earlier or later calls are harmless.
    pub fn on_tick(&mut self, now: Millis) {
        self.link.tick(now, &mut self.random, &mut self.effects);
        self.on_link_change();
        if self.requests.deadline().is_some_and(|deadline| now >= deadline) {
            self.link.abandon(now, &mut self.random, &mut self.effects);
        }
        self.flush(now);
    }

    /// Returns the time of the next call of [`Client::on_tick`].
    #[must_use]
    pub fn next_deadline(&self) -> Option<Millis> {
        let mut next = self.link.deadline(self.requests.unanswered());
        if self.link.state().is_online() {
            let rooms = self.rooms.values().filter_map(RoomState::deadline);
            next = rooms.chain(self.requests.deadline()).chain(self.queries.deadline()).chain(next).min();
        }
        next
    }

    /// Takes the effects to execute, in order.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// Takes the changes since the last call.
    pub fn take_change_set(&mut self) -> ChangeSet {
        std::mem::take(&mut self.change_set)
    }

    /// Returns the state of the connection.
    #[must_use]
    pub const fn link(&self) -> &LinkState {
        self.link.state()
    }

    /// Returns whether the shown state is current: there is a connection, and no reason to believe that it is
    /// dead. Otherwise presence, counts of people and typing indicators are unknown.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.link.state().is_online() && !self.link.is_in_doubt()
    }

    /// Returns the current user, if known.
    #[must_use]
    pub const fn me(&self) -> Option<&User> {
        self.me.as_ref()
    }

    /// Returns the id of the database of the rooms, if known.
    #[must_use]
    pub const fn epoch(&self) -> Option<&Epoch> {
        self.epoch.as_ref()
    }

    /// Returns the `hello` of the last connection.
    #[must_use]
    pub const fn hello(&self) -> Option<&Hello> {
        self.hello.as_ref()
    }

    /// Returns a room of which the user is a member, that is open, or that has pending work.
    #[must_use]
    pub fn room(&self, room: &RoomName) -> Option<&RoomState> {
        self.rooms.get(room)
    }

    /// Returns all known rooms by name: those of the user, open ones and those with pending work.
    pub fn rooms(&self) -> impl Iterator<Item = &RoomState> {
        self.rooms.values()
    }

    /// Returns whether the list of the user's rooms is known.
    #[must_use]
    pub const fn is_listed(&self) -> bool {
        self.queries.listing.known
    }

    /// Returns the user's status and settings, with a choice that is not stored yet.
    #[must_use]
    pub fn appearance(&self) -> Appearance {
        self.queries.appearance_update.appearance()
    }

    /// Returns the last requested list of public rooms.
    #[must_use]
    pub const fn browsed(&self) -> Option<&Browsed> {
        self.queries.browsing.found.as_ref()
    }

    /// Returns the last requested former texts.
    #[must_use]
    pub const fn edits(&self) -> Option<&Edits> {
        self.queries.edit_history.found.as_ref()
    }

    /// Returns the messages that are not stored yet.
    #[must_use]
    pub const fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Returns whether the outbox accepts another message. Without a connection the outbox fills up.
    #[must_use]
    pub fn can_post(&self) -> bool {
        !self.outbox.is_full()
    }

    /// Returns the time until which the rate limit delays messages and changes in the room, if the server
    /// named one.
    #[must_use]
    pub fn held_back_until(&self, room: &RoomName) -> Option<Millis> {
        let subscription = &self.rooms.get(room).filter(|_| self.is_live())?.subscription;
        let posts = subscription.posting.named_deadline().filter(|_| self.outbox.has_pending(room));
        let changes = subscription.changing.named_deadline().filter(|_| self.changes.has_waiting(room));
        posts.max(changes)
    }

    /// Returns whether this edit is accepted: it may have to wait, and its text becomes a failed message if
    /// it is refused.
    #[must_use]
    pub fn can_edit(&self, room: &RoomName, message_id: MessageId, text: &MessageText) -> bool {
        let change = Change::Edit { message_id, text: text.clone(), at: Timestamp::from_millis(0) };
        self.can_change(room, &change)
    }

    /// Returns the changes that the server has not stored yet, in the order of sending.
    pub fn changes(&self) -> impl Iterator<Item = &PendingChange> {
        self.changes.open()
    }

    fn page(&mut self, name: &RoomName, want: impl FnOnce(&mut crate::Timeline) -> bool) {
        if self.rooms.get_mut(name).is_some_and(|room| want(&mut room.timeline)) {
            self.change_set.room(name).timeline = true;
        }
    }

    fn notify_typing(&mut self, name: &RoomName, on: bool, now: Millis) {
        match self.rooms.get_mut(name).filter(|room| room.subscription.joined) {
            Some(room) if on => room.typing_notifier.press(),
            Some(room) => room.typing_notifier.stop(now),
            None => {}
        }
    }

    /// Allows another join after a refusal, because the user acts in the room.
    pub(crate) fn ask_again(&mut self, name: &RoomName) {
        if let Some(room) = self.rooms.get_mut(name).filter(|room| room.subscription.refused) {
            room.subscription.refused = false;
            room.phase = Phase::Joining;
            self.change_set.room(name).phase = true;
        }
    }

    /// Follows changes of the link, sends pending work and evicts unused rooms.
    pub(crate) fn flush(&mut self, now: Millis) {
        self.on_link_change();
        for (name, room) in self.rooms.iter_mut() {
            if room.expire_typing(now) {
                self.change_set.room(name).typing = true;
            }
        }
        self.send_pending(now);
        self.evict_unused();
    }

    /// Resets everything that was in flight if the socket is lost.
    fn on_link_change(&mut self) {
        self.change_set.link |= self.link.take_changed();
        if self.link.take_lost() {
            self.requests = Requests::default();
            self.outbox.reset_in_flight();
            self.changes.reset_in_flight();
            self.queries.reset_in_flight();
            for (name, room) in self.rooms.iter_mut() {
                if room.phase == Phase::Live {
                    self.change_set.room(name).phase = true;
                }
                if room.stop_typing() {
                    self.change_set.room(name).typing = true;
                }
                room.reset_subscription();
            }
        }
    }

    /// Returns the room and creates it if it does not exist, with its messages from the outbox.
    pub(crate) fn room_mut(&mut self, name: &RoomName) -> &mut RoomState {
        let Self { rooms, outbox, me, .. } = self;
        rooms.get_or_insert_with(name.clone(), || {
            let mut room = RoomState::new(name.clone());
            room.timeline.set_me(me.as_ref().map(|me| me.id));
            for entry in outbox.of_room(name) {
                room.timeline.show(entry.clone());
            }
            room
        })
    }

    /// Shows a new or changed entry of the outbox.
    pub(crate) fn show(&mut self, entry: &Arc<Entry>) {
        self.room_mut(&entry.room).timeline.show(entry.clone());
        self.change_set.outbox = true;
        self.change_set.room(&entry.room).timeline = true;
    }

    /// Removes an entry that is stored or given up.
    pub(crate) fn forget(&mut self, client_id: ClientId) -> Option<Arc<Entry>> {
        let entry = self.outbox.remove(client_id)?;
        self.effects.push(Effect::Forget(client_id));
        if let Some(room) = self.rooms.get_mut(&entry.room) {
            room.timeline.hide(client_id);
        }
        self.change_set.outbox = true;
        self.change_set.room(&entry.room).timeline = true;
        Some(entry)
    }

    /// Removes the entries of the room that are among its saved messages.
    pub(crate) fn settle_saved(&mut self, name: &RoomName) {
        let Some(room) = self.rooms.get(name) else { return };
        let saved = self.outbox.of_room(name).map(|entry| entry.client_id);
        let saved: Vec<ClientId> = saved.filter(|id| room.timeline.holds_mine(*id)).collect();
        for client_id in saved {
            self.forget(client_id);
        }
    }

    /// Discards all rooms, because the database or the user changed. Open rooms start empty.
    pub(crate) fn forget_all(&mut self) {
        let former = std::mem::take(&mut self.rooms);
        for (name, room) in former.into_entries() {
            self.mark_room_changed(&name);
            if room.open || self.outbox.has_pending(&name) {
                let fresh = self.room_mut(&name);
                if room.open {
                    fresh.open = true;
                    fresh.timeline.open();
                    fresh.read_tracker.divider_due = true;
                    fresh.read_tracker.at_unread = room.read_tracker.at_unread;
                }
            }
        }
        self.queries = Queries::default();
        self.change_set.rooms_list = true;
        self.change_set.appearance = true;
        self.change_set.browsed = true;
        self.change_set.edits = true;
    }

    pub(crate) fn mark_room_changed(&mut self, name: &RoomName) {
        let change_set = self.change_set.room(name);
        change_set.timeline = true;
        change_set.people = true;
        change_set.phase = true;
        change_set.marks = true;
        change_set.typing = true;
        change_set.topic = true;
    }
}
