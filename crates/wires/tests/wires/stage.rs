//! A simulated chat that answers a session and records a transcript.

use std::fmt::Write as _;

use hubbub_protocol::{
    Answer, Appearance, Attachment, ClientFrame, ClientId, Command, Deleted, Edited, Emoji, Epoch, Event,
    FileId, Hello, Joined, Message, MessageId, MessageText, Moved, Page, Person, Posted, Presence, Reacted,
    ReadMark, ReadState, Refusal, RequestId, Room, RoomId, RoomName, Seq, ServerFrame, Signal, StartOver,
    Timestamp, Topic, User, UserId, UserName,
};
use hubbub_wires::{
    Endpoint, Frame, InboundFrame, Lookup, RelatedMessage, RoomUpdate, SelectedFrame, Session, SessionOutput,
    UpdateKind, Wire,
};

use crate::files::{TestUrls, urls, with_files};

/// Id of the only room.
pub(crate) const ROOM: RoomId = RoomId(3);

pub(crate) fn room() -> RoomName {
    RoomName::parse("general").unwrap()
}

pub(crate) fn now() -> Timestamp {
    "2026-11-20T10:00:00.000Z".parse().unwrap()
}

pub(crate) fn user(id: i64, name: &str) -> User {
    User { id: UserId(id), name: UserName::parse(name).unwrap() }
}

/// The user of the connection.
pub(crate) fn me() -> User {
    user(1, "user_kqzvbn42")
}

/// Another user in the room.
pub(crate) fn anna() -> User {
    user(2, "anna")
}

pub(crate) fn client_id() -> ClientId {
    "67e55044-10b1-426f-9247-bb680e5fe0c8".parse().unwrap()
}

/// Returns the answer to a join.
pub(crate) fn joined(people: Vec<Person>) -> Joined {
    Joined {
        room: Room { id: ROOM, name: room(), topic: Topic::default() },
        people,
        count: 2,
        members: 2,
        read: Seq(0),
        marks: Vec::new(),
        typing: Vec::new(),
    }
}

/// Returns the endpoint of each wire.
pub(crate) fn endpoint(wire: Wire) -> Endpoint {
    match wire {
        Wire::Actions => Endpoint::Actions,
        Wire::Plain => Endpoint::Plain { room: room(), history: 2 },
        Wire::Form => Endpoint::Form { room: room() },
        Wire::SocketIo => Endpoint::SocketIo { sid: "XyZ0123456789abc".to_owned() },
        Wire::Typed => Endpoint::Typed,
    }
}

/// A session and the simulated chat behind it.
pub(crate) struct Stage {
    pub(crate) session: Session,
    /// Events of the room, also those without a timeline row.
    pub(crate) events: Vec<Event>,
    pub(crate) people: Vec<Person>,
    /// Files that the user has uploaded.
    uploads: Vec<Attachment>,
    /// Commands that the chat received.
    pub(crate) request: Vec<Command>,
    pub(crate) transcript: String,
    /// Frames that the client received since the last check.
    heard: Vec<String>,
}

impl Stage {
    /// Opens a connection that has received `hello`.
    pub(crate) fn pending(wire: Wire) -> Self {
        Self::open_in(wire, Vec::new())
    }

    /// Opens a connection to a room with earlier events.
    pub(crate) fn open_in(wire: Wire, events: Vec<Event>) -> Self {
        let people = vec![Person { user: anna(), presence: Presence::Online }];
        let session = Session::new(endpoint(wire), me(), true, urls());
        let (request, transcript, heard) = (Vec::new(), String::new(), Vec::new());
        let mut stage = Self { session, events, people, uploads: Vec::new(), request, transcript, heard };
        stage.tells(ServerFrame::Hello(hello()));
        stage
    }

    pub(crate) fn wire(&self) -> Wire {
        self.session.wire()
    }

    /// Sends input of the client.
    pub(crate) fn says(&mut self, input: InboundFrame<'_>) {
        let written = match input {
            InboundFrame::Text(text) => text.to_owned(),
            InboundFrame::Binary => "(binary)".to_owned(),
            InboundFrame::Event { name, json, acknowledge: Some(of), .. } => {
                format!("{name} {json} (acknowledge {of})")
            }
            InboundFrame::Event { name, json, acknowledge: None, .. } => format!("{name} {json}"),
        };
        self.note("> ", &written);
        let output = self.session.decode(input, [7; 16], now());
        self.play(output);
    }

    /// Sends a frame of the chat to this connection.
    pub(crate) fn tells(&mut self, frame: ServerFrame) {
        let output = self.session.on_frame(frame, now());
        self.play(output);
    }

    /// Sends an update to all connections of the room.
    pub(crate) fn happens(&mut self, what: UpdateKind<'_>) {
        if let UpdateKind::Event(event) = what {
            self.events.push(event.clone());
        }
        self.is_told(what);
    }

