//! One run of the server: the drivers of rooms, connections and writer, without sockets and clocks.

use std::collections::{BTreeMap, VecDeque};

use hubbub_chat::{
    AppendOutcome, Connection, ConnectionEffect, ConnectionId, Disposition, MemoryStore, OnCommitted,
    PendingEvent, ReadProgress, ReadUpdate, RequestOrigin, Room, RoomCommand, RoomRequest, Store, StoreError,
    StoreQuery,
};
use hubbub_protocol::{
    Answer, CloseReason, Epoch, Hello, Millis, Mine, PROTOCOL_VERSION, Person, Refusal, RequestId, RoomName,
    ServerFrame, Timestamp, User, UserId,
};
use pollster::block_on;

use super::outboxes::{Delivery, Outboxes};

/// A request to the writer.
enum Job {
    Draft(PendingEvent, OnCommitted),
    Mark(RequestOrigin, UserId, ReadUpdate),
}

/// A result of the writer that the room has not received yet. A kill discards it, but not the stored data.
enum Done {
    Draft(Box<PendingEvent>, OnCommitted, Box<Result<AppendOutcome, StoreError>>),
    Mark(RequestOrigin, UserId, Result<Option<ReadProgress>, StoreError>),
}

/// A running server. A kill discards all of it except the store.
#[derive(Default)]
pub(crate) struct Server {
    rooms: BTreeMap<RoomName, Room>,
    connections: BTreeMap<ConnectionId, Connection>,
    outboxes: Outboxes,
    jobs: VecDeque<(RoomName, Job)>,
    done: VecDeque<(RoomName, Done)>,
}

/// The frames that a connection sends, or the reason why it closes.
pub(crate) type Sent = Result<Vec<String>, CloseReason>;

impl Server {
    pub(crate) fn connect(
        &mut self,
        id: ConnectionId,
        user: User,
        now: Millis,
        store: &MemoryStore,
    ) -> String {
        let appearance = block_on(store.appearance(user.id)).unwrap();
        let hello = Hello {
            protocol: PROTOCOL_VERSION,
            server: "0".to_owned(),
            epoch: Epoch("one".to_owned()),
            user: user.clone(),
            appearance,
            idle_timeout_seconds: 90,
            max_frame_bytes: 65_536,
            max_text_chars: 4_000,
            max_text_bytes: 16_384,
        };
        self.outboxes.open(id, user.id);
        self.connections.insert(id, Connection::new(user, appearance, now));
        ServerFrame::Hello(hello).encode()
    }

    pub(crate) fn connections(&self) -> Vec<ConnectionId> {
        self.connections.keys().copied().collect()
    }

    pub(crate) fn disconnect(&mut self, id: ConnectionId, now: Millis) {
        let Some(connection) = self.connections.remove(&id) else { return };
        for room in connection.rooms() {
            if let Some(room) = self.rooms.get_mut(room) {
                room.leave(id, now);
            }
        }
        self.outboxes.close(id);
    }

    pub(crate) fn may_ask(&self, id: ConnectionId) -> bool {
        self.connections.get(&id).is_some_and(Connection::may_ask)
    }

    pub(crate) fn hear(&mut self, id: ConnectionId, frame: &str, now: Millis, store: &MemoryStore) -> Sent {
        let effects = self.connections.get_mut(&id).map(|connection| connection.on_frame(frame, now));
        self.perform(id, effects.unwrap_or_default(), now, store)
    }

    /// Lets a connection handle the passage of time.
    pub(crate) fn tick(&mut self, id: ConnectionId, now: Millis, store: &MemoryStore) -> Sent {
        let effects = match self.connections.get_mut(&id) {
            Some(connection) if connection.deadline() <= now => connection.on_tick(now),
            _ => Vec::new(),
        };
        self.perform(id, effects, now, store)
    }

