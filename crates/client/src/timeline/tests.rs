use hubbub_protocol::{
    Attachment, Deleted, Edited, Emoji, FileId, FileName, MessageText, Moved, Quote, Reacted, Refusal,
    RoomName, User, UserName,
};
use proptest::prelude::*;

use super::*;

mod pages;

fn room() -> RoomName {
    RoomName::parse("lobby").unwrap()
}

fn name_of(number: u8) -> ClientId {
    ClientId::from_random_bytes([number; 16])
}

fn somebody(id: i64) -> User {
    User { id: UserId(id), name: UserName::parse("somebody").unwrap() }
}

fn text(text: &str) -> MessageText {
    MessageText::parse(text).unwrap()
}

fn at() -> Timestamp {
    Timestamp::from_millis(0)
}

fn message(seq: i64, author: i64, number: u8) -> Message {
    Message {
        id: MessageId(seq),
        seq: Seq(seq),
        author: somebody(author),
        client_id: name_of(number),
        text: Some(text("hi")),
        at: at(),
        reply_to: None,
        changed: None,
        edited_at: None,
        reactions: Vec::new(),
        files: Vec::new(),
    }
}

fn attachment(id: i64, name: &str) -> Attachment {
    Attachment {
        id: FileId(id),
        name: FileName::parse(name).unwrap(),
        size: 9,
        content_type: String::new(),
        width: None,
        height: None,
        preview: None,
    }
}

fn posted(seq: i64, author: i64, number: u8) -> Event {
    Event::Posted(message(seq, author, number))
}

fn joined(seq: i64) -> Event {
    Event::Joined(Moved { seq: Seq(seq), user: somebody(9), at: at() })
}

fn edited(seq: i64, of: i64, says: &str) -> Event {
    Event::Edited(Edited {
        seq: Seq(seq),
        message_id: MessageId(of),
        text: Some(text(says)),
        at: at(),
        removed_files: Vec::new(),
    })
}

fn deleted(seq: i64, of: i64) -> Event {
    Event::Deleted(Deleted {
        seq: Seq(seq),
        message_id: MessageId(of),
        message_seq: Seq(of),
        by: UserId(2),
        at: at(),
    })
}

fn reacted(seq: i64, of: i64) -> Event {
    let emoji = Emoji::parse("🙂").unwrap();
    Event::Reacted(Reacted {
        seq: Seq(seq),
        message_id: MessageId(of),
        user: somebody(9),
        emoji,
        on: true,
        at: at(),
    })
}

fn run(from: i64, to: i64) -> Vec<Event> {
    (from..=to).map(|seq| posted(seq, seq.saturating_add(2), 0)).collect()
}

fn page(events: Vec<Event>, older: bool, newer: bool) -> Page {
    Page { room: room(), events, older, newer }
}

fn entry(number: u8, order: u64) -> Arc<Entry> {
    Arc::new(Entry {
        client_id: name_of(number),
        author: None,
        room: room(),
        text: text("mine"),
        files: Vec::new(),
        reply_to: None,
        at: at(),
        order,
        failed: None,
    })
}

fn begun(from: i64, to: i64, older: bool) -> Timeline {
    let mut timeline = Timeline::default();
    timeline.set_me(Some(UserId(1)));
    timeline.start_over(StartOver { page: page(run(from, to), older, false), cursor: Seq(to) });
    timeline
}

/// Requests the wanted page and receives `page` as the answer.
fn gets(timeline: &mut Timeline, page: Page) -> bool {
    let ask = timeline.ask().unwrap();
    timeline.take_page(ask, page)
}

fn seqs(timeline: &Timeline) -> Vec<i64> {
    timeline.window.lines().map(|line| line.seq().0).collect()
}

fn text_of(timeline: &Timeline, id: i64) -> Option<String> {
    timeline.message(MessageId(id)).unwrap().text.as_ref().map(ToString::to_string)
}

