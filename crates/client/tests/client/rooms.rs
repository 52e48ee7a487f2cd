//! Memberships and open rooms.

use hubbub_client::{Intent, Phase, Seed};
use hubbub_protocol::{
    Described, Event, Page, Refusal, RoomName, Seq, ServerFrame, StartOver, Status, Timestamp, Topic,
};

use crate::world::{Network, World, lobby, user};

pub(crate) fn garden() -> RoomName {
    RoomName::parse("garden").unwrap()
}

pub(crate) fn in_both() -> World {
    let mut world = World::new();
    world.belongs_to(&garden());
    world.others_say_in("the roses are thirsty", &garden());
    world.wants(Intent::Open { room: lobby() });
    world.wants(Intent::Start);
    world
}

pub(crate) fn members(world: &World) -> Vec<&str> {
    world.client.rooms().filter(|room| room.is_member()).map(|room| room.name.as_str()).collect()
}

fn topic(text: &str) -> Topic {
    Topic::parse(text).unwrap()
}

#[test]
fn receives_events_of_rooms_that_are_not_open() {
    let mut world = in_both();
    assert!(world.client.is_listed());
    assert_eq!(members(&world), ["garden", "lobby"]);
    assert_eq!(
        world.commands("join"),
        [r#"{"join":{"room":"lobby"}}"#, r#"{"join":{"room":"garden","cursor":1,"resume":true}}"#]
    );
    let room = world.client.room(&garden()).unwrap();
    assert_eq!((room.unread(), room.timeline.loading(), room.timeline.len()), (1, true, 0));
    world.client.take_change_set();
    world.others_say_in("now they are wet", &garden());
    let room = world.client.room(&garden()).unwrap();
    assert_eq!((room.unread(), room.active_at), (2, Some(Timestamp::from_millis(2))));
    assert!(world.client.take_change_set().rooms_list);
    assert!(world.commands("history").is_empty());
}

#[test]
fn loads_the_newest_rows_when_a_room_is_opened() {
    let mut world = in_both();
    world.wants(Intent::Open { room: garden() });
    assert_eq!(world.rows_of(&garden()), ["the roses are thirsty"]);
    assert_eq!(world.commands("history"), [r#"{"history":{"room":"garden"}}"#]);
    assert_eq!(world.commands("join").len(), 2, "one is in it already");
    world.wants(Intent::Close { room: garden() });
    world.others_say_in("so what", &garden());
    world.wants(Intent::Open { room: garden() });
    assert_eq!(world.rows_of(&garden()), ["the roses are thirsty", "so what"]);
    assert_eq!(world.commands("history").len(), 1, "it was heard");
}

#[test]
fn loads_a_room_opened_offline_after_connecting() {
    let mut world = in_both();
    world.network(Network::Down);
    world.wants(Intent::Open { room: garden() });
    assert!(world.client.room(&garden()).unwrap().timeline.loading());
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.rows_of(&garden()), ["the roses are thirsty"]);
}

#[test]
fn becomes_a_member_by_opening_a_room() {
    let mut world = World::in_lobby();
    world.wants(Intent::Open { room: garden() });
    assert_eq!(members(&world), ["garden", "lobby"]);
    assert_eq!(world.rows_of(&garden()), ["*"], "one has come");
    world.wants(Intent::Close { room: garden() });
    assert_eq!(world.client.room(&garden()).unwrap().phase(), Phase::Live);
    assert!(world.server.rooms[&garden()].member);
}

#[test]
fn joins_open_rooms_first_up_to_the_limit() {
    let mut world = World::new();
    for number in 0..99 {
        world.belongs_to(&RoomName::parse(&format!("room{number}")).unwrap());
    }
    world.server.delay = 10;
    world.wants(Intent::Open { room: lobby() });
    world.wants(Intent::Start);
    world.pass(5_000);
    assert_eq!(world.server.joined.len(), 100);
    assert_eq!(world.server.joined[0], lobby());
    world.wants(Intent::Open { room: garden() });
    world.pass(1_000);
    assert!(matches!(world.client.room(&garden()).unwrap().phase(), Phase::Refused(_)));
    world.wants(Intent::Close { room: garden() });
    assert!(world.client.room(&garden()).is_none());
}

#[test]
fn discards_rooms_of_another_database() {
    let mut world = in_both();
    world.network(Network::Down);
    world.server.rooms.clear();
    world.server.epoch = "second";
    world.belongs_to(&lobby());
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(members(&world), ["lobby"]);
    assert!(world.client.room(&garden()).is_none());
    assert_eq!((world.rows().len(), world.room().unread()), (0, 0));
}

#[test]
fn shows_nothing_of_the_former_user() {
    let mut world = in_both();
    world.others_say("a secret");
    world.wants(Intent::Appear { status: Some(Status::Busy), share_reads: None });
    world.network(Network::Down);
    world.server.me = 9;
    world.server.appearance.status = Status::Online;
    for room in world.server.rooms.values_mut() {
        room.member = false;
    }
    world.network(Network::Up);
    world.server.refuse_joins.push_back(Refusal::not_yours());
    world.pass(40_000);
    assert!(world.client.room(&garden()).is_none());
    assert!(world.rows().is_empty(), "{:?}", world.rows());
    assert_eq!(world.client.appearance().status, Status::Online);
}

#[test]
fn shows_seeded_rooms_before_connecting() {
    let mut world = World::new();
    world.belongs_to(&garden());
    world.others_say_in("hi", &garden());
    let mine = world.server.my_room(&garden());
    let page = world.server.page(&garden(), None, None, None);
    world.client.seed_me(user(1, "alice"));
    world.client.seed_rooms(vec![mine]);
    world.client.seed_room(Seed::of_copy(page.clone(), Seq(1)));
    let elsewhere = Page { room: RoomName::parse("elsewhere").unwrap(), ..page };
    world.client.seed_room(Seed::of_copy(elsewhere.clone(), Seq(1)));
    assert!(world.client.is_listed());
    assert_eq!(world.client.room(&garden()).unwrap().unread(), 1);
    world.network(Network::Down);
    world.wants(Intent::Start);
    assert_eq!(world.rows_of(&garden()), ["hi"]);
    assert_eq!(world.rows_of(&elsewhere.room), ["hi"], "nobody has said yet that one does not belong there");
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.rows_of(&garden()), ["hi"]);
    assert_eq!(
        world.commands("join"),
        [
            r#"{"join":{"room":"garden","cursor":1,"resume":true}}"#,
            r#"{"join":{"room":"lobby","cursor":0,"resume":true}}"#
        ]
    );
    assert!(world.client.room(&elsewhere.room).is_none());
}

#[test]
fn shows_a_new_topic_at_once_and_then_the_last_one() {
    let mut world = World::in_lobby();
    world.server.delay = 100;
    world.client.take_change_set();
    world.wants(Intent::Describe { room: lobby(), topic: topic("roses"), only_if_empty: false });
    assert_eq!(*world.room().topic(), topic("roses"));
    assert!(world.client.take_change_set().rooms[&lobby()].topic);
    world.pass(100);
    assert_eq!((world.room().topic().as_str(), world.rows()), ("roses", vec!["*".to_owned()]));
    let bob = user(2, "bob");
    let at = Timestamp::from_millis(9);
    world.happens(|seq| Event::Described(Described { seq, user: bob, topic: topic("thorns"), at }));
    world.pass(100);
    assert_eq!(*world.room().topic(), topic("thorns"));
    world.server.refused_changes.push_back(Refusal::not_yours());
    world.wants(Intent::Describe { room: lobby(), topic: topic("mine"), only_if_empty: false });
    assert_eq!(*world.room().topic(), topic("mine"));
    world.pass(100);
    assert_eq!((world.room().topic().as_str(), &world.refused[..]), ("thorns", &[Refusal::not_yours()][..]));
    world.network(Network::Down);
    let bob = user(2, "bob");
    world.happens(|seq| Event::Described(Described { seq, user: bob, topic: topic("missed"), at }));
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(*world.room().topic(), topic("missed"));
}

#[test]
fn keeps_a_topic_of_others_with_only_if_empty() {
    let mut world = World::in_lobby();
    world.network(Network::Down);
    world.wants(Intent::Describe { room: lobby(), topic: topic("mine"), only_if_empty: true });
    assert_eq!(*world.room().topic(), topic("mine"));
    let (bob, at) = (user(2, "bob"), Timestamp::from_millis(9));
    world.happens(|seq| Event::Described(Described { seq, user: bob, topic: topic("theirs"), at }));
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(*world.room().topic(), topic("theirs"));
    assert!(world.commands("describe").is_empty() && world.storage.is_empty());

    world.wants(Intent::Describe { room: lobby(), topic: Topic::default(), only_if_empty: false });
    world.pass(1_000);
    world.wants(Intent::Describe { room: lobby(), topic: topic("mine"), only_if_empty: true });
    world.pass(1_000);
    assert_eq!(*world.room().topic(), topic("mine"));
    assert_eq!(world.commands("describe").len(), 2);
}

#[test]
fn takes_the_topic_from_a_page_newer_than_the_join() {
    let mut world = World::in_lobby();
    let (user, at) = (user(2, "bob"), Timestamp::from_millis(9));
    let described = |seq| Event::Described(Described { seq, user, topic: topic("roses"), at });
    _ = world.server.store(&lobby(), described.clone());
    let cursor = world.server.head(&lobby());
    let page = Page { room: lobby(), events: vec![described(cursor)], older: false, newer: false };
    world.server_tells(ServerFrame::StartOver(StartOver { page, cursor }));
    assert_eq!(world.room().topic(), &topic("roses"));
}
