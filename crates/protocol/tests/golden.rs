//! The wire changes only on purpose: one golden file for each frame. They are also the examples that
//! `docs/protocol.md` refers to. After an intended change, `HUBBUB_UPDATE_GOLDEN=1` writes them anew.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use std::fmt::Debug;
use std::fs;
use std::path::Path;

use hubbub_protocol::*;

fn room() -> RoomName {
    RoomName::parse("general").unwrap()
}

fn alice() -> User {
    User { id: UserId(1), name: UserName::parse("Алиса").unwrap() }
}

fn at() -> Timestamp {
    "2026-11-20T10:00:00.000Z".parse().unwrap()
}

fn client_id() -> ClientId {
    "67e55044-10b1-426f-9247-bb680e5fe0c8".parse().unwrap()
}

fn message(seq: i64, text: &str) -> Message {
    Message {
        id: MessageId(100 + seq),
        seq: Seq(seq),
        author: alice(),
        client_id: client_id(),
        text: MessageText::parse(text).unwrap(),
        at: at(),
    }
}

fn page() -> Page {
    Page { room: room(), messages: vec![message(8, "Hi"), message(9, "there")], older: true }
}

fn golden(name: &str, json: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.json"));
    if std::env::var_os("HUBBUB_UPDATE_GOLDEN").is_some() {
        fs::write(&path, format!("{json}\n")).unwrap();
    }
    fs::read_to_string(&path).unwrap_or_default().trim_end().to_owned()
}

fn from_client(name: &str, command: Command) {
    let frame = ClientFrame { id: RequestId(7), command };
    let expected = golden(name, &frame.encode());
    assert_eq!(frame.encode(), expected, "{name}");
    same(ClientFrame::decode(&expected).unwrap(), frame);
}

fn from_server(name: &str, frame: ServerFrame) {
    let expected = golden(name, &frame.encode());
    assert_eq!(frame.encode(), expected, "{name}");
    same(ServerFrame::decode(&expected).unwrap(), frame);
}

fn same<T: PartialEq + Debug>(left: T, right: T) {
    assert_eq!(left, right);
}

fn reply(answer: Answer) -> ServerFrame {
    ServerFrame::Reply { id: RequestId(7), answer }
}

#[test]
fn every_command_is_written_as_it_always_was() {
    let room = || "general".to_owned();
    from_client("client-join", Command::Join { room: room(), cursor: None });
    from_client("client-join-with-cursor", Command::Join { room: room(), cursor: Some(Seq(9)) });
    from_client("client-leave", Command::Leave { room: room() });
    let text = "Привет \"всем\"\n🙂".to_owned();
    from_client("client-post", Command::Post { room: room(), client_id: client_id(), text });
    from_client("client-history", Command::History { room: room(), before: Some(Seq(8)), limit: Some(50) });
    from_client("client-history-newest", Command::History { room: room(), before: None, limit: None });
    from_client("client-ping", Command::Ping {});
}

#[test]
fn every_answer_is_written_as_it_always_was() {
    let joined = Joined { room: Room { id: RoomId(3), name: room() }, people: vec![alice()], count: 1 };
    from_server("server-reply-joined", reply(Answer::Joined(joined)));
    from_server("server-reply-left", reply(Answer::Left { room: room() }));
    let posted = Posted { room: room(), message_id: MessageId(109), seq: Seq(9), at: at() };
    from_server("server-reply-posted", reply(Answer::Posted(posted)));
    from_server("server-reply-history", reply(Answer::History(page())));
    from_server("server-reply-pong", reply(Answer::Pong {}));
}

#[test]
fn every_refusal_is_written_as_it_always_was() {
    let refuse = |name: &str, refusal| {
        from_server(name, ServerFrame::Refusal { id: Some(RequestId(7)), refusal });
    };
    refuse("server-refusal-unknown-command", Refusal::unknown_command("unknown variant `dance`"));
    refuse("server-refusal-missing", Refusal::missing(Field::ClientId));
    refuse("server-refusal-empty", Refusal::empty(Field::Text));
    refuse("server-refusal-too-long", Refusal::too_long(Field::Text, MAX_TEXT_CHARS, "characters"));
    refuse(
        "server-refusal-invalid",
        Refusal::invalid(Field::Cursor, "cursor must be 0 or the seq of an event"),
    );
    refuse("server-refusal-not-joined", Refusal::not_joined("general"));
    refuse("server-refusal-too-many-rooms", Refusal::too_many_rooms(MAX_ROOMS_PER_CONNECTION));
    refuse("server-refusal-client-id-taken", Refusal::client_id_taken());
    refuse("server-refusal-unavailable", Refusal::unavailable());
    let refusal = Refusal::not_understood("not JSON: expected value at line 1 column 1");
    from_server("server-refusal-not-understood", ServerFrame::Refusal { id: None, refusal });
}

#[test]
fn everything_the_server_says_by_itself_is_written_as_it_always_was() {
    let hello = Hello {
        protocol: PROTOCOL_VERSION,
        server: "0.1.0".to_owned(),
        epoch: Epoch("0d6f2a9bb1a24c7f8f0e4a5b6c7d8e9f".to_owned()),
        user: alice(),
        idle_timeout_seconds: IDLE_TIMEOUT_SECONDS,
        max_frame_bytes: 65_536,
        max_text_chars: 4_000,
        max_text_bytes: 16_384,
    };
    from_server("server-hello", ServerFrame::Hello(hello));
    let what = Event::Posted(message(9, "there"));
    from_server("server-event-posted", ServerFrame::Event(RoomEvent { room: room(), what }));
    let what = Signal::People { arrived: vec![alice()], departed: vec![UserId(2)], count: 1 };
    from_server("server-signal-people", ServerFrame::Signal(RoomSignal { room: room(), what }));
    let events = vec![Event::Posted(message(8, "Hi")), Event::Posted(message(9, "there"))];
    from_server("server-catch-up", ServerFrame::CatchUp(CatchUp { room: room(), events, more: false }));
    from_server("server-start-over", ServerFrame::StartOver(StartOver { page: page(), cursor: Seq(9) }));
}

#[test]
fn there_is_no_golden_file_that_nothing_checks() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let checked = include_str!("golden.rs");
    for file in fs::read_dir(folder).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let stem = name.strip_suffix(".json").unwrap_or(&name);
        assert!(checked.contains(&format!("\"{stem}\"")), "{name} is not checked by any test");
    }
}