#[test]
fn distinguishes_next_known_and_gap_events() {
    let mut timeline = begun(10, 12, true);
    assert_eq!(timeline.apply(posted(12, 2, 9)), ApplyOutcome::Double);
    assert_eq!(timeline.apply(posted(14, 2, 9)), ApplyOutcome::Gap);
    assert_eq!(timeline.apply(posted(13, 2, 9)), ApplyOutcome::New);
    assert_eq!(timeline.apply(edited(14, 13, "no")), ApplyOutcome::New);
    assert_eq!(timeline.apply(joined(15)), ApplyOutcome::New);
    assert_eq!(seqs(&timeline), [10, 11, 12, 13, 15]);
    assert_eq!(timeline.cursor(), Some(Seq(15)));
}

#[test]
fn orders_saved_then_sent_then_unsent_rows() {
    let mut timeline = begun(1, 2, false);
    for (number, order) in [(3, 30), (1, 10), (2, 20), (4, 40)] {
        timeline.show(entry(number, order));
    }
    timeline.confirm(entry(2, 20), Seq(5), at());
    timeline.confirm(entry(1, 10), Seq(4), at());
    timeline.confirm(entry(4, 40), Seq(2), at());
    let mut refused = entry(3, 30).as_ref().clone();
    refused.failed = Some(Refusal::unavailable());
    timeline.show(Arc::new(refused));
    let mine: Vec<RowKey> = timeline.rows().skip(2).map(|row| row.key).collect();
    assert_eq!(mine, [1, 2, 3].map(|number| RowKey::Mine(name_of(number))), "4 is before what is held");
    assert!(matches!(timeline.rows().last(), Some(Row { state: RowState::Failed(..), .. })));

    timeline.apply(posted(3, 2, 9));
    timeline.apply(posted(4, 1, 1));
    let states: Vec<bool> = timeline.rows().map(|row| matches!(row.state, RowState::Saved(_))).collect();
    assert_eq!(states, [true, true, true, true, false, false]);
    assert_eq!(timeline.rows().nth(3).map(|row| row.key), Some(RowKey::Mine(name_of(1))));
}

#[test]
fn keeps_unsent_rows_and_drops_sent_ones_on_a_fresh_page() {
    let mut timeline = begun(1, 2, false);
    timeline.confirm(entry(1, 1), Seq(4), at());
    timeline.confirm(entry(2, 2), Seq(90), at());
    timeline.show(entry(3, 3));
    timeline.start_over(StartOver { page: page(run(40, 80), true, false), cursor: Seq(80) });
    let mine: Vec<RowKey> = timeline.rows().skip(41).map(|row| row.key).collect();
    assert_eq!(mine, [2, 3].map(|number| RowKey::Mine(name_of(number))));
}

#[test]
fn keeps_rows_of_a_view_above_the_end() {
    let most = i64::try_from(MAX_HELD).unwrap();
    let mut timeline = Timeline::default();
    timeline.keep_place(true);
    for event in run(1, most) {
        timeline.apply(event);
    }
    assert_eq!(timeline.apply(posted(most + 1, 9, 0)), ApplyOutcome::New);
    assert!(timeline.has_newer() && !timeline.has_older());
    timeline.keep_place(false);
    assert_eq!(timeline.apply(posted(most + 2, 9, 0)), ApplyOutcome::New);
    assert_eq!(timeline.window.first_seq(), Some(Seq(1)), "they come with the page that is asked for");
}

