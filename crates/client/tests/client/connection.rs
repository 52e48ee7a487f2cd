//! Keeping and giving up the connection.

use hubbub_client::{Intent, LinkState, SocketEvent};
use hubbub_protocol::{CloseReason, ComeBack, Command, MessageId, RoomName, ServerFrame, Signal};

use crate::world::{Network, World, face, lobby, user};

fn is_online(world: &World) -> bool {
    world.client.link().is_online()
}

#[test]
fn replaces_a_dead_socket() {
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
fn checks_a_suspected_link_within_seconds() {
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
fn pings_within_the_idle_timeout() {
    let mut world = World::in_lobby();
    for _ in 0..20 {
        world.others_say("and another thing");
        world.pass(9_000);
    }
    let pings = world.sent.iter().filter(|frame| matches!(frame.command, Command::Ping { .. })).count();
    assert!(pings >= 3, "it would be closed as idle after 90 s");
}

#[test]
fn connects_at_once_on_retry_now() {
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
fn replaces_a_stuck_socket_on_retry_now() {
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
fn reconnects_depending_on_the_close_code() {
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
fn waits_long_after_an_overloaded_close() {
    let mut world = World::in_lobby();
    world.pass(60_000);
    world.server_closes(Some(CloseReason::Overloaded.code()));
    world.pass(14_999);
    assert!(!is_online(&world));
    world.pass(15_001);
    assert!(is_online(&world));
}

#[test]
fn backs_off_from_a_server_that_closes_after_hello() {
    let mut world = World::in_lobby();
    let start = world.now;
    while world.now.since(start) < 600_000 {
        world.server_closes(Some(1006));
        world.pass(1_000);
    }
    assert!(world.connects.len() < 40, "{} connections in ten minutes", world.connects.len());
}

#[test]
fn is_offline_after_five_failures_until_a_healthy_connection() {
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
fn stops_at_a_server_of_another_protocol_version() {
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
fn gives_up_a_silent_server_after_ten_seconds() {
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
fn closes_the_socket_on_stop_and_stays_stopped() {
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
fn doubts_the_link_four_seconds_after_an_unanswered_message() {
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
fn doubts_the_link_after_any_unanswered_command() {
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
fn pings_an_idle_connection_rarely() {
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
fn does_not_doubt_a_server_that_answers() {
    let mut world = World::in_lobby();
    world.pass(15_000);
    // The server has lost this request and answers the others.
    world.server.delay = 10_000_000;
    world.types("forgotten");
    world.server.delay = 0;
    for _ in 0..20 {
        let what = Signal::Typing { user: user(2, "bob"), on: true };
        world.server_says(&ServerFrame::Signal { room: lobby(), what }.encode());
        world.pass(2_500);
        assert!(world.client.is_live());
    }
    assert_eq!(world.connects.len(), 1);
}

#[test]
fn waits_longer_for_a_slow_network_with_each_attempt() {
    let mut world = World::in_lobby();
    world.pass(15_000);
    world.server.delay = 9_500;
    world.types("slowly");
    world.pass(120_000);
    assert_eq!(world.rows(), ["slowly"]);
    assert!(world.connects.len() <= 4, "{} connections", world.connects.len());
}

#[test]
fn replaces_a_doubted_socket_on_retry_now() {
    let mut world = frozen();
    world.types("into the void");
    world.pass(4_000);
    world.wants(Intent::RetryNow);
    assert_eq!(world.connects.len(), 2);
}
