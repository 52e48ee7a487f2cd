//! A small correct server for one connection.

mod changes;

use std::collections::{BTreeMap, VecDeque};

use hubbub_protocol::{
    Answer, Appearance, Attachment, Browsed, ClientFrame, ClientId, Command, DEFAULT_PAGE_MESSAGES, Deleted,
    Described, Edited, Edits, Emoji, Epoch, Event, Field, FileId, Hello, Joined, MAX_ROOMS_PER_CONNECTION,
    Message, MessageId, MessageText, Moved, MyRoom, PROTOCOL_VERSION, Person, Posted, Presence, PublicRoom,
    Reacted, ReadMark, ReadState, Refusal, Room, RoomId, RoomName, Seq, ServerFrame, Timestamp, Topic, User,
    UserEvent, Version,
};

use crate::stored::{Stored, change};
use crate::world::{lobby, message, user};

/// Stores events and answers one connection.
pub(crate) struct Server {
    pub(crate) epoch: &'static str,
    pub(crate) me: i64,
    pub(crate) rooms: BTreeMap<RoomName, Stored>,
    pub(crate) joined: Vec<RoomName>,
    /// Refusals of the next posts.
    pub(crate) refuse_posts: VecDeque<Refusal>,
    /// Refusals of the next joins.
    pub(crate) refuse_joins: VecDeque<Refusal>,
    /// Room that another device leaves right after the next list of rooms.
    pub(crate) left_after_list: Option<RoomName>,
    /// Refusals of the next edits, deletions, reactions, topics, read positions and leaves.
    pub(crate) refused_changes: VecDeque<Refusal>,
    /// Milliseconds until its frames arrive.
    pub(crate) delay: u64,
    /// Maximum missed events before a start over.
    pub(crate) most_missed: usize,
    /// Rows in a page.
    pub(crate) page_lines: usize,
    /// Holds back stored events, as if they were in flight.
    pub(crate) hold_events: bool,
    /// Loses the events of a catch-up.
    pub(crate) swallow_missed: bool,
    pub(crate) appearance: Appearance,
    pub(crate) marks: Vec<ReadMark>,
    pub(crate) typing: Vec<User>,
    /// Uploaded files.
    pub(crate) files: BTreeMap<FileId, Attachment>,
}

impl Server {
    pub(crate) fn new() -> Self {
        Self {
            epoch: "first",
            me: 1,
            rooms: BTreeMap::new(),
            joined: Vec::new(),
            refuse_posts: VecDeque::new(),
            refuse_joins: VecDeque::new(),
            left_after_list: None,
            refused_changes: VecDeque::new(),
            delay: 0,
            most_missed: 1_000,
            page_lines: DEFAULT_PAGE_MESSAGES as usize,
            hold_events: false,
            swallow_missed: false,
            appearance: Appearance::default(),
            marks: Vec::new(),
            typing: Vec::new(),
            files: BTreeMap::new(),
        }
    }

    pub(crate) fn messages(&self, room: &RoomName) -> Vec<Message> {
        self.rooms.get(room).map(Stored::messages).unwrap_or_default()
    }

    /// Returns the texts stored in the lobby.
    pub(crate) fn texts(&self) -> Vec<String> {
        let messages = self.messages(&lobby()).into_iter();
        messages.map(|message| message.text.map_or_else(|| "-".to_owned(), |text| text.to_string())).collect()
    }

    pub(crate) fn head(&self, room: &RoomName) -> Seq {
        self.rooms.get(room).map(Stored::head).unwrap_or_default()
    }

    pub(crate) fn hello(&self) -> ServerFrame {
        ServerFrame::Hello(Hello {
            protocol: PROTOCOL_VERSION,
            server: "0.1.0".to_owned(),
            epoch: Epoch(self.epoch.to_owned()),
            user: user(self.me, "alice"),
            appearance: self.appearance,
            idle_timeout_seconds: 90,
            max_frame_bytes: 65_536,
            max_text_chars: 4_000,
            max_text_bytes: 16_384,
        })
    }

    /// Stores an event and returns the frames for a joined connection.
    pub(crate) fn store(&mut self, room: &RoomName, make: impl FnOnce(Seq) -> Event) -> Vec<ServerFrame> {
        let stored = self.rooms.entry(room.clone()).or_default();
        let event = make(stored.head().next());
        match &event {
            Event::Posted(message) => _ = stored.messages.insert(message.id, message.clone()),
            Event::Edited(edited) => _ = change(stored, edited.message_id).edit(edited),
            Event::Deleted(deleted) => _ = change(stored, deleted.message_id).delete(deleted),
            Event::Reacted(reacted) => _ = change(stored, reacted.message_id).react(reacted),
            Event::Described(described) => stored.topic = described.topic.clone(),
            Event::Joined(_) | Event::Left(_) => {}
        }
        stored.log.push(event.clone());
        let heard = self.joined.contains(room) && !self.hold_events;
        let frame = ServerFrame::Event { room: room.clone(), what: event };
        heard.then_some(frame).into_iter().collect()
    }

