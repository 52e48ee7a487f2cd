use hubbub_protocol::{MessageId, MessageText, Refusal, RoomName, User, UserName};
use proptest::prelude::*;

use super::*;

fn room() -> RoomName {
    RoomName::parse("lobby").unwrap()
}

fn name_of(number: u8) -> ClientId {
    ClientId::from_random_bytes([number; 16])
}

fn message(seq: i64, author: i64, number: u8) -> Message {
    Message {
        id: MessageId(seq),
        seq: Seq(seq),
        author: User { id: UserId(author), name: UserName::parse("somebody").unwrap() },
        client_id: name_of(number),
        text: MessageText::parse("hi").unwrap(),
        at: Timestamp::from_millis(0),
    }
}

fn run(from: i64, to: i64) -> Vec<Message> {
    (from..=to).map(|seq| message(seq, seq.saturating_add(2), 0)).collect()
}

fn entry(number: u8, order: u64) -> Arc<Entry> {
    Arc::new(Entry {
        client_id: name_of(number),
        author: None,
        room: room(),
        text: MessageText::parse("mine").unwrap(),
        at: Timestamp::from_millis(0),
        order,
        failed: None,
    })
}

fn begun(from: i64, to: i64, older: bool) -> Timeline {
    let mut timeline = Timeline::default();
    timeline.set_me(Some(UserId(1)));
    timeline.start_over(StartOver {
        page: Page { room: room(), messages: run(from, to), older },
        cursor: Seq(to),
    });
    timeline
}

fn seqs(timeline: &Timeline) -> Vec<i64> {
    timeline.saved().map(|message| message.seq.0).collect()
}

#[test]
fn an_event_is_next_or_known_or_over_a_gap() {
    let mut timeline = begun(10, 12, true);
    assert_eq!(timeline.apply(Event::Posted(message(12, 2, 9))), Applied::Double);
    assert_eq!(timeline.apply(Event::Posted(message(14, 2, 9))), Applied::Gap);
    assert_eq!(timeline.apply(Event::Posted(message(13, 2, 9))), Applied::New);
    assert_eq!(seqs(&timeline), [10, 11, 12, 13]);
    assert_eq!(timeline.cursor(), Some(Seq(13)));
}

#[test]
fn an_event_of_another_database_waits_for_its_page() {
    let mut timeline = begun(10, 12, true);
    timeline.forget_cursor();
    assert_eq!(timeline.apply(Event::Posted(message(1, 2, 9))), Applied::Gap);
    assert_eq!(seqs(&timeline), [10, 11, 12]);
}

#[test]
fn a_page_joins_only_without_a_gap() {
    let page = |messages, older| Page { room: room(), messages, older };
    let mut timeline = begun(10, 12, true);
    timeline.prepend(page(run(5, 11), true));
    assert_eq!(seqs(&timeline), (5..=12).collect::<Vec<_>>(), "what comes twice is taken once");
    assert!(timeline.has_older());
    timeline.prepend(page(run(1, 3), true));
    assert_eq!(timeline.first_seq(), Some(Seq(5)));
    assert!(!timeline.has_older(), "asking again would bring the same");

    let mut timeline = begun(10, 12, true);
    timeline.prepend(page(Vec::new(), true));
    assert!(!timeline.has_older());
}

#[test]
fn rows_are_saved_then_sent_then_unsent_in_order() {
    let mut timeline = begun(1, 2, false);
    for (number, order) in [(3, 30), (1, 10), (2, 20), (4, 40)] {
        timeline.show(entry(number, order));
    }
    timeline.confirm(entry(2, 20), Seq(5), Timestamp::from_millis(0));
    timeline.confirm(entry(1, 10), Seq(4), Timestamp::from_millis(0));
    timeline.confirm(entry(4, 40), Seq(2), Timestamp::from_millis(0));
    let mut refused = entry(3, 30).as_ref().clone();
    refused.failed = Some(Refusal::unavailable());
    timeline.show(Arc::new(refused));
    let mine: Vec<RowKey> = timeline.rows().skip(2).map(|row| row.key).collect();
    assert_eq!(mine, [1, 2, 3].map(|number| RowKey::Mine(name_of(number))), "4 is before what is held");
    assert!(matches!(timeline.rows().last(), Some(Row { state: RowState::Failed(..), .. })));

    timeline.apply(Event::Posted(message(3, 2, 9)));
    timeline.apply(Event::Posted(message(4, 1, 1)));
    let states: Vec<bool> = timeline.rows().map(|row| matches!(row.state, RowState::Saved(_))).collect();
    assert_eq!(states, [true, true, true, true, false, false]);
    assert_eq!(timeline.rows().nth(3).map(|row| row.key), Some(RowKey::Mine(name_of(1))));
}

