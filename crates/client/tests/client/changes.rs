//! Edits, deletions and reactions.

use hubbub_client::{Intent, RowState, Seed};
use hubbub_protocol::{
    Code, Deleted, Edited, Event, MessageId, Refusal, RoomEvent, Seq, ServerFrame, Timestamp, Topic, UserId,
};

use crate::world::{Network, World, face, lobby, name_of, say, user};

/// A room in which message 101 is Alice's and 102 is Bob's.
fn talk() -> World {
    let mut world = World::in_lobby();
    world.types("mine");
    world.others_say("theirs");
    world
}

const MINE: MessageId = MessageId(101);
const THEIRS: MessageId = MessageId(102);

#[test]
fn what_others_change_is_changed() {
    let mut world = talk();
    world.others_edit(THEIRS, "better");
    world.others_react(MINE, "🙂", true);
    world.others_react(THEIRS, "👍", true);
    assert_eq!(world.rows(), ["mine 🙂1", "better 👍1"]);
    world.others_react(MINE, "🙂", false);
    world.others_delete(THEIRS);
    assert_eq!(world.rows(), ["mine", "-"]);
}

#[test]
fn an_edit_shows_at_once_and_does_not_flicker() {
    let mut world = talk();
    world.server.delay = 100;
    world.server.hold_events = true;
    world.client.take_change_set();
    world.edits(MINE, "said better");
    assert_eq!(world.rows(), ["~said better", "theirs"]);
    assert!(world.client.take_change_set().rooms[&lobby()].timeline);
    world.pass(100);
    assert_eq!(world.rows(), ["~said better", "theirs"], "answered, and its event is on its way");
    let (text, at) = (Some(say("said better")), Timestamp::from_millis(9));
    let what = Event::Edited(Edited { seq: Seq(3), message_id: MINE, text, at });
    world.server_says(&ServerFrame::Event(RoomEvent { room: lobby(), what }).encode());
    assert_eq!(world.rows(), ["said better", "theirs"]);
    let rows: Vec<_> = world.room().timeline.rows().collect();
    assert!(matches!(&rows[0].state, RowState::Saved(message) if message.edited_at.is_some()));
}

#[test]
fn the_event_of_an_edit_may_be_faster_than_its_answer() {
    let mut world = talk();
    world.server.delay = 100;
    world.edits(MINE, "said better");
    let (text, at) = (Some(say("said better")), Timestamp::from_millis(9));
    let what = Event::Edited(Edited { seq: Seq(3), message_id: MINE, text, at });
    world.server_says(&ServerFrame::Event(RoomEvent { room: lobby(), what }).encode());
    assert_eq!(world.rows(), ["~said better", "theirs"]);
    world.pass(100);
    assert_eq!(world.rows(), ["said better", "theirs"]);
}

#[test]
fn changes_wait_for_the_network_and_arrive_in_order() {
    let mut world = talk();
    world.network(Network::Down);
    world.edits(MINE, "one");
    world.edits(MINE, "two");
    world.reacts(THEIRS, "🙂", true);
    world.reacts(THEIRS, "👍", true);
    world.reacts(THEIRS, "🙂", false);
    world.reacts(MINE, "🙂", true);
    world.deletes(MINE);
    assert_eq!(world.rows(), ["~-", "~theirs 👍1"]);
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.rows(), ["-", "theirs 👍1"]);
    assert!(world.commands("edit").is_empty(), "what was taken back need not be said better");
    assert_eq!(world.commands("react").len(), 2);
    assert!(world.refused.is_empty());
}

