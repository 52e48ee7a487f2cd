//! A tab with its storage, network and a small correct server, in one thread with simulated time.

mod pipe;
mod promise;
mod tabs;
mod uploads;

use std::collections::BTreeMap;

use hubbub_client::{Client, Effect, Intent, Kept, LocalFile, Millis, RoomState, RowKey, SocketEvent};
use hubbub_protocol::{
    ClientFrame, ClientId, Command, Deleted, Edited, Event, FileName, MessageId, Quote, Refusal, RoomName,
    Seq, ServerFrame, Signal, Timestamp, UserId,
};

pub(crate) use self::pipe::Network;
use self::pipe::{Pipe, Socket};
use crate::server::Server;
use crate::words::show;
pub(crate) use crate::words::{face, lobby, message, name_of, say, user};

/// A tab and its environment.
pub(crate) struct World {
    pub(crate) client: Client,
    pub(crate) now: Millis,
    /// Durable storage of the tab.
    pub(crate) storage: BTreeMap<ClientId, Kept>,
    pub(crate) server: Server,
    /// Refusals that were shown to the user.
    pub(crate) refused: Vec<Refusal>,
    pipe: Pipe,
    /// All frames that the tab sent, whether they arrived or not.
    pub(crate) sent: Vec<ClientFrame>,
    /// Times at which the tab opened sockets.
    pub(crate) connects: Vec<Millis>,
    /// Close codes that the tab sent.
    pub(crate) disconnects: Vec<u16>,
    names: u32,
    said: u32,
    /// Number of times the tab was opened. Each time it has another seed.
    opened: u64,
    looks: i64,
    /// The tab is closed.
    closed: bool,
    /// Contents of files in durable storage, by upload.
    pub(crate) contents: BTreeMap<ClientId, FileName>,
    /// Uploads that run.
    pub(crate) uploads: Vec<ClientId>,
    /// Records that another tab wrote to the storage and did not send.
    pub(crate) left_elsewhere: Vec<Kept>,
}

impl World {
    /// A tab that was loaded and not started. Alice is a member of the lobby.
    pub(crate) fn new() -> Self {
        let mut server = Server::new();
        server.rooms.entry(lobby()).or_default().member = true;
        Self {
            client: Client::new(7),
            now: Millis(1_000),
            storage: BTreeMap::new(),
            server,
            refused: Vec::new(),
            pipe: Pipe::new(),
            sent: Vec::new(),
            connects: Vec::new(),
            disconnects: Vec::new(),
            names: 0,
            said: 0,
            opened: 0,
            looks: 0,
            closed: false,
            contents: BTreeMap::new(),
            uploads: Vec::new(),
            left_elsewhere: Vec::new(),
        }
    }

    /// A tab that has joined the lobby.
    pub(crate) fn in_lobby() -> Self {
        let mut world = Self::new();
        world.wants(Intent::Open { room: lobby() });
        world.wants(Intent::Start);
        world
    }

    pub(crate) fn wants(&mut self, intent: Intent) {
        self.client.handle(intent, self.now);
        self.run();
    }

    pub(crate) fn types(&mut self, text: &str) -> ClientId {
        self.types_in(text, &lobby())
    }

    pub(crate) fn types_in(&mut self, text: &str, room: &RoomName) -> ClientId {
        self.posts(text, room, None, Vec::new())
    }

    pub(crate) fn answers(&mut self, text: &str, quote: Quote) -> ClientId {
        self.posts(text, &lobby(), Some(quote), Vec::new())
    }

    fn posts(
        &mut self,
        text: &str,
        room: &RoomName,
        reply_to: Option<Quote>,
        files: Vec<LocalFile>,
    ) -> ClientId {
        self.names += 1;
        let client_id = name_of(self.names);
        let (room, text, at) = (room.clone(), say(text), self.clock());
        self.wants(Intent::Post { room, client_id, text, at, reply_to, files });
        client_id
    }

    pub(crate) fn others_say(&mut self, text: &str) {
        self.others_say_in(text, &lobby());
    }

    pub(crate) fn others_say_in(&mut self, text: &str, room: &RoomName) {
        // Bob copies the client ids that Alice uses.
        self.said += 1;
        let frames = self.server.post(room, 2, "bob", name_of(self.said), text, None);
        self.queue_frames(frames);
        self.run();
    }

