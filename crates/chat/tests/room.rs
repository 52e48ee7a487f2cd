//! Tests of a single `Room`. They check the order and the recipients of its deliveries.

use hubbub_chat::{
    AppendOutcome, Bus, ConnectionId, DisplayedPresence, MemberRecord, MemoryStore, OnCommitted,
    PendingEvent, ReadProgress, RequestOrigin, Room, RoomCommand, RoomRecord, RoomReply, Store, StoreError,
};
use hubbub_protocol::{
    Answer, ClientId, Code, Event, MAX_PEOPLE_LISTED, MessageText, Millis, Mine, Presence, ReadMark,
    RequestId, RoomEvent, RoomId, RoomName, RoomSignal, Seq, Signal, Timestamp, Topic, User, UserId,
    UserName,
};
use pollster::block_on;

const ONLINE: DisplayedPresence = DisplayedPresence { presence: Presence::Online, share_reads: true };

/// The deliveries in order, each as a short text with its recipients.
#[derive(Default)]
struct Told(Vec<String>);

impl Told {
    fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.0)
    }

    fn tell(&mut self, what: &str, to: &mut dyn Iterator<Item = ConnectionId>) {
        let mut to: Vec<u64> = to.map(|to| to.0).collect();
        to.sort_unstable();
        self.0.push(format!("{what} to {to:?}"));
    }
}

impl Bus for Told {
    fn answer(&mut self, to: ConnectionId, _request: RequestId, outcome: RoomReply) {
        let what = match outcome {
            RoomReply::Entered(..) => "come in".to_owned(),
            RoomReply::Done(Answer::Left { .. }) => "left".to_owned(),
            RoomReply::Done(Answer::Posted(posted)) => format!("posted {}", posted.seq),
            RoomReply::Done(Answer::Read(state)) => format!("read {}", state.seq),
            RoomReply::Done(_) => "done".to_owned(),
            RoomReply::Refused(refusal) => format!("no: {:?}", refusal.code),
        };
        self.0.push(format!("{what}, {}", to.0));
    }

    fn event(&mut self, to: &mut dyn Iterator<Item = ConnectionId>, event: &RoomEvent) {
        let what = match &event.what {
            Event::Posted(_) => "posted",
            Event::Joined(_) => "joined",
            Event::Left(_) => "left",
            _ => "changed",
        };
        self.tell(&format!("{what} {}", event.what.seq()), to);
    }

    fn signal(&mut self, to: &mut dyn Iterator<Item = ConnectionId>, signal: &RoomSignal) {
        let what = match &signal.what {
            Signal::People { count, members, .. } => format!("{count} of {members}"),
            Signal::Typing { user, on } => format!("{} {}", user.id, if *on { "writes" } else { "pauses" }),
            Signal::Read(ReadMark { user, seq }) => format!("{user} has read {seq}"),
        };
        self.tell(&what, to);
    }

    fn mine(&mut self, to: UserId, mine: &Mine) {
        let what = match mine {
            Mine::Joined(_) => "you joined",
            Mine::Left { .. } => "you left",
            Mine::Read(_) => "you read",
            Mine::Appearance(_) => "you appear",
        };
        self.0.push(format!("{what}, user {to}"));
    }
}

fn user(id: i64) -> User {
    User { id: UserId(id), name: UserName::parse(&format!("user{id}")).unwrap() }
}

fn entry(connection: u64) -> RequestOrigin {
    RequestOrigin { connection: ConnectionId(connection), request: RequestId(1) }
}

fn at() -> Timestamp {
    Timestamp::from_millis(0)
}

fn record(head: i64) -> RoomRecord {
    let name = RoomName::parse("general").unwrap();
    RoomRecord { id: RoomId(1), name, topic: Topic::default(), head: Seq(head), lost: None }
}

/// A room with its store and its deliveries.
struct Story {
    room: Room,
    store: MemoryStore,
    told: Told,
}

impl Story {
    fn new() -> Self {
        let store = MemoryStore::default();
        let room = block_on(store.open_room(&RoomName::parse("general").unwrap(), at())).unwrap();
        Self { room: Room::new(room, Vec::new()), store, told: Told::default() }
    }

    fn decides(&mut self, by: i64, command: RoomCommand) -> Result<PendingEvent, Code> {
        self.room.decide(user(by), command, at()).map_err(|refusal| refusal.code)
    }