#[test]
fn a_change_whose_answer_was_lost_counts_once() {
    // The event shows that the change has arrived. A fresh page does not contain it, so the change is sent
    // again.
    for (most_missed, sent) in [(1_000, 1), (0, 2)] {
        let mut world = talk();
        world.server.most_missed = most_missed;
        world.server.delay = 1_000;
        world.reacts(THEIRS, "🙂", true);
        world.edits(MINE, "better");
        world.pass(500);
        world.network(Network::Down);
        world.server.delay = 0;
        world.network(Network::Up);
        world.pass(40_000);
        assert_eq!(world.rows(), ["better", "theirs 🙂1"]);
        assert_eq!(world.server.head(&lobby()), Seq(4));
        assert_eq!(world.commands("edit").len(), sent);
        assert!(world.storage.is_empty());
    }
}

#[test]
fn two_changes_to_one_message_never_overtake_each_other() {
    let mut world = talk();
    world.server.delay = 100;
    world.server.refuse_deeds.push_back(Refusal::unavailable());
    world.edits(MINE, "first");
    world.edits(MINE, "second");
    world.reacts(THEIRS, "🙂", true);
    assert_eq!(world.commands("edit").len(), 1);
    assert_eq!(world.commands("react").len(), 1, "another message need not wait");
    world.pass(5_000);
    assert_eq!(world.rows(), ["second", "theirs 🙂1"]);
    let texts: Vec<bool> = world.commands("edit").iter().map(|json| json.contains("first")).collect();
    assert_eq!(texts, [true, true, false]);
}

#[test]
fn what_is_refused_for_now_is_asked_more_and_more_patiently() {
    let mut world = talk();
    world.server.refuse_deeds.extend(vec![Refusal::unavailable(); 2]);
    world.edits(MINE, "better");
    assert_eq!(world.rows()[0], "~better");
    world.pass(999);
    assert_eq!(world.commands("edit").len(), 1);
    world.pass(1);
    assert_eq!(world.commands("edit").len(), 2);
    world.pass(2_000);
    assert_eq!(world.rows()[0], "better");
    assert!(world.refused.is_empty());
}

#[test]
fn what_is_refused_for_good_is_undone_and_told() {
    let mut world = talk();
    world.server.delay = 100;
    world.edits(THEIRS, "forged");
    assert_eq!(world.rows(), ["mine", "~forged"]);
    world.pass(100);
    assert_eq!(world.rows(), ["mine", "theirs", "forged!"], "the words stay");
    assert_eq!(world.refused, [Refusal::not_yours()]);
    world.pass(60_000);
    assert_eq!(world.commands("edit").len(), 1);
}

#[test]
fn an_edit_of_what_was_taken_back_meanwhile_does_not_bring_it_back() {
    let mut world = talk();
    world.network(Network::Down);
    world.edits(MINE, "better");
    world.reacts(THEIRS, "🙂", true);
    world.server.delete(&lobby(), MINE, 1);
    world.server.delete(&lobby(), THEIRS, 2);
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.rows(), ["-", "-", "better!"]);
    assert_eq!(world.refused.iter().map(|no| no.code).collect::<Vec<_>>(), [Code::NotFound, Code::NotFound]);
}

#[test]
fn what_is_gone_stays_gone_while_my_change_is_on_its_way() {
    let mut world = talk();
    world.server.delay = 100;
    world.reacts(THEIRS, "🙂", true);
    world.edits(MINE, "better");
    for (seq, id, by) in [(3, THEIRS, 2), (4, MINE, 1)] {
        let (message_id, at) = (id, Timestamp::from_millis(9));
        let gone = Deleted { seq: Seq(seq), message_id, message_seq: Seq(id.0 - 100), by: UserId(by), at };
        let what = Event::Deleted(gone);
        world.server_says(&ServerFrame::Event(RoomEvent { room: lobby(), what }).encode());
    }
    assert_eq!(world.rows(), ["~-", "~-"]);
}

