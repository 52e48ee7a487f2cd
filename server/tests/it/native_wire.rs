//! Tests of the native wire.

use hubbub_protocol::{
    Answer, ClientId, CloseReason, Code, Command, Field, Message, MessageText, Retry, Seq, ServerFrame,
    StartOver,
};
use tokio_tungstenite::tungstenite::Error;

use super::support::{Program, Socket};

/// Returns the text of a message.
fn text_of(message: &Message) -> &str {
    message.text.as_ref().map_or("", MessageText::as_str)
}

/// Returns Alice and Bob in one room. Their joins have the positions 1 and 2.
async fn two_people(program: &Program) -> (Socket, Socket) {
    let mut alice = program.guest("alice").await.connects().await;
    let mut bob = program.guest("bob").await.connects().await;
    alice.joins("general", None).await;
    bob.joins("general", None).await;
    (alice, bob)
}

#[tokio::test]
async fn answer_precedes_the_event() {
    let program = Program::start().await;
    let (mut alice, mut bob) = two_people(&program).await;
    let asked = alice.posts("general", "Привет!\n2nd line").await;
    assert!(matches!(alice.hears_next().await, ServerFrame::Reply { id, .. } if id == asked));
    let mine = alice.sees().await;
    let theirs = bob.sees().await;
    assert_eq!(mine, theirs);
    assert_eq!((theirs.seq, text_of(&theirs)), (Seq(3), "Привет!\n2nd line"));
    assert_eq!(theirs.author.name.as_str(), "alice");
}

#[tokio::test]
async fn resending_returns_the_first_result() {
    let mut program = Program::start().await;
    let guest = program.guest("alice").await;
    let client_id = ClientId::from_random_bytes([7; 16]);
    let mut socket = guest.connects().await;
    socket.joins("general", None).await;
    let asked = socket.posts_as("general", "once", client_id).await;
    let first = socket.is_told_where(asked).await;
    program.kill().await;
    program.restart().await;

    let mut socket = guest.connects().await;
    socket.joins("general", Some(1)).await;
    let asked = socket.posts_as("general", "once", client_id).await;
    assert_eq!(socket.is_told_where(asked).await, first);
    socket.posts_as("general", "something else", client_id).await;
    let (_, refusal) = socket.is_refused().await;
    assert_eq!((refusal.code, refusal.field), (Code::ClientIdTaken, Some(Field::ClientId)));
    let asked = socket.posts("general", "next").await;
    assert_eq!(socket.is_told_where(asked).await.seq, Seq(3), "nothing was stored twice");
}

#[tokio::test]
async fn returning_client_gets_exactly_the_missed_events() {
    let program = Program::start().await;
    let guest = program.guest("bob").await;
    let mut alice = program.guest("alice").await.connects().await;
    alice.joins("general", None).await;
    let mut bob = guest.connects().await;
    bob.joins("general", None).await;
    bob.leaves().await;
    for number in 1..=450 {
        let asked = alice.posts("general", &format!("message {number}")).await;
        alice.is_told_where(asked).await;
    }
    let mut bob = guest.connects().await;
    let mut frame = bob.joins("general", Some(22)).await;
    let mut missed = Vec::new();
    let batches = loop {
        let ServerFrame::CatchUp(batch) = frame else { panic!("expected a catch-up, got {frame:?}") };
        missed.extend(batch.events.iter().map(|event| event.seq().0));
        if !batch.more {
            break missed.len();
        }
        frame = bob.hears_next().await;
    };
    assert_eq!(missed, (23..=452).collect::<Vec<_>>());
    assert_eq!(batches, 430);
    let asked = alice.posts("general", "live again").await;
    alice.is_told_where(asked).await;
    assert_eq!(bob.sees().await.seq, Seq(453));
}

