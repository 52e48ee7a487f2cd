//! Tests of the transcript with a client and a simulated server.

use hubbub_client::{Client, Effect, Intent, SocketEvent};
use hubbub_protocol::{
    Answer, Attachment, CatchUp, ClientFrame, Command, Deleted, Edited, FileId, FileName, Hello, Joined,
    MessageText, Millis, Moved, MyRoom, Page, Posted, ReadState, RequestId, Room, RoomId, ServerFrame,
    StartOver, Topic, UserId, UserName,
};

use super::*;

struct TranscriptFixture {
    client: Client,
    transcript: Transcript,
    asked: Vec<(RequestId, Command)>,
    epoch: Epoch,
    now: Millis,
}

fn room() -> RoomName {
    RoomName::parse("general").unwrap()
}

fn user(id: i64, name: &str) -> User {
    User { id: UserId(id), name: UserName::parse(name).unwrap() }
}

fn me() -> User {
    user(1, "me")
}

fn text(text: &str) -> MessageText {
    MessageText::parse(text).unwrap()
}

fn client_id(number: i64) -> ClientId {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    ClientId::from_random_bytes(bytes)
}

/// The room, as a member receives it.
fn mine() -> MyRoom {
    let read = ReadState { room: room(), seq: Seq(0), unread: 0, head: Seq(0) };
    let room = Room { id: RoomId(1), name: room(), topic: Topic::default() };
    MyRoom { room, read, active_at: Timestamp::from_millis(0) }
}

/// A message of anna at this position.
fn said(seq: i64) -> Event {
    by(user(2, "anna"), seq)
}

fn by(author: User, seq: i64) -> Event {
    Event::Posted(Message {
        id: MessageId(seq),
        seq: Seq(seq),
        author,
        client_id: client_id(seq),
        text: Some(text(&format!("line {seq}"))),
        at: Timestamp::from_millis(seq),
        reply_to: None,
        changed: None,
        edited_at: None,
        reactions: Vec::new(),
        files: Vec::new(),
    })
}

fn moved(id: i64, name: &str, seq: i64) -> Moved {
    Moved { seq: Seq(seq), user: user(id, name), at: Timestamp::from_millis(seq) }
}

fn edited(seq: i64, message: i64, to: &str) -> Event {
    let at = Timestamp::from_millis(seq);
    Event::Edited(Edited {
        seq: Seq(seq),
        message_id: MessageId(message),
        text: Some(text(to)),
        at,
        removed_files: Vec::new(),
    })
}

impl TranscriptFixture {
    fn new(history: usize) -> Self {
        let mut client = Client::new(7);
        client.handle(Intent::Open { room: room() }, Millis(1));
        client.handle(Intent::Start, Millis(1));
        let epoch = Epoch("first".to_owned());
        Self {
            client,
            transcript: Transcript::new(history, FileLinks::at("http://chat.example")),
            asked: Vec::new(),
            epoch,
            now: Millis(1),
        }
    }

    fn hears(&mut self, frame: ServerFrame) {
        self.client.on_socket(SocketEvent::text(&frame.encode()), self.now);
        for effect in self.client.take_effects() {
            if let Effect::Send(text) = effect {
                let frame: ClientFrame = serde_json::from_str(&text).unwrap();
                self.asked.push((frame.id, frame.command));
            }
        }
    }

    fn asked(&mut self, wanted: impl Fn(&Command) -> bool) -> RequestId {
        let asked = self.asked.iter().rev().find(|(_, command)| wanted(command));
        asked.unwrap_or_else(|| panic!("{:?}", self.asked)).0
    }

    /// Connects, and the server accepts the client.
    fn connects(&mut self) {
        self.client.on_socket(SocketEvent::Opened, self.now);
        self.hears(ServerFrame::Hello(Hello {
            protocol: hubbub_protocol::PROTOCOL_VERSION,
            server: "1".to_owned(),
            epoch: self.epoch.clone(),
            user: me(),
            appearance: hubbub_protocol::Appearance::default(),
            idle_timeout_seconds: 90,
            max_frame_bytes: 65_536,
            max_text_chars: 4_000,
            max_text_bytes: 16_384,
        }));
        let id = self.asked(|command| matches!(command, Command::Rooms {}));
        let rooms = if self.transcript.up_to(&room()).is_some() { vec![mine()] } else { Vec::new() };
        self.hears(ServerFrame::Reply { id, answer: Answer::Rooms { rooms } });
        let id = self.asked(|command| matches!(command, Command::Join { .. }));
        let joined = Joined {
            room: mine().room,
            people: Vec::new(),
            count: 1,
            members: 1,
            read: Seq(0),
            marks: Vec::new(),
            typing: Vec::new(),
        };
        self.hears(ServerFrame::Reply { id, answer: Answer::Joined(joined) });
    }

