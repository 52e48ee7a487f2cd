//! Tests of a single `Room`. They check the order and the recipients of its deliveries.

use std::collections::BTreeSet;

use hubbub_chat::{
    Bus, ConnectionId, DisplayedPresence, MemberRecord, MemoryStore, PendingEvent, ReadProgress, ReadUpdate,
    RequestOrigin, Room, RoomChange, RoomCommand, RoomRecord, RoomReply, RoomRequest, Store, StoreError,
    StoreResult, WriteOutcome,
};
use hubbub_protocol::{
    Answer, ClientId, Code, Event, MAX_PEOPLE_LISTED, MessageText, Millis, Presence, ReadMark, RequestId,
    RoomId, RoomName, Seq, ServerFrame, Signal, Timestamp, Topic, User, UserEvent, UserId, UserName,
};
use pollster::block_on;

const ONLINE: DisplayedPresence = DisplayedPresence { presence: Presence::Online, share_reads: true };

/// The deliveries in order, each as a short text with its recipients.
#[derive(Default)]
struct Told {
    lines: Vec<String>,
    entered: BTreeSet<u64>,
}

impl Told {
    fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }
}

impl Bus for Told {
    fn enter(&mut self, connection: ConnectionId) {
        self.entered.insert(connection.0);
    }

    fn exit(&mut self, connection: ConnectionId) {
        self.entered.remove(&connection.0);
    }

    fn answer(&mut self, to: ConnectionId, _request: RequestId, outcome: RoomReply) {
        let what = match outcome {
            RoomReply::Entered(..) => "come in".to_owned(),
            RoomReply::Done(Answer::Left { .. }) => "left".to_owned(),
            RoomReply::Done(Answer::Posted(posted)) => format!("posted {}", posted.seq),
            RoomReply::Done(Answer::Read(state)) => format!("read {}", state.seq),
            RoomReply::Done(_) => "done".to_owned(),
            RoomReply::Refused(refusal) => format!("no: {:?}", refusal.code),
        };
        self.lines.push(format!("{what}, {}", to.0));
    }

    fn broadcast(&mut self, frame: ServerFrame) {
        let what = match frame {
            ServerFrame::Event { what: event, .. } => format!("{} {}", event_name(&event), event.seq()),
            ServerFrame::Signal { what, .. } => match what {
                Signal::People { count, members, .. } => format!("{count} of {members}"),
                Signal::Typing { user, on } => {
                    format!("{} {}", user.id, if on { "writes" } else { "pauses" })
                }
                Signal::Read(ReadMark { user, seq }) => format!("{user} has read {seq}"),
            },
            other => panic!("a room sends only events and signals: {other:?}"),
        };
        let entered: Vec<u64> = self.entered.iter().copied().collect();
        self.lines.push(format!("{what} to {entered:?}"));
    }

    fn user_event(&mut self, to: UserId, event: &UserEvent) {
        let what = match event {
            UserEvent::Joined(_) => "you joined",
            UserEvent::Left { .. } => "you left",
            UserEvent::Read(_) => "you read",
            UserEvent::Appearance(_) => "you appear",
        };
        self.lines.push(format!("{what}, user {to}"));
    }
}

fn event_name(event: &Event) -> &'static str {
    match event {
        Event::Posted(_) => "posted",
        Event::Joined(_) => "joined",
        Event::Left(_) => "left",
        _ => "changed",
    }
}

fn user(id: i64) -> User {
    User { id: UserId(id), name: UserName::parse(&format!("user{id}")).unwrap() }
}

/// A request of a connection for a user.
fn request(connection: u64, by: i64, command: RoomCommand) -> RoomRequest {
    let origin = RequestOrigin::Request { connection: ConnectionId(connection), request: RequestId(1) };
    RoomRequest { origin, by: user(by), command }
}

fn change(connection: u64, by: i64, change: RoomChange) -> RoomRequest {
    request(connection, by, RoomCommand::Change(change))
}

fn enter(connection: u64, by: i64) -> RoomRequest {
    request(connection, by, RoomCommand::Enter { shown: ONLINE, resume: false })
}

