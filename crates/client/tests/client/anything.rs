//! Generates all frames of a server and all intents of a user, with small numbers so that they refer to each
//! other. The strategies are boxed, because the stack of a test is small.

use hubbub_client::{Intent, LocalFile, Seed, SocketEvent, UploadEvent, UploadState};
use hubbub_protocol::{
    Answer, Appearance, Attachment, Browsed, CatchUp, ClientId, Code, Deleted, Described, Edited, Edits,
    Emoji, Epoch, Event, Field, FileId, FileName, Hello, Joined, Message, MessageId, Moved, MyRoom, Page,
    Person, Posted, Presence, PublicRoom, Reacted, ReadMark, ReadState, Refusal, RequestId, Retry, Room,
    RoomId, RoomName, Seq, ServerFrame, Signal, StartOver, Status, Timestamp, Topic, User, UserEvent, UserId,
};
use proptest::prelude::*;

use crate::world::{face, message, name_of, say, user};

pub(crate) fn room() -> impl Strategy<Value = RoomName> {
    prop_oneof![4 => Just("lobby"), 1 => Just("garden"), 1 => Just("nowhere")]
        .prop_map(|name| RoomName::parse(name).unwrap())
}

pub(crate) fn seq() -> impl Strategy<Value = Seq> {
    prop_oneof![20 => 0_i64..9, 1 => Just(-1), 1 => Just(i64::MAX), 1 => Just(i64::MIN)].prop_map(Seq)
}

fn client_id() -> impl Strategy<Value = ClientId> {
    (0_u32..6).prop_map(name_of)
}

fn message_id() -> impl Strategy<Value = MessageId> {
    prop_oneof![101_i64..109, 0_i64..9].prop_map(MessageId)
}

pub(crate) fn somebody() -> impl Strategy<Value = User> {
    (1_i64..4, "[a-c]{1,2}").prop_map(|(id, name)| user(id, &name))
}

fn person() -> impl Strategy<Value = Person> {
    let presence = prop_oneof![
        Just(Presence::Online),
        Just(Presence::Busy),
        Just(Presence::Away),
        Just(Presence::Offline)
    ];
    (somebody(), presence).prop_map(|(user, presence)| Person { user, presence })
}

fn people() -> impl Strategy<Value = Vec<Person>> {
    prop::collection::vec(person(), 0..4)
}

fn mark() -> impl Strategy<Value = ReadMark> {
    (1_i64..5, seq()).prop_map(|(user, seq)| ReadMark { user: UserId(user), seq })
}

fn emoji() -> impl Strategy<Value = Emoji> {
    prop_oneof![Just("🙂"), Just("👍")].prop_map(face)
}

fn topic() -> impl Strategy<Value = Topic> {
    "[a-b]{0,1}".prop_map(|text| Topic::parse(&text).unwrap())
}

fn at() -> Timestamp {
    Timestamp::from_millis(0)
}

fn some_message() -> BoxedStrategy<Message> {
    let now = (prop::option::of(seq()), any::<bool>(), prop::option::of(1_i64..9));
    (seq(), 1_i64..4, client_id(), 0_i64..9, now)
        .prop_map(|(seq, author, client_id, id, now)| {
            let (changed, gone, quoted) = now;
            let plain = message(1, author, "somebody", client_id, "hi");
            let quote = |seq| message(seq, 2, "bob", name_of(1), "quoted").quote();
            Message {
                id: MessageId(id),
                seq,
                changed,
                text: plain.text.clone().filter(|_| !gone),
                reply_to: quoted.map(quote),
                ..plain
            }
        })
        .boxed()
}

