//! Keeping and giving up the connection.

use hubbub_client::{Intent, LinkState, SocketEvent};
use hubbub_protocol::{CloseReason, ComeBack, Command, MessageId, RoomName, RoomSignal, ServerFrame, Signal};

use crate::world::{Network, World, face, lobby, user};

fn is_online(world: &World) -> bool {
    world.client.link().is_online()
}

#[test]
fn a_dead_socket_is_noticed_and_replaced() {
    let mut world = World::in_lobby();
    world.pass(60_000);
    assert_eq!(world.connects.len(), 1, "pings keep it alive");
    world.network(Network::Silent);
    world.types("into the void");
    world.pass(8_000);
    assert_eq!(world.disconnects, [4408]);
    assert_eq!(world.connects.len(), 2, "at once");
    world.network(Network::Up);
    assert_eq!(world.rows(), ["into the void"]);
    assert_eq!(world.server.texts(), ["into the void"]);
}

#[test]
fn a_suspicion_is_settled_in_seconds() {
    for suspicion in [Intent::NetworkLost, Intent::RetryNow] {
        let mut world = World::in_lobby();
        world.pass(15_000);
        world.wants(suspicion.clone());
        world.pass(5_000);
        assert_eq!(world.connects.len(), 1, "it was unfounded");
        world.network(Network::Silent);
        world.wants(suspicion);
        world.pass(5_000);
        assert_eq!(world.connects.len(), 2);
    }
}

#[test]
fn a_client_that_only_listens_is_heard_by_the_server() {
    let mut world = World::in_lobby();
    for _ in 0..20 {
        world.others_say("and another thing");
        world.pass(9_000);
    }
    let pings = world.sent.iter().filter(|frame| matches!(frame.command, Command::Ping { .. })).count();
    assert!(pings >= 3, "it would be closed as idle after 90 s");
}

#[test]
fn retry_now_does_not_wait() {
    let mut world = World::in_lobby();
    world.network(Network::Down);
    world.pass(300_000);
    assert!(world.client.link().is_offline());
    assert!(matches!(world.client.link(), LinkState::Waiting { .. }));
    world.network(Network::Up);
    world.wants(Intent::RetryNow);
    assert!(is_online(&world));
}

#[test]
fn retry_now_replaces_a_socket_that_is_stuck_opening() {
    let mut world = World::new();
    world.network(Network::Silent);
    world.wants(Intent::Start);
    world.wants(Intent::RetryNow);
    assert_eq!(world.connects.len(), 1, "it has just been asked");
    world.pass(5_000);
    world.wants(Intent::RetryNow);
    assert_eq!(world.connects.len(), 2);
    assert_eq!(world.disconnects, [4408]);
}

#[test]
fn close_codes_say_whether_to_come_back() {
    for reason in CloseReason::ALL {
        let mut world = World::in_lobby();
        world.pass(60_000);
        world.server_closes(Some(reason.code()));
        let stopped = *world.client.link() == LinkState::Stopped { reason: Some(reason) };
        assert_eq!(stopped, reason.come_back() == ComeBack::No, "{reason:?}");
        world.pass(40_000);
        assert_eq!(is_online(&world), reason.come_back() == ComeBack::Yes, "{reason:?}");
        world.wants(Intent::Start);
        assert!(is_online(&world), "{reason:?}");
    }
    for code in [None, Some(0), Some(1001), Some(1005), Some(1006), Some(1015), Some(3000), Some(65535)] {
        let mut world = World::in_lobby();
        world.pass(60_000);
        world.server_closes(code);
        assert!(is_online(&world), "a healthy connection that broke is replaced at once: {code:?}");
    }
}

#[test]
fn an_overloaded_server_is_left_alone_for_a_while() {
    let mut world = World::in_lobby();
    world.pass(60_000);
    world.server_closes(Some(CloseReason::Overloaded.code()));
    world.pass(14_999);
    assert!(!is_online(&world));
    world.pass(15_001);
    assert!(is_online(&world));
}

#[test]
fn a_server_that_greets_and_closes_is_not_hammered() {
    let mut world = World::in_lobby();
    let start = world.now;
    while world.now.since(start) < 600_000 {
        world.server_closes(Some(1006));
        world.pass(1_000);
    }
    assert!(world.connects.len() < 40, "{} connections in ten minutes", world.connects.len());
}

#[test]
fn five_failures_make_one_offline_and_a_healthy_connection_forgives() {
    let mut world = World::in_lobby();
    world.pass(60_000);
    world.network(Network::Down);
    while !world.client.link().is_offline() {
        world.pass(50);
    }
    assert_eq!(world.connects.len() - 1, 5);
    world.network(Network::Up);
    world.pass(60_000);
    assert!(is_online(&world));
    world.network(Network::Down);
    assert!(
        matches!(world.client.link(), LinkState::Waiting { attempt: 2, .. }),
        "{:?}",
        world.client.link()
    );
}