    pub(crate) fn post(
        &mut self,
        room: &RoomName,
        author: i64,
        name: &str,
        client_id: ClientId,
        text: &str,
        reply_to: Option<MessageId>,
    ) -> Vec<ServerFrame> {
        let quote = reply_to.map(|id| self.rooms[room].messages[&id].quote());
        self.store(room, |seq| {
            Event::Posted(Message { reply_to: quote, ..message(seq.0, author, name, client_id, text) })
        })
    }

    pub(crate) fn my_room(&self, name: &RoomName) -> MyRoom {
        let active_at = self.rooms[name].messages.values().next_back().map(|message| message.at);
        MyRoom {
            room: self.room(name),
            read: self.read_state(name),
            active_at: active_at.unwrap_or(Timestamp::from_millis(0)),
        }
    }

    pub(crate) fn read_state(&self, name: &RoomName) -> ReadState {
        let stored = &self.rooms[name];
        let unread = stored.unread(self.me);
        ReadState { room: name.clone(), seq: stored.read, unread, head: stored.head() }
    }

    fn room(&self, name: &RoomName) -> Room {
        let topic = self.rooms.get(name).map(|stored| stored.topic.clone()).unwrap_or_default();
        Room { id: RoomId(1), name: name.clone(), topic }
    }

    pub(crate) fn takes(&mut self, frame: ClientFrame) -> Vec<ServerFrame> {
        let id = frame.id;
        match self.carry_out(frame.command) {
            Ok((answer, mut frames)) => {
                frames.insert(0, ServerFrame::Reply { id, answer });
                frames
            }
            Err(refusal) => vec![ServerFrame::Refusal { id: Some(id), refusal }],
        }
    }

    fn carry_out(&mut self, command: Command) -> Result<(Answer, Vec<ServerFrame>), Refusal> {
        let answer = match command {
            Command::Ping { .. } => Answer::Pong {},
            Command::Type { room, .. } => {
                self.joined_room(&room)?;
                Answer::Typed {}
            }
            Command::Rooms {} => {
                let mine = self.rooms.iter().filter(|(_, room)| room.member);
                let rooms = mine.map(|(name, _)| self.my_room(name)).collect();
                if let Some(room) = self.left_after_list.take().and_then(|name| self.rooms.get_mut(&name)) {
                    room.member = false;
                }
                Answer::Rooms { rooms }
            }
            Command::Browse { query, after } => Answer::Browsed(self.browse(query, after)),
            Command::Appear { status, share_reads } => {
                let Appearance { status: old, share_reads: shared } = self.appearance;
                self.appearance =
                    Appearance { status: status.unwrap_or(old), share_reads: share_reads.unwrap_or(shared) };
                let told = ServerFrame::UserEvent(UserEvent::Appearance(self.appearance));
                return Ok((Answer::Appearance(self.appearance), vec![told]));
            }
            Command::Leave { room } => return self.leave(&room),
            Command::Join { room, cursor, resume } => return self.join(&room, cursor, resume),
            Command::History { room, before, after, around, .. } => {
                let room = self.joined_room(&room)?;
                Answer::History(self.page(&room, before, after, around))
            }
            Command::Post { room, client_id, text, reply_to, files } => {
                return self.take_post(&room, client_id, &text, reply_to, &files);
            }
            Command::Read { room, seq } => return self.read(&room, seq, false),
            Command::Unread { room, seq } => return self.read(&room, seq, true),
            Command::Edits { room, message_id } => {
                let room = self.joined_room(&room)?;
                let text = MessageText::parse("as it was").unwrap();
                let at = self.rooms[&room].messages[&message_id].at;
                Answer::Edits(Edits { message_id, versions: vec![Version { text, at }] })
            }
            command => return self.change(command),
        };
        Ok((answer, Vec::new()))
    }

    fn joined_room(&self, room: &str) -> Result<RoomName, Refusal> {
        let name = RoomName::parse(room).unwrap();
        if self.joined.contains(&name) { Ok(name) } else { Err(Refusal::not_joined(room)) }
    }

    fn browse(&self, query: Option<String>, after: Option<String>) -> Browsed {
        let after = after.as_deref().unwrap_or("");
        let query = query.unwrap_or_default();
        let found =
            self.rooms.iter().filter(|(name, _)| name.as_str().contains(&query) && name.as_str() > after);
        let mut rooms: Vec<PublicRoom> = found
            .map(|(name, stored)| PublicRoom { room: self.room(name), members: 2, joined: stored.member })
            .collect();
        // Pages of 3 rooms, so that tests load several.
        let more = rooms.len() > 3;
        rooms.truncate(3);
        Browsed { rooms, more }
    }

