//! Changes that outlive their tab.

use hubbub_client::{Intent, MAX_CHANGES, Seed};
use hubbub_protocol::{Emoji, MessageId, Refusal, Seq, Topic};

use crate::changes::{MINE, THEIRS, talk};
use crate::world::{Network, lobby, name_of, user};

#[test]
fn sends_stored_changes_in_order_from_the_next_tab() {
    let mut world = talk();
    world.network(Network::Down);
    world.edits(MINE, "one");
    world.edits(MINE, "two");
    world.reacts(THEIRS, "🙂", true);
    world.wants(Intent::Describe {
        room: lobby(),
        topic: Topic::parse("roses").unwrap(),
        only_if_empty: false,
    });
    world.reloads();
    world.reacts(THEIRS, "👍", true);
    world.closes();
    world.pass(100_000);
    world.opens();
    assert_eq!(world.storage.len(), 4);
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.rows(), ["two", "theirs 🙂1 👍1", "*"]);
    assert_eq!(world.room().topic().as_str(), "roses");
    assert_eq!(world.commands("edit").len(), 1);
    assert!(world.storage.is_empty() && world.refused.is_empty());
}

#[test]
fn shows_a_stored_change_once_its_message_is_loaded() {
    let mut world = talk();
    world.network(Network::Down);
    world.edits(MINE, "better");
    world.reloads();
    let page = world.server.page(&lobby(), None, None, None);
    world.client.seed_me(user(1, "alice"));
    world.client.seed_room(Seed::of_copy(page, Seq(2)));
    assert_eq!(world.rows(), ["~better", "theirs"], "without a connection too");
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.rows(), ["better", "theirs"]);
}

#[test]
fn applies_a_resent_change_once() {
    let mut world = talk();
    world.server.delay = 1_000;
    world.edits(MINE, "better");
    world.reacts(THEIRS, "🙂", true);
    world.pass(500);
    world.closes();
    world.others_react(THEIRS, "🙂", true);
    world.server.delay = 0;
    world.opens();
    world.pass(5_000);
    assert_eq!(world.rows(), ["better", "theirs 🙂2"]);
    assert_eq!(world.server.head(&lobby()), Seq(5));
    assert!(world.storage.is_empty());
}

#[test]
fn does_not_undo_a_later_change_of_another_device() {
    let mut world = talk();
    world.server.delay = 1_000;
    world.edits(MINE, "from here");
    world.reacts(THEIRS, "🙂", true);
    world.network(Network::Down);
    world.others_edit(MINE, "from my other device");
    world.server.delay = 0;
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.rows(), ["from my other device", "theirs 🙂1"]);
    assert!(world.storage.is_empty());
}

#[test]
fn keeps_the_text_of_a_refused_edit_as_a_failed_message() {
    let mut world = talk();
    world.network(Network::Down);
    world.edits(MINE, "a long and careful text");
    world.server.delete(&lobby(), MINE, 2);
    world.reloads();
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.rows(), ["-", "theirs", "a long and careful text!"]);
    assert_eq!(world.refused.len(), 1);
    world.reloads();
    assert_eq!(world.rows(), ["-", "theirs", "a long and careful text!"], "as long as one likes");
    let client_id = world.client.outbox().entries().next().unwrap().client_id;
    world.wants(Intent::Retry { client_id, fresh: name_of(99) });
    assert_eq!(world.rows(), ["-", "theirs", "a long and careful text"]);
    assert!(world.storage.is_empty());
}

#[test]
fn turns_an_edit_of_another_database_into_a_failed_message() {
    let mut world = talk();
    world.network(Network::Down);
    world.edits(MINE, "better");
    world.reacts(THEIRS, "🙂", true);
    world.server.rooms.clear();
    world.server.epoch = "second";
    world.reloads();
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.rows(), ["*", "better!"]);
    assert!(world.commands("edit").is_empty() && world.commands("react").is_empty());
    assert_eq!(world.storage.len(), 1);
}

#[test]
fn does_not_join_a_left_room_for_a_stored_change() {
    let mut world = talk();
    world.network(Network::Down);
    world.edits(MINE, "better");
    world.wants(Intent::Close { room: lobby() });
    world.closes();
    // Another device leaves the room meanwhile.
    world.server.rooms.get_mut(&lobby()).unwrap().member = false;
    world.client.restore_outbox(world.storage.values().cloned().collect());
    world.wants(Intent::Start);
    world.network(Network::Up);
    world.pass(40_000);
    assert!(!world.server.rooms[&lobby()].member);
    assert!(world.commands("edit").is_empty());
    let texts: Vec<&str> = world.client.outbox().entries().map(|entry| entry.text.as_str()).collect();
    assert_eq!(texts, ["better"], "and the words are not lost");
}

