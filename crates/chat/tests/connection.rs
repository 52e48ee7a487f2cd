//! Stories of one connection, told to it directly: what a forgiving client would not notice.

use hubbub_chat::{Act, Connection, Fate, History, Outcome, Read, StoreError};
use hubbub_protocol::{
    Answer, ClientId, CloseReason, Code, Event, Joined, MAX_OPEN_REQUESTS, Message, MessageId, MessageText,
    Millis, Posted, RequestId, Room, RoomId, RoomName, Seq, ServerFrame, Timestamp, User, UserId, UserName,
};

const ROOM: RoomId = RoomId(3);

fn name() -> RoomName {
    RoomName::parse("general").unwrap()
}

fn user() -> User {
    User { id: UserId(1), name: UserName::parse("alice").unwrap() }
}

fn message(seq: i64) -> Message {
    sized(seq, 5)
}

fn sized(seq: i64, chars: usize) -> Message {
    Message {
        id: MessageId(seq),
        seq: Seq(seq),
        author: user(),
        client_id: ClientId::from_random_bytes([1; 16]),
        text: MessageText::parse(&"x".repeat(chars)).unwrap(),
        at: Timestamp::from_millis(0),
    }
}

fn events(seqs: std::ops::RangeInclusive<i64>) -> Result<Vec<Event>, StoreError> {
    Ok(seqs.map(|seq| Event::Posted(message(seq))).collect())
}