#[tokio::test]
async fn old_or_invalid_cursor_starts_over() {
    let program = Program::start().await;
    let (mut alice, mut bob) = two_people(&program).await;
    for number in 1..=1_010 {
        let asked = alice.posts("general", &format!("message {number}")).await;
        alice.is_told_where(asked).await;
        bob.sees().await;
    }
    for cursor in [Some(0), Some(9), Some(i64::MAX), Some(1_013), None] {
        let ServerFrame::StartOver(StartOver { page, cursor: at }) = bob.joins("general", cursor).await
        else {
            panic!("{cursor:?} does not start over")
        };
        let seqs: Vec<i64> = page.events.iter().map(|event| event.seq().0).collect();
        assert_eq!(seqs, (963..=1_012).collect::<Vec<_>>());
        assert_eq!((at, page.older), (Seq(1_012), true));
    }
    let ServerFrame::CatchUp(nothing) = bob.joins("general", Some(1_012)).await else {
        panic!("no catch-up")
    };
    assert!(nothing.events.is_empty() && !nothing.more);

    let (room, before, limit) = ("general".to_owned(), Some(Seq(5)), Some(3));
    let asked = bob.asks(Command::History { room, before, after: None, around: None, limit }).await;
    let ServerFrame::Reply { id, answer: Answer::History(page) } = bob.hears_next().await else {
        panic!("no page")
    };
    assert_eq!((id, page.events.len(), page.older), (asked, 3, true));
}

