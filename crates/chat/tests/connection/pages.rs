//! Pages and batches that must fit into a frame.

use super::*;

#[test]
fn splits_batches_and_pages_of_long_messages() {
    let (mut connection, _) = joined(Some(0), 100);
    let long: Vec<Event> = (1..=100).map(|seq| Event::Posted(sized(seq, 4_000))).collect();
    let effects = connection.on_events(ROOM, Ok(long));
    let ConnectionEffect::Write(ServerFrame::CatchUp(batch)) = &effects[0] else { panic!("no batch") };
    assert_eq!((batch.events.len(), batch.more), (32, true), "128 KiB of text");
    assert_eq!(effects[1..], [read_after(32)]);

    let (mut connection, _) = joined(None, 100);
    let fresh = page((51..=100).map(|seq| sized(seq, 4_000)), 100);
    let effects = connection.on_history(ROOM, PageAnchor::Newest, None, Ok(fresh));
    let ConnectionEffect::Write(ServerFrame::StartOver(start)) = &effects[0] else { panic!("no page") };
    let seqs: Vec<i64> = start.page.events.iter().map(|event| event.seq().0).collect();
    assert_eq!((seqs, start.page.older), ((69..=100).collect(), true), "the newest, and word of the others");
}

#[test]
fn page_around_a_long_message_contains_it() {
    let (mut connection, _) = joined(Some(100), 100);
    let long = || page((1..=100).map(|seq| sized(seq, 4_000)), 100);
    let effects = connection.on_history(ROOM, PageAnchor::Around(Seq(60)), Some(RequestId(2)), Ok(long()));
    let ConnectionEffect::Write(ServerFrame::Reply { answer: Answer::History(page), .. }) = &effects[0]
    else {
        panic!("no page")
    };
    let seqs: Vec<i64> = page.events.iter().map(|event| event.seq().0).collect();
    assert_eq!((seqs, page.older, page.newer), ((44..=75).collect(), true, true));
    let effects = connection.on_history(ROOM, PageAnchor::After(Seq(0)), Some(RequestId(2)), Ok(long()));
    let ConnectionEffect::Write(ServerFrame::Reply { answer: Answer::History(page), .. }) = &effects[0]
    else {
        panic!("no page")
    };
    assert_eq!((page.events.len(), page.events[0].seq(), page.newer), (32, Seq(1), true));
}