    fn is_told(&mut self, what: UpdateKind<'_>) {
        let name = room();
        let about = what.about().and_then(|about| self.message(about));
        let update =
            RoomUpdate { room: &name, id: ROOM, what, about: about.as_ref(), now: now(), urls: &TestUrls };
        let prepared = self.wire().prepare(&update);
        let mut lines = Vec::new();
        self.session.on_update(&prepared, now(), |said| match said {
            SelectedFrame::Shared(frame) => lines.push(frame.clone()),
            SelectedFrame::Own(frame) => lines.push(frame),
        });
        for frame in &lines {
            self.shows(frame);
        }
    }

    /// Returns the frames that the client received since the last call.
    pub(crate) fn heard(&mut self) -> Vec<String> {
        std::mem::take(&mut self.heard)
    }

    pub(crate) fn remark(&mut self, words: &str) {
        self.note("# ", words);
    }

    fn note(&mut self, mark: &str, words: &str) {
        writeln!(self.transcript, "{mark}{}", words.replace('\n', "\n  ")).unwrap();
    }

    fn shows(&mut self, frame: &Frame) {
        let written = match frame {
            Frame::Text(text) => text.clone(),
            Frame::Event { name, json } => format!("{name} {json}"),
            Frame::Acknowledgement { of, json } => format!("(acknowledgement {of}) {json}"),
        };
        self.note("< ", &written);
        self.heard.push(written);
    }

    fn play(&mut self, output: SessionOutput) {
        let SessionOutput { frames, lookup, close } = output;
        for frame in &frames {
            self.shows(frame);
        }
        if let Some(reason) = close {
            self.note("# ", &format!("closed: {reason:?}"));
        }
        if let Some(lookup) = lookup {
            self.fulfil(lookup);
        }
    }

    fn fulfil(&mut self, lookup: Lookup) {
        let time = now();
        let output = match lookup {
            Lookup::Do(ClientFrame { id, command }) => {
                self.note("  do ", &command_as_json(&command));
                self.request.push(command.clone());
                return self.does(id, command);
            }
            Lookup::Rename { id, name } => {
                self.note("  rename to ", name.as_str());
                self.session.on_renamed(id, Ok(User { name, ..me() }), time)
            }
            Lookup::Room { id, room: number } => {
                self.note("  find room ", &number.to_string());
                self.session.on_room(id, Ok((number == ROOM).then(room)), time)
            }
            Lookup::StoreFile { id, name, content, .. } => {
                self.note("  store file ", &format!("{name}: {content:?}"));
                let stored = with_files(self.message_by(me(), ""), &[name.as_str()]).files.remove(0);
                self.uploads.push(stored.clone());
                self.session.on_file(id, Ok(stored), time)
            }
            Lookup::Message { id, message, .. } => {
                self.note("  find message ", &message.to_string());
                let found = self.message(RelatedMessage::Message(message));
                self.session.on_message(id, Ok(found), time)
            }
            Lookup::People { id, .. } => {
                self.note("  look who is there", "");
                let people = self.people.clone();
                self.session.on_people(id, people, time)
            }
        };
        self.play(output);
    }

    fn does(&mut self, id: RequestId, command: Command) {
        let joined = self.people.iter().any(|person| person.user.id == me().id);
        let answer = match command {
            Command::Join { .. } => return self.lets_in(id),
            Command::Leave { .. } => {
                self.people.retain(|person| person.user.id != me().id);
                Answer::Left { room: room() }
            }
            Command::Post { .. } | Command::Type { .. } | Command::Read { .. } if !joined => {
                return self
                    .tells(ServerFrame::Refusal { id: Some(id), refusal: Refusal::not_joined("general") });
            }
            Command::Post { client_id, text, files, .. } => return self.posts(id, client_id, &text, &files),
            Command::Type { .. } => Answer::Typed {},
            Command::Read { seq, .. } => Answer::Read(ReadState {
                room: room(),
                seq: seq.min(self.head()),
                unread: 0,
                head: self.head(),
            }),
            Command::History { before, limit, .. } => Answer::History(self.page(before, limit)),
            Command::Appear { status, .. } => {
                Answer::Appearance(Appearance { status: status.unwrap_or_default(), share_reads: true })
            }
            Command::Ping { .. } => Answer::Pong {},
            other => panic!("no wire asks for {other:?}"),
        };
        self.tells(ServerFrame::Reply { id, answer });
    }

    fn lets_in(&mut self, id: RequestId) {
        if self.people.iter().all(|person| person.user.id != me().id) {
            self.people.push(Person { user: me(), presence: Presence::Online });
        }
        self.tells(ServerFrame::Reply { id, answer: Answer::Joined(joined(self.people.clone())) });
        let (page, cursor) = (self.page(None, Some(50)), self.head());
        self.tells(ServerFrame::StartOver(StartOver { page, cursor }));
    }

