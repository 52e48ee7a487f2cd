//! One run of the server: the drivers of rooms, connections and writer, without sockets and clocks.

use std::collections::{BTreeMap, VecDeque};

use hubbub_chat::{
    Act, Bus, Connection, ConnectionId, Draft, Entry, Fate, MemoryStore, Outcome, Read, Room, Store,
    StoreError, Stored,
};
use hubbub_protocol::{
    CloseReason, Epoch, Hello, Millis, PROTOCOL_VERSION, RequestId, RoomEvent, RoomName, RoomSignal, Seq,
    ServerFrame, Timestamp, User,
};
use pollster::block_on;

/// Tiny, so that slow readers are met often.
const OUTBOX_DELIVERIES: usize = 12;

enum Delivery {
    Answer(RequestId, Outcome),
    Event(RoomName, Seq, String),
    Signal(RoomName, String),
}

#[derive(Default)]
struct Outbox {
    queue: VecDeque<Delivery>,
    slow: bool,
}

#[derive(Default)]
struct Outboxes(BTreeMap<ConnectionId, Outbox>);

impl Outboxes {
    fn put(&mut self, to: ConnectionId, delivery: Delivery) {
        if let Some(outbox) = self.0.get_mut(&to) {
            if outbox.queue.len() < OUTBOX_DELIVERIES {
                outbox.queue.push_back(delivery);
            } else {
                outbox.slow = true;
            }
        }
    }
}

impl Bus for Outboxes {
    fn answer(&mut self, to: ConnectionId, request: RequestId, outcome: Outcome) {
        self.put(to, Delivery::Answer(request, outcome));
    }

    fn event(&mut self, to: &mut dyn Iterator<Item = ConnectionId>, event: &RoomEvent) {
        let json = ServerFrame::Event(event.clone()).encode();
        to.for_each(|to| self.put(to, Delivery::Event(event.room.clone(), event.what.seq(), json.clone())));
    }

    fn signal(&mut self, to: &mut dyn Iterator<Item = ConnectionId>, signal: &RoomSignal) {
        let json = ServerFrame::Signal(signal.clone()).encode();
        to.for_each(|to| self.put(to, Delivery::Signal(signal.room.clone(), json.clone())));
    }
}

/// A committed write that its room has not applied yet. A kill forgets it; the store does not.
type Committed = (RoomName, Entry, Result<Stored, StoreError>);

/// The server while it runs. All of it is gone after a kill, except the store.
#[derive(Default)]
pub(crate) struct Server {
    rooms: BTreeMap<RoomName, Room>,
    connections: BTreeMap<ConnectionId, Connection>,
    outboxes: Outboxes,
    writes: VecDeque<(RoomName, Draft, Entry)>,
    committed: VecDeque<Committed>,
}

/// What a connection sends, or that it ends.
pub(crate) type Sent = Result<Vec<String>, CloseReason>;

impl Server {
    pub(crate) fn connect(&mut self, id: ConnectionId, user: User, now: Millis) -> String {
        let hello = Hello {
            protocol: PROTOCOL_VERSION,
            server: "0".to_owned(),
            epoch: Epoch("one".to_owned()),
            user: user.clone(),
            idle_timeout_seconds: 90,
            max_frame_bytes: 65_536,
            max_text_chars: 4_000,
            max_text_bytes: 16_384,
        };
        self.connections.insert(id, Connection::new(user, now));
        self.outboxes.0.insert(id, Outbox::default());
        ServerFrame::Hello(hello).encode()
    }

    pub(crate) fn connections(&self) -> Vec<ConnectionId> {
        self.connections.keys().copied().collect()
    }

    pub(crate) fn disconnect(&mut self, id: ConnectionId) {
        let Some(connection) = self.connections.remove(&id) else { return };
        for room in connection.rooms() {
            if let Some(room) = self.rooms.get_mut(room) {
                room.leave(id);
            }
        }
        self.outboxes.0.remove(&id);
    }

    pub(crate) fn may_ask(&self, id: ConnectionId) -> bool {
        self.connections.get(&id).is_some_and(Connection::may_ask)
    }

    pub(crate) fn hear(&mut self, id: ConnectionId, frame: &str, now: Millis, store: &MemoryStore) -> Sent {
        let acts = self.connections.get_mut(&id).map(|connection| connection.on_frame(frame, now));
        self.perform(id, acts.unwrap_or_default(), store)
    }

