//! Presence, typing and read positions of other users, and those that the client sends.

use hubbub_client::Intent;
use hubbub_protocol::{Person, Presence, ReadMark, Seq, Signal, UserId};

use crate::world::{Network, World, lobby, user};

fn typing(world: &World) -> Vec<&str> {
    world.room().typing().iter().map(|user| user.name.as_str()).collect()
}

fn presses(world: &mut World, on: bool) {
    world.wants(Intent::Typing { room: lobby(), on });
}

fn told(world: &World) -> Vec<bool> {
    world.commands("type").iter().map(|json| json.contains("true")).collect()
}

fn writes(id: i64, name: &str, on: bool) -> Signal {
    Signal::Typing { user: user(id, name), on }
}

#[test]
fn shows_typing_until_the_message_arrives() {
    let mut world = World::in_lobby();
    world.server_signals(writes(3, "carol", true));
    world.server_signals(writes(2, "bob", true));
    world.server_signals(writes(2, "bob", true));
    world.server_signals(writes(1, "alice", true));
    assert_eq!(typing(&world), ["carol", "bob"], "never myself, from another tab");
    world.client.take_change_set();
    world.others_say("hi");
    assert_eq!(typing(&world), ["carol"]);
    assert!(world.client.take_change_set().rooms[&lobby()].typing);
    world.server_signals(writes(3, "carol", false));
    assert!(typing(&world).is_empty());
}

#[test]
fn expires_typing_indicators() {
    let mut world = World::in_lobby();
    world.server_signals(writes(2, "bob", true));
    world.pass(6_000);
    world.server_signals(writes(2, "bob", true));
    world.pass(9_999);
    assert_eq!(typing(&world), ["bob"]);
    world.client.take_change_set();
    world.pass(1);
    assert!(typing(&world).is_empty());
    assert!(world.client.take_change_set().rooms[&lobby()].typing);

    world.server_signals(writes(2, "bob", true));
    world.network(Network::Down);
    assert!(typing(&world).is_empty(), "nobody knows");

    world.server.typing = vec![user(1, "alice"), user(2, "bob")];
    world.network(Network::Up);
    world.pass(40_000);
    world.server_signals(writes(3, "carol", true));
    let gone = vec![Person { user: user(3, "carol"), presence: Presence::Offline }];
    world.server_signals(Signal::People { changed: gone, departed: vec![UserId(2)], count: 1, members: 2 });
    assert!(typing(&world).is_empty(), "who is gone does not write");
}

#[test]
fn shows_typing_users_after_joining() {
    let mut world = World::new();
    world.server.typing = vec![user(1, "alice"), user(2, "bob")];
    world.wants(Intent::Open { room: lobby() });
    world.wants(Intent::Start);
    assert_eq!(typing(&world), ["bob"]);
}

#[test]
fn sends_typing_every_two_seconds() {
    let mut world = World::in_lobby();
    for _ in 0..50 {
        presses(&mut world, true);
        world.pass(100);
    }
    assert_eq!(told(&world), [true, true, true], "at 0, 2 and 4 seconds");
    world.pass(10_000);
    assert_eq!(told(&world), [true; 4], "the last key, as soon as it may be told");
    presses(&mut world, true);
    presses(&mut world, false);
    presses(&mut world, false);
    assert_eq!(told(&world)[4..], [true, false]);
    presses(&mut world, true);
    assert_eq!(told(&world)[6..], [true], "a new beginning is told at once");
}

#[test]
fn ends_typing_by_posting() {
    let mut world = World::in_lobby();
    presses(&mut world, true);
    world.pass(500);
    presses(&mut world, true);
    world.types("hi");
    world.pass(10_000);
    assert_eq!(told(&world), [true, false]);
    presses(&mut world, true);
    world.wants(Intent::Close { room: lobby() });
    assert_eq!(told(&world), [true, false, true, false]);
}

#[test]
fn drops_typing_while_offline() {
    let mut world = World::in_lobby();
    world.network(Network::Down);
    presses(&mut world, true);
    world.network(Network::Up);
    world.pass(40_000);
    assert!(told(&world).is_empty());
}

#[test]
fn reports_activity_once_a_minute() {
    let mut world = World::in_lobby();
    let signs = |world: &World| world.commands("ping").iter().filter(|ping| ping.contains("active")).count();
    for _ in 0..1_190 {
        world.wants(Intent::Active);
        world.pass(100);
    }
    assert_eq!(signs(&world), 2, "in two minutes");
    world.pass(300_000);
    assert_eq!(signs(&world), 3, "the last one when it may be told; pings go on without a person");
    world.wants(Intent::Active);
    assert_eq!(signs(&world), 4);
    world.network(Network::Down);
    world.wants(Intent::Active);
    world.network(Network::Up);
    world.pass(5_000);
    assert_eq!(signs(&world), 5, "on a new connection at once");
    world.network(Network::Down);
    world.wants(Intent::Active);
    world.pass(100_000);
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(signs(&world), 5, "that was too long ago");
}

#[test]
fn shows_the_presence_of_members() {
    let mut world = World::in_lobby();
    let person = |id, name, presence| Person { user: user(id, name), presence };
    let changed = vec![
        person(3, "carol", Presence::Offline),
        person(4, "dave", Presence::Busy),
        person(2, "bob", Presence::Away),
    ];
    world.client.take_change_set();
    world.server_signals(Signal::People { changed, departed: Vec::new(), count: 3, members: 4 });
    let names: Vec<&str> = world.room().people().iter().map(|person| person.user.name.as_str()).collect();
    assert_eq!(names, ["alice", "dave", "bob", "carol"]);
    assert_eq!((world.room().count(), world.room().members()), (3, 4));
    assert!(world.client.take_change_set().rooms[&lobby()].people);
}

#[test]
fn shows_read_positions_that_others_share() {
    let mark = |user, seq| ReadMark { user: UserId(user), seq: Seq(seq) };
    let mut world = World::new();
    world.server.marks = vec![mark(3, 1), mark(2, 2), mark(1, 5)];
    world.wants(Intent::Open { room: lobby() });
    world.wants(Intent::Start);
    assert_eq!(world.room().marks(), [mark(2, 2), mark(3, 1)], "mine is not among them");
    world.client.take_change_set();
    world.server_signals(Signal::Read(mark(3, 4)));
    world.server_signals(Signal::Read(mark(1, 4)));
    assert_eq!(world.room().marks(), [mark(2, 2), mark(3, 4)]);
    assert!(world.client.take_change_set().rooms[&lobby()].marks);
    world.server_signals(Signal::Read(mark(2, 0)));
    assert_eq!(world.room().marks(), [mark(3, 4)]);
    let departed = vec![UserId(3)];
    world.server_signals(Signal::People { changed: Vec::new(), departed, count: 1, members: 1 });
    assert!(world.room().marks().is_empty());
}