    fn loses_the_connection(&mut self) {
        // Long enough that the client may reconnect at once.
        self.now = self.now.plus(60_000);
        self.client.on_socket(SocketEvent::Closed { code: None }, self.now);
        self.client.handle(Intent::RetryNow, self.now);
        self.client.take_effects();
    }

    fn starts_over(&mut self, events: Vec<Event>, cursor: i64, older: bool) {
        let page = Page { room: room(), events, older, newer: false };
        self.hears(ServerFrame::StartOver(StartOver { page, cursor: Seq(cursor) }));
    }

    fn happens(&mut self, what: Event) {
        self.hears(ServerFrame::Event { room: room(), what });
    }

    /// Returns the lines that are printed now.
    fn tells(&mut self) -> Vec<String> {
        self.transcript.begin(&self.epoch);
        let output = self.transcript.new_lines(self.client.room(&room()).unwrap(), &me());
        if let Some(command) = output.command {
            self.client.handle(command, self.now);
            self.hears_nothing();
        }
        output.lines.iter().map(|line| line.plain().trim_end().to_owned()).collect()
    }

    fn hears_nothing(&mut self) {
        for effect in self.client.take_effects() {
            if let Effect::Send(text) = effect {
                let frame: ClientFrame = serde_json::from_str(&text).unwrap();
                self.asked.push((frame.id, frame.command));
            }
        }
    }
}

const GREETING: &str = "system :: you are me in general";

#[test]
fn prints_a_line_for_each_attachment() {
    let mut story = TranscriptFixture::new(0);
    story.connects();
    story.starts_over(vec![said(1)], 1, false);
    story.tells();
    let Event::Posted(mut message) = said(2) else { panic!("a message") };
    message.files = vec![Attachment {
        id: FileId(3),
        name: FileName::parse("two words.txt").unwrap(),
        size: 2_000,
        content_type: "text/plain".to_owned(),
        width: None,
        height: None,
        preview: None,
    }];
    let alone =
        Message { id: MessageId(3), seq: Seq(3), text: Some(MessageText::default()), ..message.clone() };
    story.happens(Event::Posted(message));
    story.happens(Event::Posted(Message { client_id: client_id(3), ..alone }));
    let file = "two words.txt (2 KB) http://chat.example/files/3/two%20words.txt";
    assert_eq!(story.tells(), [format!("anna :: line 2\n    {file}"), format!("anna :: {file}")]);
}

#[test]
fn prints_each_line_once() {
    let mut story = TranscriptFixture::new(0);
    story.connects();
    assert_eq!(story.tells(), [""; 0], "nothing before it is known what there is");
    story.starts_over(vec![said(1)], 1, false);
    assert_eq!(story.tells(), [GREETING]);
    story.happens(said(2));
    story.happens(Event::Joined(moved(3, "eve", 3)));
    story.happens(Event::Joined(moved(1, "me", 4)));
    assert_eq!(story.tells(), ["anna :: line 2", "system :: eve joined"]);
    assert_eq!(story.tells(), [""; 0]);
}

#[test]
fn prints_the_requested_history_and_own_messages() {
    let mut story = TranscriptFixture::new(2);
    story.connects();
    story.starts_over((1..=5).map(said).collect(), 5, true);
    assert_eq!(story.tells(), [GREETING, "anna :: line 4", "anna :: line 5"]);

    let mut story = TranscriptFixture::new(0);
    story.transcript.await_mine(client_id(2));
    story.connects();
    story.starts_over(vec![said(1), by(me(), 2), said(3)], 3, false);
    assert_eq!(story.tells(), [GREETING, "me :: line 2"]);
    assert!(!story.transcript.awaits_mine());
}