    /// Passes one delivery to the connection and sends the resulting frames.
    pub(crate) fn deliver(&mut self, id: ConnectionId, now: Millis, store: &MemoryStore) -> Sent {
        let Some(connection) = self.connections.get_mut(&id) else { return Ok(Vec::new()) };
        match self.outboxes.next(id)? {
            Some(Delivery::Answer(request, outcome)) => {
                let effects = connection.on_room_reply(request, outcome);
                self.perform(id, effects, now, store)
            }
            Some(Delivery::Event(room, seq, json)) => match connection.on_event(&room, seq) {
                Disposition::Forward => Ok(vec![json]),
                Disposition::Drop => Ok(Vec::new()),
                Disposition::Repair(read) => {
                    self.perform(id, vec![ConnectionEffect::Query(read)], now, store)
                }
            },
            Some(Delivery::Mine(mine)) => {
                let effects = connection.on_mine(&mine, now);
                let mut frames = self.perform(id, effects, now, store)?;
                frames.push(ServerFrame::Mine(mine).encode());
                Ok(frames)
            }
            Some(Delivery::Signal(room, json)) if connection.hears(&room) => Ok(vec![json]),
            Some(Delivery::Signal(..)) | None => Ok(Vec::new()),
        }
    }

    fn perform(
        &mut self,
        id: ConnectionId,
        effects: Vec<ConnectionEffect>,
        now: Millis,
        store: &MemoryStore,
    ) -> Sent {
        let mut effects: VecDeque<ConnectionEffect> = effects.into();
        let mut frames = Vec::new();
        while let Some(effect) = effects.pop_front() {
            let Some(connection) = self.connections.get_mut(&id) else { return Ok(frames) };
            let user = connection.user().clone();
            match effect {
                ConnectionEffect::Write(frame) => frames.push(frame.encode()),
                ConnectionEffect::Close(reason) => return Err(reason),
                ConnectionEffect::Enter { room: name, request, shown } => {
                    let entry = RequestOrigin { connection: id, request };
                    let room = self.rooms.entry(name.clone()).or_insert_with(|| open(store, &name));
                    if room.is_member(user.id) {
                        room.enter(entry, user.id, shown, &mut self.outboxes);
                    } else {
                        self.decide(
                            &name,
                            user,
                            RoomCommand::Join { silent: false },
                            OnCommitted::Enter(entry, shown),
                        );
                    }
                }
                ConnectionEffect::Exit { room } => {
                    if let Some(room) = self.rooms.get_mut(&room) {
                        room.leave(id, now);
                    }
                }
                ConnectionEffect::Request { room, request, ask } => {
                    let entry = RequestOrigin { connection: id, request };
                    match ask {
                        RoomRequest::Command(command) => {
                            self.decide(&room, user, command, OnCommitted::Answer(entry))
                        }
                        RoomRequest::Read(mark) => {
                            self.jobs.push_back((room, Job::Mark(entry, user.id, mark)))
                        }
                        RoomRequest::Typing(on) => {
                            let room = self.rooms.get_mut(&room).expect("a room that one sits in");
                            room.typing(entry, on, now, &mut self.outboxes);
                        }
                    }
                }
                ConnectionEffect::Show { room, shown } => {
                    if let Some(room) = self.rooms.get_mut(&room) {
                        room.show(id, shown, &mut self.outboxes);
                    }
                }
                ConnectionEffect::Appear { request, appearance } => {
                    block_on(store.set_appearance(user.id, appearance)).unwrap();
                    self.outboxes.tell(user.id, &Mine::Appearance(appearance));
                    effects.push_front(connection.on_answer(request, Ok(Ok(Answer::Appearance(appearance)))));
                }
                ConnectionEffect::Query(read) => {
                    let brought = self.read(id, &user, read, store);
                    brought.into_iter().rev().for_each(|effect| effects.push_front(effect));
                }
            }
        }
        Ok(frames)
    }

    fn decide(&mut self, name: &RoomName, by: User, command: RoomCommand, asked: OnCommitted) {
        let room = self.rooms.get_mut(name).expect("a room that one sits in");
        match (room.decide(by, command, Timestamp::from_millis(0)), asked) {
            (Ok(pending), asked) => self.jobs.push_back((name.clone(), Job::Draft(pending, asked))),
            (Err(refusal), OnCommitted::Answer(entry) | OnCommitted::Enter(entry, _)) => {
                self.outboxes.refuse(entry.connection, entry.request, refusal);
            }
            (Err(_), OnCommitted::Nobody) => {}
        }
    }

