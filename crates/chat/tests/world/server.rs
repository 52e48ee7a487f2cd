//! One run of the server: the drivers of rooms, connections and writer, without sockets and clocks.

use std::collections::{BTreeMap, VecDeque};

use hubbub_chat::{
    Connection, ConnectionEffect, ConnectionId, Disposition, MemoryStore, PendingEvent, ReadUpdate,
    RequestOrigin, Room, RoomCommand, RoomReply, RoomRequest, Store, StoreError, StoreQuery, StoreResult,
    WriteOutcome,
};
use hubbub_protocol::{
    Answer, CloseReason, Epoch, Hello, Millis, PROTOCOL_VERSION, Person, Refusal, RequestId, RoomName, Seq,
    ServerFrame, Timestamp, User, UserEvent,
};
use pollster::block_on;

use super::outboxes::{Delivery, Outboxes};

/// The write of a request.
enum Write {
    Event(PendingEvent),
    Read(ReadUpdate),
}

/// The result of a write that the room has not received yet. A kill discards it, but not the stored data.
type Written = (RoomRequest, StoreResult<WriteOutcome>);

/// A running server. A kill discards all of it except the store.
#[derive(Default)]
pub(crate) struct Server {
    rooms: BTreeMap<RoomName, Room>,
    connections: BTreeMap<ConnectionId, Connection>,
    outboxes: Outboxes,
    writes: VecDeque<(RoomName, RoomRequest, Write)>,
    written: VecDeque<(RoomName, Written)>,
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
        self.connections.insert(id, Connection::new(id, user, appearance, now));
        ServerFrame::Hello(hello).encode()
    }

    pub(crate) fn connections(&self) -> Vec<ConnectionId> {
        self.connections.keys().copied().collect()
    }

    pub(crate) fn disconnect(&mut self, id: ConnectionId, now: Millis) {
        let Some(connection) = self.connections.remove(&id) else { return };
        for effect in connection.on_closed(false) {
            if let ConnectionEffect::Request { room, request } = effect {
                self.request(&room, request, now);
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
            // The bus may send an event to an idle connection without asking the connection first.
            Some(Delivery::Event(room, seq, json)) if seq.0 % 2 == 0 && is_next(connection, &room, seq) => {
                let id = self.rooms[&room].record().id;
                connection.advance(id, seq);
                Ok(vec![json])
            }
            Some(Delivery::Event(room, seq, json)) => match connection.on_event(&room, seq) {
                Disposition::Forward => Ok(vec![json]),
                Disposition::Drop => Ok(Vec::new()),
                Disposition::Repair(read) => {
                    self.perform(id, vec![ConnectionEffect::Query(read)], now, store)
                }
            },
            Some(Delivery::UserEvent(mine)) => {
                let effects = connection.on_user_event(&mine, now);
                let mut frames = self.perform(id, effects, now, store)?;
                frames.push(ServerFrame::UserEvent(mine).encode());
                Ok(frames)
            }
            Some(Delivery::Signal(room, json)) if connection.has_entered(&room) => Ok(vec![json]),
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
                ConnectionEffect::Request { room, request } => {
                    match (&request.command, request.origin) {
                        (RoomCommand::Enter { resume: true, .. }, RequestOrigin::Request { request, .. })
                            if block_on(store.find_room(&room)).unwrap().is_none() =>
                        {
                            let refused = RoomReply::Refused(Refusal::not_joined(room.as_str()));
                            effects.extend(connection.on_room_reply(request, refused));
                            continue;
                        }
                        (RoomCommand::Enter { .. }, _) => {
                            self.rooms.entry(room.clone()).or_insert_with(|| open(store, &room));
                        }
                        _ => {}
                    }
                    self.request(&room, request, now);
                }
                ConnectionEffect::Appear { request, appearance } => {
                    block_on(store.set_appearance(user.id, appearance)).unwrap();
                    self.outboxes.tell(user.id, &UserEvent::Appearance(appearance));
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

    fn request(&mut self, name: &RoomName, request: RoomRequest, now: Millis) {
        if request.command.is_for_running_room() && !self.rooms.contains_key(name) {
            return;
        }
        let room = self.rooms.get_mut(name).expect("a room of a connection");
        match (room.decide(&request, Timestamp::from_millis(0)), &request.command) {
            (Err(refusal), _) => {
                request.origin.answer(RoomReply::Refused(refusal), &mut self.outboxes.of(name))
            }
            (Ok(Some(pending)), _) => {
                room.begin(&pending);
                self.writes.push_back((name.clone(), request, Write::Event(pending)));
            }
            (Ok(None), RoomCommand::Read(update)) => {
                let write = Write::Read(*update);
                self.writes.push_back((name.clone(), request, write));
            }
            (Ok(None), _) => room.apply(&request, None, now, &mut self.outboxes.of(name)),
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
        for (name, request, write) in self.writes.drain(..count.min(self.writes.len())) {
            let stored = match write {
                _ if fails => Err(failed()),
                Write::Event(pending) => {
                    block_on(store.append(vec![pending])).map(|mut stored| stored.remove(0))
                }
                Write::Read(update) => {
                    let progress = block_on(store.mark(self.rooms[&name].record().id, request.by.id, update));
                    progress.map(|progress| WriteOutcome::of_read(progress, &name))
                }
            };
            self.written.push_back((name, (request, stored)));
        }
    }

    /// Applies the next result of the writer to its room.
    pub(crate) fn apply(&mut self, now: Millis) {
        let Some((name, (mut request, stored))) = self.written.pop_front() else { return };
        if request.origin.connection().is_some_and(|connection| !self.connections.contains_key(&connection)) {
            request.detach();
        }
        let room = self.rooms.get_mut(&name).expect("a room that wrote");
        room.apply(&request, Some(&stored), now, &mut self.outboxes.of(&name));
    }

    pub(crate) fn tell_people(&mut self, now: Millis) {
        for (name, room) in &mut self.rooms {
            room.on_tick(now, &mut self.outboxes.of(name));
        }
    }

    /// Returns the members of a room with their presence.
    pub(crate) fn people(&self, room: &RoomName) -> Vec<Person> {
        self.rooms.get(room).map(|room| room.roster().list()).unwrap_or_default()
    }

    /// Returns whether no work is pending.
    pub(crate) fn is_quiet(&self) -> bool {
        self.writes.is_empty()
            && self.written.is_empty()
            && self.outboxes.are_empty()
            && self.rooms.values().all(|room| room.due().is_none())
    }
}

fn open(store: &MemoryStore, name: &RoomName) -> Room {
    let record = block_on(store.open_room(name, Timestamp::from_millis(0))).unwrap();
    let members = block_on(store.members(record.id)).unwrap();
    Room::new(record, members)
}

/// Whether the connection is live in the room and has all events before `seq`.
fn is_next(connection: &Connection, room: &RoomName, seq: Seq) -> bool {
    connection.live_rooms().any(|(_, name, position)| name == room && position.next() == seq)
}
