use super::*;

#[test]
fn adjoins_a_page_without_duplicates() {
    let mut timeline = begun(10, 12, true);
    assert!(timeline.want_older() && !timeline.want_older());
    gets(&mut timeline, page(run(5, 9), true, true));
    assert_eq!(seqs(&timeline), (5..=12).collect::<Vec<_>>());
    assert!(timeline.has_older() && !timeline.has_newer());
    assert!(timeline.want_older());
    gets(&mut timeline, page(run(5, 6), true, true));
    assert_eq!(seqs(&timeline), (5..=12).collect::<Vec<_>>());
    assert!(!timeline.has_older(), "asking again would bring the same");
}

#[test]
fn bounds_the_rows_at_any_position() {
    let mut timeline = begun(9_951, 10_000, true);
    timeline.show(entry(1, 1));
    let mut first = 9_951;
    while timeline.want_older() {
        let from = (first - 200).max(1);
        gets(&mut timeline, page(run(from, first - 1), from > 1, true));
        first = from;
        assert!(timeline.len() <= MAX_HELD);
    }
    assert_eq!(seqs(&timeline), (1..=400).collect::<Vec<_>>());
    assert!(timeline.has_newer());
    assert_eq!(timeline.rows().last().unwrap().key, RowKey::Other(MessageId(400)), "mine is at the end");
    let mut last = 400;
    while timeline.want_newer() {
        let to = (last + 200).min(10_000);
        gets(&mut timeline, page(run(last + 1, to), true, to < 10_000));
        last = to;
        assert!(timeline.len() <= MAX_HELD + 1);
    }
    assert_eq!(seqs(&timeline), (9_601..=10_000).collect::<Vec<_>>());
    timeline.apply(posted(10_001, 2, 9));
    assert_eq!(seqs(&timeline).len(), MAX_HELD + 1 - EVICTED_TOGETHER, "while one follows the end");
    timeline.close();
    assert_eq!(seqs(&timeline).len(), HELD_WHEN_CLOSED);
    timeline.apply(posted(10_002, 2, 9));
    assert_eq!(seqs(&timeline).len(), HELD_WHEN_CLOSED);
    assert!(timeline.has_older() && !timeline.has_newer());
}

#[test]
fn loads_everything_on_the_way_back_to_the_end() {
    let mut timeline = begun(51, 100, true);
    timeline.want_around(Seq(20));
    gets(&mut timeline, page(run(10, 30), true, true));
    assert_eq!(timeline.apply(posted(101, 2, 9)), ApplyOutcome::New);
    assert_eq!(timeline.cursor(), Some(Seq(101)));
    assert_eq!(seqs(&timeline), (10..=30).collect::<Vec<_>>());
    // The page reports the end, but it was made before the last message.
    assert!(timeline.want_newer());
    gets(&mut timeline, page(run(31, 100), true, false));
    assert!(timeline.has_newer());
    assert!(timeline.want_newer());
    gets(&mut timeline, page(run(101, 101), true, false));
    assert!(!timeline.has_newer());
    assert_eq!(timeline.apply(posted(102, 2, 9)), ApplyOutcome::New);
    assert_eq!(seqs(&timeline), (10..=102).collect::<Vec<_>>());
}

#[test]
fn completes_an_end_page_that_is_too_old() {
    let mut timeline = begun(51, 100, true);
    timeline.want_around(Seq(20));
    gets(&mut timeline, page(run(10, 30), true, true));
    timeline.want_end();
    let ask = timeline.ask().unwrap();
    timeline.apply(posted(101, 2, 9));
    assert!(timeline.take_page(ask, page(run(51, 100), true, false)), "short of what was heard");
    assert!(timeline.has_newer());
    gets(&mut timeline, page(run(101, 101), true, false));
    assert_eq!(seqs(&timeline), (51..=101).collect::<Vec<_>>());
    assert!(!timeline.has_newer() && !timeline.loading_newer());
}

#[test]
fn requests_the_newest_page_after_an_empty_newer_one() {
    let mut timeline = begun(51, 100, true);
    timeline.want_around(Seq(20));
    gets(&mut timeline, page(run(10, 30), true, true));
    timeline.want_newer();
    assert!(gets(&mut timeline, page(Vec::new(), true, true)));
    assert_eq!(timeline.paging.want, Some(WantedPage::Newest));
}

#[test]
fn drops_a_page_that_is_not_awaited() {
    let mut timeline = begun(51, 100, true);
    timeline.want_older();
    let older = timeline.ask().unwrap();
    timeline.want_around(Seq(20));
    let around = timeline.ask().unwrap();
    timeline.take_page(older, page(run(1, 50), false, true));
    assert_eq!(timeline.len(), 50);
    timeline.take_page(around, page(run(10, 30), true, true));
    timeline.take_page(around, page(run(1, 5), true, true));
    assert_eq!(seqs(&timeline), (10..=30).collect::<Vec<_>>());
    timeline.want_newer();
    let newer = timeline.ask().unwrap();
    timeline.want_end();
    let end = timeline.ask().unwrap();
    timeline.take_page(end, page(run(51, 100), true, false));
    timeline.take_page(newer, page(run(31, 50), true, true));
    assert_eq!(seqs(&timeline), (51..=100).collect::<Vec<_>>());
}

#[test]
fn does_not_request_loaded_rows() {
    let mut timeline = begun(51, 100, true);
    assert!(!timeline.want_around(Seq(60)) && !timeline.want_end() && !timeline.want_newer());
    assert_eq!(timeline.ask(), None);
}

