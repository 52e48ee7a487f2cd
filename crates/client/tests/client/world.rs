//! One tab, its storage, its network and a small honest server, all in one thread and one made-up time.

use std::collections::{BTreeMap, VecDeque};

use hubbub_client::{Client, Effect, Entry, Intent, Millis, RowKey, RowState, SocketEvent};
use hubbub_protocol::{
    Answer, CatchUp, ClientFrame, ClientId, Command, DEFAULT_PAGE_MESSAGES, Epoch, Event, Hello, Joined,
    MAX_OPEN_REQUESTS, MAX_ROOMS_PER_CONNECTION, Message, MessageId, MessageText, PROTOCOL_VERSION, Page,
    Posted, Refusal, Room, RoomEvent, RoomId, RoomName, Seq, ServerFrame, StartOver, Timestamp, User, UserId,
    UserName,
};

/// How the network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network {
    /// All arrives.
    Up,
    /// Sockets close and none opens.
    Down,
    /// Nothing arrives and nobody says so.
    Silent,
}

/// A tab and all around it.
pub(crate) struct World {
    pub(crate) client: Client,
    pub(crate) now: Millis,
    /// What is in the tab's durable storage.
    pub(crate) storage: BTreeMap<ClientId, Entry>,
    pub(crate) server: Server,
    network: Network,
    socket: Socket,
    /// Frames on their way to the tab, and when they arrive.
    coming: VecDeque<(Millis, ServerFrame)>,
    /// Every frame the tab sent, whether it arrived or not.
    pub(crate) sent: Vec<ClientFrame>,
    /// When the tab opened sockets.
    pub(crate) connects: Vec<Millis>,
    /// The close codes the tab sent.
    pub(crate) disconnects: Vec<u16>,
    names: u32,
    said: u32,
    /// The socket met a silent network: nothing goes through it any more, in either direction.
    deaf: bool,
    answered: usize,
    sent_here: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Socket {
    Closed,
    Opening,
    Open,
}

impl World {
    /// A tab that has just been loaded, not started.
    pub(crate) fn new() -> Self {
        Self {
            client: Client::new(7),
            now: Millis(1_000),
            storage: BTreeMap::new(),
            server: Server::new(),
            network: Network::Up,
            socket: Socket::Closed,
            coming: VecDeque::new(),
            sent: Vec::new(),
            connects: Vec::new(),
            disconnects: Vec::new(),
            names: 0,
            said: 0,
            deaf: false,
            answered: 0,
            sent_here: 0,
        }
    }

    /// A tab in the room `lobby`.
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
        self.names += 1;
        let client_id = name_of(self.names);
        let text = MessageText::parse(text).unwrap();
        self.wants(Intent::Post { room: room.clone(), client_id, text, at: Timestamp::from_millis(0) });
        client_id
    }

    pub(crate) fn others_say(&mut self, text: &str) {
        // Bob copies the names that Alice gives.
        self.said += 1;
        let frames = self.server.store(&lobby(), 2, "bob", name_of(self.said), text);
        self.comes(frames);
        self.run();
    }

    /// The tab is closed and opened again: only storage survives.
    pub(crate) fn reloads(&mut self) {
        self.client = Client::new(8);
        self.lose_socket();
        self.client.restore_outbox(self.storage.values().cloned().collect());
        self.wants(Intent::Open { room: lobby() });
        self.wants(Intent::Start);
    }

    pub(crate) fn network(&mut self, network: Network) {
        self.network = network;
        if network == Network::Silent && self.socket == Socket::Open {
            self.deaf = true;
            self.coming.clear();
        }
        if network == Network::Down && self.socket != Socket::Closed {
            self.server_closes(None);
        }
        self.run();
    }

    pub(crate) fn server_closes(&mut self, code: Option<u16>) {
        if self.socket != Socket::Closed {
            self.lose_socket();
            self.client.on_socket(SocketEvent::Closed { code }, self.now);
            self.run();
        }
    }

    pub(crate) fn server_says(&mut self, text: &str) {
        self.client.on_socket(SocketEvent::Text(text.to_owned()), self.now);
        self.run();
    }