fn read(connection: u64, by: i64) -> RoomRequest {
    request(connection, by, RoomCommand::Read(ReadUpdate::UpTo(Seq(2))))
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

    /// Decides a request, and begins the write that it needs.
    fn decides(&mut self, request: &RoomRequest) -> Result<Option<PendingEvent>, Code> {
        let pending = self.room.decide(request, at()).map_err(|refusal| refusal.code)?;
        pending.iter().for_each(|pending| self.room.begin(pending));
        Ok(pending)
    }

    fn stores(&mut self, request: &RoomRequest, pending: PendingEvent) {
        let stored = block_on(self.store.append(vec![pending])).map(|mut stored| stored.remove(0));
        self.applies(request, &stored);
    }

    fn applies(&mut self, request: &RoomRequest, stored: &StoreResult<WriteOutcome>) {
        self.room.apply(request, Some(stored), Millis(0), &mut self.told);
    }

    /// Executes a request from its decision to its deliveries.
    fn executes(&mut self, request: &RoomRequest, now: Millis) {
        match self.decides(request).unwrap() {
            Some(pending) => self.stores(request, pending),
            None => self.room.apply(request, None, now, &mut self.told),
        }
    }

    fn comes(&mut self, connection: u64, by: i64) {
        self.executes(&enter(connection, by), Millis(0));
    }

    fn says(&mut self, connection: u64, by: i64) {
        let post = change(connection, by, post(self.room.head()));
        self.executes(&post, Millis(0));
    }
}

/// A post with a client id that is unique at this position.
fn post(head: Seq) -> RoomChange {
    let client_id = ClientId::from_random_bytes([u8::try_from(head.0).unwrap(); 16]);
    RoomChange::Post { client_id, text: MessageText::parse("hi").unwrap(), reply_to: None, files: Vec::new() }
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
    let leave = change(2, 2, RoomChange::Leave);
    let pending = story.decides(&leave).unwrap().unwrap();
    let late = change(2, 2, post(Seq(99)));
    assert_eq!(story.decides(&late), Err(Code::NotJoined), "while it is on its way to the store");
    story.stores(&leave, pending);
    assert_eq!(story.told.take(), ["left, 2", "left 3 to [1]", "you left, user 2"]);
    assert_eq!(story.decides(&late), Err(Code::NotJoined));
    // A former member who returns joins as a new member.
    story.comes(2, 2);
    assert_eq!(story.told.take(), ["joined 4 to [1]", "you joined, user 2", "come in, 2"]);
}

#[test]
fn rejoining_while_a_leave_is_stored_keeps_the_membership() {
    let mut story = Story::new();
    story.comes(1, 1);
    let (leave, join) = (change(1, 1, RoomChange::Leave), enter(2, 1));
    let leaving = story.decides(&leave).unwrap().unwrap();
    assert!(!story.room.is_member(UserId(1)));
    let joining = story.decides(&join).unwrap().expect("a new membership");
    story.stores(&leave, leaving);
    story.stores(&join, joining);
    assert!(story.room.is_member(UserId(1)));
    assert_eq!(story.told.take().last().map(String::as_str), Some("come in, 2"));
}

#[test]
fn failed_write_changes_nothing_and_is_refused() {
    let mut story = Story::new();
    story.comes(1, 1);
    story.told.take();
    let failed = Err(StoreError("the disk is full".to_owned()));
    let (leave, join, read) = (change(1, 1, RoomChange::Leave), enter(2, 2), read(1, 1));
    story.decides(&leave).unwrap();
    story.applies(&leave, &failed);
    assert!(story.room.is_member(UserId(1)), "still a member, and not about to leave");
    story.decides(&join).unwrap();
    story.applies(&join, &failed);
    assert!(!story.room.is_member(UserId(2)));
    story.applies(&read, &failed);
    let no = |connection| format!("no: Unavailable, {connection}");
    assert_eq!(story.told.take(), [no(1), no(2), no(1)]);
}

#[test]
fn typing_is_signalled_once_and_ends() {
    let mut story = Story::new();
    story.comes(1, 1);
    story.comes(2, 2);
    story.told.take();
    let typing = |story: &mut Story, on, now| {
        story.executes(&request(2, 2, RoomCommand::Type(on)), Millis(now));
    };
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
    story.executes(&request(2, 2, RoomCommand::Show(hidden)), Millis(7_000));
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
    let progress = |seq| Ok(WriteOutcome::Read(ReadProgress { read: Seq(seq), unread: 0, head: Seq(2) }));
    story.applies(&read(2, 2), &progress(2));
    assert_eq!(story.told.take(), ["read 2, 2", "you read, user 2"], "a newcomer has read up to there");
    story.applies(&read(1, 1), &progress(2));
    assert_eq!(story.told.take(), ["read 2, 1", "you read, user 1", "1 has read 2 to [1, 2]"]);
    let unshared = DisplayedPresence { presence: Presence::Online, share_reads: false };
    story.executes(&request(1, 1, RoomCommand::Show(unshared)), Millis(0));
    assert_eq!(story.told.take(), ["1 has read 0 to [1, 2]"]);
    story.applies(&read(1, 1), &progress(1));
    assert_eq!(story.told.take(), ["read 1, 1", "you read, user 1"]);
    // The membership ended between the decision and the write.
    story.applies(&read(2, 2), &Ok(WriteOutcome::of_read(None, &story.room.record().name)));
    assert_eq!(story.told.take(), ["no: NotJoined, 2"]);
}