#[test]
fn prints_changes_after_they_happened() {
    let mut story = TranscriptFixture::new(0);
    story.connects();
    story.starts_over(Vec::new(), 0, false);
    story.happens(by(me(), 1));
    story.happens(said(2));
    story.tells();
    let at = Timestamp::from_millis(0);
    let edit = Intent::Edit { room: room(), message_id: MessageId(1), text: text("better"), at };
    story.client.handle(edit, story.now);
    assert_eq!(story.tells(), [""; 0], "it is not stored");
    story.happens(edited(3, 1, "better"));
    assert_eq!(story.tells(), [""; 0], "nor is it known that it is mine");
    story.hears_nothing();
    let id = story.asked(|command| matches!(command, Command::Edit { .. }));
    story.hears(ServerFrame::Reply { id, answer: Answer::Done { room: room(), seq: Seq(3) } });
    assert_eq!(story.tells(), ["me :: better (edited)"]);
    let deleted = Deleted {
        seq: Seq(4),
        message_id: MessageId(2),
        message_seq: Seq(2),
        by: UserId(2),
        at: Timestamp::from_millis(4),
    };
    story.happens(Event::Deleted(deleted));
    assert_eq!(story.tells(), ["system :: a message by anna was deleted"]);
    assert_eq!(story.tells(), [""; 0]);
}

#[test]
fn prints_pending_messages_once_they_are_stored() {
    let mut story = TranscriptFixture::new(0);
    story.connects();
    story.starts_over(Vec::new(), 0, false);
    story.tells();
    story.transcript.await_mine(client_id(2));
    let post = Intent::Post {
        room: room(),
        client_id: client_id(2),
        text: text("line 2"),
        at: Timestamp::from_millis(0),
        reply_to: None,
        files: Vec::new(),
    };
    story.client.handle(post, story.now);
    story.hears_nothing();
    let id = story.asked(|command| matches!(command, Command::Post { .. }));
    let posted =
        Posted { room: room(), message_id: MessageId(2), seq: Seq(2), at: Timestamp::from_millis(2) };
    story.hears(ServerFrame::Reply { id, answer: Answer::Posted(posted) });
    assert_eq!(story.tells(), [""; 0]);
    assert!(story.transcript.awaits_mine());
    story.happens(said(1));
    story.happens(by(me(), 2));
    assert_eq!(story.tells(), ["anna :: line 1", "me :: line 2"]);
    assert!(!story.transcript.awaits_mine());
}

#[test]
fn prints_missed_messages_once() {
    let mut story = TranscriptFixture::new(0);
    story.connects();
    story.starts_over(vec![said(1)], 1, false);
    story.tells();
    story.loses_the_connection();
    story.connects();
    assert_eq!(story.tells(), [""; 0]);
    let events = vec![said(2), edited(3, 1, "other"), said(4)];
    story.hears(ServerFrame::CatchUp(CatchUp { room: room(), events, more: false }));
    assert_eq!(story.tells(), ["anna :: line 2", "anna :: other (edited)", "anna :: line 4"]);
    story.happens(said(5));
    assert_eq!(story.tells(), ["anna :: line 5"]);
}

#[test]
fn reads_missed_history_from_the_last_position() {
    let mut story = TranscriptFixture::new(0);
    story.connects();
    story.starts_over(vec![said(1)], 1, false);
    story.tells();
    story.loses_the_connection();
    story.connects();
    story.starts_over((101..=105).map(said).collect(), 105, true);
    assert_eq!(story.tells(), [""; 0]);
    let around = |command: &Command| matches!(command, Command::History { around: Some(Seq(1)), .. });
    let id = story.asked(around);
    let page = |from: i64, to: i64, newer| Page {
        room: room(),
        events: (from..=to).map(said).collect(),
        older: from > 1,
        newer,
    };
    story.hears(ServerFrame::Reply { id, answer: Answer::History(page(1, 50, true)) });
    let lines = |from: i64, to: i64| -> Vec<String> {
        (from..=to).map(|seq| format!("anna :: line {seq}")).collect()
    };
    assert_eq!(story.tells(), lines(2, 50));
    // A message that arrives meanwhile is printed in its order.
    story.happens(said(106));
    let after = |command: &Command| matches!(command, Command::History { after: Some(Seq(50)), .. });
    let id = story.asked(after);
    story.hears(ServerFrame::Reply { id, answer: Answer::History(page(51, 106, false)) });
    assert_eq!(story.tells(), lines(51, 106));
    story.happens(said(107));
    assert_eq!(story.tells(), lines(107, 107));
}

#[test]
fn new_epoch_starts_a_new_transcript() {
    let mut story = TranscriptFixture::new(1);
    story.connects();
    story.starts_over((1..=9).map(said).collect(), 9, false);
    assert_eq!(story.tells(), [GREETING, "anna :: line 9"]);
    story.loses_the_connection();
    story.epoch = Epoch("second".to_owned());
    story.connects();
    story.starts_over(vec![said(1), said(2)], 2, false);
    assert_eq!(story.tells(), [GREETING, "anna :: line 2"]);
}