    /// Lets time pass, doing whatever is due on the way.
    pub(crate) fn pass(&mut self, millis: u64) {
        let end = self.now.plus(millis);
        loop {
            let frame = self.coming.front().map(|(due, _)| *due);
            let next = [frame, self.client.next_deadline()].into_iter().flatten().min();
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

    /// The rows of the lobby: `hi` is saved, `hi+` sent, `hi?` pending, `hi!` failed.
    pub(crate) fn rows(&self) -> Vec<String> {
        self.rows_of(&lobby())
    }

    pub(crate) fn rows_of(&self, room: &RoomName) -> Vec<String> {
        let rows = self.client.room(room).into_iter().flat_map(|room| room.timeline.rows());
        rows.map(|row| match row.state {
            RowState::Saved(message) => message.text.as_str().to_owned(),
            RowState::Sent { entry, .. } => format!("{}+", entry.text),
            RowState::Pending(entry) => format!("{}?", entry.text),
            RowState::Failed(entry, _) => format!("{}!", entry.text),
        })
        .collect()
    }

    pub(crate) fn keys(&self) -> Vec<RowKey> {
        let rows = self.client.room(&lobby()).into_iter().flat_map(|room| room.timeline.rows());
        rows.map(|row| row.key).collect()
    }

    /// The posts the tab sent, by text.
    pub(crate) fn posts_sent(&self) -> Vec<&str> {
        let posts = self.sent.iter().filter_map(|frame| match &frame.command {
            Command::Post { text, .. } => Some(text.as_str()),
            _ => None,
        });
        posts.collect()
    }

    fn lose_socket(&mut self) {
        self.socket = Socket::Closed;
        self.deaf = false;
        self.coming.clear();
        self.server.joined.clear();
        self.answered = 0;
        self.sent_here = 0;
    }

    fn comes(&mut self, frames: Vec<ServerFrame>) {
        if !self.deaf && self.socket == Socket::Open {
            // A faster frame does not overtake a slower one.
            let last = self.coming.back().map_or(self.now, |(due, _)| *due);
            let due = self.now.plus(self.server.delay).max(last);
            self.coming.extend(frames.into_iter().map(|frame| (due, frame)));
        }
    }

    /// Carries out effects and delivers frames until nothing moves at this moment.
    fn run(&mut self) {
        loop {
            let effects = self.client.take_effects();
            let idle = effects.is_empty();
            for effect in effects {
                self.carry_out(effect);
            }
            if self.socket == Socket::Opening && self.network == Network::Up {
                self.socket = Socket::Open;
                let hello = self.server.hello();
                self.comes(vec![hello]);
                self.client.on_socket(SocketEvent::Opened, self.now);
            } else if self.socket == Socket::Opening && self.network == Network::Down {
                self.lose_socket();
                self.client.on_socket(SocketEvent::Closed { code: Some(1006) }, self.now);
            } else if !self.deaf && self.coming.front().is_some_and(|(due, _)| *due <= self.now) {
                let Some((_, frame)) = self.coming.pop_front() else { return };
                self.answered += usize::from(matches!(
                    frame,
                    ServerFrame::Reply { .. } | ServerFrame::Refusal { id: Some(_), .. }
                ));
                self.client.on_socket(SocketEvent::Text(frame.encode()), self.now);
            } else if idle {
                break;
            }
        }
        self.check();
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Connect => {
                assert!(self.socket == Socket::Closed, "a second socket");
                self.connects.push(self.now);
                self.socket = Socket::Opening;
            }
            Effect::Disconnect { code } => {
                self.disconnects.push(code);
                self.lose_socket();
            }
            Effect::Send(text) => {
                assert!(self.socket == Socket::Open, "sent without a socket");
                let frame = ClientFrame::decode(&text).unwrap();
                if let Command::Post { client_id, .. } = &frame.command {
                    assert!(self.storage.contains_key(client_id), "sent and nowhere kept");
                }
                self.sent.push(frame.clone());
                self.sent_here += 1;
                if !self.deaf {
                    assert!(
                        self.sent_here - self.answered <= MAX_OPEN_REQUESTS,
                        "more requests than may be open"
                    );
                    let frames = self.server.takes(frame);
                    self.comes(frames);
                }
            }
            Effect::Keep(entry) => {
                let json = serde_json::to_string(&entry).unwrap();
                self.storage.insert(entry.client_id, serde_json::from_str(&json).unwrap());
            }
            Effect::Forget(client_id) => {
                self.storage.remove(&client_id);
            }
        }
    }

    /// What holds at any moment, whatever the story is.
    fn check(&self) {
        check(&self.client);
        for room in self.client.rooms() {
            let saved: Vec<i64> = room.timeline.saved().map(|message| message.seq.0).collect();
            assert!(saved.windows(2).all(|pair| pair[0] + 1 == pair[1]), "a gap: {saved:?}");
        }
        assert_eq!(self.storage.len(), self.client.outbox().len(), "storage and outbox differ");
        for entry in self.client.outbox().entries() {
            assert_eq!(self.storage.get(&entry.client_id), Some(entry), "storage and outbox differ");
        }
    }
}

/// What holds at any moment, whatever the server says.
pub(crate) fn check(client: &Client) {
    for room in client.rooms() {
        let mut keys: Vec<RowKey> = room.timeline.rows().map(|row| row.key).collect();
        let all = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), all, "two rows have one key");
        let saved: Vec<i64> = room.timeline.saved().map(|message| message.seq.0).collect();
        assert!(saved.windows(2).all(|pair| pair[0] < pair[1]), "positions out of order: {saved:?}");
        assert!(saved.len() <= hubbub_client::MAX_HELD);
        assert!(room.people.len() <= hubbub_protocol::MAX_PEOPLE_LISTED);
    }
    // What is shown as unsent is what the outbox has, in the same order.
    for room in client.rooms() {
        let kept: Vec<&Entry> = client.outbox().entries().filter(|entry| entry.room == room.name).collect();
        let rows: Vec<RowState> = room.timeline.rows().map(|row| row.state).collect();
        let shown: Vec<&Entry> = rows.iter().filter_map(unsent).collect();
        assert_eq!(shown, kept);
    }
    let homeless =
        client.outbox().entries().find(|it| it.failed.is_none() && client.room(&it.room).is_none());
    assert_eq!(homeless, None, "a message waits for a room that nobody wants");
    assert!(client.outbox().len() <= hubbub_client::MAX_ENTRIES);
}