#[test]
fn a_fresh_page_keeps_what_is_unsent_and_lets_go_of_what_it_covers() {
    let mut timeline = begun(1, 2, false);
    timeline.confirm(entry(1, 1), Seq(4), Timestamp::from_millis(0));
    timeline.confirm(entry(2, 2), Seq(90), Timestamp::from_millis(0));
    timeline.show(entry(3, 3));
    let page = Page { room: room(), messages: run(40, 80), older: true };
    timeline.start_over(StartOver { page, cursor: Seq(80) });
    let mine: Vec<RowKey> = timeline.rows().skip(41).map(|row| row.key).collect();
    assert_eq!(mine, [2, 3].map(|number| RowKey::Mine(name_of(number))));
}

#[test]
fn memory_is_bounded_in_both_directions() {
    let mut timeline = begun(10_000, 10_000, true);
    for first in (1..10_000).rev().step_by(200) {
        let page = Page { room: room(), messages: run((first - 199).max(1), first), older: first > 200 };
        timeline.prepend(page);
    }
    assert_eq!(timeline.len(), MAX_HELD);
    assert!(timeline.has_older());
    assert!(!timeline.want_older());
    timeline.apply(Event::Posted(run(10_001, 10_001).remove(0)));
    assert_eq!(timeline.len(), MAX_HELD);
    assert!(timeline.trim());
    assert_eq!(timeline.len(), HELD_AT_END);
    assert!(timeline.want_older());
    assert!(!timeline.trim());
}

#[test]
fn the_last_position_there_is_does_not_follow_itself() {
    let mut timeline = begun(i64::MAX - 1, i64::MAX - 1, false);
    assert_eq!(timeline.apply(Event::Posted(message(i64::MAX, 2, 1))), Applied::New);
    assert_eq!(timeline.apply(Event::Posted(message(i64::MAX, 2, 2))), Applied::Double);
    let twice = vec![message(i64::MAX, 2, 1), message(i64::MAX, 2, 2)];
    timeline.start_over(StartOver {
        page: Page { room: room(), messages: twice, older: false },
        cursor: Seq(i64::MAX),
    });
    assert_eq!(timeline.len(), 1);
}

proptest! {
    #[test]
    fn events_in_any_order_and_any_number_make_one_run(order in prop::collection::vec(1_i64..12, 0..200)) {
        let mut timeline = begun(1, 0, false);
        let mut expected = 0;
        for seq in order {
            let applied = timeline.apply(Event::Posted(run(seq, seq).remove(0)));
            let should = match seq - expected {
                1 => Applied::New,
                ..=0 => Applied::Double,
                _ => Applied::Gap,
            };
            prop_assert_eq!(applied, should);
            expected += i64::from(applied == Applied::New);
            prop_assert_eq!(seqs(&timeline), (1..=expected).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_key_never_occurs_twice(steps in prop::collection::vec((0_u8..5, 1_i64..9, 1_i64..3, 0_u8..4), 0..60)) {
        let mut timeline = begun(4, 5, true);
        for (what, seq, author, number) in steps {
            match what {
                0 | 1 => {
                    timeline.apply(Event::Posted(message(seq, author, number)));
                }
                2 => {
                    let page = Page { room: room(), messages: vec![message(seq, author, number)], older: true };
                    timeline.prepend(page);
                }
                3 => timeline.confirm(entry(number, 0), Seq(seq), Timestamp::from_millis(0)),
                _ => timeline.set_me(Some(UserId(author))),
            }
            let mut keys: Vec<RowKey> = timeline.rows().map(|row| row.key).collect();
            let all = keys.len();
            keys.sort_unstable();
            keys.dedup();
            prop_assert_eq!(keys.len(), all);
        }
    }
}
