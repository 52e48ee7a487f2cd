//! Memberships and open rooms.

use hubbub_client::{Intent, Phase, Seed};
use hubbub_protocol::{
    Described, Event, Mine, Page, Refusal, RoomName, Seq, ServerFrame, Status, Timestamp, Topic,
};

use crate::world::{Network, World, lobby, user};

fn garden() -> RoomName {
    RoomName::parse("garden").unwrap()
}

fn in_both() -> World {
    let mut world = World::new();
    world.belongs_to(&garden());
    world.others_say_in("the roses are thirsty", &garden());
    world.wants(Intent::Open { room: lobby() });
    world.wants(Intent::Start);
    world
}

fn members(world: &World) -> Vec<&str> {
    world.client.rooms().filter(|room| room.is_member()).map(|room| room.name.as_str()).collect()
}

fn topic(text: &str) -> Topic {
    Topic::parse(text).unwrap()
}

#[test]
fn my_rooms_are_known_and_heard_without_being_read() {
    let mut world = in_both();
    assert!(world.client.is_listed());
    assert_eq!(members(&world), ["garden", "lobby"]);
    assert_eq!(
        world.commands("join"),
        [r#"{"join":{"room":"lobby"}}"#, r#"{"join":{"room":"garden","cursor":1}}"#]
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
fn a_room_shows_its_newest_lines_once_somebody_looks() {
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
fn a_room_that_was_opened_without_a_network_is_read_later() {
    let mut world = in_both();
    world.network(Network::Down);
    world.wants(Intent::Open { room: garden() });
    assert!(world.client.room(&garden()).unwrap().timeline.loading());
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.rows_of(&garden()), ["the roses are thirsty"]);
}

#[test]
fn looking_at_a_room_makes_one_a_member() {
    let mut world = World::in_lobby();
    world.wants(Intent::Open { room: garden() });
    assert_eq!(members(&world), ["garden", "lobby"]);
    assert_eq!(world.rows_of(&garden()), ["*"], "one has come");
    world.wants(Intent::Close { room: garden() });
    assert_eq!(world.client.room(&garden()).unwrap().phase(), Phase::Live);
    assert!(world.server.rooms[&garden()].member);
}

#[test]
fn leaving_ends_it_for_good() {
    let mut world = in_both();
    world.client.take_change_set();
    world.wants(Intent::Leave { room: garden() });
    assert!(world.client.room(&garden()).is_none());
    let change_set = world.client.take_change_set();
    assert!(change_set.rooms_list && change_set.rooms[&garden()].phase);
    assert!(!world.server.rooms[&garden()].member);
    assert_eq!(world.server.joined, [lobby()]);
    world.network(Network::Down);
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(members(&world), ["lobby"]);
}

#[test]
fn leaving_without_a_network_is_kept_until_there_is_one() {
    let mut world = in_both();
    world.network(Network::Down);
    world.types_in("goodbye", &garden());
    world.wants(Intent::Leave { room: garden() });
    assert_eq!(members(&world), ["lobby"], "it shows at once");
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.server.messages(&garden()).len(), 2, "what was said is brought first");
    assert!(!world.server.rooms[&garden()].member);
    assert!(world.client.room(&garden()).is_none());
}

#[test]
fn a_leave_whose_answer_was_lost_is_not_asked_twice() {
    let mut world = in_both();
    world.server.delay = 1_000;
    world.wants(Intent::Leave { room: garden() });
    world.network(Network::Down);
    world.server.delay = 0;
    world.network(Network::Up);
    world.pass(40_000);
    assert!(world.client.room(&garden()).is_none());
    assert_eq!(world.commands("leave").len(), 1);
    assert_eq!(
        world.server.rooms[&garden()].lines().len(),
        2,
        "one message, one leave, and nobody came back"
    );
}

#[test]
fn who_leaves_and_looks_again_is_back() {
    let mut world = in_both();
    world.server.delay = 100;
    world.wants(Intent::Leave { room: garden() });
    world.wants(Intent::Open { room: garden() });
    world.pass(5_000);
    assert!(world.server.rooms[&garden()].member);
    assert_eq!(world.client.room(&garden()).unwrap().phase(), Phase::Live);
    assert_eq!(members(&world), ["garden", "lobby"]);
}

#[test]
fn who_leaves_and_looks_again_is_back_though_the_connection_broke_in_between() {
    for looks_before_it_breaks in [true, false] {
        let mut world = in_both();
        world.server.delay = 12_000;
        world.wants(Intent::Leave { room: garden() });
        if looks_before_it_breaks {
            world.wants(Intent::Open { room: garden() });
        }
        // No answer arrives in time, so the connection is given up; the `hello` of the next one is late too.
        world.wants(Intent::RetryNow);
        world.pass(6_000);
        assert_eq!(world.connects.len(), 2);
        world.wants(Intent::Open { room: garden() });
        world.pass(20_000);
        assert!(world.connects.len() > 2);
        world.server.delay = 0;
        world.pass(40_000);
        assert_eq!(world.client.room(&garden()).unwrap().phase(), Phase::Live);
        assert_eq!(members(&world), ["garden", "lobby"]);
    }
}

#[test]
fn who_leaves_and_thinks_better_of_it_before_it_is_told_never_left() {
    for network in [Network::Up, Network::Down] {
        let mut world = in_both();
        world.server.delay = 100;
        world.network(network);
        world.types_in("goodbye", &garden());
        world.wants(Intent::Leave { room: garden() });
        assert_eq!(members(&world), ["lobby"]);
        world.wants(Intent::Open { room: garden() });
        assert_eq!(members(&world), ["garden", "lobby"]);
        world.network(Network::Up);
        world.pass(40_000);
        assert!(world.commands("leave").is_empty());
        assert_eq!(members(&world), ["garden", "lobby"]);
    }
}

#[test]
fn a_leave_that_is_refused_for_good_is_told() {
    let mut world = in_both();
    world.server.refuse_deeds.push_back(Refusal::unavailable());
    world.wants(Intent::Leave { room: garden() });
    assert_eq!(members(&world), ["lobby"]);
    world.pass(1_000);
    assert!(world.client.room(&garden()).is_none());

    let mut world = in_both();
    world.server.refuse_deeds.push_back(Refusal::not_yours());
    world.wants(Intent::Leave { room: garden() });
    assert_eq!(world.refused, [Refusal::not_yours()]);
    assert_eq!(members(&world), ["garden", "lobby"]);
}

#[test]
fn what_another_device_joins_and_leaves_is_so_here_too() {
    let mut world = World::in_lobby();
    world.belongs_to(&garden());
    world.others_say_in("hi", &garden());
    let joined = Mine::Joined(world.server.my_room(&garden()));
    world.server_tells(ServerFrame::Mine(joined));
    assert_eq!(members(&world), ["garden", "lobby"]);
    assert!(world.server.joined.contains(&garden()));
    assert_eq!(world.client.room(&garden()).unwrap().unread(), 1);

    world.server.rooms.get_mut(&garden()).unwrap().member = false;
    world.server.joined.retain(|name| *name != garden());
    world.server_tells(ServerFrame::Mine(Mine::Left { room: garden() }));
    assert!(world.client.room(&garden()).is_none());
    assert!(!world.server.joined.contains(&garden()), "nobody goes back in by themselves");
}

#[test]
fn a_room_that_was_left_elsewhere_while_one_looks_says_so() {
    let mut world = in_both();
    world.wants(Intent::Open { room: garden() });
    world.server.rooms.get_mut(&garden()).unwrap().member = false;
    world.server.joined.retain(|name| *name != garden());
    world.server.delay = 100;
    let client_id = world.types_in("who is there", &garden());
    world.server_says(r#"{"mine":{"left":{"room":"garden"}}}"#);
    assert_eq!(world.client.room(&garden()).unwrap().phase(), Phase::Left);
    assert_eq!(world.rows_of(&garden()), ["the roses are thirsty", "who is there!"]);
    world.pass(30_000);
    world.network(Network::Down);
    world.network(Network::Up);
    world.pass(30_000);
    assert!(!world.server.rooms[&garden()].member);
    assert_eq!(world.client.room(&garden()).unwrap().phase(), Phase::Left);
    world.wants(Intent::Retry { client_id, fresh: client_id });
    world.pass(1_000);
    assert_eq!(world.client.room(&garden()).unwrap().phase(), Phase::Live);
    assert!(world.server.rooms[&garden()].member);
}

#[test]
fn who_left_on_another_device_in_the_meantime_is_not_brought_back() {
    for open in [true, false] {
        let mut world = in_both();
        if open {
            world.wants(Intent::Open { room: garden() });
        }
        world.network(Network::Down);
        world.server.rooms.get_mut(&garden()).unwrap().member = false;
        world.types_in("still there?", &garden());
        world.server.delay = 100;
        world.network(Network::Up);
        world.pass(40_000);
        assert!(!world.server.rooms[&garden()].member);
        assert_eq!(world.client.room(&garden()).is_some(), open);
        assert_eq!(world.client.outbox().pending(), 0, "one is asked whether to go there again");
        world.wants(Intent::Open { room: garden() });
        world.pass(1_000);
        assert_eq!(world.client.room(&garden()).unwrap().phase(), Phase::Live);
    }
}

#[test]
fn a_list_that_is_older_than_a_leave_brings_nobody_back() {
    let mut world = World::new();
    world.belongs_to(&garden());
    world.server.delay = 100;
    world.wants(Intent::Start);
    world.pass(150);
    // The list is in flight.
    world.server_says(r#"{"mine":{"left":{"room":"garden"}}}"#);
    world.pass(1_000);
    assert_eq!(members(&world), ["lobby"]);
    assert_eq!(world.server.joined, [lobby()]);
}

#[test]
fn news_of_leaving_that_is_out_of_date_is_put_right() {
    let mut world = in_both();
    world.wants(Intent::Open { room: garden() });
    world.server_says(r#"{"mine":{"left":{"room":"garden"}}}"#);
    world.pass(2_000);
    assert_eq!(world.client.room(&garden()).unwrap().phase(), Phase::Live);
    assert_eq!(members(&world), ["garden", "lobby"]);
}

#[test]
fn a_hundred_rooms_are_heard_and_those_one_looks_at_come_first() {
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
fn another_database_knows_nothing_of_the_former_rooms() {
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
fn somebody_else_sees_nothing_of_mine() {
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
fn what_is_seeded_is_there_before_the_network_and_stays() {
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
        [r#"{"join":{"room":"garden","cursor":1}}"#, r#"{"join":{"room":"lobby","cursor":0}}"#]
    );
    assert!(world.client.room(&elsewhere.room).is_none());
}

#[test]
fn a_topic_shows_at_once_and_is_what_was_said_last() {
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
    world.server.refuse_deeds.push_back(Refusal::not_yours());
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
fn a_topic_for_an_empty_one_keeps_the_topic_of_others() {
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