/// The entry of a row that is pending or failed, and says so.
fn unsent(state: &RowState) -> Option<&Entry> {
    match state {
        RowState::Pending(entry) => {
            assert_eq!(entry.failed, None);
            Some(entry.as_ref())
        }
        RowState::Failed(entry, refusal) => {
            assert_eq!(entry.failed.as_ref(), Some(refusal));
            Some(entry.as_ref())
        }
        RowState::Saved(_) | RowState::Sent { .. } => None,
    }
}

/// Stores messages and answers one connection, honestly.
pub(crate) struct Server {
    pub(crate) epoch: &'static str,
    pub(crate) me: i64,
    pub(crate) rooms: BTreeMap<RoomName, Vec<Message>>,
    pub(crate) joined: Vec<RoomName>,
    /// Refusals of the next posts.
    pub(crate) refuse_posts: VecDeque<Refusal>,
    /// Refusals of the next joins.
    pub(crate) refuse_joins: VecDeque<Refusal>,
    /// Milliseconds until its frames arrive.
    pub(crate) delay: u64,
    /// Missed events beyond which one starts over.
    pub(crate) most_missed: usize,
    /// Stored messages whose event is not sent, as if it were still on its way.
    pub(crate) hold_events: bool,
}

impl Server {
    fn new() -> Self {
        Self {
            epoch: "first",
            me: 1,
            rooms: BTreeMap::new(),
            joined: Vec::new(),
            refuse_posts: VecDeque::new(),
            refuse_joins: VecDeque::new(),
            delay: 0,
            most_missed: 1_000,
            hold_events: false,
        }
    }

    /// The texts stored in the lobby.
    pub(crate) fn texts(&self) -> Vec<&str> {
        let messages = self.rooms.get(&lobby()).into_iter().flatten();
        messages.map(|message| message.text.as_str()).collect()
    }

    pub(crate) fn hello(&self) -> ServerFrame {
        ServerFrame::Hello(Hello {
            protocol: PROTOCOL_VERSION,
            server: "0.1.0".to_owned(),
            epoch: Epoch(self.epoch.to_owned()),
            user: user(self.me, "alice"),
            idle_timeout_seconds: 90,
            max_frame_bytes: 65_536,
            max_text_chars: 4_000,
            max_text_bytes: 16_384,
        })
    }

    fn store(
        &mut self,
        room: &RoomName,
        author: i64,
        name: &str,
        client_id: ClientId,
        text: &str,
    ) -> Vec<ServerFrame> {
        let messages = self.rooms.entry(room.clone()).or_default();
        let seq = i64::try_from(messages.len()).unwrap() + 1;
        messages.push(message(seq, author, name, client_id, text));
        let event = RoomEvent { room: room.clone(), what: Event::Posted(messages.last().unwrap().clone()) };
        let heard = self.joined.contains(room) && !self.hold_events;
        heard.then_some(ServerFrame::Event(event)).into_iter().collect()
    }

