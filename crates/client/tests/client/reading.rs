//! The timeline that the user sees.

use hubbub_client::{Client, Effect, Intent, MAX_HELD, Millis, Phase, Seed, SocketEvent};
use hubbub_protocol::{
    Code, Command, Epoch, Event, Page, Person, Presence, Refusal, Seq, ServerFrame, Signal, UserId,
};

use crate::world::{Network, World, lobby, message, name_of, user};

fn joins(world: &World) -> Vec<Option<Seq>> {
    let joins = world.sent.iter().filter_map(|frame| match &frame.command {
        Command::Join { cursor, .. } => Some(*cursor),
        _ => None,
    });
    joins.collect()
}

fn here(id: i64, name: &str) -> Person {
    Person { user: user(id, name), presence: Presence::Online }
}

#[test]
fn lists_the_members_of_a_room() {
    let world = World::in_lobby();
    let room = world.client.room(&lobby()).unwrap();
    assert_eq!(room.phase(), Phase::Live);
    assert_eq!(room.people(), [here(1, "alice"), here(2, "bob")]);
    assert_eq!((room.count(), room.members()), (2, 2));
}

#[test]
fn applies_repeated_presence_changes_once() {
    let mut world = World::in_lobby();
    let what = Signal::People {
        changed: vec![here(4, "Älva"), here(3, "Bert"), here(3, "Bert")],
        departed: vec![UserId(2), UserId(77)],
        count: 3,
        members: 4,
    };
    for _ in 0..2 {
        world.server_signals(what.clone());
        let room = world.room();
        assert_eq!(room.people(), [here(1, "alice"), here(3, "Bert"), here(4, "Älva")]);
        assert_eq!((room.count(), room.members()), (3, 4));
    }
}

#[test]
fn shows_missed_messages_once_and_in_order() {
    let mut world = World::in_lobby();
    world.others_say("before");
    world.network(Network::Down);
    for number in 0..10 {
        world.others_say(&number.to_string());
    }
    world.network(Network::Up);
    world.pass(40_000);
    world.others_say("after");
    assert_eq!(world.rows(), ["before", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "after"]);
    assert_eq!(joins(&world), [None, Some(Seq(1))]);
}

#[test]
fn keeps_unsent_messages_when_starting_over() {
    let mut world = World::in_lobby();
    world.others_say("before");
    world.server.most_missed = 2;
    world.network(Network::Down);
    for number in 0..60 {
        world.others_say(&number.to_string());
    }
    world.types("mine");
    world.server.refuse_posts.extend(vec![Refusal::unavailable(); 9]);
    world.network(Network::Up);
    world.pass(10_000);
    assert_eq!(world.rows().len(), 51);
    assert_eq!(world.rows().first().unwrap(), "10");
    assert_eq!(world.rows().last().unwrap(), "mine?");
    assert!(world.client.room(&lobby()).unwrap().timeline.has_older());
    world.wants(Intent::Older { room: lobby() });
    assert_eq!(world.rows().first().unwrap(), "before");
    assert!(!world.client.room(&lobby()).unwrap().timeline.has_older());
}

#[test]
fn loads_older_and_newer_pages_to_both_ends() {
    let mut world = World::new();
    for number in 1..=500 {
        world.others_say(&number.to_string());
    }
    world.wants(Intent::Open { room: lobby() });
    world.wants(Intent::Start);
    assert_eq!(world.rows().len(), 50);
    world.server.delay = 10;
    while world.client.room(&lobby()).unwrap().timeline.has_older() {
        world.wants(Intent::Older { room: lobby() });
        assert!(world.client.room(&lobby()).unwrap().timeline.loading_older());
        // A page that is requested twice is loaded once.
        world.wants(Intent::Older { room: lobby() });
        world.pass(10);
        assert!(!world.client.room(&lobby()).unwrap().timeline.loading_older());
    }
    let all: Vec<String> = (1..=500).map(|number| number.to_string()).collect();
    let all: Vec<String> = all[..MAX_HELD].to_vec();
    assert_eq!(world.rows(), all, "what is too much was let go at the end");
    while world.room().timeline.has_newer() {
        world.wants(Intent::Newer { room: lobby() });
        assert!(world.room().timeline.loading_newer());
        world.wants(Intent::Newer { room: lobby() });
        world.pass(10);
        assert!(!world.room().timeline.loading_newer());
    }
    assert_eq!(world.rows().len(), MAX_HELD);
    assert_eq!(world.rows().last().unwrap(), "500");
    assert!(world.room().timeline.has_older());
}