#[test]
fn evicts_rows_gradually_at_the_end() {
    let most = i64::try_from(MAX_HELD).unwrap();
    let mut timeline = Timeline::default();
    timeline.keep_place(true);
    for event in run(1, most) {
        timeline.apply(event);
    }
    timeline.keep_place(false);
    let mut gone = Vec::new();
    for event in run(most + 1, 2 * most) {
        let before = timeline.len();
        timeline.apply(event);
        gone.push(before + 1 - timeline.len());
    }
    let many = (MAX_HELD - HELD_AT_END) / EVICTED_TOGETHER;
    assert!(
        gone.iter().take(many).all(|gone| *gone == EVICTED_TOGETHER),
        "not all that were loaded at once: {gone:?}"
    );
    let later = &gone[many + EVICTED_TOGETHER..];
    assert!(later.iter().all(|gone| [0, EVICTED_TOGETHER].contains(gone)), "{later:?}");
    assert!((HELD_AT_END..HELD_AT_END + EVICTED_TOGETHER).contains(&timeline.len()) && timeline.has_older());
}

#[test]
fn applies_a_change_to_the_message_and_its_quotes() {
    let mut timeline = begun(1, 2, false);
    let quote = Quote {
        message_id: MessageId(1),
        seq: Seq(1),
        author: somebody(2),
        text: Some("hi".into()),
        file: None,
    };
    timeline.apply(Event::Posted(Message { reply_to: Some(quote), ..message(3, 2, 9) }));
    let quoted =
        |timeline: &Timeline| timeline.message(MessageId(3)).unwrap().reply_to.as_ref().unwrap().text.clone();
    timeline.apply(edited(4, 1, "better"));
    assert_eq!(text_of(&timeline, 1).as_deref(), Some("better"));
    assert_eq!(quoted(&timeline).as_deref(), Some("better"));
    timeline.apply(reacted(5, 1));
    assert_eq!(timeline.message(MessageId(1)).unwrap().reactions.len(), 1);
    timeline.apply(deleted(6, 1));
    assert_eq!((text_of(&timeline, 1), quoted(&timeline)), (None, None));
    // A deleted quote must not return, even if the server sends a late edit.
    timeline.apply(edited(7, 1, "ghost"));
    assert_eq!(quoted(&timeline), None);
}

#[test]
fn removes_attachments_from_the_message_and_its_quotes() {
    let mut timeline = begun(1, 2, false);
    let with_files =
        Message { files: vec![attachment(1, "sea.png"), attachment(2, "plan.pdf")], ..message(3, 2, 9) };
    let quote = with_files.quote();
    timeline.apply(Event::Posted(with_files));
    timeline.apply(Event::Posted(Message { reply_to: Some(quote), ..message(4, 2, 10) }));
    let files = |timeline: &Timeline| timeline.message(MessageId(3)).unwrap().files.len();
    let quoted = |timeline: &Timeline| {
        let file = timeline.message(MessageId(4)).unwrap().reply_to.as_ref().unwrap().file.clone();
        file.map(|name| name.to_string())
    };
    assert_eq!((files(&timeline), quoted(&timeline).as_deref()), (2, Some("sea.png")));
    timeline.apply(edited(5, 3, "only the plan"));
    assert_eq!((files(&timeline), quoted(&timeline).as_deref()), (2, Some("sea.png")));
    let Event::Edited(edit) = edited(6, 3, "only the plan") else { panic!("not an edit") };
    timeline.apply(Event::Edited(Edited { removed_files: vec![FileId(1)], ..edit }));
    assert_eq!((files(&timeline), quoted(&timeline).as_deref()), (1, Some("plan.pdf")));
    timeline.apply(deleted(7, 3));
    assert_eq!((files(&timeline), quoted(&timeline)), (0, None));
}

#[test]
fn ignores_events_that_a_newer_page_includes() {
    let mut timeline = begun(1, 2, false);
    let mut now = message(3, 2, 9);
    now.text = Some(text("as it is now"));
    now.changed = Some(Seq(4));
    let events = vec![posted(1, 2, 1), posted(2, 2, 2), Event::Posted(now)];
    timeline.start_over(StartOver { page: page(events, false, false), cursor: Seq(2) });
    assert_eq!(timeline.apply(posted(3, 2, 9)), ApplyOutcome::New);
    assert_eq!(timeline.apply(edited(4, 3, "an echo")), ApplyOutcome::New);
    assert_eq!(text_of(&timeline, 3).as_deref(), Some("as it is now"));
    assert_eq!(seqs(&timeline), [1, 2, 3]);
}

