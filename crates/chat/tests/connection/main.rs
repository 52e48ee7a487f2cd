//! Tests of a single `Connection`. They check details that a tolerant client would hide.

mod activity;
mod pages;
mod rate_limits;

use hubbub_chat::{
    Connection, ConnectionEffect, ConnectionId, DisplayedPresence, Disposition, History, LostPositions,
    PageAnchor, ReadUpdate, RequestOrigin, RoomChange, RoomCommand, RoomReply, RoomRequest, StoreError,
    StoreQuery,
};
use hubbub_protocol::{
    Answer, Appearance, ClientId, CloseReason, Code, Event, Joined, MAX_OPEN_REQUESTS, Message, MessageId,
    MessageText, Millis, Posted, Presence, Refusal, RequestId, Room, RoomId, RoomName, Seq, ServerFrame,
    Timestamp, Topic, User, UserEvent, UserId, UserName,
};

const ID: ConnectionId = ConnectionId(9);
const ROOM: RoomId = RoomId(3);
const ONLINE: DisplayedPresence = DisplayedPresence { presence: Presence::Online, share_reads: true };

fn entrance() -> Joined {
    Joined {
        room: Room { id: ROOM, name: name(), topic: Topic::default() },
        people: Vec::new(),
        count: 1,
        members: 1,
        read: Seq(0),
        marks: Vec::new(),
        typing: Vec::new(),
    }
}

/// Returns the commands that the effects send to the room.
fn commands(effects: &[ConnectionEffect]) -> Vec<&RoomCommand> {
    let mut commands = Vec::new();
    for effect in effects {
        if let ConnectionEffect::Request { request, .. } = effect {
            commands.push(&request.command);
        }
    }
    commands
}

/// A request to the room without an answer.
fn notice(command: RoomCommand) -> ConnectionEffect {
    let origin = RequestOrigin::Connection(ID);
    ConnectionEffect::Request { room: name(), request: RoomRequest { origin, by: user(), command } }
}

fn page(events: impl Iterator<Item = Message>, head: i64) -> History {
    let events = events.map(Event::Posted).collect();
    History { events, older: false, newer: false, head: Seq(head) }
}

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
        text: Some(MessageText::parse(&"x".repeat(chars)).unwrap()),
        at: Timestamp::from_millis(0),
        reply_to: None,
        changed: None,
        edited_at: None,
        reactions: Vec::new(),
        files: Vec::new(),
    }
}

fn events(seqs: std::ops::RangeInclusive<i64>) -> Result<Vec<Event>, StoreError> {
    Ok(seqs.map(|seq| Event::Posted(message(seq))).collect())
}

/// A connection that asked to join with this cursor, and its effects after it entered at `head`.
fn joined(cursor: Option<i64>, head: i64) -> (Connection, Vec<ConnectionEffect>) {
    joined_after_a_loss(cursor, head, None)
}

