//! How the connection is kept, and given up.

use hubbub_client::{Intent, LinkState, SocketEvent};
use hubbub_protocol::{CloseReason, ComeBack, Command};

use crate::world::{Network, World};

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
    world.pass(31_000);
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
    world.client.on_socket(SocketEvent::Text(hello), world.now);
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