    /// Brings one delivery to the connection, and from there onto the wire.
    pub(crate) fn deliver(&mut self, id: ConnectionId, store: &MemoryStore) -> Sent {
        let (Some(outbox), Some(connection)) = (self.outboxes.0.get_mut(&id), self.connections.get_mut(&id))
        else {
            return Ok(Vec::new());
        };
        if outbox.slow {
            return Err(CloseReason::Slow);
        }
        match outbox.queue.pop_front() {
            Some(Delivery::Answer(request, outcome)) => {
                let acts = connection.on_outcome(request, outcome);
                self.perform(id, acts, store)
            }
            Some(Delivery::Event(room, seq, json)) => match connection.on_event(&room, seq) {
                Fate::Forward => Ok(vec![json]),
                Fate::Drop => Ok(Vec::new()),
                Fate::Repair(read) => self.perform(id, vec![Act::Read(read)], store),
            },
            Some(Delivery::Signal(room, json)) if connection.hears(&room) => Ok(vec![json]),
            Some(Delivery::Signal(..)) | None => Ok(Vec::new()),
        }
    }

    fn perform(&mut self, id: ConnectionId, acts: Vec<Act>, store: &MemoryStore) -> Sent {
        let mut acts: VecDeque<Act> = acts.into();
        let mut frames = Vec::new();
        while let Some(act) = acts.pop_front() {
            let Some(connection) = self.connections.get_mut(&id) else { return Ok(frames) };
            match act {
                Act::Write(frame) => frames.push(frame.encode()),
                Act::Close(reason) => return Err(reason),
                Act::Enter { room, request } => {
                    let user = connection.user().clone();
                    let entry = Entry { connection: id, request };
                    let record = block_on(store.open_room(&room, Timestamp::from_millis(0))).unwrap();
                    let room = self.rooms.entry(room).or_insert_with(|| Room::new(record));
                    room.enter(entry, &user, &mut self.outboxes);
                }
                Act::Exit { room } => {
                    if let Some(room) = self.rooms.get_mut(&room) {
                        room.leave(id);
                    }
                }
                Act::Post { room, request, client_id, text } => {
                    let at = Timestamp::from_millis(0);
                    let draft = self.rooms[&room].decide(connection.user().clone(), client_id, text, at);
                    self.writes.push_back((room, draft, Entry { connection: id, request }));
                }
                Act::Read(Read::Events { room, after, limit }) => {
                    // A tiny batch, so that most catch-ups take several.
                    let events = block_on(store.events_after(room, after, limit.min(3)));
                    connection.on_events(room, events).into_iter().rev().for_each(|act| acts.push_front(act));
                }
                Act::Read(Read::History { room, before, limit, request }) => {
                    let history = block_on(store.history(room, before, limit.min(5)));
                    let brought = connection.on_history(room, request, history);
                    brought.into_iter().rev().for_each(|act| acts.push_front(act));
                }
            }
        }
        Ok(frames)
    }

    /// The writer commits up to `count` of what waits, as one transaction, which may fail as a whole.
    pub(crate) fn commit(&mut self, count: usize, fails: bool, store: &MemoryStore) {
        let batch: Vec<_> = self.writes.drain(..count.min(self.writes.len())).collect();
        let drafts = batch.iter().map(|(_, draft, _)| draft.clone()).collect();
        let stored = if fails {
            Err(StoreError("the disk is full".to_owned()))
        } else {
            block_on(store.append(drafts))
        };
        let each: Vec<Result<Stored, StoreError>> = match stored {
            Ok(stored) => stored.into_iter().map(Ok).collect(),
            Err(error) => batch.iter().map(|_| Err(error.clone())).collect(),
        };
        for ((room, _, entry), stored) in batch.into_iter().zip(each) {
            self.committed.push_back((room, entry, stored));
        }
    }

    /// A room learns of a commit and tells everyone.
    pub(crate) fn apply(&mut self) {
        if let Some((room, entry, stored)) = self.committed.pop_front() {
            let room = self.rooms.get_mut(&room).expect("a room that wrote");
            room.apply(&stored, Some(entry), &mut self.outboxes);
        }
    }

    pub(crate) fn tell_people(&mut self, now: Millis) {
        for room in self.rooms.values_mut() {
            room.tell_people(now, &mut self.outboxes);
        }
    }

    pub(crate) fn people(&self, room: &RoomName) -> Vec<User> {
        self.rooms.get(room).map(|room| room.people().list()).unwrap_or_default()
    }

    /// Whether nothing is under way inside.
    pub(crate) fn is_quiet(&self) -> bool {
        self.writes.is_empty()
            && self.committed.is_empty()
            && self.outboxes.0.values().all(|outbox| outbox.queue.is_empty())
            && self.rooms.values().all(|room| room.people_due().is_none())
    }
}
