//! Reading far from the end.

use hubbub_client::Intent;
use hubbub_protocol::{MessageId, Seq};

use crate::world::{Network, World, lobby};

fn far_back() -> World {
    let mut world = World::new();
    for number in 1..=300 {
        world.others_say(&number.to_string());
    }
    world.wants(Intent::Open { room: lobby() });
    world.wants(Intent::Start);
    world.wants(Intent::Around { room: lobby(), seq: Seq(100) });
    world
}

fn held(world: &World) -> (String, String) {
    let rows = world.rows();
    (rows.first().unwrap().clone(), rows.last().unwrap().clone())
}

fn pair(first: &str, last: &str) -> (String, String) {
    (first.to_owned(), last.to_owned())
}

#[test]
fn loads_the_page_around_a_linked_message() {
    let mut world = far_back();
    assert_eq!(held(&world), pair("75", "124"));
    assert!(world.room().timeline.holds(Seq(100)) && world.room().timeline.has_newer());
    world.wants(Intent::Older { room: lobby() });
    world.wants(Intent::Newer { room: lobby() });
    assert_eq!(held(&world), pair("25", "174"));
    let asked = world.commands("history").len();
    world.wants(Intent::Around { room: lobby(), seq: Seq(100) });
    assert_eq!(world.commands("history").len(), asked, "it is there");
}

#[test]
fn counts_new_messages_and_shows_them_at_the_end_only() {
    let mut world = far_back();
    world.others_say("301");
    world.types("mine");
    assert_eq!(world.rows().last().unwrap(), "mine", "whoever speaks is at the end");
    world.wants(Intent::Around { room: lobby(), seq: Seq(100) });
    world.others_say("303");
    world.network(Network::Down);
    world.types("waits");
    assert_eq!(held(&world), pair("75", "124"), "without a network one stays where one is");
    assert_eq!(world.room().unread(), 302);
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(held(&world), pair("255", "waits"));
    assert!(!world.room().timeline.has_newer());
}

#[test]
fn loads_every_row_on_the_way_to_the_end() {
    let mut world = far_back();
    while world.room().timeline.has_newer() {
        world.others_say("more");
        world.wants(Intent::Newer { room: lobby() });
    }
    world.others_say("last");
    let rows = world.rows();
    assert_eq!(rows.last().unwrap(), "last");
    // Older rows are evicted when the view follows the end again.
    assert!(rows.len() > 200 && world.server.texts().ends_with(&rows));
}

#[test]
fn shows_changes_made_outside_the_loaded_rows() {
    let mut world = far_back();
    world.others_edit(MessageId(300), "two hundred");
    world.others_delete(MessageId(200));
    world.others_react(MessageId(220), "🙂", true);
    world.wants(Intent::Newer { room: lobby() });
    world.wants(Intent::Newer { room: lobby() });
    assert_eq!((world.rows()[25].as_str(), world.rows()[45].as_str()), ("-", "120 🙂1"));
    assert_eq!(world.rows()[125], "two hundred");
}

#[test]
fn keeps_the_place_after_a_reconnect() {
    let mut world = far_back();
    world.network(Network::Down);
    world.others_say("301");
    world.others_edit(MessageId(200), "a hundred");
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(held(&world), pair("75", "124"));
    assert_eq!(world.rows()[25], "a hundred");
    world.wants(Intent::ToEnd { room: lobby() });
    assert_eq!(held(&world), pair("252", "301"));
}

#[test]
fn starts_over_at_the_end_or_at_the_linked_message() {
    let mut world = far_back();
    world.server.most_missed = 2;
    world.network(Network::Down);
    for _ in 0..5 {
        world.others_say("more");
    }
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(held(&world), pair("256", "more"));
    world.network(Network::Down);
    for _ in 0..5 {
        world.others_say("still more");
    }
    world.wants(Intent::Around { room: lobby(), seq: Seq(100) });
    assert_eq!(world.room().timeline.loading_around(), Some(Seq(100)));
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(held(&world), pair("75", "124"));
    assert_eq!(world.room().timeline.loading_around(), None);
}

#[test]
fn retries_a_temporarily_refused_page() {
    let mut world = far_back();
    world.server.joined.clear();
    world.wants(Intent::Older { room: lobby() });
    assert!(world.room().timeline.loading_older());
    world.pass(2_000);
    assert_eq!(held(&world), pair("25", "124"));
}

#[test]
fn opens_at_the_end_after_closing_far_back() {
    let mut world = far_back();
    world.wants(Intent::Close { room: lobby() });
    assert!(world.room().timeline.loading());
    world.others_say("301");
    world.wants(Intent::Open { room: lobby() });
    assert_eq!(held(&world), pair("252", "301"));
}

#[test]
fn keeps_the_place_above_the_end_after_missed_events() {
    let mut world = World::new();
    for number in 1..=120 {
        world.others_say(&number.to_string());
    }
    world.wants(Intent::Open { room: lobby() });
    world.wants(Intent::Start);
    world.wants(Intent::Older { room: lobby() });
    world.wants(Intent::AtEnd { room: lobby(), at_end: false });
    world.sees(60);
    let keys = world.keys();
    world.server.most_missed = 10;
    world.network(Network::Down);
    for number in 121..=300 {
        world.others_say(&number.to_string());
    }
    world.others_edit(MessageId(130), "edited meanwhile");
    world.others_delete(MessageId(215));
    world.server.delay = 100;
    world.network(Network::Up);
    world.pass(20_000);
    // All loaded rows are kept in their current state, without rows that do not adjoin them.
    let mut now: Vec<String> = (21..=120).map(|number| number.to_string()).collect();
    now[9] = "edited meanwhile".to_owned();
    now[94] = "-".to_owned();
    assert_eq!(world.rows()[..100], now);
    assert_eq!(world.keys()[..100], keys);
    assert!(world.room().timeline.has_newer() && world.room().timeline.has_older());
    assert_eq!((world.room().read(), world.room().unread()), (Seq(60), 239));
    assert_eq!(world.room().timeline.cursor(), Some(Seq(302)));
    // The view can continue without a gap, or go to the end.
    let held = world.rows().len();
    world.wants(Intent::Newer { room: lobby() });
    world.pass(200);
    assert_eq!(world.rows().len(), held + 50);
    assert_eq!(world.rows().last().unwrap(), &(20 + held + 50).to_string());
    world.wants(Intent::ToEnd { room: lobby() });
    world.pass(200);
    assert_eq!(world.rows().last().unwrap(), "300");
    assert!(!world.room().timeline.has_newer());
}

#[test]
fn requests_outdated_rows_until_they_arrive() {
    let mut world = World::new();
    for number in 1..=60 {
        world.others_say(&number.to_string());
    }
    world.wants(Intent::Open { room: lobby() });
    world.wants(Intent::Start);
    world.wants(Intent::AtEnd { room: lobby(), at_end: false });
    world.server.most_missed = 0;
    world.network(Network::Down);
    world.others_edit(MessageId(130), "edited meanwhile");
    world.server.delay = 1_000;
    world.network(Network::Up);
    let asked = (0..200).any(|_| {
        world.pass(100);
        !world.commands("history").is_empty()
    });
    assert!(asked, "nobody asks how it is");
    assert_eq!(world.rows()[19], "30", "the page is on its way");
    world.network(Network::Down);
    world.server.delay = 0;
    world.network(Network::Up);
    world.pass(20_000);
    assert_eq!(world.rows()[19], "edited meanwhile");
    assert_eq!(world.rows().len(), 50);
    assert!(!world.room().timeline.has_newer());
}