#[test]
fn loads_no_rows_in_a_room_that_is_not_open() {
    let mut timeline = Timeline::default();
    timeline.begin_at(Seq(7));
    assert_eq!(timeline.apply(posted(8, 2, 9)), ApplyOutcome::New);
    assert!(timeline.loading() && timeline.is_empty());
    assert_eq!(timeline.copy(&room()), None);
    timeline.want_end();
    gets(&mut timeline, page(run(1, 8), false, false));
    assert!(!timeline.loading() && !timeline.has_newer());
    assert_eq!(timeline.apply(posted(9, 2, 9)), ApplyOutcome::New);
    assert_eq!(timeline.len(), 9);
}

#[test]
fn copies_only_the_end() {
    let mut timeline = begun(1, 80, false);
    timeline.apply(edited(81, 80, "last"));
    let (copied, cursor) = timeline.copy(&room()).unwrap();
    assert_eq!((copied.events.len(), copied.older, copied.newer), (50, true, false));
    assert_eq!(cursor, Seq(81));
    let mut again = Timeline::default();
    again.start_over(StartOver { page: copied, cursor });
    assert_eq!(text_of(&again, 80).as_deref(), Some("last"));
    assert!(again.has_older());
    timeline.want_around(Seq(500));
    gets(&mut timeline, page(run(1, 30), false, true));
    assert_eq!(timeline.copy(&room()), None, "the end is not held");
}

#[test]
fn does_not_wrap_at_the_last_position() {
    let mut timeline = begun(i64::MAX - 1, i64::MAX - 1, false);
    assert_eq!(timeline.apply(posted(i64::MAX, 2, 1)), ApplyOutcome::New);
    assert_eq!(timeline.apply(posted(i64::MAX, 2, 2)), ApplyOutcome::Double);
    let twice = vec![posted(i64::MAX, 2, 1), posted(i64::MAX, 2, 2)];
    timeline.start_over(StartOver { page: page(twice, false, false), cursor: Seq(i64::MAX) });
    assert_eq!(timeline.len(), 1);
}

proptest! {
    #[test]
    fn makes_one_contiguous_run_of_events_in_any_order(order in prop::collection::vec(1_i64..12, 0..200)) {
        let mut timeline = begun(1, 0, false);
        let mut expected = 0;
        for seq in order {
            let applied = timeline.apply(run(seq, seq).remove(0));
            let should = match seq - expected {
                1 => ApplyOutcome::New,
                ..=0 => ApplyOutcome::Double,
                _ => ApplyOutcome::Gap,
            };
            prop_assert_eq!(applied, should);
            expected += i64::from(applied == ApplyOutcome::New);
            prop_assert_eq!(seqs(&timeline), (1..=expected).collect::<Vec<_>>());
        }
    }

    #[test]
    fn never_repeats_a_key(steps in prop::collection::vec((0_u8..9, 1_i64..9, 1_i64..3, 0_u8..4), 0..80)) {
        let mut timeline = begun(4, 5, true);
        for (what, seq, author, number) in steps {
            match what {
                0 | 1 => _ = timeline.apply(posted(seq, author, number)),
                2 => _ = timeline.want_older(),
                3 => _ = timeline.want_newer(),
                4 => _ = timeline.want_around(Seq(seq)),
                5 => _ = timeline.want_end(),
                6 => {
                    if let Some(ask) = timeline.ask() {
                        let events = vec![posted(seq, author, number), joined(seq + 1), joined(seq)];
                        timeline.take_page(ask, page(events, true, number > 2));
                    }
                }
                7 => timeline.confirm(entry(number, 0), Seq(seq), at()),
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