#[test]
fn requests_an_older_page_again_after_a_lost_connection() {
    let mut world = World::new();
    for number in 1..=60 {
        world.others_say(&number.to_string());
    }
    world.wants(Intent::Open { room: lobby() });
    world.wants(Intent::Start);
    world.server.delay = 100;
    world.wants(Intent::Older { room: lobby() });
    world.pass(50);
    world.network(Network::Down);
    world.network(Network::Up);
    world.pass(2_000);
    assert_eq!(world.rows().len(), 60);
}

#[test]
fn ignores_an_older_page_that_arrives_too_late() {
    let mut world = World::new();
    for number in 1..=500 {
        world.others_say(&number.to_string());
    }
    world.wants(Intent::Open { room: lobby() });
    world.wants(Intent::Start);
    world.server.delay = 100;
    world.wants(Intent::Older { room: lobby() });
    world.wants(Intent::Around { room: lobby(), seq: Seq(20) });
    world.wants(Intent::Older { room: lobby() });
    world.pass(100);
    assert_eq!(world.rows().first().unwrap(), "1");
    assert_eq!(world.rows().last().unwrap(), "44");
    world.wants(Intent::Newer { room: lobby() });
    world.wants(Intent::ToEnd { room: lobby() });
    world.pass(100);
    assert_eq!((world.rows().len(), world.rows().last().unwrap().as_str()), (50, "500"));
    assert!(!world.room().timeline.has_newer());
}

#[test]
fn joins_again_at_most_once_a_second_after_gaps() {
    let mut world = World::in_lobby();
    let event = Event::Posted(message(100, 2, "bob", name_of(1), "from the future"));
    let event = ServerFrame::Event { room: lobby(), what: event }.encode();
    for _ in 0..100 {
        world.server_says(&event);
        world.pass(100);
    }
    assert!((9..=12).contains(&joins(&world).len()), "{} joins in ten seconds", joins(&world).len());
}

#[test]
fn never_skips_a_gap() {
    let mut world = World::in_lobby();
    world.others_say("one");
    world.server.hold_events = true;
    world.others_say("two");
    world.server.hold_events = false;
    world.others_say("three");
    world.pass(1_000);
    assert_eq!(world.rows(), ["one", "two", "three"]);
    assert_eq!(joins(&world), [None, Some(Seq(1))], "and one asks once");
    assert_eq!(world.client.room(&lobby()).unwrap().phase(), Phase::Live);
}

