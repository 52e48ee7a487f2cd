//! Whatever a server says, and in whatever order: the client does not panic, and what it shows stays sound.

use std::collections::BTreeMap;

use hubbub_client::{Client, Effect, Entry, Intent, Millis, SocketEvent};
use hubbub_protocol::{
    Answer, CatchUp, ClientId, Code, Epoch, Event, Hello, Joined, Message, MessageText, Page, Posted,
    Refusal, RequestId, Retry, Room, RoomEvent, RoomId, RoomName, RoomSignal, Seq, ServerFrame, Signal,
    StartOver, Timestamp, User, UserId,
};
use proptest::prelude::*;

use crate::world::{check, message, name_of, user};

#[derive(Clone, Debug)]
enum Step {
    Socket(SocketEvent),
    Says(ServerFrame),
    Wants(Intent),
    Tick(u64),
    TickWhenDue,
    SeedMe(User),
    SeedRoom(Page, Seq),
    Reload,
}

fn room() -> impl Strategy<Value = RoomName> {
    prop_oneof![4 => Just("lobby"), 1 => Just("garden"), 1 => Just("nowhere")]
        .prop_map(|name| RoomName::parse(name).unwrap())
}

fn seq() -> impl Strategy<Value = Seq> {
    prop_oneof![20 => 0_i64..9, 1 => Just(-1), 1 => Just(i64::MAX), 1 => Just(i64::MIN)].prop_map(Seq)
}

fn client_id() -> impl Strategy<Value = ClientId> {
    (0_u32..6).prop_map(name_of)
}

fn somebody() -> impl Strategy<Value = User> {
    (1_i64..4, "[a-c]{1,2}").prop_map(|(id, name)| user(id, &name))
}

fn some_message() -> impl Strategy<Value = Message> {
    (seq(), 1_i64..4, client_id(), 0_i64..9).prop_map(|(seq, author, client_id, id)| Message {
        id: hubbub_protocol::MessageId(id),
        seq,
        ..message(1, author, "somebody", client_id, "hi")
    })
}

/// Mostly a run without gaps, so that some of it is applied.
fn messages() -> impl Strategy<Value = Vec<Message>> {
    let run = (0_i64..9, prop::collection::vec((1_i64..3, client_id()), 0..6)).prop_map(|(first, run)| {
        let numbered = (first..).zip(run);
        numbered.map(|(seq, (author, client_id))| message(seq, author, "somebody", client_id, "hi")).collect()
    });
    prop_oneof![4 => run, 1 => prop::collection::vec(some_message(), 0..6)]
}

fn page() -> impl Strategy<Value = Page> {
    (room(), messages(), any::<bool>()).prop_map(|(room, messages, older)| Page { room, messages, older })
}

fn refusal() -> impl Strategy<Value = Refusal> {
    let code = prop_oneof![
        Just(Code::NotJoined),
        Just(Code::ClientIdTaken),
        Just(Code::Unavailable),
        Just(Code::TooManyRooms)
    ];
    let retry = prop_oneof![Just(Retry::Never), Just(Retry::Later)];
    (code, retry).prop_map(|(code, retry)| Refusal { code, retry, ..Refusal::unavailable() })
}

fn answer() -> impl Strategy<Value = Answer> {
    let joined =
        (room(), prop::collection::vec(somebody(), 0..4), any::<u32>()).prop_map(|(name, people, count)| {
            Answer::Joined(Joined { room: Room { id: RoomId(1), name }, people, count })
        });
    let posted = (room(), seq()).prop_map(|(room, seq)| {
        let message_id = hubbub_protocol::MessageId(1);
        Answer::Posted(Posted { room, message_id, seq, at: Timestamp::from_millis(0) })
    });
    prop_oneof![
        4 => joined,
        4 => posted,
        2 => page().prop_map(Answer::History),
        1 => room().prop_map(|room| Answer::Left { room }),
        1 => Just(Answer::Pong {}),
    ]
}

fn hello() -> impl Strategy<Value = ServerFrame> {
    (prop_oneof![20 => Just(1_u32), 1 => Just(2)], 0_u8..3, somebody(), any::<u32>()).prop_map(
        |(protocol, epoch, user, idle_timeout_seconds)| {
            ServerFrame::Hello(Hello {
                protocol,
                server: String::new(),
                epoch: Epoch(epoch.to_string()),
                user,
                idle_timeout_seconds,
                max_frame_bytes: 0,
                max_text_chars: 0,
                max_text_bytes: 0,
            })
        },
    )
}

fn frame() -> impl Strategy<Value = ServerFrame> {
    let id = || (0_u64..12).prop_map(RequestId);
    let event = (room(), some_message())
        .prop_map(|(room, message)| ServerFrame::Event(RoomEvent { room, what: Event::Posted(message) }));
    let people = prop::collection::vec(somebody(), 0..4);
    let signal =
        (room(), people, prop::collection::vec(0_i64..5, 0..4)).prop_map(|(room, arrived, departed)| {
            let departed = departed.into_iter().map(UserId).collect();
            ServerFrame::Signal(RoomSignal { room, what: Signal::People { arrived, departed, count: 3 } })
        });
    let catch_up = (room(), messages(), any::<bool>()).prop_map(|(room, messages, more)| {
        let events = messages.into_iter().map(Event::Posted).collect();
        ServerFrame::CatchUp(CatchUp { room, events, more })
    });
    prop_oneof![
        1 => hello(),
        8 => (id(), answer()).prop_map(|(id, answer)| ServerFrame::Reply { id, answer }),
        3 => (prop::option::of(id()), refusal()).prop_map(|(id, refusal)| ServerFrame::Refusal { id, refusal }),
        6 => event,
        1 => signal,
        4 => catch_up,
        3 => (page(), seq()).prop_map(|(page, cursor)| ServerFrame::StartOver(StartOver { page, cursor })),
    ]
}