    fn leave(&mut self, room: &str) -> Result<(Answer, Vec<ServerFrame>), Refusal> {
        let name = RoomName::parse(room).unwrap();
        if let Some(refusal) = self.refused_changes.pop_front() {
            return Err(refusal);
        }
        let mut told = Vec::new();
        if !self.joined.contains(&name) {
            return Ok((Answer::Left { room: name }, told));
        }
        if self.rooms.get(&name).is_some_and(|stored| stored.member) {
            let user = user(self.me, "alice");
            let at = Timestamp::from_millis(0);
            self.store(&name, |seq| Event::Left(Moved { seq, user, at }));
            self.rooms.get_mut(&name).unwrap().member = false;
            told.push(ServerFrame::UserEvent(UserEvent::Left { room: name.clone() }));
        }
        self.joined.retain(|other| *other != name);
        Ok((Answer::Left { room: name }, told))
    }

    fn join(
        &mut self,
        room: &str,
        cursor: Option<Seq>,
        resume: bool,
    ) -> Result<(Answer, Vec<ServerFrame>), Refusal> {
        if let Some(refusal) = self.refuse_joins.pop_front() {
            return Err(refusal);
        }
        let name = RoomName::parse(room).unwrap();
        if resume && !self.rooms.get(&name).is_some_and(|stored| stored.member) {
            return Err(Refusal::not_joined(room));
        }
        if !self.joined.contains(&name) {
            if self.joined.len() >= MAX_ROOMS_PER_CONNECTION {
                return Err(Refusal::too_many_rooms(MAX_ROOMS_PER_CONNECTION));
            }
            self.joined.push(name.clone());
        }
        let mut frames = Vec::new();
        if !self.rooms.get(&name).is_some_and(|stored| stored.member) {
            let user = user(self.me, "alice");
            let at = Timestamp::from_millis(0);
            // The event is part of the catch-up.
            self.store(&name, |seq| Event::Joined(Moved { seq, user, at }));
            let stored = self.rooms.get_mut(&name).unwrap();
            stored.member = true;
            stored.read = stored.head();
            frames.push(ServerFrame::UserEvent(UserEvent::Joined(self.my_room(&name))));
        }
        let here = |id, name| Person { user: user(id, name), presence: Presence::Online };
        let joined = Joined {
            room: self.room(&name),
            people: vec![here(self.me, "alice"), here(2, "bob")],
            count: 2,
            members: 2,
            read: self.rooms[&name].read,
            marks: self.marks.clone(),
            typing: self.typing.clone(),
        };
        if !self.swallow_missed {
            frames.extend(self.missed(&name, cursor));
        }
        Ok((Answer::Joined(joined), frames))
    }

    fn take_post(
        &mut self,
        room: &str,
        client_id: ClientId,
        text: &str,
        reply_to: Option<MessageId>,
        files: &[FileId],
    ) -> Result<(Answer, Vec<ServerFrame>), Refusal> {
        let room = self.joined_room(room)?;
        if let Some(refusal) = self.refuse_posts.pop_front() {
            return Err(refusal);
        }
        let me = self.me;
        let same = |message: &Message| message.client_id == client_id && message.author.id.0 == me;
        let mut events = Vec::new();
        if !self.messages(&room).iter().any(same) {
            let found = files.iter().filter_map(|id| self.files.get(id).cloned());
            let found: Vec<Attachment> = found.collect();
            if found.len() < files.len() {
                return Err(Refusal::not_found(Field::Files));
            }
            let quote = reply_to.map(|id| self.rooms[&room].messages[&id].quote());
            events = self.store(&room, |seq| {
                let message = message(seq.0, me, "alice", client_id, text);
                Event::Posted(Message { reply_to: quote, files: found, ..message })
            });
        }
        let stored = self.messages(&room).into_iter().find(same).unwrap();
        let posted = Posted { room, message_id: stored.id, seq: stored.seq, at: stored.at };
        Ok((Answer::Posted(posted), events))
    }

    fn read(&mut self, room: &str, seq: Seq, back: bool) -> Result<(Answer, Vec<ServerFrame>), Refusal> {
        let room = self.joined_room(room)?;
        if let Some(refusal) = self.refused_changes.pop_front() {
            return Err(refusal);
        }
        let stored = self.rooms.get_mut(&room).unwrap();
        assert!(seq <= stored.head(), "nobody has read what is not there");
        stored.read = if back { Seq(seq.0 - 1) } else { stored.read.max(seq) };
        let state = self.read_state(&room);
        Ok((Answer::Read(state.clone()), vec![ServerFrame::UserEvent(UserEvent::Read(state))]))
    }
}