    /// Another device of the same user posts a message.
    pub(crate) fn i_say_elsewhere(&mut self, text: &str) {
        self.said += 1;
        let frames = self.server.post(&lobby(), 1, "alice", name_of(1_000 + self.said), text, None);
        self.queue_frames(frames);
        self.run();
    }

    /// Makes the user a member of the room before the tab was opened.
    pub(crate) fn belongs_to(&mut self, room: &RoomName) {
        self.server.rooms.entry(room.clone()).or_default().member = true;
    }

    /// Returns the commands that the tab sent, as JSON.
    pub(crate) fn commands(&self, kind: &str) -> Vec<String> {
        let all = self.sent.iter().map(|frame| serde_json::to_string(&frame.command).unwrap());
        all.filter(|json| json.starts_with(&format!("{{\"{kind}\""))).collect()
    }

    /// Stores an event in the lobby.
    pub(crate) fn happens(&mut self, make: impl FnOnce(Seq) -> Event) {
        let frames = self.server.store(&lobby(), make);
        self.queue_frames(frames);
        self.run();
    }

    pub(crate) fn others_edit(&mut self, id: MessageId, text: &str) {
        let (text, at) = (Some(say(text)), Timestamp::from_millis(9));
        self.happens(|seq| {
            Event::Edited(Edited { seq, message_id: id, text, at, removed_files: Vec::new() })
        });
    }

    pub(crate) fn others_delete(&mut self, id: MessageId) {
        let message_seq = Seq(id.0 - 100);
        let (by, at) = (UserId(2), Timestamp::from_millis(9));
        self.happens(|seq| Event::Deleted(Deleted { seq, message_id: id, message_seq, by, at }));
    }

    pub(crate) fn others_react(&mut self, id: MessageId, emoji: &str, on: bool) {
        let frames = self.server.react(&lobby(), id, user(2, "bob"), &face(emoji), on);
        self.queue_frames(frames);
        self.run();
    }

    pub(crate) fn edits(&mut self, id: MessageId, text: &str) {
        let at = self.clock();
        self.wants(Intent::Edit { room: lobby(), message_id: id, text: say(text), at });
    }

    /// Returns the time of the user's device, which advances with each call.
    pub(crate) fn clock(&mut self) -> Timestamp {
        self.looks += 1;
        Timestamp::from_millis(i64::try_from(self.now.0 * 1_000).unwrap() + self.looks)
    }

    pub(crate) fn deletes(&mut self, id: MessageId) {
        self.wants(Intent::Delete { room: lobby(), message_id: id });
    }

    pub(crate) fn reacts(&mut self, id: MessageId, emoji: &str, on: bool) {
        self.wants(Intent::React { room: lobby(), message_id: id, emoji: face(emoji), on });
    }

    pub(crate) fn server_tells(&mut self, frame: ServerFrame) {
        self.queue_frames(vec![frame]);
        self.run();
    }

    pub(crate) fn server_signals(&mut self, what: Signal) {
        self.server_tells(ServerFrame::Signal { room: lobby(), what });
    }

    pub(crate) fn room(&self) -> &RoomState {
        self.client.room(&lobby()).unwrap()
    }

    pub(crate) fn sees(&mut self, seq: i64) {
        self.wants(Intent::Seen { room: lobby(), seq: Seq(seq) });
    }

    pub(crate) fn network(&mut self, network: Network) {
        self.pipe.set_network(network);
        if network == Network::Down && self.pipe.socket != Socket::Closed {
            self.server_closes(None);
        }
        self.run();
    }

    pub(crate) fn server_closes(&mut self, code: Option<u16>) {
        if self.pipe.socket != Socket::Closed {
            self.lose_socket();
            self.client.on_socket(SocketEvent::Closed { code }, self.now);
            self.run();
        }
    }

    pub(crate) fn server_says(&mut self, text: &str) {
        self.client.on_socket(SocketEvent::text(text), self.now);
        self.run();
    }