/// Generates any event at a position.
fn event_at(seq: Seq) -> BoxedStrategy<Event> {
    let edited = (message_id(), any::<bool>()).prop_map(move |(message_id, gone)| {
        Event::Edited(Edited {
            seq,
            message_id,
            text: (!gone).then(|| say("edited")),
            at: at(),
            removed_files: Vec::new(),
        })
    });
    let deleted = (message_id(), self::seq(), 1_i64..4).prop_map(move |(message_id, message_seq, by)| {
        Event::Deleted(Deleted { seq, message_id, message_seq, by: UserId(by), at: at() })
    });
    let reacted =
        (message_id(), somebody(), emoji(), any::<bool>()).prop_map(move |(message_id, user, emoji, on)| {
            Event::Reacted(Reacted { seq, message_id, user, emoji, on, at: at() })
        });
    let moved = move |user| Moved { seq, user, at: at() };
    prop_oneof![
        8 => some_message().prop_map(move |message| Event::Posted(Message { seq, ..message })),
        2 => edited,
        2 => deleted,
        2 => reacted,
        1 => somebody().prop_map(move |user| Event::Joined(moved(user))),
        1 => somebody().prop_map(move |user| Event::Left(moved(user))),
        1 => (somebody(), topic())
            .prop_map(move |(user, topic)| Event::Described(Described { seq, user, topic, at: at() })),
    ]
    .boxed()
}

fn event() -> impl Strategy<Value = Event> {
    seq().prop_flat_map(event_at)
}

/// Generates events that are mostly contiguous, so that some are applied.
fn events() -> BoxedStrategy<Vec<Event>> {
    let run = (0_i64..9, 0_i64..6).prop_flat_map(|(first, many)| {
        (first..first + many).map(|seq| event_at(Seq(seq))).collect::<Vec<_>>()
    });
    let messages =
        (0_i64..9, prop::collection::vec((1_i64..3, client_id()), 0..6)).prop_map(|(first, run)| {
            let numbered = (first..).zip(run);
            let said =
                numbered.map(|(seq, (author, client_id))| message(seq, author, "somebody", client_id, "hi"));
            said.map(Event::Posted).collect()
        });
    prop_oneof![4 => messages, 3 => run, 1 => prop::collection::vec(event(), 0..6)].boxed()
}

pub(crate) fn page() -> BoxedStrategy<Page> {
    (room(), events(), any::<bool>(), prop::bool::weighted(0.2))
        .prop_map(|(room, events, older, newer)| Page { room, events, older, newer })
        .boxed()
}

pub(crate) fn seed() -> BoxedStrategy<Seed> {
    (page(), seq(), people(), prop::collection::vec(mark(), 0..3))
        .prop_map(|(page, cursor, people, marks)| Seed { people, marks, ..Seed::of_copy(page, cursor) })
        .boxed()
}

fn refusal() -> impl Strategy<Value = Refusal> {
    let code = prop_oneof![
        Just(Code::NotJoined),
        Just(Code::ClientIdTaken),
        Just(Code::Unavailable),
        Just(Code::NotFound),
        Just(Code::TooManyRooms)
    ];
    let retry = prop_oneof![Just(Retry::Never), Just(Retry::Later)];
    (code, retry).prop_map(|(code, retry)| Refusal { code, retry, ..Refusal::unavailable() })
}

fn room_named(name: RoomName) -> Room {
    Room { id: RoomId(1), name, topic: Topic::default() }
}

fn read_state() -> impl Strategy<Value = ReadState> {
    (room(), seq(), prop_oneof![0_u32..5, any::<u32>()], seq())
        .prop_map(|(room, seq, unread, head)| ReadState { room, seq, unread, head })
}

fn my_room() -> impl Strategy<Value = MyRoom> {
    read_state().prop_map(|read| MyRoom { room: room_named(read.room.clone()), read, active_at: at() })
}

fn appearance() -> impl Strategy<Value = Appearance> {
    (prop_oneof![Just(Status::Busy), Just(Status::Online)], any::<bool>())
        .prop_map(|(status, share_reads)| Appearance { status, share_reads })
}