    fn read(
        &mut self,
        id: ConnectionId,
        user: &User,
        read: StoreQuery,
        store: &MemoryStore,
    ) -> Vec<ConnectionEffect> {
        let Some(connection) = self.connections.get_mut(&id) else { return Vec::new() };
        let (request, answer): (RequestId, Result<Answer, Refusal>) = match read {
            // A small batch, so that most catch-ups take several.
            StoreQuery::Events { room, after, limit } => {
                return connection.on_events(room, block_on(store.events_after(room, after, limit.min(3))));
            }
            StoreQuery::History { room, anchor, limit, request } => {
                let history = block_on(store.history(room, anchor, limit.min(5)));
                return connection.on_history(room, anchor, request, history);
            }
            StoreQuery::Edits { room, message, request } => {
                (request, connection.edits(message, block_on(store.edits(room, message)).unwrap()))
            }
            StoreQuery::Rooms { request } => {
                (request, Ok(Answer::Rooms { rooms: block_on(store.my_rooms(user.id)).unwrap() }))
            }
            StoreQuery::Browse { query, after, request } => {
                let found = block_on(store.browse(user.id, &query, after.as_ref(), 5)).unwrap();
                (request, Ok(Answer::Browsed(found)))
            }
        };
        vec![connection.on_answer(request, Ok(answer))]
    }

    /// Commits up to `count` pending writes in one transaction, which may fail as a whole.
    pub(crate) fn commit(&mut self, count: usize, fails: bool, store: &MemoryStore) {
        let failed = || StoreError("the disk is full".to_owned());
        for (name, job) in self.jobs.drain(..count.min(self.jobs.len())) {
            let done = match job {
                Job::Draft(pending, asked) => {
                    let stored = if fails {
                        Err(failed())
                    } else {
                        block_on(store.append(vec![pending.clone()])).map(|mut stored| stored.remove(0))
                    };
                    Done::Draft(Box::new(pending), asked, Box::new(stored))
                }
                Job::Mark(entry, user, mark) => {
                    let room = self.rooms[&name].record().id;
                    let marked = if fails { Err(failed()) } else { block_on(store.mark(room, user, mark)) };
                    Done::Mark(entry, user, marked)
                }
            };
            self.done.push_back((name, done));
        }
    }

    /// Applies the next result of the writer to its room.
    pub(crate) fn apply(&mut self) {
        let Some((name, done)) = self.done.pop_front() else { return };
        let room = self.rooms.get_mut(&name).expect("a room that wrote");
        match done {
            Done::Draft(pending, asked, stored) => {
                let asked = match asked {
                    // The connection ended while its membership was stored. If it were added now, nothing
                    // would remove it.
                    OnCommitted::Enter(entry, _) if !self.connections.contains_key(&entry.connection) => {
                        OnCommitted::Nobody
                    }
                    asked => asked,
                };
                room.apply(&pending, &stored, asked, &mut self.outboxes);
            }
            Done::Mark(entry, user, marked) => room.marked(user, &marked, Some(entry), &mut self.outboxes),
        }
    }

    pub(crate) fn tell_people(&mut self, now: Millis) {
        for room in self.rooms.values_mut() {
            room.on_tick(now, &mut self.outboxes);
        }
    }

    /// Returns the members of a room with their presence.
    pub(crate) fn people(&self, room: &RoomName) -> Vec<Person> {
        self.rooms.get(room).map(|room| room.roster().list()).unwrap_or_default()
    }

    /// Returns whether no work is pending.
    pub(crate) fn is_quiet(&self) -> bool {
        self.jobs.is_empty()
            && self.done.is_empty()
            && self.outboxes.are_empty()
            && self.rooms.values().all(|room| room.due().is_none())
    }
}

fn open(store: &MemoryStore, name: &RoomName) -> Room {
    let record = block_on(store.open_room(name, Timestamp::from_millis(0))).unwrap();
    let members = block_on(store.members(record.id)).unwrap();
    Room::new(record, members)
}