    /// Advances time and executes all deadlines on the way.
    pub(crate) fn pass(&mut self, millis: u64) {
        let end = self.now.plus(millis);
        loop {
            let next = [self.pipe.next_arrival(), self.client.next_deadline()].into_iter().flatten().min();
            match next.filter(|next| *next <= end) {
                Some(next) => {
                    self.now = self.now.max(next);
                    self.run();
                    if self.client.next_deadline().is_some_and(|deadline| deadline <= self.now) {
                        self.client.on_tick(self.now);
                        self.run();
                        let deadline = self.client.next_deadline();
                        assert!(
                            deadline.is_none_or(|deadline| deadline > self.now),
                            "a tick left work undone"
                        );
                    }
                }
                None => break,
            }
        }
        self.now = end;
    }

    /// Returns the rows of the lobby: `hi` is saved, `hi+` sent, `hi?` pending, `hi!` failed, `~hi` changing;
    /// `-` is a deleted message and `*` a notice; `hi 🙂2` has two reactions.
    pub(crate) fn rows(&self) -> Vec<String> {
        self.rows_of(&lobby())
    }

    pub(crate) fn rows_of(&self, room: &RoomName) -> Vec<String> {
        let rows = self.client.room(room).into_iter().flat_map(|room| room.timeline.rows());
        rows.map(|row| show(&row)).collect()
    }

    pub(crate) fn keys(&self) -> Vec<RowKey> {
        let rows = self.client.room(&lobby()).into_iter().flat_map(|room| room.timeline.rows());
        rows.map(|row| row.key).collect()
    }

    /// Returns the texts of the posts that the tab sent.
    pub(crate) fn posts_sent(&self) -> Vec<&str> {
        let posts = self.sent.iter().filter_map(|frame| match &frame.command {
            Command::Post { text, .. } => Some(text.as_str()),
            _ => None,
        });
        posts.collect()
    }

    fn lose_socket(&mut self) {
        self.pipe.lose();
        self.server.joined.clear();
    }

    fn queue_frames(&mut self, frames: Vec<ServerFrame>) {
        self.pipe.send(frames, self.now.plus(self.server.delay));
    }

    /// Executes effects and delivers frames until nothing is left to do at this time.
    fn run(&mut self) {
        loop {
            let effects = self.client.take_effects();
            let idle = effects.is_empty();
            for effect in effects {
                self.carry_out(effect);
            }
            if self.pipe.socket == Socket::Opening && self.pipe.network == Network::Up {
                self.pipe.socket = Socket::Open;
                let hello = self.server.hello();
                self.queue_frames(vec![hello]);
                self.client.on_socket(SocketEvent::Opened, self.now);
            } else if self.pipe.socket == Socket::Opening && self.pipe.network == Network::Down {
                self.lose_socket();
                self.client.on_socket(SocketEvent::Closed { code: Some(1006) }, self.now);
            } else if let Some(frame) = self.pipe.receive(self.now) {
                self.client.on_socket(SocketEvent::text(&frame.encode()), self.now);
            } else if idle {
                break;
            }
        }
        self.check();
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Connect => {
                assert!(self.pipe.socket == Socket::Closed, "a second socket");
                self.connects.push(self.now);
                self.pipe.socket = Socket::Opening;
            }
            Effect::Disconnect { code } => {
                self.disconnects.push(code);
                self.lose_socket();
            }
            Effect::Send(text) => {
                let frame = ClientFrame::decode(&text).unwrap();
                assert!(self.is_kept(&frame.command), "sent and nowhere kept");
                self.sent.push(frame.clone());
                self.pipe.count_sent();
                if !self.pipe.deaf {
                    let frames = self.server.takes(frame);
                    self.queue_frames(frames);
                }
            }
            Effect::Keep(entry) => {
                let json = serde_json::to_string(&entry).unwrap();
                self.storage.insert(entry.id(), serde_json::from_str(&json).unwrap());
            }
            Effect::Forget(client_id) => {
                self.storage.remove(&client_id);
            }
            Effect::Restore => {
                let left = std::mem::take(&mut self.left_elsewhere).into_iter();
                self.storage.extend(left.map(|kept| (kept.id(), kept)));
                self.client.take_in(self.storage.values().cloned().collect(), self.now);
            }
            Effect::Upload { upload_id, room, .. } => self.starts_upload(room, upload_id),
            Effect::StopUpload { upload_id } => self.stops_upload(upload_id),
            Effect::DiscardFile { upload_id } => self.discards(upload_id),
            Effect::Refused { refusal, .. } => self.refused.push(refusal),
        }
    }
}