fn answer() -> BoxedStrategy<Answer> {
    let marks = prop::collection::vec(mark(), 0..3);
    let typing = prop::collection::vec(somebody(), 0..3);
    let joined = (room(), people(), any::<u32>(), seq(), marks, typing).prop_map(
        |(name, people, count, read, marks, typing)| {
            Answer::Joined(Joined {
                room: room_named(name),
                people,
                count,
                members: count,
                read,
                marks,
                typing,
            })
        },
    );
    let posted = (room(), seq()).prop_map(|(room, seq)| {
        let message_id = MessageId(1);
        Answer::Posted(Posted { room, message_id, seq, at: at() })
    });
    let browsed = (prop::collection::vec(room(), 0..4), any::<bool>()).prop_map(|(rooms, more)| {
        let public = |name| PublicRoom { room: room_named(name), members: 1, joined: false };
        Answer::Browsed(Browsed { rooms: rooms.into_iter().map(public).collect(), more })
    });
    prop_oneof![
        6 => joined,
        4 => posted,
        4 => (room(), seq()).prop_map(|(room, seq)| Answer::Done { room, seq }),
        3 => read_state().prop_map(Answer::Read),
        3 => page().prop_map(Answer::History),
        2 => prop::collection::vec(my_room(), 0..4).prop_map(|rooms| Answer::Rooms { rooms }),
        1 => browsed,
        1 => message_id().prop_map(|message_id| Answer::Edits(Edits { message_id, versions: Vec::new() })),
        1 => appearance().prop_map(Answer::Appearance),
        1 => room().prop_map(|room| Answer::Left { room }),
        1 => Just(Answer::Typed {}),
        1 => Just(Answer::Pong {}),
    ]
    .boxed()
}

pub(crate) fn hello() -> BoxedStrategy<ServerFrame> {
    let protocol = prop_oneof![20 => Just(1_u32), 1 => Just(2)];
    (protocol, 0_u8..3, somebody(), any::<u32>(), appearance())
        .prop_map(|(protocol, epoch, user, idle_timeout_seconds, appearance)| {
            ServerFrame::Hello(Hello {
                protocol,
                server: String::new(),
                epoch: Epoch(epoch.to_string()),
                user,
                appearance,
                idle_timeout_seconds,
                max_frame_bytes: 0,
                max_text_chars: 0,
                max_text_bytes: 0,
            })
        })
        .boxed()
}

fn signal() -> BoxedStrategy<Signal> {
    let departed = prop::collection::vec(0_i64..5, 0..4);
    let moved = (people(), departed, any::<u32>()).prop_map(|(changed, departed, count)| {
        let departed = departed.into_iter().map(UserId).collect();
        Signal::People { changed, departed, count, members: count }
    });
    prop_oneof![
        moved,
        (somebody(), any::<bool>()).prop_map(|(user, on)| Signal::Typing { user, on }),
        mark().prop_map(Signal::Read),
    ]
    .boxed()
}

fn mine() -> BoxedStrategy<UserEvent> {
    prop_oneof![
        my_room().prop_map(UserEvent::Joined),
        room().prop_map(|room| UserEvent::Left { room }),
        read_state().prop_map(UserEvent::Read),
        appearance().prop_map(UserEvent::Appearance),
    ]
    .boxed()
}

pub(crate) fn frame() -> BoxedStrategy<ServerFrame> {
    let id = || (0_u64..16).prop_map(RequestId);
    let event = (room(), event()).prop_map(|(room, what)| ServerFrame::Event { room, what });
    let signal = (room(), signal()).prop_map(|(room, what)| ServerFrame::Signal { room, what });
    let catch_up = (room(), events(), any::<bool>())
        .prop_map(|(room, events, more)| ServerFrame::CatchUp(CatchUp { room, events, more }));
    prop_oneof![
        1 => hello(),
        12 => (id(), answer()).prop_map(|(id, answer)| ServerFrame::Reply { id, answer }),
        4 => (prop::option::of(id()), refusal()).prop_map(|(id, refusal)| ServerFrame::Refusal { id, refusal }),
        8 => event,
        3 => signal,
        4 => catch_up,
        3 => (page(), seq()).prop_map(|(page, cursor)| ServerFrame::StartOver(StartOver { page, cursor })),
        3 => mine().prop_map(ServerFrame::UserEvent),
    ]
    .boxed()
}

/// A file of 100 bytes, whose upload has the id of its message.
fn local_file(upload_id: ClientId) -> LocalFile {
    let (name, content_type) = (FileName::parse("a.png").unwrap(), String::new());
    LocalFile { upload_id, name, size: 100, content_type, state: UploadState::Waiting, sent: None }
}

fn upload_event() -> impl Strategy<Value = UploadEvent> {
    let attachment = |id| Attachment {
        id: FileId(id),
        name: FileName::parse("a.png").unwrap(),
        size: 100,
        content_type: String::new(),
        width: None,
        height: None,
        preview: None,
    };
    let of_file = refusal().prop_map(|refusal| Refusal { field: Some(Field::File), ..refusal });
    prop_oneof![
        4 => (0_u64..200).prop_map(UploadEvent::Progress),
        4 => (1_i64..9).prop_map(move |id| UploadEvent::Done(Box::new(attachment(id)))),
        2 => refusal().prop_map(UploadEvent::Refused),
        2 => of_file.prop_map(UploadEvent::Refused),
        1 => Just(UploadEvent::Cancel),
        2 => Just(UploadEvent::Retry),
    ]
}