    fn takes(&mut self, frame: ClientFrame) -> Vec<ServerFrame> {
        let id = frame.id;
        let reply = |answer| ServerFrame::Reply { id, answer };
        let refuse = |refusal| vec![ServerFrame::Refusal { id: Some(id), refusal }];
        match frame.command {
            Command::Ping {} => vec![reply(Answer::Pong {})],
            Command::Leave { room } => {
                let room = RoomName::parse(&room).unwrap();
                self.joined.retain(|other| *other != room);
                vec![reply(Answer::Left { room })]
            }
            Command::Join { room, cursor } => {
                if let Some(refusal) = self.refuse_joins.pop_front() {
                    return refuse(refusal);
                }
                let name = RoomName::parse(&room).unwrap();
                if !self.joined.contains(&name) {
                    assert!(self.joined.len() < MAX_ROOMS_PER_CONNECTION, "more rooms than one may be in");
                    self.joined.push(name.clone());
                }
                let people = vec![user(self.me, "alice"), user(2, "bob")];
                let room = Room { id: RoomId(1), name: name.clone() };
                let mut frames = vec![reply(Answer::Joined(Joined { room, people, count: 2 }))];
                frames.extend(self.missed(&name, cursor));
                frames
            }
            Command::History { room, before, .. } => {
                let room = RoomName::parse(&room).unwrap();
                vec![reply(Answer::History(self.page(&room, before.map_or(usize::MAX, index))))]
            }
            Command::Post { room, client_id, text } => {
                let room = RoomName::parse(&room).unwrap();
                if !self.joined.contains(&room) {
                    return refuse(Refusal::not_joined(room.as_str()));
                }
                if let Some(refusal) = self.refuse_posts.pop_front() {
                    return refuse(refusal);
                }
                let mut events = Vec::new();
                let stored =
                    |message: &&Message| message.client_id == client_id && message.author.id.0 == self.me;
                if self.rooms.get(&room).and_then(|all| all.iter().find(stored)).is_none() {
                    events = self.store(&room, self.me, "alice", client_id, &text);
                }
                let stored =
                    |message: &&Message| message.client_id == client_id && message.author.id.0 == self.me;
                let stored = self.rooms[&room].iter().find(stored).unwrap();
                let posted = Posted { room, message_id: stored.id, seq: stored.seq, at: stored.at };
                events.insert(0, reply(Answer::Posted(posted)));
                events
            }
        }
    }

    fn missed(&self, room: &RoomName, cursor: Option<Seq>) -> Vec<ServerFrame> {
        let messages = self.rooms.get(room).map_or(&[][..], Vec::as_slice);
        let missed = cursor.and_then(|cursor| messages.get(usize::try_from(cursor.0).unwrap()..));
        match missed {
            Some(missed) if missed.len() <= self.most_missed => {
                let mut batches: Vec<ServerFrame> = Vec::new();
                // Batches of 3, so that tests meet several.
                for batch in missed.chunks(3) {
                    let events = batch.iter().cloned().map(Event::Posted).collect();
                    batches.push(ServerFrame::CatchUp(CatchUp { room: room.clone(), events, more: true }));
                }
                batches.push(ServerFrame::CatchUp(CatchUp {
                    room: room.clone(),
                    events: Vec::new(),
                    more: false,
                }));
                batches
            }
            _ => {
                let cursor = Seq(i64::try_from(messages.len()).unwrap());
                vec![ServerFrame::StartOver(StartOver { page: self.page(room, usize::MAX), cursor })]
            }
        }
    }

    fn page(&self, room: &RoomName, end: usize) -> Page {
        let messages = self.rooms.get(room).map_or(&[][..], Vec::as_slice);
        let end = end.min(messages.len());
        let start = end.saturating_sub(DEFAULT_PAGE_MESSAGES as usize);
        Page { room: room.clone(), messages: messages[start..end].to_vec(), older: start > 0 }
    }
}

fn index(seq: Seq) -> usize {
    usize::try_from(seq.0 - 1).unwrap()
}

pub(crate) fn lobby() -> RoomName {
    RoomName::parse("lobby").unwrap()
}

pub(crate) fn user(id: i64, name: &str) -> User {
    User { id: UserId(id), name: UserName::parse(name).unwrap() }
}

pub(crate) fn name_of(number: u32) -> ClientId {
    let [a, b, c, d] = number.to_be_bytes();
    ClientId::from_random_bytes([a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
}

pub(crate) fn message(seq: i64, author: i64, name: &str, client_id: ClientId, text: &str) -> Message {
    Message {
        id: MessageId(seq + 100),
        seq: Seq(seq),
        author: user(author, name),
        client_id,
        text: MessageText::parse(text).unwrap(),
        at: Timestamp::from_millis(seq),
    }
}