#[test]
fn a_quote_says_what_its_message_says() {
    let mut world = talk();
    let quote = world.room().timeline.message(THEIRS).unwrap().quote();
    world.answers("indeed", quote);
    let quoted = |world: &World| {
        let answer = world.room().timeline.message(MessageId(103)).unwrap();
        answer.reply_to.clone().unwrap().text
    };
    assert_eq!(quoted(&world).as_deref(), Some("theirs"));
    world.others_edit(THEIRS, "ours");
    assert_eq!(quoted(&world).as_deref(), Some("ours"));
    world.others_delete(THEIRS);
    assert_eq!(quoted(&world), None);
    assert!(world.commands("post").last().unwrap().contains(r#""reply_to":102"#));
}

#[test]
fn an_answer_that_waits_shows_what_it_answers_also_after_a_reload() {
    let mut world = talk();
    let quote = world.room().timeline.message(THEIRS).unwrap().quote();
    world.network(Network::Down);
    world.answers("indeed", quote.clone());
    world.reloads();
    let rows: Vec<_> = world.room().timeline.rows().collect();
    assert!(matches!(&rows[0].state, RowState::Pending(entry) if entry.reply_to == Some(quote)));
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.server.messages(&lobby())[2].reply_to.as_ref().unwrap().message_id, THEIRS);
}

#[test]
fn changes_that_were_missed_come_with_the_rest() {
    let mut world = talk();
    world.network(Network::Down);
    world.others_say("new");
    world.others_edit(THEIRS, "older, edited");
    world.others_edit(MessageId(103), "new, edited");
    world.others_react(MINE, "🙂", true);
    world.others_delete(MessageId(103));
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.rows(), ["mine 🙂1", "older, edited", "-"]);
    assert_eq!(world.room().timeline.cursor(), Some(world.server.head(&lobby())));
}

#[test]
fn my_reaction_and_that_of_my_other_device_are_one() {
    let mut world = talk();
    world.server.delay = 100;
    world.reacts(THEIRS, "🙂", true);
    let alice = user(1, "alice");
    let frames = world.server.react(&lobby(), THEIRS, alice, &face("🙂"), false);
    for frame in frames {
        world.server_tells(frame);
    }
    assert_eq!(world.rows()[1], "~theirs 🙂1");
    world.pass(200);
    assert_eq!(world.rows()[1], "theirs", "the other device had the last word");
}

#[test]
fn there_is_no_end_to_patience_but_to_memory() {
    let mut world = talk();
    world.network(Network::Down);
    for number in 0..500 {
        world.wants(Intent::Delete { room: lobby(), message_id: MessageId(1_000 + number) });
    }
    assert_eq!(world.refused.len(), 300);
}

#[test]
fn changes_that_wait_survive_the_tab_and_are_sent_by_the_next_one_in_order() {
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
fn a_change_that_waits_shows_in_the_next_tab_as_soon_as_its_message_is_there() {
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
fn a_change_that_arrived_before_the_tab_was_closed_is_sent_again_and_counts_once() {
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
fn what_another_device_changed_after_a_lost_answer_is_not_undone() {
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
fn the_words_of_an_edit_of_a_deleted_message_stay_and_can_be_sent_as_a_new_one() {
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
fn an_edit_of_another_database_becomes_a_message_that_one_decides_about() {
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
fn an_old_change_makes_nobody_a_member_again() {
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
fn a_change_to_a_room_that_nobody_looks_at_is_brought_after_a_reload() {
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
fn what_a_closed_tab_has_left_is_changed_by_the_one_that_is_open() {
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
fn changes_that_wait_have_a_bound_in_bytes() {
    let mut world = talk();
    world.network(Network::Down);
    let text = say(&"ж".repeat(4_000));
    let edits = |number| MessageId(1_000 + number);
    let fitting = (0_i64..200).take_while(|number| {
        let fits = world.client.can_edit(&lobby(), edits(*number), &text);
        world.edits(edits(*number), text.as_str());
        fits
    });
    let fitting = fitting.count();
    assert_eq!(fitting, 1024 * 1024 / 8_000 + 1);
    assert_eq!(world.refused.len(), 1);
    assert_eq!(world.storage.len(), fitting);
}
