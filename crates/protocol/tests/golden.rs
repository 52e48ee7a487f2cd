//! Keeps the wire format stable: one golden file for each frame, also the examples of `docs/protocol.md`.
//! After an intended change, `HUBBUB_UPDATE_GOLDEN=1` writes the files again.

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
        text: Some(MessageText::parse(text).unwrap()),
        at: at(),
        reply_to: None,
        changed: None,
        edited_at: None,
        reactions: Vec::new(),
        files: Vec::new(),
    }
}

/// A message to which every kind of event was applied.
fn lived(seq: i64) -> Message {
    let mut message = message(seq, "there!");
    message.reply_to = Some(self::message(8, "Hi").quote());
    message.changed = Some(Seq(seq + 4));
    message.edited_at = Some(at());
    message.reactions = vec![Reaction { emoji: thumb(), users: vec![alice(), bob()] }];
    message
}

fn bob() -> User {
    User { id: UserId(2), name: UserName::parse("bob").unwrap() }
}

fn thumb() -> Emoji {
    Emoji::parse("👍").unwrap()
}

fn topic() -> Topic {
    Topic::parse("All and everything").unwrap()
}

fn a_room() -> Room {
    Room { id: RoomId(3), name: room(), topic: topic() }
}

fn read_state() -> ReadState {
    ReadState { room: room(), seq: Seq(9), unread: 2, head: Seq(14) }
}

fn my_room() -> MyRoom {
    MyRoom { room: a_room(), read: read_state(), active_at: at() }
}