#[test]
fn keeps_a_live_event_that_overtakes_missed_ones() {
    let mut client = Client::new(1);
    let says = |client: &mut Client, text: &str| {
        client.on_socket(SocketEvent::text(text), Millis(0));
    };
    client.handle(Intent::Open { room: lobby() }, Millis(0));
    client.handle(Intent::Start, Millis(0));
    client.on_socket(SocketEvent::Opened, Millis(0));
    says(&mut client, &World::new().server.hello().encode());
    says(
        &mut client,
        r#"{"reply":{"id":2,"answer":{"joined":{"room":{"id":1,"name":"lobby"},"people":[],"count":1,"members":1,"read":0}}}}"#,
    );
    let early = Event::Posted(message(3, 2, "bob", name_of(3), "three"));
    says(&mut client, &ServerFrame::Event { room: lobby(), what: early }.encode());
    client.take_effects();
    says(&mut client, r#"{"start_over":{"page":{"room":"lobby","events":[],"older":false},"cursor":2}}"#);
    client.on_tick(Millis(2_000));
    let asks = client.take_effects();
    assert!(
        matches!(&asks[..], [Effect::Send(text)] if text.contains(r#""join":{"room":"lobby","cursor":2,"resume":true}"#)),
        "{asks:?}"
    );
}

#[test]
fn requests_a_lost_catch_up_again() {
    let mut world = World::in_lobby();
    world.others_say("before");
    world.network(Network::Down);
    world.others_say("meanwhile");
    world.server.swallow_missed = true;
    world.network(Network::Up);
    world.pass(10_000);
    assert_eq!(world.rows(), ["before"]);
    world.server.swallow_missed = false;
    world.pass(30_000);
    assert_eq!(world.rows(), ["before", "meanwhile"]);
    assert_eq!(joins(&world).len(), 3);
}

#[test]
fn discards_cursors_of_another_database() {
    let mut world = World::in_lobby();
    for number in 0..5 {
        world.others_say(&number.to_string());
    }
    world.network(Network::Down);
    world.types("mine");
    world.server.rooms.clear();
    world.server.rooms.entry(lobby()).or_default().member = true;
    world.server.epoch = "second";
    world.server.me = 9;
    world.others_say("a new beginning");
    assert_eq!(world.rows(), ["0", "1", "2", "3", "4", "mine?"]);
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.rows(), ["a new beginning", "mine"]);
    assert_eq!(joins(&world), [None, None]);
}

#[test]
fn shows_the_reason_of_a_refused_join() {
    let mut world = World::new();
    world.server.refuse_joins.push_back(Refusal::too_many_rooms(100));
    world.wants(Intent::Open { room: lobby() });
    world.wants(Intent::Start);
    let phase = |world: &World| world.client.room(&lobby()).unwrap().phase().clone();
    assert!(matches!(phase(&world), Phase::Refused(no) if no.code == Code::TooManyRooms));
    world.wants(Intent::Open { room: lobby() });
    assert_eq!(phase(&world), Phase::Live);
}

#[test]
fn retries_a_temporarily_refused_join() {
    let mut world = World::new();
    world.server.refuse_joins.extend([Refusal::unavailable(), Refusal::unavailable()]);
    world.wants(Intent::Open { room: lobby() });
    world.wants(Intent::Start);
    assert!(matches!(world.client.room(&lobby()).unwrap().phase(), Phase::Refused(_)));
    world.types("hi");
    world.pass(3_000);
    assert_eq!(world.rows(), ["hi"]);
}

#[test]
fn requests_only_events_after_a_rendered_page() {
    let mut world = World::new();
    for text in ["one", "two"] {
        world.others_say(text);
    }
    let events = world.server.rooms[&lobby()].lines();
    world.others_say("three");
    world.client.seed_me(user(1, "alice"));
    world.client.seed_epoch(Epoch("first".to_owned()));
    let page = Page { room: lobby(), events, older: false, newer: false };
    world.client.seed_room(Seed::of_copy(page.clone(), Seq(2)));
    assert_eq!(world.rows(), ["one", "two"]);
    world.wants(Intent::Start);
    assert_eq!(world.rows(), ["one", "two", "three"]);
    assert_eq!(joins(&world), [Some(Seq(2))]);
    world.client.seed_room(Seed::of_copy(page, Seq(2)));
    assert_eq!(world.rows(), ["one", "two", "three"], "an old page changes nothing");
}

#[test]
fn reports_only_what_changed() {
    let mut world = World::in_lobby();
    assert!(!world.client.take_change_set().is_empty());
    assert!(world.client.take_change_set().is_empty());
    world.others_say("hi");
    let change_set = world.client.take_change_set();
    let room = change_set.rooms[&lobby()];
    assert!(room.timeline && !room.people && !room.phase && !change_set.link && !change_set.outbox);
    world.pass(25_000);
    assert!(world.client.take_change_set().is_empty(), "a ping is nobody's business");
}
