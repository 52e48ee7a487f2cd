//! The client without I/O.

use hubbub_protocol::{
    Appearance, Browsed, ClientId, Edits, Epoch, Hello, MessageId, MessageText, MyRoom, PROTOCOL_VERSION,
    RoomName, ServerFrame, Timestamp, User,
};

use crate::change::Change;
use crate::channel::Channel;
use crate::chat::{self, Chat};
use crate::output::ClientOutput;
use crate::random::Random;
use crate::read_tracker::StartAt;
use crate::unsent::Unsent;
use crate::{
    ChangeSet, Effect, Entry, Intent, Kept, LinkState, Millis, Outbox, PendingChange, RoomState, Seed,
    SocketEvent, Timeline,
};

/// The client without I/O. It routes intents, frames and deadlines to its parts. The documentation of the
/// crate describes how to drive it.
#[derive(Debug)]
pub struct Client {
    channel: Channel,
    chat: Chat,
    hello: Option<Hello>,
    random: Random,
    out: ClientOutput,
}

impl Client {
    /// Creates an empty client. The seed is used for jitter and for ids of changes: clients that share
    /// durable storage need different seeds.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            channel: Channel::new(),
            chat: Chat::default(),
            hello: None,
            random: Random::new(seed),
            out: ClientOutput::default(),
        }
    }

    /// Sets the user for whom the server rendered the page.
    pub fn seed_me(&mut self, me: User) {
        self.chat.set_me(me, &mut self.out);
    }

    /// Sets the database of the seeded rooms.
    pub fn seed_epoch(&mut self, epoch: Epoch) {
        self.chat.epoch = Some(epoch);
    }

    /// Sets the user's rooms.
    pub fn seed_rooms(&mut self, rooms: Vec<MyRoom>) {
        self.chat.seed_rooms(rooms, &mut self.out);
    }

    /// Adds a room, for which only events after its cursor are requested. A loaded room is not changed. The
    /// room is not open until [`crate::Intent::Open`].
    pub fn seed_room(&mut self, seed: Seed) {
        self.chat.seed_room(seed, &mut self.out);
    }

    /// Restores the records that an earlier run left in storage, in any order. Records of users other than
    /// [`Client::me`] stay there.
    pub fn restore_outbox(&mut self, kept: Vec<Kept>) {
        self.chat.unsent.restore(kept, &mut self.chat.rooms, &mut self.out);
    }

    /// Adds records that a closed tab of the same user left in storage, in any order. Ignores records of other
    /// users and known records.
    pub fn take_in(&mut self, kept: Vec<Kept>, now: Millis) {
        if self.me().is_some() {
            self.restore_outbox(kept);
            self.chat.adopt_unsent(&mut self.out);
            self.flush(now);
        }
    }

    /// Hides the records with these ids, because another tab has taken them over. They stay in storage for that
    /// tab.
    pub fn disown(&mut self, ids: &[ClientId]) {
        self.chat.unsent.hide(&|id, _| ids.contains(&id), &mut self.chat.rooms, &mut self.out);
    }

    /// Sends no messages and changes until [`Client::release_outbox`], because storage has older ones that are
    /// still being read. New ones are accepted and wait; `at` is the current time, which orders them after the
    /// older ones.
    pub fn hold_outbox(&mut self, at: Timestamp) {
        self.chat.unsent.is_held = true;
        self.chat.unsent.changes.begin_after(at);
    }

    /// Adds the records that were read, in any order, and sends from now on.
    pub fn release_outbox(&mut self, kept: Vec<Kept>, now: Millis) {
        self.chat.unsent.is_held = false;
        self.restore_outbox(kept);
        // Before the first connection, the server may still replace the database or the user.
        if self.hello.is_some() {
            self.chat.adopt_unsent(&mut self.out);
        }
        self.flush(now);
    }

    /// Executes an intent of the user.
    pub fn handle(&mut self, intent: Intent, now: Millis) {
        let Self { channel, chat, random, out, .. } = self;
        match intent {
            Intent::Start => channel.link.start(now, &mut out.effects),
            Intent::Stop => channel.link.stop(&mut out.effects),
            Intent::RetryNow => channel.link.retry_now(now, &mut out.effects),
            Intent::NetworkLost => channel.link.suspect(now),
            Intent::Active => chat.queries.activity.on_active(now),

            Intent::Open { room } => chat.open(&room, StartAt::End, out),
            Intent::OpenAtUnread { room } => chat.open(&room, StartAt::Unread, out),
            Intent::Close { room } => chat.rooms.close(&room, now, out),
            Intent::Away { room } => chat.rooms.hide(&room, out),
            Intent::Leave { room } => chat.leave(&room, now, out),
            Intent::Describe { room, topic, only_if_empty } => {
                chat.enqueue_change(&room, Change::Describe { topic, only_if_empty }, random, out);
            }

            Intent::Post { room, client_id, text, at, reply_to, files } => {
                let (author, order, failed) = (None, 0, None);
                let entry = Entry { client_id, author, room, text, files, reply_to, at, order, failed };
                chat.unsent.posts.enqueue(entry, &mut chat.rooms, now, out);
            }
            Intent::Retry { client_id, fresh } => {
                chat.unsent.posts.retry(client_id, fresh, &mut chat.rooms, out);
            }
            Intent::Cancel { client_id } => chat.unsent.posts.cancel(client_id, &mut chat.rooms, out),
            Intent::Upload { upload_id, event } => {
                chat.unsent.posts.on_upload(upload_id, event, &mut chat.rooms, now, out);
            }
            Intent::Edit { room, message_id, text, at } => {
                chat.enqueue_change(&room, Change::Edit { message_id, text, at }, random, out);
            }
            Intent::Delete { room, message_id } => {
                chat.enqueue_change(&room, Change::Delete { message_id }, random, out);
            }
            Intent::React { room, message_id, emoji, on } => {
                chat.enqueue_change(&room, Change::React { message_id, emoji, on }, random, out);
            }
            Intent::Typing { room, on } => chat.rooms.on_typing(&room, on, now),

            Intent::Older { room } => chat.rooms.want_page(&room, Timeline::want_older, out),
            Intent::Newer { room } => chat.rooms.want_page(&room, Timeline::want_newer, out),
            Intent::ToEnd { room } => chat.rooms.want_page(&room, Timeline::want_end, out),
            Intent::Around { room, seq } => chat.rooms.want_around(&room, seq, out),
            Intent::AtEnd { room, at_end } => chat.rooms.keep_place(&room, !at_end),
            Intent::Seen { room, seq } => chat.rooms.on_seen(&room, seq, out),
            Intent::MarkUnread { room, seq } => chat.rooms.mark_unread(&room, seq, out),

            Intent::Browse { query, after } => chat.queries.browse.browse(query, after),
            Intent::Edits { room, message_id } => chat.queries.edit_history.look_up(room, message_id, out),
            Intent::Appear { status, share_reads } => {
                chat.queries.appearance.choose(status, share_reads, out);
            }
        }
        self.flush(now);
    }

    /// Handles an event of the socket.
    pub fn on_socket(&mut self, event: SocketEvent, now: Millis) {
        match event {
            SocketEvent::Opened => self.on_opened(now),
            SocketEvent::Frame(Some(frame)) => self.on_frame(*frame, now),
            SocketEvent::Frame(None) => self.on_unreadable_frame(now),
            SocketEvent::Closed { code } => self.on_closed(code, now),
        }
    }

    /// Handles [`SocketEvent::Opened`]. A driver calls this and the next three functions instead of
    /// [`Client::on_socket`] if it loads the code of [`Client::on_frame`] later than the rest.
    pub fn on_opened(&mut self, now: Millis) {
        self.channel.link.opened(now);
        self.flush(now);
    }

    /// Handles [`SocketEvent::Closed`].
    pub fn on_closed(&mut self, code: Option<u16>, now: Millis) {
        self.channel.link.closed(code, now, &mut self.random, &mut self.out.effects);
        self.flush(now);
    }

    /// Handles a frame that cannot be read: the program and the server do not understand each other.
    pub fn on_unreadable_frame(&mut self, now: Millis) {
        if self.channel.link.state().is_open() {
            self.channel.link.received(now);
            self.channel.link.give_up(&mut self.out.effects);
        }
        self.flush(now);
    }

    /// Handles a frame of the server.
    pub fn on_frame(&mut self, frame: ServerFrame, now: Millis) {
        if self.channel.link.state().is_open() {
            self.channel.link.received(now);
            self.route_frame(frame, now);
        }
        self.flush(now);
    }

    /// Handles expired deadlines. Call it at [`Client::next_deadline`]; earlier or later calls are harmless.
    pub fn on_tick(&mut self, now: Millis) {
        self.channel.link.tick(now, &mut self.random, &mut self.out.effects);
        self.on_link_change();
        self.channel.abandon_if_overdue(now, &mut self.random, &mut self.out);
        self.flush(now);
    }

    /// Returns the time of the next call of [`Client::on_tick`].
    #[must_use]
    pub fn next_deadline(&self) -> Option<Millis> {
        let chat = if self.channel.is_online() { self.chat.deadline() } else { None };
        self.channel.deadline().into_iter().chain(chat).min()
    }

    /// Takes the effects to execute, in order.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.out.effects)
    }

    /// Takes the changes since the last call.
    pub fn take_change_set(&mut self) -> ChangeSet {
        std::mem::take(&mut self.out.change_set)
    }

    /// Returns the state of the connection.
    #[must_use]
    pub const fn link(&self) -> &LinkState {
        self.channel.link.state()
    }

    /// Returns whether the shown state is current: there is a connection, and no reason to believe that it is
    /// dead. Otherwise presence, counts of people and typing indicators are unknown.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.channel.link.state().is_online() && !self.channel.link.is_in_doubt()
    }

    /// Returns the current user, if known.
    #[must_use]
    pub const fn me(&self) -> Option<&User> {
        self.chat.rooms.me()
    }

    /// Returns the id of the database of the rooms, if known.
    #[must_use]
    pub const fn epoch(&self) -> Option<&Epoch> {
        self.chat.epoch.as_ref()
    }

    /// Returns the `hello` of the last connection.
    #[must_use]
    pub const fn hello(&self) -> Option<&Hello> {
        self.hello.as_ref()
    }

    /// Returns a room of which the user is a member, that is open, or that has pending work.
    #[must_use]
    pub fn room(&self, room: &RoomName) -> Option<&RoomState> {
        self.chat.rooms.get(room)
    }

    /// Returns all known rooms by name: those of the user, open ones and those with pending work.
    pub fn rooms(&self) -> impl Iterator<Item = &RoomState> {
        self.chat.rooms.all()
    }

    /// Returns whether the list of the user's rooms is known.
    #[must_use]
    pub const fn is_listed(&self) -> bool {
        self.chat.queries.room_list.is_known()
    }

    /// Returns the user's status and settings, with a choice that is not stored yet.
    #[must_use]
    pub fn appearance(&self) -> Appearance {
        self.chat.queries.appearance.appearance()
    }

    /// Returns the last requested list of public rooms.
    #[must_use]
    pub const fn browsed(&self) -> Option<&Browsed> {
        self.chat.queries.browse.found()
    }

    /// Returns the last requested former texts.
    #[must_use]
    pub const fn edits(&self) -> Option<&Edits> {
        self.chat.queries.edit_history.found()
    }

    /// Returns the messages that are not stored yet.
    #[must_use]
    pub const fn outbox(&self) -> &Outbox {
        self.chat.unsent.posts.outbox()
    }

    /// Returns whether the outbox accepts another message. Without a connection the outbox fills up.
    #[must_use]
    pub fn can_post(&self) -> bool {
        !self.outbox().is_full()
    }

    /// Returns the time until which the rate limit delays messages and changes in the room, if the server
    /// named one.
    #[must_use]
    pub fn held_back_until(&self, room: &RoomName) -> Option<Millis> {
        let Unsent { posts, changes, .. } = &self.chat.unsent;
        let state = self.chat.rooms.get(room).filter(|_| self.is_live())?;
        let posting = state.posting.named_deadline().filter(|_| posts.has_pending(room));
        let changing = state.changing.named_deadline().filter(|_| changes.has_waiting(room));
        posting.max(changing)
    }

    /// Returns whether this edit is accepted: it may have to wait, and its text becomes a failed message if
    /// it is refused.
    #[must_use]
    pub fn can_edit(&self, room: &RoomName, message_id: MessageId, text: &MessageText) -> bool {
        let change = Change::Edit { message_id, text: text.clone(), at: Timestamp::from_millis(0) };
        self.chat.unsent.accepts(room, &change)
    }

    /// Returns the changes that the server has not stored yet, in the order of sending.
    pub fn changes(&self) -> impl Iterator<Item = &PendingChange> {
        self.chat.unsent.changes.changes().open()
    }

    /// Routes a frame of the server.
    fn route_frame(&mut self, frame: ServerFrame, now: Millis) {
        let Self { channel, chat, random, out, .. } = self;
        let greeting = matches!(channel.link.state(), LinkState::Greeting { .. });
        match frame {
            ServerFrame::Hello(hello) if greeting => self.on_hello(hello, now),
            // A second `hello` is ignored.
            ServerFrame::Hello(_) => {}
            // Frames before `hello` are ignored; `hello` has a timeout.
            _ if greeting => {}
            ServerFrame::Reply { id, answer } => {
                let Some(request) = channel.take_request(id) else { return };
                if !chat::on_reply(chat, request, answer, now, out) {
                    // The reply belongs to another request, so the states of client and server differ. A new
                    // connection restores them.
                    channel.link.abandon(now, random, &mut out.effects);
                }
            }
            ServerFrame::Refusal { id, refusal } => {
                if let Some(request) = id.and_then(|id| channel.take_request(id)) {
                    chat::on_refusal(chat, request, refusal, now, out);
                }
            }
            ServerFrame::Event { room, what } => chat.on_event(&room, &what, out),
            ServerFrame::Signal { room, what } => chat.rooms.on_signal(&room, what, now, out),
            ServerFrame::CatchUp(catch_up) => chat.on_catch_up(&catch_up, now, out),
            ServerFrame::StartOver(start) => chat.on_start_over(start, out),
            ServerFrame::UserEvent(event) => chat.on_user_event(event, out),
        }
    }

    fn on_hello(&mut self, hello: Hello, now: Millis) {
        let Self { channel, chat, out, .. } = self;
        if hello.protocol != PROTOCOL_VERSION {
            channel.link.give_up(&mut out.effects);
            return;
        }
        chat.set_epoch(hello.epoch.clone(), out);
        chat.set_me(hello.user.clone(), out);
        chat.adopt_unsent(out);
        channel.link.greeted(hello.idle_timeout_seconds, now);
        chat.queries.appearance.set_stored(hello.appearance, out);
        chat.queries.room_list.require();
        out.effects.push(Effect::Restore);
        self.hello = Some(hello);
    }

    /// Follows changes of the link, sends pending work and evicts unused rooms.
    fn flush(&mut self, now: Millis) {
        self.on_link_change();
        let Self { channel, chat, out, .. } = self;
        chat.rooms.all_mut().for_each(|room| room.expire_typing(now, out));
        if channel.is_online() {
            channel.ping_if_due(now, out);
            chat.send(channel, now, out);
        }
        chat.rooms.evict_unused(&mut chat.unsent, out);
    }

    /// Resets everything that was in flight if the socket is lost.
    fn on_link_change(&mut self) {
        self.out.change_set.link |= self.channel.link.take_changed();
        if self.channel.take_lost() {
            self.chat.reset_connection(&mut self.out);
        }
    }
}