#[test]
fn does_not_join_a_left_room_for_a_change_that_is_read_after_the_list() {
    let mut world = talk();
    world.network(Network::Down);
    world.edits(MINE, "better");
    world.wants(Intent::Close { room: lobby() });
    world.closes();
    world.server.rooms.get_mut(&lobby()).unwrap().member = false;
    let at = world.clock();
    world.client.hold_outbox(at);
    world.wants(Intent::Start);
    world.network(Network::Up);
    world.pass(2_000);
    assert!(world.client.is_listed());
    world.reads(world.storage.values().cloned().collect());
    world.pass(40_000);
    assert!(!world.server.rooms[&lobby()].member);
    assert!(world.commands("edit").is_empty());
}

#[test]
fn stored_change_that_is_read_late_does_not_undo_a_newer_one() {
    for is_sent in [true, false] {
        let mut world = talk();
        world.network(Network::Down);
        world.edits(MINE, "old");
        world.reacts(THEIRS, "🙂", true);
        world.closes();
        let stored: Vec<_> = std::mem::take(&mut world.storage).into_values().collect();
        world.pass(1_000);
        let at = world.clock();
        world.client.hold_outbox(at);
        world.opens();
        world.network(Network::Up);
        world.pass(1_000);
        if is_sent {
            // The read takes too long.
            world.reads(Vec::new());
        }
        world.reacts(THEIRS, "🙂", false);
        world.edits(MINE, "new");
        world.pass(1_000);
        world.reads(stored);
        world.pass(40_000);
        assert_eq!(world.server.texts()[0], "new");
        assert!(world.commands("edit").iter().all(|edit| edit.contains("new")));
        if !is_sent {
            assert_eq!(world.rows(), ["new", "theirs"], "the older reaction is sent first");
        }
        assert!(world.storage.is_empty(), "{:?}", world.storage);
    }
}

#[test]
fn sends_a_stored_change_to_a_room_that_is_not_open() {
    let mut world = talk();
    world.network(Network::Down);
    world.edits(MINE, "better");
    world.closes();
    world.client.restore_outbox(world.storage.values().cloned().collect());
    world.wants(Intent::Start);
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.server.texts()[0], "better");
    assert!(world.storage.is_empty());
}

#[test]
fn sends_changes_that_a_closed_tab_left() {
    let mut world = talk();
    world.network(Network::Down);
    world.edits(MINE, "from another tab");
    world.another_tab_opens();
    assert_eq!(world.rows(), Vec::<String>::new());
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.rows(), ["from another tab", "theirs"]);
    assert!(world.storage.is_empty());
}

#[test]
fn refuses_changes_over_the_limit() {
    let mut world = talk();
    world.network(Network::Down);
    let emoji = Emoji::parse("👍").unwrap();
    for number in 0..=i64::try_from(MAX_CHANGES).unwrap() {
        assert_eq!(world.refused, []);
        let (room, message_id) = (lobby(), MessageId(1_000 + number));
        world.wants(Intent::React { room, message_id, emoji: emoji.clone(), on: true });
    }
    assert_eq!(world.refused, [Refusal::unavailable()]);
    assert_eq!(world.client.changes().count(), MAX_CHANGES);
    assert_eq!(world.storage.len(), MAX_CHANGES);
}

#[test]
fn hides_and_keeps_changes_that_another_tab_took_over() {
    let mut world = talk();
    world.network(Network::Down);
    world.edits(MINE, "taken over");
    world.reacts(THEIRS, "🙂", true);
    let ids: Vec<_> = world.storage.keys().copied().collect();
    let taken = world.loses(&ids);
    assert_eq!(world.rows(), ["mine", "theirs"]);
    world.network(Network::Up);
    world.pass(40_000);
    assert!(world.commands("edit").is_empty() && world.commands("react").is_empty());
    // The other tab is closed before it has sent them.
    world.takes_in(taken);
    world.pass(40_000);
    assert_eq!(world.rows(), ["taken over", "theirs 🙂1"]);
    assert!(world.storage.is_empty());
}