fn intent() -> impl Strategy<Value = Intent> {
    let post = (room(), client_id()).prop_map(|(room, client_id)| Intent::Post {
        room,
        client_id,
        text: MessageText::parse("hi").unwrap(),
        at: Timestamp::from_millis(0),
    });
    prop_oneof![
        2 => Just(Intent::Start),
        1 => Just(Intent::Stop),
        2 => room().prop_map(|room| Intent::Open { room }),
        1 => room().prop_map(|room| Intent::Leave { room }),
        6 => post,
        2 => (client_id(), client_id()).prop_map(|(client_id, fresh)| Intent::Retry { client_id, fresh }),
        1 => client_id().prop_map(|client_id| Intent::Cancel { client_id }),
        2 => room().prop_map(|room| Intent::Older { room }),
        1 => room().prop_map(|room| Intent::TrimOlder { room }),
        1 => Just(Intent::RetryNow),
        1 => Just(Intent::NetworkLost),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let socket = prop_oneof![
        4 => Just(SocketEvent::Opened),
        1 => prop::option::of(prop_oneof![Just(1006_u16), Just(1013), Just(1000), any::<u16>()])
            .prop_map(|code| SocketEvent::Closed { code }),
        1 => "[{}\"a-z:]{0,9}".prop_map(SocketEvent::Text),
    ];
    prop_oneof![
        2 => socket.prop_map(Step::Socket),
        2 => hello().prop_map(Step::Says),
        30 => frame().prop_map(Step::Says),
        12 => intent().prop_map(Step::Wants),
        4 => (0_u64..40_000).prop_map(Step::Tick),
        4 => Just(Step::TickWhenDue),
        1 => somebody().prop_map(Step::SeedMe),
        1 => (page(), seq()).prop_map(|(page, cursor)| Step::SeedRoom(page, cursor)),
        1 => Just(Step::Reload),
    ]
}

/// A tab that gets anything but an honest server.
struct Tab {
    client: Client,
    now: Millis,
    storage: BTreeMap<ClientId, Entry>,
    has_socket: bool,
}

impl Tab {
    /// In the lobby, so that what follows has something to hit.
    fn new() -> Self {
        let mut tab =
            Self { client: Client::new(1), now: Millis(0), storage: BTreeMap::new(), has_socket: false };
        let lobby = RoomName::parse("lobby").unwrap();
        tab.take(Step::Wants(Intent::Open { room: lobby }));
        tab.take(Step::Wants(Intent::Start));
        tab.take(Step::Socket(SocketEvent::Opened));
        tab
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Socket(event) => {
                // An honest driver says nothing of a socket that it was not asked for.
                if self.has_socket {
                    self.has_socket = !matches!(event, SocketEvent::Closed { .. });
                    self.client.on_socket(event, self.now);
                }
            }
            Step::Says(frame) => {
                if self.has_socket {
                    self.client.on_socket(SocketEvent::Text(frame.encode()), self.now);
                }
            }
            Step::Wants(intent) => self.client.handle(intent, self.now),
            Step::Tick(millis) => {
                self.now = self.now.plus(millis);
                self.client.on_tick(self.now);
            }
            Step::TickWhenDue => {
                self.now = self.client.next_deadline().unwrap_or(self.now).max(self.now);
                self.client.on_tick(self.now);
                let next = self.client.next_deadline();
                assert!(next.is_none_or(|next| next > self.now), "a tick left work undone");
            }
            Step::SeedMe(me) => self.client.seed_me(me),
            Step::SeedRoom(page, cursor) => self.client.seed_room(page, cursor, Vec::new(), 0),
            Step::Reload => {
                self.client = Client::new(2);
                self.has_socket = false;
                self.client.restore_outbox(self.storage.values().cloned().collect());
            }
        }
        for effect in self.client.take_effects() {
            match effect {
                Effect::Connect => assert!(!std::mem::replace(&mut self.has_socket, true)),
                Effect::Disconnect { code } => {
                    assert!(std::mem::replace(&mut self.has_socket, false));
                    assert!(code == 1000 || (3000..5000).contains(&code), "no browser sends {code}");
                }
                Effect::Send(_) => assert!(self.has_socket),
                Effect::Keep(entry) => {
                    self.storage.insert(entry.client_id, entry);
                }
                Effect::Forget(client_id) => {
                    self.storage.remove(&client_id);
                }
            }
        }
        check(&self.client);
        let kept: Vec<ClientId> = self.storage.keys().copied().collect();
        let mut held: Vec<ClientId> = self.client.outbox().entries().map(|entry| entry.client_id).collect();
        held.sort();
        assert_eq!(kept, held, "storage and outbox differ");
        self.client.take_touched();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_a_server_says_breaks_the_client(steps in prop::collection::vec(step(), 1..120)) {
        let mut tab = Tab::new();
        for step in steps {
            tab.take(step);
        }
    }

    #[test]
    fn nor_do_bytes(text in "\\PC{0,60}") {
        let mut tab = Tab::new();
        tab.take(Step::Socket(SocketEvent::Text(text)));
    }
}