#[test]
fn applies_changes_made_while_a_page_was_in_flight() {
    let mut timeline = begun(51, 100, true);
    timeline.want_older();
    let ask = timeline.ask().unwrap();
    timeline.apply(edited(101, 50, "first"));
    timeline.apply(edited(102, 50, "second"));
    timeline.apply(reacted(103, 49));
    timeline.take_page(ask, page(run(1, 50), false, true));
    assert_eq!(text_of(&timeline, 50).as_deref(), Some("second"));
    assert_eq!(timeline.message(MessageId(49)).unwrap().reactions.len(), 1);
}

/// A view at rows 51 to 100 that missed all events up to 2,000.
fn long_absent() -> Timeline {
    let mut timeline = begun(51, 100, true);
    timeline.keep_place(true);
    timeline.start_over(StartOver { page: page(run(1_951, 2_000), true, false), cursor: Seq(2_000) });
    timeline
}

#[test]
fn keeps_the_place_after_missed_events() {
    let mut timeline = long_absent();
    assert_eq!((seqs(&timeline), timeline.cursor()), ((51..=100).collect(), Some(Seq(2_000))));
    assert!(timeline.has_newer() && timeline.has_older());
    assert_eq!(timeline.seen_up_to(Seq(100)), Some(Seq(100)), "and has not seen the end");
    assert!(!timeline.want_older() && !timeline.want_newer(), "nothing joins what is in doubt");
    let ask = timeline.ask().unwrap();
    assert_eq!((ask.want, ask.edge), (WantedPage::Renewed, Some(Seq(50))));
    assert_eq!(timeline.apply(posted(2_001, 2, 9)), ApplyOutcome::New);
    // A part of the outdated rows, from before the last change.
    let mut changed = run(51, 70);
    let Event::Posted(first) = &mut changed[0] else { panic!("no message") };
    (first.text, first.changed) = (None, Some(Seq(1_500)));
    timeline.apply(edited(2_002, 60, "late"));
    assert!(!timeline.take_page(ask, page(changed, true, true)));
    assert_eq!(seqs(&timeline), (51..=100).collect::<Vec<_>>());
    assert_eq!(timeline.message(MessageId(51)).unwrap().text, None);
    assert_eq!(text_of(&timeline, 60).as_deref(), Some("late"));
    // The other outdated rows and the rows after them.
    let ask = timeline.ask().unwrap();
    assert_eq!((ask.want, ask.edge), (WantedPage::Renewed, Some(Seq(70))));
    timeline.take_page(ask, page(run(71, 120), true, true));
    assert_eq!(seqs(&timeline), (51..=120).collect::<Vec<_>>());
    assert!(timeline.has_newer());
    assert_eq!(timeline.ask(), None);
    assert!(timeline.want_newer());
}

#[test]
fn renews_outdated_rows_up_to_the_end() {
    let mut timeline = long_absent();
    gets(&mut timeline, page(run(51, 110), true, false));
    assert!(timeline.has_newer(), "it is older than what was heard");
    let mut timeline = long_absent();
    // Only changes were missed, and one row is gone.
    timeline.start_over(StartOver { page: page(run(51, 99), true, false), cursor: Seq(3_000) });
    gets(&mut timeline, page(run(51, 99), true, false));
    assert_eq!((seqs(&timeline), timeline.has_newer()), ((51..=99).collect(), false));
    assert_eq!(timeline.apply(posted(3_001, 2, 9)), ApplyOutcome::New);
    assert_eq!(seqs(&timeline).last(), Some(&3_001));
}

#[test]
fn allows_any_page_while_rows_are_outdated() {
    let mut timeline = long_absent();
    assert!(timeline.ask().is_some());
    assert!(timeline.want_end());
    gets(&mut timeline, page(run(1_951, 2_000), true, false));
    assert_eq!((seqs(&timeline), timeline.has_newer()), ((1_951..=2_000).collect(), false));
    assert_eq!(timeline.ask(), None, "no doubt is left");

    let mut timeline = long_absent();
    assert!(timeline.want_around(Seq(500)));
    gets(&mut timeline, page(Vec::new(), false, false));
    assert_eq!(timeline.ask().unwrap().want, WantedPage::Renewed, "there was nothing to go to");

    // A view that was going to the end does not keep its place.
    let mut timeline = begun(51, 100, true);
    timeline.want_around(Seq(20));
    gets(&mut timeline, page(run(10, 30), true, true));
    timeline.keep_place(true);
    timeline.want_end();
    timeline.start_over(StartOver { page: page(run(1_951, 2_000), true, false), cursor: Seq(2_000) });
    assert_eq!((seqs(&timeline), timeline.has_newer()), ((1_951..=2_000).collect(), false));
}

#[test]
fn unloads_outdated_rows_on_close() {
    let mut timeline = long_absent();
    assert!(gets(&mut timeline, page(Vec::new(), true, true)), "it leads nowhere");
    assert_eq!(timeline.paging.want, Some(WantedPage::Newest));

    let mut timeline = long_absent();
    assert!(timeline.ask().is_some());
    timeline.stop_loading(true);
    assert!(timeline.loading(), "it is refused for good");

    let mut timeline = long_absent();
    timeline.close();
    assert!(timeline.loading(), "nobody looks");
    timeline.open();
    assert_eq!(timeline.ask(), None);
}