pub(crate) fn intent() -> BoxedStrategy<Intent> {
    let post = (room(), client_id(), prop::option::of(1_i64..9)).prop_map(|(room, client_id, quoted)| {
        let reply_to = quoted.map(|seq| message(seq, 2, "bob", name_of(1), "quoted").quote());
        let files = if quoted == Some(1) { vec![local_file(client_id)] } else { Vec::new() };
        Intent::Post { room, client_id, text: say("hi"), at: at(), reply_to, files }
    });
    let upload =
        (client_id(), upload_event()).prop_map(|(upload_id, event)| Intent::Upload { upload_id, event });
    let react = (room(), message_id(), emoji(), any::<bool>())
        .prop_map(|(room, message_id, emoji, on)| Intent::React { room, message_id, emoji, on });
    let status = prop::option::of(prop_oneof![Just(Status::Away), Just(Status::Online)]);
    let calm = prop_oneof![
        2 => Just(Intent::Start),
        1 => Just(Intent::Stop),
        1 => Just(Intent::RetryNow),
        1 => Just(Intent::NetworkLost),
        1 => Just(Intent::Active),
        4 => room().prop_map(|room| Intent::Open { room }),
        2 => room().prop_map(|room| Intent::OpenAtUnread { room }),
        1 => room().prop_map(|room| Intent::Close { room }),
        1 => room().prop_map(|room| Intent::Leave { room }),
        1 => room().prop_map(|room| Intent::Away { room }),
        2 => (room(), any::<bool>()).prop_map(|(room, on)| Intent::Typing { room, on }),
        1 => ("[a-b]{0,1}", prop::option::of(room())).prop_map(|(query, after)| Intent::Browse { query, after }),
        1 => (room(), message_id()).prop_map(|(room, message_id)| Intent::Edits { room, message_id }),
        1 => (status, prop::option::of(any::<bool>()))
            .prop_map(|(status, share_reads)| Intent::Appear { status, share_reads }),
    ];
    let paging = prop_oneof![
        2 => room().prop_map(|room| Intent::Older { room }),
        2 => room().prop_map(|room| Intent::Newer { room }),
        2 => room().prop_map(|room| Intent::ToEnd { room }),
        2 => (room(), seq()).prop_map(|(room, seq)| Intent::Around { room, seq }),
        2 => (room(), seq()).prop_map(|(room, seq)| Intent::Seen { room, seq }),
        1 => (room(), seq()).prop_map(|(room, seq)| Intent::MarkUnread { room, seq }),
    ];
    prop_oneof![
        18 => calm,
        12 => paging,
        8 => post,
        8 => upload,
        2 => (client_id(), client_id()).prop_map(|(client_id, fresh)| Intent::Retry { client_id, fresh }),
        1 => client_id().prop_map(|client_id| Intent::Cancel { client_id }),
        3 => (room(), message_id())
            .prop_map(|(room, message_id)| Intent::Edit { room, message_id, text: say("mine"), at: at() }),
        2 => (room(), message_id()).prop_map(|(room, message_id)| Intent::Delete { room, message_id }),
        3 => react,
        1 => (room(), topic(), any::<bool>())
            .prop_map(|(room, topic, only_if_empty)| Intent::Describe { room, topic, only_if_empty }),
    ]
    .boxed()
}

pub(crate) fn my_rooms() -> impl Strategy<Value = Vec<MyRoom>> {
    prop::collection::vec(my_room(), 0..3)
}

pub(crate) fn socket() -> impl Strategy<Value = SocketEvent> {
    let code = prop_oneof![Just(1006_u16), Just(1013), Just(1000), any::<u16>()];
    prop_oneof![
        4 => Just(SocketEvent::Opened),
        1 => prop::option::of(code).prop_map(|code| SocketEvent::Closed { code }),
        1 => "[{}\"a-z:]{0,9}".prop_map(|text| SocketEvent::text(&text)),
    ]
}