#[test]
fn a_server_of_another_language_is_left() {
    for text in ["no json", "{}", r#"{"news":{}}"#, &"[".repeat(100_000), r#"{"event":{"room":"a b"}}"#] {
        let mut world = World::in_lobby();
        world.network(Network::Silent);
        world.types("kept");
        world.server_says(text);
        assert!(world.client.link().must_reload(), "{text}");
        assert_eq!(world.disconnects, [4400]);
        assert_eq!(world.client.next_deadline(), None);
        assert_eq!(world.storage.len(), 1);
    }
    let mut world = World::new();
    world.network(Network::Silent);
    world.wants(Intent::Start);
    world.client.on_socket(SocketEvent::Opened, world.now);
    let hello = world.server.hello().encode().replace(r#""protocol":1"#, r#""protocol":2"#);
    world.client.on_socket(SocketEvent::text(&hello), world.now);
    assert!(world.client.link().must_reload());
}

#[test]
fn a_server_that_says_nothing_is_given_up_after_ten_seconds() {
    let mut world = World::new();
    world.network(Network::Silent);
    world.wants(Intent::Start);
    world.pass(9_999);
    assert!(world.disconnects.is_empty());
    world.pass(1);
    assert_eq!(world.disconnects, [4408]);
    world.pass(1_000);
    assert!(matches!(world.client.link(), LinkState::Connecting { attempt: 2, .. }));
    world.client.on_socket(SocketEvent::Opened, world.now);
    assert!(matches!(world.client.link(), LinkState::Greeting { attempt: 2, .. }));
    world.pass(10_000);
    assert_eq!(world.disconnects, [4408, 4408], "nor one that opens and does not greet");
}

#[test]
fn stop_says_goodbye_and_stays_stopped() {
    let mut world = World::in_lobby();
    world.wants(Intent::Stop);
    assert_eq!(world.disconnects, [1000]);
    world.types("later");
    world.wants(Intent::RetryNow);
    world.pass(1_000_000);
    assert_eq!(world.connects.len(), 1);
    world.wants(Intent::Start);
    assert_eq!(world.rows(), ["later"]);
}

/// The server is stopped, but its machine still accepts data.
fn frozen() -> World {
    let mut world = World::in_lobby();
    world.pass(15_000);
    world.network(Network::Silent);
    world
}

#[test]
fn a_message_without_an_answer_is_a_reason_to_doubt_after_four_seconds() {
    let mut world = frozen();
    world.types("into the void");
    world.pass(3_999);
    assert!(world.client.is_live());
    world.client.take_change_set();
    world.pass(1);
    assert!(!world.client.is_live(), "so nothing on the screen claims to be live");
    assert!(is_online(&world), "but it is not given up yet");
    assert!(world.client.take_change_set().link);
    world.pass(4_000);
    assert_eq!((world.connects.len(), &world.disconnects[..]), (2, &[4408][..]));
    world.network(Network::Up);
    assert_eq!(world.rows(), ["into the void"]);
    assert_eq!(world.server.texts(), ["into the void"], "once");
    assert!(world.client.is_live());
}

#[test]
fn anything_without_an_answer_is_a_reason_to_doubt() {
    let wishes = [
        Intent::Typing { room: lobby(), on: true },
        Intent::Browse { query: String::new(), after: None },
        Intent::Open { room: RoomName::parse("garden").unwrap() },
        Intent::React { room: lobby(), message_id: MessageId(101), emoji: face("🙂"), on: true },
    ];
    for wish in wishes {
        let mut world = World::in_lobby();
        world.types("hi");
        world.pass(15_000);
        world.network(Network::Silent);
        world.wants(wish.clone());
        world.pass(4_000);
        assert!(!world.client.is_live(), "{wish:?}");
    }
}

#[test]
fn an_idle_connection_keeps_its_slow_rhythm() {
    let mut world = frozen();
    let before = world.sent.len();
    world.pass(4_999);
    assert_eq!(world.sent.len(), before, "20 s of silence");
    world.pass(9_999);
    assert!(is_online(&world) && world.client.is_live());
    world.pass(2);
    assert_eq!(world.connects.len(), 2);
}

#[test]
fn a_server_that_answers_something_is_not_doubted() {
    let mut world = World::in_lobby();
    world.pass(15_000);
    // The server has lost this request and answers the others.
    world.server.delay = 10_000_000;
    world.types("forgotten");
    world.server.delay = 0;
    for _ in 0..20 {
        let what = Signal::Typing { user: user(2, "bob"), on: true };
        world.server_says(&ServerFrame::Signal(RoomSignal { room: lobby(), what }).encode());
        world.pass(2_500);
        assert!(world.client.is_live());
    }
    assert_eq!(world.connects.len(), 1);
}

#[test]
fn a_network_that_is_only_slow_is_waited_for_longer_with_each_try() {
    let mut world = World::in_lobby();
    world.pass(15_000);
    world.server.delay = 9_500;
    world.types("slowly");
    world.pass(120_000);
    assert_eq!(world.rows(), ["slowly"]);
    assert!(world.connects.len() <= 4, "{} connections", world.connects.len());
}

#[test]
fn retry_now_in_doubt_takes_another_socket_at_once() {
    let mut world = frozen();
    world.types("into the void");
    world.pass(4_000);
    world.wants(Intent::RetryNow);
    assert_eq!(world.connects.len(), 2);
}