    fn stores(&mut self, pending: &PendingEvent, asked: OnCommitted) {
        let stored = block_on(self.store.append(vec![pending.clone()])).map(|mut stored| stored.remove(0));
        self.room.apply(pending, &stored, asked, &mut self.told);
    }

    fn comes(&mut self, connection: u64, by: i64) {
        if self.room.is_member(UserId(by)) {
            self.room.enter(entry(connection), UserId(by), ONLINE, &mut self.told);
        } else {
            let pending = self.decides(by, RoomCommand::Join { silent: false }).unwrap();
            self.stores(&pending, OnCommitted::Enter(entry(connection), ONLINE));
        }
    }

    fn says(&mut self, connection: u64, by: i64) {
        let pending = self.decides(by, post(self.room.head())).unwrap();
        self.stores(&pending, OnCommitted::Answer(entry(connection)));
    }
}

/// A post with a client id that is unique at this position.
fn post(head: Seq) -> RoomCommand {
    let client_id = ClientId::from_random_bytes([u8::try_from(head.0).unwrap(); 16]);
    RoomCommand::Post { client_id, text: MessageText::parse("hi").unwrap(), reply_to: None }
}

#[test]
fn join_is_stored_first_and_answered_before_its_event() {
    let mut story = Story::new();
    story.comes(1, 1);
    assert_eq!(story.told.take(), ["joined 1 to []", "you joined, user 1", "come in, 1"]);
    story.comes(2, 2);
    assert_eq!(story.told.take(), ["joined 2 to [1]", "you joined, user 2", "come in, 2"]);
    story.says(2, 2);
    assert_eq!(story.told.take(), ["posted 3, 2", "posted 3 to [1, 2]"]);
    story.comes(3, 2);
    assert_eq!(story.told.take(), ["come in, 3"], "a second device is nobody new");
}

#[test]
fn leaving_ends_delivery_on_all_devices() {
    let mut story = Story::new();
    (1..=3).for_each(|connection| story.comes(connection, if connection == 1 { 1 } else { 2 }));
    story.told.take();
    let leave = story.decides(2, RoomCommand::Leave { silent: false }).unwrap();
    assert_eq!(story.decides(2, post(Seq(99))), Err(Code::NotJoined), "while it is on its way to the store");
    story.stores(&leave, OnCommitted::Answer(entry(2)));
    assert_eq!(story.told.take(), ["left, 2", "left 3 to [1]", "you left, user 2"]);
    assert_eq!(story.decides(2, post(Seq(99))), Err(Code::NotJoined));
    // A former member who returns joins as a new member.
    story.comes(2, 2);
    assert_eq!(story.told.take(), ["joined 4 to [1]", "you joined, user 2", "come in, 2"]);
}

#[test]
fn rejoining_while_a_leave_is_stored_keeps_the_membership() {
    let mut story = Story::new();
    story.comes(1, 1);
    let leave = story.decides(1, RoomCommand::Leave { silent: false }).unwrap();
    assert!(!story.room.is_member(UserId(1)));
    let join = story.decides(1, RoomCommand::Join { silent: false }).unwrap();
    story.stores(&leave, OnCommitted::Answer(entry(1)));
    story.stores(&join, OnCommitted::Enter(entry(2), ONLINE));
    assert!(story.room.is_member(UserId(1)));
    assert_eq!(story.told.take().last().map(String::as_str), Some("come in, 2"));
}

#[test]
fn failed_write_changes_nothing_and_is_refused() {
    let mut story = Story::new();
    story.comes(1, 1);
    story.told.take();
    let failed = Err(StoreError("the disk is full".to_owned()));
    let leave = story.decides(1, RoomCommand::Leave { silent: false }).unwrap();
    story.room.apply(&leave, &failed, OnCommitted::Answer(entry(1)), &mut story.told);
    assert!(story.room.is_member(UserId(1)), "still a member, and not about to leave");
    let join = story.decides(2, RoomCommand::Join { silent: false }).unwrap();
    story.room.apply(&join, &failed, OnCommitted::Enter(entry(2), ONLINE), &mut story.told);
    assert!(!story.room.is_member(UserId(2)));
    story.room.marked(UserId(1), &Err(StoreError("gone".to_owned())), Some(entry(1)), &mut story.told);
    let no = |connection| format!("no: Unavailable, {connection}");
    assert_eq!(story.told.take(), [no(1), no(2), no(1)]);
}