/// Does the same as [`joined`], in a room with lost positions.
fn joined_after_a_loss(
    cursor: Option<i64>,
    head: i64,
    lost: Option<LostPositions>,
) -> (Connection, Vec<ConnectionEffect>) {
    let mut connection = Connection::new(ID, user(), Appearance::default(), Millis(0));
    let cursor = cursor.map_or(String::new(), |cursor| format!(r#","cursor":{cursor}"#));
    let asked = connection
        .on_frame(&format!(r#"{{"id":1,"do":{{"join":{{"room":"general"{cursor}}}}}}}"#), Millis(0));
    let origin = RequestOrigin::Request { connection: ID, request: RequestId(1) };
    let request =
        RoomRequest { origin, by: user(), command: RoomCommand::Enter { shown: ONLINE, resume: false } };
    assert_eq!(asked, [ConnectionEffect::Request { room: name(), request }]);
    let answer = Answer::Joined(entrance());
    let effects = connection.on_room_reply(RequestId(1), RoomReply::Entered(answer, Seq(head), lost));
    assert!(
        matches!(effects[0], ConnectionEffect::Write(ServerFrame::Reply { .. })),
        "the answer comes first"
    );
    (connection, effects[1..].to_vec())
}

fn read_after(after: i64) -> ConnectionEffect {
    ConnectionEffect::Query(StoreQuery::Events { room: ROOM, after: Seq(after), limit: 200 })
}

#[test]
fn live_subscription_delivers_each_event_once() {
    let (mut connection, effects) = joined(Some(7), 7);
    assert!(matches!(&effects[..], [ConnectionEffect::Write(ServerFrame::CatchUp(batch))] if !batch.more));
    assert_eq!(connection.on_event(&name(), Seq(7)), Disposition::Drop);
    assert_eq!(connection.on_event(&name(), Seq(8)), Disposition::Forward);
    assert_eq!(connection.on_event(&name(), Seq(8)), Disposition::Drop);
    assert_eq!(connection.on_event(&name(), Seq(9)), Disposition::Forward);
    assert_eq!(connection.on_event(&RoomName::parse("other").unwrap(), Seq(1)), Disposition::Drop);
}

#[test]
fn events_during_a_catch_up_are_delivered_once() {
    let (mut connection, effects) = joined(Some(4), 6);
    assert_eq!(effects, [read_after(4)]);
    // This event arrives during the read. The connection does not forward it, but reads it afterwards.
    assert_eq!(connection.on_event(&name(), Seq(7)), Disposition::Drop);
    let effects = connection.on_events(ROOM, events(5..=6));
    assert!(matches!(&effects[0], ConnectionEffect::Write(ServerFrame::CatchUp(batch)) if batch.more));
    assert_eq!(effects[1..], [read_after(6)]);
    let effects = connection.on_events(ROOM, events(7..=7));
    assert!(matches!(&effects[..], [ConnectionEffect::Write(ServerFrame::CatchUp(batch))] if !batch.more));
    assert_eq!(connection.on_event(&name(), Seq(7)), Disposition::Drop);
    assert_eq!(connection.on_event(&name(), Seq(8)), Disposition::Forward);
}

#[test]
fn drops_events_that_a_newer_page_already_contains() {
    let (mut connection, effects) = joined(None, 5);
    assert_eq!(
        effects,
        [ConnectionEffect::Query(StoreQuery::History {
            room: ROOM,
            anchor: PageAnchor::Newest,
            limit: 50,
            request: None
        })]
    );
    let fresh = page((1..=6).map(message), 6);
    let effects = connection.on_history(ROOM, PageAnchor::Newest, None, Ok(fresh));
    assert!(
        matches!(&effects[..], [ConnectionEffect::Write(ServerFrame::StartOver(start))] if start.cursor == Seq(6))
    );
    assert_eq!(connection.on_event(&name(), Seq(6)), Disposition::Drop);
    assert_eq!(connection.on_event(&name(), Seq(7)), Disposition::Forward);
}

#[test]
fn is_live_at_once_if_the_client_needs_no_page() {
    let (mut connection, _) = joined(None, 6);
    let effects = connection.on_page_skipped(ROOM);
    let [ConnectionEffect::Write(ServerFrame::StartOver(start))] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((start.cursor, start.page.events.len(), start.page.older), (Seq(6), 0, true));
    assert_eq!(connection.on_event(&name(), Seq(6)), Disposition::Drop);
    assert_eq!(connection.on_event(&name(), Seq(7)), Disposition::Forward);
    assert_eq!(connection.on_page_skipped(ROOM), [], "it is live already");
}

#[test]
fn catches_up_after_a_page_older_than_received_events() {
    let (mut connection, _) = joined(None, 5);
    assert_eq!(connection.on_event(&name(), Seq(6)), Disposition::Drop);
    let fresh = page((1..=5).map(message), 5);
    let effects = connection.on_history(ROOM, PageAnchor::Newest, None, Ok(fresh));
    assert_eq!(effects[1..], [read_after(5)]);
}

#[test]
fn reads_a_gap_from_the_store() {
    let (mut connection, _) = joined(Some(7), 7);
    assert_eq!(
        connection.on_event(&name(), Seq(10)),
        Disposition::Repair(StoreQuery::Events { room: ROOM, after: Seq(7), limit: 200 })
    );
    let effects = connection.on_events(ROOM, events(8..=10));
    assert!(
        matches!(&effects[..], [ConnectionEffect::Write(ServerFrame::CatchUp(batch))] if batch.events.len() == 3)
    );
    assert_eq!(connection.on_event(&name(), Seq(11)), Disposition::Forward);
}

#[test]
fn closes_the_connection_if_the_store_fails_or_lacks_events() {
    for read in [Ok(Vec::new()), Err(StoreError("gone".to_owned()))] {
        let (mut connection, _) = joined(Some(4), 6);
        assert_eq!(connection.on_events(ROOM, read), [ConnectionEffect::Close(CloseReason::Broken)]);
    }
    let (mut connection, _) = joined(None, 5);
    let failed = connection.on_history(ROOM, PageAnchor::Newest, None, Err(StoreError("gone".to_owned())));
    assert_eq!(failed, [ConnectionEffect::Close(CloseReason::Broken)]);
}

#[test]
fn starts_over_from_a_cursor_in_lost_positions() {
    let lost = Some(LostPositions { after: Seq(11), up_to: Seq(21) });
    for cursor in [12, 21, 27] {
        let (_, effects) = joined_after_a_loss(Some(cursor), 26, lost);
        assert!(
            matches!(
                effects[..],
                [ConnectionEffect::Query(StoreQuery::History { anchor: PageAnchor::Newest, .. })]
            ),
            "{cursor}"
        );
    }
    for cursor in [11, 22] {
        assert_eq!(joined_after_a_loss(Some(cursor), 26, lost).1, [read_after(cursor)]);
    }
}

#[test]
fn starts_over_where_a_row_is_missing() {
    let (mut connection, _) = joined(Some(4), 7);
    let read_newest = ConnectionEffect::Query(StoreQuery::History {
        room: ROOM,
        anchor: PageAnchor::Newest,
        limit: 50,
        request: None,
    });
    assert_eq!(connection.on_events(ROOM, events(6..=7)), [read_newest]);
    let effects =
        connection.on_history(ROOM, PageAnchor::Newest, None, Ok(page([message(7)].into_iter(), 7)));
    assert!(
        matches!(&effects[..], [ConnectionEffect::Write(ServerFrame::StartOver(fresh))] if fresh.cursor == Seq(7))
    );
    assert_eq!(connection.on_event(&name(), Seq(8)), Disposition::Forward);
}

#[test]
fn stops_reading_at_the_limit_of_open_requests() {
    let (mut connection, _) = joined(Some(0), 0);
    let post = r#"{"id":2,"do":{"post":{"room":"general","client_id":"67e55044-10b1-426f-9247-bb680e5fe0c8","text":"Hi"}}}"#;
    for _ in 0..MAX_OPEN_REQUESTS {
        assert!(connection.may_ask());
        assert!(matches!(&connection.on_frame(post, Millis(0))[..], [ConnectionEffect::Request { .. }]));
    }
    assert!(!connection.may_ask());
    let posted =
        Posted { room: name(), message_id: MessageId(1), seq: Seq(1), at: Timestamp::from_millis(0) };
    _ = connection.on_room_reply(RequestId(2), RoomReply::Done(Answer::Posted(posted)));
    assert!(connection.may_ask());
}

#[test]
fn refused_resume_ends_the_subscription() {
    let mut connection = Connection::new(ID, user(), Appearance::default(), Millis(0));
    let asked = connection.on_frame(r#"{"id":1,"do":{"join":{"room":"general","resume":true}}}"#, Millis(0));
    assert_eq!(commands(&asked), [&RoomCommand::Enter { shown: ONLINE, resume: true }]);
    let refused = RoomReply::Refused(Refusal::not_joined("general"));
    let effects = connection.on_room_reply(RequestId(1), refused);
    assert_eq!(commands(&effects[1..]), [&RoomCommand::Exit], "an earlier join may have entered");
    assert_eq!(connection.rooms().count(), 0);
}

#[test]
fn delivers_nothing_after_leaving_the_room() {
    let (mut connection, _) = joined(Some(0), 0);
    let effects = connection.on_frame(r#"{"id":2,"do":{"leave":{"room":"general"}}}"#, Millis(0));
    assert_eq!(commands(&effects), [&RoomCommand::Change(RoomChange::Leave)]);
    // The room has removed the member and notifies all connections of the user.
    assert_eq!(
        connection.on_user_event(&UserEvent::Left { room: name() }, Millis(0)),
        [notice(RoomCommand::Exit)]
    );
    assert_eq!(connection.on_event(&name(), Seq(1)), Disposition::Drop);
    assert!(!connection.has_entered(&name()));
    assert_eq!(connection.rooms().count(), 0);
    // Leaving a room that is not joined succeeds and sends no request to a room.
    let effects = connection.on_frame(r#"{"id":3,"do":{"leave":{"room":"general"}}}"#, Millis(0));
    assert!(matches!(
        &effects[..],
        [ConnectionEffect::Write(ServerFrame::Reply { answer: Answer::Left { .. }, .. })]
    ));
}

#[test]
fn rejoining_before_the_leave_is_confirmed_keeps_the_subscription() {
    let (mut connection, _) = joined(Some(0), 0);
    _ = connection.on_frame(r#"{"id":2,"do":{"join":{"room":"general"}}}"#, Millis(0));
    assert_eq!(connection.on_user_event(&UserEvent::Left { room: name() }, Millis(0)), []);
    assert_eq!(connection.rooms().count(), 1);
}

#[test]
fn refusal_names_the_invalid_position_field() {
    let (mut connection, _) = joined(Some(0), 0);
    for (command, field) in [
        (r#"{"read":{"room":"general","seq":-1}}"#, "seq"),
        (r#"{"unread":{"room":"general","seq":0}}"#, "seq"),
        (r#"{"history":{"room":"general","before":0}}"#, "before"),
        (r#"{"history":{"room":"general","after":-1}}"#, "after"),
        (r#"{"history":{"room":"general","around":0}}"#, "around"),
        (r#"{"history":{"room":"general","before":5,"after":2}}"#, "around"),
        (r#"{"history":{"room":"general","limit":201}}"#, "limit"),
        (r#"{"react":{"room":"general","message_id":1,"emoji":"word","on":true}}"#, "emoji"),
        (r#"{"describe":{"room":"general","topic":"two\nlines"}}"#, "topic"),
        (r#"{"edit":{"room":"general","message_id":1,"text":"\u0007"}}"#, "text"),
        (r#"{"delete":{"room":"general","message_id":"one"}}"#, "message_id"),
        (r#"{"browse":{"after":"no room"}}"#, "room"),
    ] {
        let effects = connection.on_frame(&format!(r#"{{"id":2,"do":{command}}}"#), Millis(0));
        let refusal = effects.iter().find_map(|effect| match effect {
            ConnectionEffect::Write(ServerFrame::Refusal { refusal, .. }) => Some(refusal),
            _ => None,
        });
        let named = refusal.and_then(|refusal| refusal.field).map(hubbub_protocol::Field::as_str);
        assert_eq!(named, Some(field), "{command}: {effects:?}");
    }
    let seen = connection.on_frame(r#"{"id":2,"do":{"read":{"room":"general","seq":7}}}"#, Millis(0));
    assert_eq!(commands(&seen), [&RoomCommand::Read(ReadUpdate::UpTo(Seq(7)))]);
}

#[test]
fn only_authors_read_earlier_texts() {
    let (connection, _) = joined(Some(0), 0);
    assert!(connection.edits(MessageId(1), Some((UserId(1), Vec::new()))).is_ok());
    let code = |found| connection.edits(MessageId(1), found).map_err(|refusal| refusal.code);
    assert_eq!(code(Some((UserId(2), Vec::new()))), Err(Code::NotYours));
    assert_eq!(code(None), Err(Code::NotFound));
}

#[test]
fn forgets_a_room_that_refuses_the_join() {
    let mut connection = Connection::new(ID, user(), Appearance::default(), Millis(0));
    _ = connection.on_frame(r#"{"id":1,"do":{"join":{"room":"general"}}}"#, Millis(0));
    let no = hubbub_protocol::Refusal::unavailable();
    let effects = connection.on_room_reply(RequestId(1), RoomReply::Refused(no));
    let [ConnectionEffect::Write(ServerFrame::Refusal { refusal, .. }), exit] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(refusal.code, Code::Unavailable);
    assert_eq!(commands(std::slice::from_ref(exit)), [&RoomCommand::Exit]);
    assert_eq!(connection.rooms().count(), 0);
}

#[test]
fn refused_join_does_not_end_a_later_join() {
    let mut connection = Connection::new(ID, user(), Appearance::default(), Millis(0));
    _ = connection.on_frame(r#"{"id":1,"do":{"join":{"room":"general","resume":true}}}"#, Millis(0));
    _ = connection.on_frame(r#"{"id":2,"do":{"join":{"room":"general"}}}"#, Millis(0));
    let refused = RoomReply::Refused(Refusal::not_joined("general"));
    let effects = connection.on_room_reply(RequestId(1), refused);
    assert_eq!((effects.len(), connection.rooms().count()), (1, 1), "{effects:?}");
}

#[test]
fn closes_an_idle_connection_after_ninety_seconds() {
    let mut connection = Connection::new(ID, user(), Appearance::default(), Millis(1_000));
    assert_eq!(connection.on_tick(Millis(90_999)), []);
    connection.on_sign_of_life(Millis(90_999));
    assert_eq!(connection.on_tick(Millis(91_000)), []);
    _ = connection.on_frame("not even JSON", Millis(100_000));
    assert_eq!(connection.on_tick(Millis(189_999)), []);
    assert_eq!(connection.on_tick(Millis(190_000)), [ConnectionEffect::Close(CloseReason::Idle)]);
}