#[test]
fn refuses_requests_of_users_who_are_not_members() {
    let mut story = Story::new();
    story.comes(1, 1);
    let refused = [change(7, 7, post(Seq(9))), read(7, 7), request(7, 7, RoomCommand::Type(true))];
    refused.iter().for_each(|request| assert_eq!(story.decides(request), Err(Code::NotJoined)));
    // A read position is stored after the join that was requested before it.
    let join = enter(7, 7);
    let joining = story.decides(&join).unwrap().unwrap();
    assert_eq!(story.decides(&read(7, 7)), Ok(None));
    story.stores(&join, joining);
    assert!(story.decides(&change(7, 7, post(Seq(9)))).is_ok());
}

#[test]
fn resuming_join_makes_nobody_a_member() {
    let mut story = Story::new();
    let resume = |connection, by| request(connection, by, RoomCommand::Enter { shown: ONLINE, resume: true });
    assert_eq!(story.decides(&resume(1, 1)), Err(Code::NotJoined));
    story.comes(1, 1);
    story.told.take();
    story.executes(&resume(2, 1), Millis(0));
    assert_eq!(story.told.take(), ["come in, 2"]);
    // Another tab leaves the room and, before that is stored, joins it again.
    let (leave, join) = (change(1, 1, RoomChange::Leave), enter(3, 1));
    let leaving = story.decides(&leave).unwrap().unwrap();
    assert_eq!(story.decides(&resume(2, 1)), Err(Code::NotJoined));
    let joining = story.decides(&join).unwrap().unwrap();
    let resumed = resume(2, 1);
    let resuming = story.decides(&resumed).unwrap().unwrap();
    story.stores(&leave, leaving);
    story.told.take();
    for (request, pending) in [(&join, joining), (&resumed, resuming)] {
        story.stores(request, pending);
    }
    let told = story.told.take();
    assert!(told.contains(&"come in, 3".to_owned()) && told.contains(&"come in, 2".to_owned()), "{told:?}");
    assert!(story.room.is_member(UserId(1)));
}

#[test]
fn resuming_join_does_not_renew_a_membership_that_ends_before_it() {
    let mut story = Story::new();
    let resume = request(2, 1, RoomCommand::Enter { shown: ONLINE, resume: true });
    let (join, leave) = (enter(1, 1), change(1, 1, RoomChange::Leave));
    let joining = story.decides(&join).unwrap().unwrap();
    let leaving = story.decides(&leave).unwrap().unwrap();
    assert_eq!(story.decides(&resume), Err(Code::NotJoined), "the leave is stored first");
    assert_eq!(story.decides(&read(1, 1)), Err(Code::NotJoined));
    story.stores(&join, joining);
    story.stores(&leave, leaving);
    assert!(!story.room.is_member(UserId(1)));
}

#[test]
fn connection_whose_second_join_is_refused_leaves_the_room() {
    let mut story = Story::new();
    story.comes(1, 1);
    let leave = change(2, 1, RoomChange::Leave);
    assert!(story.decides(&leave).is_ok());
    let resume = request(1, 1, RoomCommand::Enter { shown: ONLINE, resume: true });
    assert_eq!(story.decides(&resume), Err(Code::NotJoined));
    // The connection has no subscription any more; it says so, whatever becomes of the leave.
    let exit = RoomRequest {
        origin: RequestOrigin::Connection(ConnectionId(1)),
        by: user(1),
        command: RoomCommand::Exit,
    };
    story.executes(&exit, Millis(0));
    story.applies(&leave, &Err(StoreError("the disk is full".to_owned())));
    assert!(story.room.is_member(UserId(1)) && story.room.roster().is_empty());
}

#[test]
fn connection_that_ended_during_its_join_does_not_enter() {
    let mut story = Story::new();
    let mut join = enter(1, 1);
    let joining = story.decides(&join).unwrap().unwrap();
    join.detach();
    story.stores(&join, joining);
    assert_eq!(story.told.take(), ["joined 1 to []", "you joined, user 1"]);
    assert!(story.room.is_member(UserId(1)));
    assert!(story.room.roster().is_empty());
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
    let join = enter(1, 9_000);
    assert!(room.decide(&join, at()).unwrap().unwrap().silent);
    let silent = Ok(WriteOutcome::Silent { at: at() });
    room.apply(&join, Some(&silent), Millis(0), &mut told);
    assert_eq!(told.take(), ["you joined, user 9000", "come in, 1"]);
    let leave = change(1, 9_000, RoomChange::Leave);
    assert!(room.decide(&leave, at()).unwrap().unwrap().silent);
    room.apply(&leave, Some(&silent), Millis(0), &mut told);
    assert_eq!(told.take(), ["left, 1", "you left, user 9000"]);
}
