//! Edits, deletions and reactions.

use hubbub_client::{Intent, RowState};
use hubbub_protocol::{
    Code, Deleted, Edited, Event, MessageId, Refusal, Seq, ServerFrame, Timestamp, UserId,
};

use crate::world::{Network, World, face, lobby, say, user};

/// A room in which message 101 is Alice's and 102 is Bob's.
pub(crate) fn talk() -> World {
    let mut world = World::in_lobby();
    world.types("mine");
    world.others_say("theirs");
    world
}

pub(crate) const MINE: MessageId = MessageId(101);
pub(crate) const THEIRS: MessageId = MessageId(102);

#[test]
fn applies_changes_of_other_users() {
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
fn shows_an_edit_at_once_and_keeps_showing_it() {
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
    let what = Event::Edited(Edited { seq: Seq(3), message_id: MINE, text, at, removed_files: Vec::new() });
    world.server_says(&ServerFrame::Event { room: lobby(), what }.encode());
    assert_eq!(world.rows(), ["said better", "theirs"]);
    let rows: Vec<_> = world.room().timeline.rows().collect();
    assert!(matches!(&rows[0].state, RowState::Saved(message) if message.edited_at.is_some()));
}

#[test]
fn accepts_the_event_of_an_edit_before_its_reply() {
    let mut world = talk();
    world.server.delay = 100;
    world.edits(MINE, "said better");
    let (text, at) = (Some(say("said better")), Timestamp::from_millis(9));
    let what = Event::Edited(Edited { seq: Seq(3), message_id: MINE, text, at, removed_files: Vec::new() });
    world.server_says(&ServerFrame::Event { room: lobby(), what }.encode());
    assert_eq!(world.rows(), ["~said better", "theirs"]);
    world.pass(100);
    assert_eq!(world.rows(), ["said better", "theirs"]);
}

#[test]
fn sends_offline_changes_in_order() {
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
fn applies_a_change_once_if_its_reply_is_lost() {
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
fn sends_changes_of_one_message_one_by_one() {
    let mut world = talk();
    world.server.delay = 100;
    world.server.refused_changes.push_back(Refusal::unavailable());
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
fn retries_temporarily_refused_changes_with_back_off() {
    let mut world = talk();
    world.server.refused_changes.extend(vec![Refusal::unavailable(); 2]);
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
fn undoes_and_reports_permanently_refused_changes() {
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
fn does_not_restore_a_deleted_message_by_an_edit() {
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
fn keeps_a_deleted_message_deleted_while_a_change_is_pending() {
    let mut world = talk();
    world.server.delay = 100;
    world.reacts(THEIRS, "🙂", true);
    world.edits(MINE, "better");
    for (seq, id, by) in [(3, THEIRS, 2), (4, MINE, 1)] {
        let (message_id, at) = (id, Timestamp::from_millis(9));
        let gone = Deleted { seq: Seq(seq), message_id, message_seq: Seq(id.0 - 100), by: UserId(by), at };
        let what = Event::Deleted(gone);
        world.server_says(&ServerFrame::Event { room: lobby(), what }.encode());
    }
    assert_eq!(world.rows(), ["~-", "~-"]);
}

#[test]
fn updates_quotes_with_their_messages() {
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
fn shows_the_quote_of_a_pending_message_after_a_reload() {
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
fn applies_missed_changes_with_missed_messages() {
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
fn counts_a_reaction_on_two_devices_once() {
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
fn retries_changes_without_end_and_bounds_their_number() {
    let mut world = talk();
    world.network(Network::Down);
    for number in 0..500 {
        world.wants(Intent::Delete { room: lobby(), message_id: MessageId(1_000 + number) });
    }
    assert_eq!(world.refused.len(), 300);
}

#[test]
fn bounds_the_bytes_of_pending_changes() {
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