/// A connection that has asked to join with this cursor, and what it does when let in at `head`.
fn joined(cursor: Option<i64>, head: i64) -> (Connection, Vec<Act>) {
    let mut connection = Connection::new(user(), Millis(0));
    let cursor = cursor.map_or(String::new(), |cursor| format!(r#","cursor":{cursor}"#));
    let asked = connection
        .on_frame(&format!(r#"{{"id":1,"do":{{"join":{{"room":"general"{cursor}}}}}}}"#), Millis(0));
    assert_eq!(asked, [Act::Enter { room: name(), request: RequestId(1) }]);
    let answer = Joined { room: Room { id: ROOM, name: name() }, people: vec![user()], count: 1 };
    let acts = connection.on_outcome(RequestId(1), Outcome::Entered(Answer::Joined(answer), Seq(head)));
    assert!(matches!(acts[0], Act::Write(ServerFrame::Reply { .. })), "the answer comes first");
    (connection, acts[1..].to_vec())
}

fn read_after(after: i64) -> Act {
    Act::Read(Read::Events { room: ROOM, after: Seq(after), limit: 200 })
}

#[test]
fn who_is_up_to_date_hears_each_event_once() {
    let (mut connection, acts) = joined(Some(7), 7);
    assert!(matches!(&acts[..], [Act::Write(ServerFrame::CatchUp(batch))] if !batch.more));
    assert_eq!(connection.on_event(&name(), Seq(7)), Fate::Drop);
    assert_eq!(connection.on_event(&name(), Seq(8)), Fate::Forward);
    assert_eq!(connection.on_event(&name(), Seq(8)), Fate::Drop);
    assert_eq!(connection.on_event(&name(), Seq(9)), Fate::Forward);
    assert_eq!(connection.on_event(&RoomName::parse("other").unwrap(), Seq(1)), Fate::Drop);
}

#[test]
fn what_happens_during_a_catch_up_is_read_with_it_and_heard_once() {
    let (mut connection, acts) = joined(Some(4), 6);
    assert_eq!(acts, [read_after(4)]);
    // Registered first: this comes while the read is under way.
    assert_eq!(connection.on_event(&name(), Seq(7)), Fate::Drop);
    let acts = connection.on_events(ROOM, events(5..=6));
    assert!(matches!(&acts[0], Act::Write(ServerFrame::CatchUp(batch)) if batch.more));
    assert_eq!(acts[1..], [read_after(6)]);
    let acts = connection.on_events(ROOM, events(7..=7));
    assert!(matches!(&acts[..], [Act::Write(ServerFrame::CatchUp(batch))] if !batch.more));
    assert_eq!(connection.on_event(&name(), Seq(7)), Fate::Drop);
    assert_eq!(connection.on_event(&name(), Seq(8)), Fate::Forward);
}

#[test]
fn a_fresh_page_that_is_newer_than_the_answer_makes_later_events_doubles() {
    let (mut connection, acts) = joined(None, 5);
    assert_eq!(acts, [Act::Read(Read::History { room: ROOM, before: None, limit: 50, request: None })]);
    let page = History { messages: (1..=6).map(message).collect(), older: false, head: Seq(6) };
    let acts = connection.on_history(ROOM, None, Ok(page));
    assert!(matches!(&acts[..], [Act::Write(ServerFrame::StartOver(start))] if start.cursor == Seq(6)));
    assert_eq!(connection.on_event(&name(), Seq(6)), Fate::Drop);
    assert_eq!(connection.on_event(&name(), Seq(7)), Fate::Forward);
}

#[test]
fn a_fresh_page_that_is_older_than_what_came_by_is_followed_by_a_catch_up() {
    let (mut connection, _) = joined(None, 5);
    assert_eq!(connection.on_event(&name(), Seq(6)), Fate::Drop);
    let page = History { messages: (1..=5).map(message).collect(), older: false, head: Seq(5) };
    let acts = connection.on_history(ROOM, None, Ok(page));
    assert_eq!(acts[1..], [read_after(5)]);
}

#[test]
fn a_gap_is_read_from_the_store() {
    let (mut connection, _) = joined(Some(7), 7);
    assert_eq!(
        connection.on_event(&name(), Seq(10)),
        Fate::Repair(Read::Events { room: ROOM, after: Seq(7), limit: 200 })
    );
    let acts = connection.on_events(ROOM, events(8..=10));
    assert!(matches!(&acts[..], [Act::Write(ServerFrame::CatchUp(batch))] if batch.events.len() == 3));
    assert_eq!(connection.on_event(&name(), Seq(11)), Fate::Forward);
}

#[test]
fn a_store_that_does_not_have_what_it_committed_or_fails_ends_the_connection_which_comes_back() {
    for read in [events(6..=6), Ok(Vec::new()), Err(StoreError("gone".to_owned()))] {
        let (mut connection, _) = joined(Some(4), 6);
        assert_eq!(connection.on_events(ROOM, read), [Act::Close(CloseReason::Broken)]);
    }
    let (mut connection, _) = joined(None, 5);
    let failed = connection.on_history(ROOM, None, Err(StoreError("gone".to_owned())));
    assert_eq!(failed, [Act::Close(CloseReason::Broken)]);
}

#[test]
fn batches_and_pages_of_long_messages_end_early_and_go_on() {
    let (mut connection, _) = joined(Some(0), 100);
    let long: Vec<Event> = (1..=100).map(|seq| Event::Posted(sized(seq, 4_000))).collect();
    let acts = connection.on_events(ROOM, Ok(long));
    let Act::Write(ServerFrame::CatchUp(batch)) = &acts[0] else { panic!("no batch") };
    assert_eq!((batch.events.len(), batch.more), (32, true), "128 KiB of text");
    assert_eq!(acts[1..], [read_after(32)]);

    let (mut connection, _) = joined(None, 100);
    let page =
        History { messages: (51..=100).map(|seq| sized(seq, 4_000)).collect(), older: false, head: Seq(100) };
    let acts = connection.on_history(ROOM, None, Ok(page));
    let Act::Write(ServerFrame::StartOver(start)) = &acts[0] else { panic!("no page") };
    let seqs: Vec<i64> = start.page.messages.iter().map(|message| message.seq.0).collect();
    assert_eq!((seqs, start.page.older), ((69..=100).collect(), true), "the newest, and word of the others");
}

#[test]
fn it_is_not_heard_while_as_many_requests_are_open_as_may_be() {
    let (mut connection, _) = joined(Some(0), 0);
    let post = r#"{"id":2,"do":{"post":{"room":"general","client_id":"67e55044-10b1-426f-9247-bb680e5fe0c8","text":"Hi"}}}"#;
    for _ in 0..MAX_OPEN_REQUESTS {
        assert!(connection.may_ask());
        assert!(matches!(&connection.on_frame(post, Millis(0))[..], [Act::Post { .. }]));
    }
    assert!(!connection.may_ask());
    let posted =
        Posted { room: name(), message_id: MessageId(1), seq: Seq(1), at: Timestamp::from_millis(0) };
    drop(connection.on_outcome(RequestId(2), Outcome::Done(Answer::Posted(posted))));
    assert!(connection.may_ask());
}

#[test]
fn after_leaving_it_hears_nothing_more() {
    let (mut connection, _) = joined(Some(0), 0);
    let acts = connection.on_frame(r#"{"id":2,"do":{"leave":{"room":"general"}}}"#, Millis(0));
    assert!(matches!(&acts[..], [Act::Write(_), Act::Exit { room }] if *room == name()));
    assert_eq!(connection.on_event(&name(), Seq(1)), Fate::Drop);
    assert!(!connection.hears(&name()));
    assert_eq!(connection.rooms().count(), 0);
}

#[test]
fn a_room_that_does_not_let_it_in_is_forgotten() {
    let mut connection = Connection::new(user(), Millis(0));
    drop(connection.on_frame(r#"{"id":1,"do":{"join":{"room":"general"}}}"#, Millis(0)));
    let no = hubbub_protocol::Refusal::unavailable();
    let acts = connection.on_outcome(RequestId(1), Outcome::Refused(no));
    assert!(
        matches!(&acts[..], [Act::Write(ServerFrame::Refusal { refusal, .. })] if refusal.code == Code::Unavailable)
    );
    assert_eq!(connection.rooms().count(), 0);
}

#[test]
fn silence_for_ninety_seconds_is_the_end_and_any_sign_of_life_is_not() {
    let mut connection = Connection::new(user(), Millis(1_000));
    assert_eq!(connection.on_tick(Millis(90_999)), None);
    connection.on_sign_of_life(Millis(90_999));
    assert_eq!(connection.on_tick(Millis(91_000)), None);
    drop(connection.on_frame("not even JSON", Millis(100_000)));
    assert_eq!(connection.on_tick(Millis(189_999)), None);
    assert_eq!(connection.on_tick(Millis(190_000)), Some(Act::Close(CloseReason::Idle)));
}