#[tokio::test]
async fn refusal_names_field_and_limit_and_keeps_the_connection() {
    let program = Program::start().await;
    let (mut alice, _bob) = two_people(&program).await;
    let id = "00000000-0000-4000-8000-000000000000";
    let post = |text: &str| {
        format!(r#"{{"id":5,"do":{{"post":{{"room":"general","client_id":"{id}","text":{text:?}}}}}}}"#)
    };
    let deep = format!("{}{}", r#"{"id":5,"do":"#, "[".repeat(30_000));
    let cases: Vec<(String, Code, Option<Field>, Option<u64>)> = vec![
        ("not json".into(), Code::NotUnderstood, Some(Field::Frame), None),
        ("".into(), Code::NotUnderstood, Some(Field::Frame), None),
        ("[]".into(), Code::NotUnderstood, Some(Field::Frame), None),
        (deep, Code::NotUnderstood, Some(Field::Frame), None),
        (r#"{"id":5,"do":{"ping":{}}} x"#.into(), Code::NotUnderstood, Some(Field::Frame), None),
        (r#"{"id":5,"do":{"dance":{}}}"#.into(), Code::UnknownCommand, Some(Field::Do), None),
        (r#"{"id":5}"#.into(), Code::Missing, Some(Field::Do), None),
        (r#"{"do":{"ping":{}}}"#.into(), Code::Missing, Some(Field::Id), None),
        (r#"{"id":-1,"do":{"ping":{}}}"#.into(), Code::Invalid, Some(Field::Id), None),
        (r#"{"id":1e400,"do":{"ping":{}}}"#.into(), Code::NotUnderstood, Some(Field::Frame), None),
        (r#"{"id":5,"do":{"post":{"room":"general"}}}"#.into(), Code::Missing, Some(Field::ClientId), None),
        (
            r#"{"id":5,"do":{"post":{"room":"general","client_id":"x","text":"hi"}}}"#.into(),
            Code::Invalid,
            Some(Field::ClientId),
            None,
        ),
        (r#"{"id":5,"do":{"join":{"room":5}}}"#.into(), Code::Invalid, Some(Field::Room), None),
        (r#"{"id":5,"do":{"join":{"room":""}}}"#.into(), Code::Empty, Some(Field::Room), None),
        (r#"{"id":5,"do":{"join":{"room":"a b"}}}"#.into(), Code::Invalid, Some(Field::Room), None),
        (
            format!(r#"{{"id":5,"do":{{"join":{{"room":"{}"}}}}}}"#, "r".repeat(65)),
            Code::TooLong,
            Some(Field::Room),
            Some(64),
        ),
        (
            r#"{"id":5,"do":{"join":{"room":"a","cursor":-1}}}"#.into(),
            Code::Invalid,
            Some(Field::Cursor),
            None,
        ),
        (
            r#"{"id":5,"do":{"history":{"room":"general","limit":201}}}"#.into(),
            Code::TooLong,
            Some(Field::Limit),
            Some(200),
        ),
        (
            r#"{"id":5,"do":{"history":{"room":"general","limit":0}}}"#.into(),
            Code::Invalid,
            Some(Field::Limit),
            None,
        ),
        (
            r#"{"id":5,"do":{"history":{"room":"general","before":0}}}"#.into(),
            Code::Invalid,
            Some(Field::Before),
            None,
        ),
        (r#"{"id":5,"do":{"history":{"room":"other"}}}"#.into(), Code::NotJoined, Some(Field::Room), None),
        (post("hi").replace("general", "other"), Code::NotJoined, Some(Field::Room), None),
        (post(" \n "), Code::Empty, Some(Field::Text), None),
        (post(&"x".repeat(4_001)), Code::TooLong, Some(Field::Text), Some(4_000)),
        (post(&"🙂".repeat(4_097)), Code::TooLong, Some(Field::Text), Some(16_384)),
        (post("bell").replace("bell", "\\u0007"), Code::Invalid, Some(Field::Text), None),
        (post("half").replace("half", "\\ud800"), Code::NotUnderstood, Some(Field::Frame), None),
    ];
    for (frame, code, field, limit) in cases {
        alice.sends_text(&frame).await;
        let (_, refusal) = alice.is_refused().await;
        assert_eq!((refusal.code, refusal.field, refusal.limit), (code, field, limit), "{frame:.200}");
        assert_eq!(refusal.retry, Retry::Never);
    }
    alice.sends_text(&post(&"🙂".repeat(4_000))).await;
    assert_eq!(text_of(&alice.sees().await).chars().count(), 4_000, "and the longest text passes");
}

#[tokio::test]
async fn refusal_has_the_request_id() {
    let program = Program::start().await;
    let mut alice = program.guest("alice").await.connects().await;
    assert!(matches!(alice.hears().await, ServerFrame::Hello(_)));
    alice.sends_text(r#"{"id":77,"do":{"post":{"room":"general"}}}"#).await;
    assert_eq!(alice.is_refused().await.0.map(|id| id.0), Some(77));
}

#[tokio::test]
async fn joins_and_leaves_are_idempotent() {
    let program = Program::start().await;
    let (mut alice, mut bob) = two_people(&program).await;
    alice.joins("general", Some(0)).await;
    for room in ["elsewhere", "general", "general"] {
        let asked = bob.asks(Command::Leave { room: room.into() }).await;
        assert!(
            matches!(bob.hears_next().await, ServerFrame::Reply { id, answer: Answer::Left { .. } } if id == asked)
        );
    }
    let asked = alice.posts("general", "bob does not hear this").await;
    alice.is_told_where(asked).await;
    bob.posts("general", "nor may he speak").await;
    assert_eq!(bob.is_refused().await.1.code, Code::NotJoined);
    assert_eq!(alice.sees().await.seq, Seq(4), "heard once, though joined twice");
}

#[tokio::test]
async fn every_request_is_answered_after_leaving() {
    let program = Program::start_with(&["--limit-joining", "off"]).await;
    let (mut alice, _bob) = two_people(&program).await;
    // The second leave is sent while the effects of the first one arrive.
    for _ in 0..300 {
        for command in [
            Command::Join { room: "general".into(), cursor: None, resume: false },
            Command::Leave { room: "general".into() },
            Command::Leave { room: "general".into() },
        ] {
            alice.is_answered(command).await.unwrap();
        }
    }
}

#[tokio::test]
async fn resuming_join_does_not_renew_a_membership() {
    let program = Program::start().await;
    let alice = program.guest("alice").await;
    let (mut phone, mut laptop) = (alice.connects().await, alice.connects().await);
    let resume = || Command::Join { room: "general".into(), cursor: None, resume: true };
    assert_eq!(laptop.is_answered(resume()).await.unwrap_err().code, Code::NotJoined, "not yet a member");
    let browse = Command::Browse { query: None, after: None };
    let Answer::Browsed(found) = laptop.is_answered(browse).await.unwrap() else { panic!("the rooms come") };
    assert!(found.rooms.is_empty(), "a refused join creates no room: {found:?}");
    phone.joins("general", None).await;
    laptop.is_answered(resume()).await.unwrap();
    phone.is_answered(Command::Leave { room: "general".into() }).await.unwrap();
    assert_eq!(laptop.is_answered(resume()).await.unwrap_err().code, Code::NotJoined, "left on the phone");
    let Answer::Rooms { rooms } = laptop.is_answered(Command::Rooms {}).await.unwrap() else {
        panic!("the rooms come")
    };
    assert!(rooms.is_empty());
    laptop.joins("general", None).await;
}

#[tokio::test]
async fn limits_the_rooms_of_a_connection() {
    let program = Program::start().await;
    let mut alice = program.guest("alice").await.connects().await;
    for number in 0..100 {
        alice.joins(&format!("room{number}"), None).await;
    }
    alice.asks(Command::Join { room: "one-more".into(), cursor: None, resume: false }).await;
    let (_, refusal) = alice.is_refused().await;
    assert_eq!((refusal.code, refusal.limit), (Code::TooManyRooms, Some(100)));
}

#[tokio::test]
async fn flood_of_one_client_delays_no_other() {
    let program = Program::start().await;
    let (mut alice, mut bob) = two_people(&program).await;
    for number in 0..500 {
        alice.posts("general", &format!("flood {number}")).await;
    }
    let asked = bob.posts("general", "in between").await;
    bob.is_told_where(asked).await;
    let mut seen = 0;
    while seen < 501 {
        alice.sees().await;
        seen += 1;
    }
}

#[tokio::test]
async fn slow_client_is_closed_alone_and_resumes() {
    let program = Program::start_with(&["--limit-posting", "off"]).await;
    let (mut alice, stalled) = two_people(&program).await;
    let mut carol = program.guest("carol").await.connects().await;
    carol.joins("general", None).await;
    let text = "x".repeat(4_000);
    // More than the system's buffers and the outbox of a connection hold together.
    for _ in 0..160 {
        let mut asked = Vec::new();
        for _ in 0..50 {
            asked.push(alice.posts("general", &text).await);
        }
        for asked in asked {
            alice.is_told_where(asked).await;
            carol.sees().await;
        }
    }
    let mut stalled = stalled;
    assert_eq!(stalled.is_closed().await.unwrap_or(CloseReason::Slow), CloseReason::Slow);
    let mut back = program.guest("bob").await.connects().await;
    assert!(matches!(back.joins("general", Some(7_500)).await, ServerFrame::CatchUp(_)));
}

#[tokio::test]
async fn stopping_closes_all_with_a_restart_code() {
    let mut program = Program::start().await;
    let (mut alice, _bob) = two_people(&program).await;
    let (code, reason) = tokio::join!(program.stop("-TERM"), alice.is_closed());
    assert_eq!((code, reason), (Some(0), Some(CloseReason::Restart)));
}

#[tokio::test]
async fn negotiates_only_the_supported_subprotocol() {
    let program = Program::start().await;
    let mut other =
        Socket::try_open(&program.address, None, &[("sec-websocket-protocol", "hubbub.v9")]).await;
    if let Ok(socket) = &mut other {
        assert_eq!(socket.is_closed().await, Some(CloseReason::WrongVersion));
    } else {
        // The library rejects an answer without the subprotocol that it requested, which is also a clear failure.
        assert!(matches!(other, Err(Error::Protocol(_))));
    }
    let mut by_hand = Socket::try_open(&program.address, None, &[]).await.unwrap();
    let ServerFrame::Hello(hello) = by_hand.hears().await else { panic!("no hello") };
    assert!(hello.user.name.as_str().starts_with("user_"), "a guest with a generated name");
    assert_eq!((hello.max_text_chars, hello.max_frame_bytes), (4_000, 65_536));
}