fn page() -> Page {
    let events = vec![Event::Posted(message(8, "Hi")), Event::Posted(message(9, "there"))];
    Page { room: room(), events, older: true, newer: false }
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
fn commands_match_the_golden_files() {
    let room = || "general".to_owned();
    let join = |cursor, resume| Command::Join { room: room(), cursor, resume };
    from_client("client-join", join(None, false));
    from_client("client-join-with-cursor", join(Some(Seq(9)), false));
    from_client("client-join-resume", join(Some(Seq(9)), true));
    from_client("client-leave", Command::Leave { room: room() });
    let text = "Привет \"всем\"\n🙂".to_owned();
    let post = |text, reply_to| Command::Post {
        room: room(),
        client_id: client_id(),
        text,
        reply_to,
        files: Vec::new(),
    };
    from_client("client-post", post(text, None));
    from_client("client-post-reply", post("Indeed".to_owned(), Some(MessageId(108))));
    let (message_id, text) = (MessageId(109), "there!".to_owned());
    from_client("client-edit", Command::Edit { room: room(), message_id, text, remove_files: Vec::new() });
    from_client("client-delete", Command::Delete { room: room(), message_id });
    from_client(
        "client-react",
        Command::React { room: room(), message_id, emoji: "👍".to_owned(), on: true },
    );
    from_client(
        "client-describe",
        Command::Describe { room: room(), topic: "All and everything".to_owned() },
    );
    from_client("client-read", Command::Read { room: room(), seq: Seq(9) });
    from_client("client-unread", Command::Unread { room: room(), seq: Seq(9) });
    from_client("client-type", Command::Type { room: room(), on: true });
    let history =
        |before, after, around, limit| Command::History { room: room(), before, after, around, limit };
    from_client("client-history", history(Some(Seq(8)), None, None, Some(50)));
    from_client("client-history-newest", history(None, None, None, None));
    from_client("client-history-after", history(None, Some(Seq(8)), None, None));
    from_client("client-history-around", history(None, None, Some(Seq(8)), None));
    from_client("client-edits", Command::Edits { room: room(), message_id });
    from_client("client-rooms", Command::Rooms {});
    from_client("client-browse", Command::Browse { query: None, after: None });
    let (query, after) = (Some("gen".to_owned()), Some("garden".to_owned()));
    from_client("client-browse-on", Command::Browse { query, after });
    let (status, share_reads) = (Some(Status::Busy), Some(false));
    from_client("client-appear", Command::Appear { status, share_reads });
    from_client("client-ping", Command::Ping { active: false });
    from_client("client-ping-active", Command::Ping { active: true });
}

#[test]
fn answers_match_the_golden_files() {
    let joined = Joined {
        room: a_room(),
        people: vec![
            Person { user: alice(), presence: Presence::Online },
            Person { user: bob(), presence: Presence::Offline },
        ],
        count: 1,
        members: 2,
        read: Seq(9),
        marks: vec![ReadMark { user: UserId(2), seq: Seq(8) }],
        typing: vec![bob()],
    };
    from_server("server-reply-joined", reply(Answer::Joined(joined)));
    from_server("server-reply-left", reply(Answer::Left { room: room() }));
    let posted = Posted { room: room(), message_id: MessageId(109), seq: Seq(9), at: at() };
    from_server("server-reply-posted", reply(Answer::Posted(posted)));
    from_server("server-reply-history", reply(Answer::History(page())));
    from_server("server-reply-done", reply(Answer::Done { room: room(), seq: Seq(14) }));
    from_server("server-reply-read", reply(Answer::Read(read_state())));
    from_server("server-reply-typed", reply(Answer::Typed {}));
    let versions = vec![Version { text: MessageText::parse("there").unwrap(), at: at() }];
    from_server("server-reply-edits", reply(Answer::Edits(Edits { message_id: MessageId(109), versions })));
    from_server("server-reply-rooms", reply(Answer::Rooms { rooms: vec![my_room()] }));
    let rooms = vec![PublicRoom { room: a_room(), members: 2, joined: true }];
    from_server("server-reply-browsed", reply(Answer::Browsed(Browsed { rooms, more: false })));
    from_server("server-reply-appearance", reply(Answer::Appearance(Appearance::default())));
    from_server("server-reply-pong", reply(Answer::Pong {}));
}

#[test]
fn refusals_match_the_golden_files() {
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
    refuse("server-refusal-not-found", Refusal::not_found(Field::MessageId));
    refuse("server-refusal-not-yours", Refusal::not_yours());
    let limit = MAX_REACTIONS_PER_MESSAGE;
    refuse("server-refusal-too-many", Refusal::too_many(Field::Emoji, limit, "reactions per message"));
    refuse("server-refusal-unavailable", Refusal::unavailable());
    refuse("server-refusal-too-fast", Refusal::too_fast(2_500));
    let refusal = Refusal::not_understood("invalid JSON: expected value at line 1 column 1");
    from_server("server-refusal-not-understood", ServerFrame::Refusal { id: None, refusal });
}

#[test]
fn events_and_signals_match_the_golden_files() {
    let hello = Hello {
        protocol: PROTOCOL_VERSION,
        server: "0.1.0+16d5d0d0bcd279a0".to_owned(),
        epoch: Epoch("0d6f2a9bb1a24c7f8f0e4a5b6c7d8e9f".to_owned()),
        user: alice(),
        appearance: Appearance::default(),
        idle_timeout_seconds: IDLE_TIMEOUT_SECONDS,
        max_frame_bytes: 65_536,
        max_text_chars: 4_000,
        max_text_bytes: 16_384,
    };
    from_server("server-hello", ServerFrame::Hello(hello));
    let event = |name: &str, what| from_server(name, ServerFrame::Event { room: room(), what });
    event("server-event-posted", Event::Posted(message(9, "there")));
    event("server-event-posted-lived", Event::Posted(lived(9)));
    let (message_id, text) = (MessageId(109), Some(MessageText::parse("there!").unwrap()));
    event(
        "server-event-edited",
        Event::Edited(Edited { seq: Seq(11), message_id, text, at: at(), removed_files: Vec::new() }),
    );
    event(
        "server-event-edited-gone",
        Event::Edited(Edited { seq: Seq(11), message_id, text: None, at: at(), removed_files: Vec::new() }),
    );
    let deleted = Deleted { seq: Seq(14), message_id, message_seq: Seq(9), by: UserId(1), at: at() };
    event("server-event-deleted", Event::Deleted(deleted));
    let reacted = Reacted { seq: Seq(12), message_id, user: bob(), emoji: thumb(), on: true, at: at() };
    event("server-event-reacted", Event::Reacted(reacted));
    let moved = || Moved { seq: Seq(7), user: bob(), at: at() };
    event("server-event-joined", Event::Joined(moved()));
    event("server-event-left", Event::Left(moved()));
    let described = Described { seq: Seq(10), user: bob(), topic: topic(), at: at() };
    event("server-event-described", Event::Described(described));

    let signal = |name: &str, what| from_server(name, ServerFrame::Signal { room: room(), what });
    let changed = vec![Person { user: alice(), presence: Presence::Away }];
    signal(
        "server-signal-people",
        Signal::People { changed, departed: vec![UserId(2)], count: 1, members: 1 },
    );
    signal("server-signal-typing", Signal::Typing { user: bob(), on: true });
    signal("server-signal-read", Signal::Read(ReadMark { user: UserId(2), seq: Seq(9) }));

    let mine = |name: &str, mine| from_server(name, ServerFrame::UserEvent(mine));
    mine("server-mine-joined", UserEvent::Joined(my_room()));
    mine("server-mine-left", UserEvent::Left { room: room() });
    mine("server-mine-read", UserEvent::Read(read_state()));
    let invisible = Appearance { status: Status::Invisible, share_reads: false };
    mine("server-mine-appearance", UserEvent::Appearance(invisible));

    let events = vec![Event::Posted(message(8, "Hi")), Event::Posted(message(9, "there"))];
    from_server("server-catch-up", ServerFrame::CatchUp(CatchUp { room: room(), events, more: false }));
    from_server("server-start-over", ServerFrame::StartOver(StartOver { page: page(), cursor: Seq(9) }));
}

#[test]
fn every_golden_file_is_used() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let checked = include_str!("golden.rs");
    for file in fs::read_dir(folder).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let stem = name.strip_suffix(".json").unwrap_or(&name);
        assert!(checked.contains(&format!("\"{stem}\"")), "{name} is not checked by any test");
    }
}