    fn posts(&mut self, id: RequestId, client_id: ClientId, text: &str, files: &[FileId]) {
        let parse = if files.is_empty() { MessageText::parse } else { MessageText::parse_caption };
        let text = match parse(text) {
            Ok(text) => text,
            Err(refusal) => return self.tells(ServerFrame::Refusal { id: Some(id), refusal }),
        };
        let known = self.events.iter().find_map(|event| match event {
            Event::Posted(message) if message.client_id == client_id => Some(message.clone()),
            _ => None,
        });
        let posted = |message: &Message| {
            let (message_id, seq, at) = (message.id, message.seq, message.at);
            Answer::Posted(Posted { room: room(), message_id, seq, at })
        };
        if let Some(message) = known {
            return self.tells(ServerFrame::Reply { id, answer: posted(&message) });
        }
        let files = self.uploads.iter().filter(|upload| files.contains(&upload.id)).cloned().collect();
        let message = Message { client_id, files, ..self.message_by(me(), text.as_str()) };
        self.tells(ServerFrame::Reply { id, answer: posted(&message) });
        self.happens(UpdateKind::Event(&Event::Posted(message)));
    }

    /// Returns the next message, posted by `author`.
    pub(crate) fn message_by(&self, author: User, text: &str) -> Message {
        let seq = self.head().next();
        message(seq.0, author, text)
    }

    pub(crate) fn head(&self) -> Seq {
        self.events.last().map_or(Seq(0), Event::seq)
    }

    fn message(&self, about: RelatedMessage) -> Option<Message> {
        self.events.iter().rev().find_map(|event| match (event, about) {
            (Event::Posted(message), RelatedMessage::Message(id)) if message.id == id => {
                Some(message.clone())
            }
            (Event::Posted(message), RelatedMessage::UpTo(seq)) if message.seq <= seq => {
                Some(message.clone())
            }
            _ => None,
        })
    }

    fn page(&self, before: Option<Seq>, limit: Option<u32>) -> Page {
        let before = before.unwrap_or(Seq(i64::MAX));
        let lines = self.events.iter().filter(|event| event.has_line() && event.seq() < before);
        let mut events: Vec<Event> = lines.cloned().collect();
        // Small pages, so that several are read.
        let limit = usize::try_from(limit.unwrap_or(50)).unwrap().min(5);
        let older = events.len() > limit;
        events.drain(..events.len().saturating_sub(limit));
        Page { room: room(), events, older, newer: false }
    }
}

/// Returns a command as JSON of the native wire, for a readable transcript.
fn command_as_json(command: &Command) -> String {
    let frame = ClientFrame { id: RequestId(0), command: command.clone() }.encode();
    let json = frame.strip_prefix("{\"id\":0,\"do\":").and_then(|rest| rest.strip_suffix('}'));
    json.expect("the native wire has changed").to_owned()
}

pub(crate) fn message(seq: i64, author: User, text: &str) -> Message {
    Message {
        id: MessageId(100 + seq),
        seq: Seq(seq),
        author,
        client_id: ClientId::from_random_bytes([9; 16]),
        text: Some(MessageText::parse_caption(text).unwrap()),
        at: now(),
        reply_to: None,
        changed: None,
        edited_at: None,
        reactions: Vec::new(),
        files: Vec::new(),
    }
}

pub(crate) fn moved(seq: Seq, user: User) -> Moved {
    Moved { seq, user, at: now() }
}

pub(crate) fn edited(seq: Seq, message_id: MessageId, text: &str) -> Event {
    Event::Edited(Edited {
        seq,
        message_id,
        text: Some(MessageText::parse(text).unwrap()),
        at: now(),
        removed_files: Vec::new(),
    })
}

pub(crate) fn deleted(seq: Seq, message: &Message) -> Event {
    let (message_id, message_seq, by) = (message.id, message.seq, message.author.id);
    Event::Deleted(Deleted { seq, message_id, message_seq, by, at: now() })
}

pub(crate) fn reacted(seq: Seq, message_id: MessageId, user: User) -> Event {
    Event::Reacted(Reacted {
        seq, message_id, user, emoji: Emoji::parse("👍").unwrap(), on: true, at: now()
    })
}

/// Returns a signal about the presence of one user.
pub(crate) fn presence_signal(user: User, presence: Presence) -> Signal {
    Signal::People { changed: vec![Person { user, presence }], departed: Vec::new(), count: 2, members: 2 }
}

pub(crate) fn read_up_to(user: &User, seq: Seq) -> Signal {
    Signal::Read(ReadMark { user: user.id, seq })
}

pub(crate) fn hello() -> Hello {
    Hello {
        protocol: 1,
        server: "0.1.0".to_owned(),
        epoch: Epoch("one".to_owned()),
        user: me(),
        appearance: Appearance::default(),
        idle_timeout_seconds: 90,
        max_frame_bytes: 65_536,
        max_text_chars: 4_000,
        max_text_bytes: 16_384,
    }
}