#[test]
fn typing_is_signalled_once_and_ends() {
    let mut story = Story::new();
    story.comes(1, 1);
    story.comes(2, 2);
    story.told.take();
    let typing = |story: &mut Story, on, now| story.room.typing(entry(2), on, Millis(now), &mut story.told);
    typing(&mut story, true, 1_000);
    typing(&mut story, true, 2_500);
    assert_eq!(story.told.take(), ["done, 2", "2 writes to [1, 2]", "done, 2"]);
    story.room.on_tick(Millis(0), &mut story.told);
    assert_eq!(story.told.take(), ["2 of 2 to [1, 2]"]);
    assert_eq!(story.room.due(), Some(Millis(5_500)));
    story.room.on_tick(Millis(5_500), &mut story.told);
    assert_eq!(story.told.take(), ["2 pauses to [1, 2]"]);
    typing(&mut story, true, 6_000);
    story.says(2, 2);
    assert_eq!(
        story.told.take(),
        ["done, 2", "2 writes to [1, 2]", "2 pauses to [1, 2]", "posted 3, 2", "posted 3 to [1, 2]"]
    );
    typing(&mut story, true, 7_000);
    story.told.take();
    let hidden = DisplayedPresence { presence: Presence::Offline, share_reads: true };
    story.room.show(ConnectionId(2), hidden, &mut story.told);
    assert_eq!(story.told.take(), ["2 pauses to [1, 2]"]);
    typing(&mut story, true, 8_000);
    assert_eq!(story.told.take(), ["done, 2"], "and writes unseen");
}

#[test]
fn read_position_reaches_own_devices_and_others_by_consent() {
    let mut story = Story::new();
    story.comes(1, 1);
    story.comes(2, 2);
    story.told.take();
    let read = |seq| Ok(Some(ReadProgress { read: Seq(seq), unread: 0, head: Seq(2) }));
    story.room.marked(UserId(2), &read(2), Some(entry(2)), &mut story.told);
    assert_eq!(story.told.take(), ["read 2, 2", "you read, user 2"], "a newcomer has read up to there");
    story.room.marked(UserId(1), &read(2), Some(entry(1)), &mut story.told);
    assert_eq!(story.told.take(), ["read 2, 1", "you read, user 1", "1 has read 2 to [1, 2]"]);
    let unshared = DisplayedPresence { presence: Presence::Online, share_reads: false };
    story.room.show(ConnectionId(1), unshared, &mut story.told);
    assert_eq!(story.told.take(), ["1 has read 0 to [1, 2]"]);
    story.room.marked(UserId(1), &read(1), Some(entry(1)), &mut story.told);
    assert_eq!(story.told.take(), ["read 1, 1", "you read, user 1"]);
    story.room.marked(UserId(7), &Ok(None), Some(entry(2)), &mut story.told);
    assert_eq!(story.told.take(), ["no: NotJoined, 2"], "no member");
}

#[test]
fn large_rooms_announce_no_joins_and_leaves() {
    let crowd = (1..=i64::try_from(MAX_PEOPLE_LISTED).unwrap() + 1).map(|id| MemberRecord {
        user: user(id),
        read: Seq(0),
        share_reads: true,
    });
    let mut room = Room::new(record(5), crowd.collect());
    let mut told = Told::default();
    let join = room.decide(user(9_000), RoomCommand::Join { silent: false }, at()).unwrap();
    assert_eq!(join.command, RoomCommand::Join { silent: true });
    room.apply(&join, &Ok(AppendOutcome::Silent), OnCommitted::Enter(entry(1), ONLINE), &mut told);
    assert_eq!(told.take(), ["you joined, user 9000", "come in, 1"]);
    let leave = room.decide(user(9_000), RoomCommand::Leave { silent: false }, at()).unwrap();
    assert_eq!(leave.command, RoomCommand::Leave { silent: true });
    room.apply(&leave, &Ok(AppendOutcome::Silent), OnCommitted::Answer(entry(1)), &mut told);
    assert_eq!(told.take(), ["left, 1", "you left, user 9000"]);
}
