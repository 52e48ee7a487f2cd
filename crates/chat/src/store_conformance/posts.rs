//! Rooms and posts.

use hubbub_protocol::{Event, Message, Refusal, RoomId, RoomName, Seq};

use super::{at, authors, new, post, seqs};
use crate::{PageAnchor, RoomChange, Store, WriteOutcome};

/// Checks rooms, posts, missed events and pages.
pub(super) async fn check(store: &impl Store) {
    let [general, other] = opens_rooms(store).await;
    let first = posts_a_batch(store, general, other).await;
    repeats_posts(store, general, &first).await;
    reuses_client_ids(store, general, other).await;
    reads_missed_events(store, general, &first).await;
    reads_pages(store, general).await;
}

fn name(text: &str) -> RoomName {
    RoomName::parse(text).expect("a room name")
}

async fn opens_rooms(store: &impl Store) -> [RoomId; 2] {
    // A room is created once, and room names are case-sensitive.
    assert_eq!(store.find_room(&name("general")).await, Ok(None));
    let general = store.open_room(&name("general"), at(0)).await.expect("opens");
    assert_eq!(general.head, Seq(0));
    assert_eq!(store.open_room(&name("general"), at(0)).await, Ok(general.clone()));
    let other = store.open_room(&name("General"), at(0)).await.expect("opens");
    assert_ne!(other.id, general.id);
    [general.id, other.id]
}

/// Returns the first message.
async fn posts_a_batch(store: &impl Store, general: RoomId, other: RoomId) -> Message {
    let [alice, bob] = authors();
    // A batch is stored in order; each room counts positions from 1.
    let batch = vec![
        post(general, &alice, 1, "one"),
        post(other, &bob, 2, "elsewhere"),
        post(general, &bob, 3, "двa\n\"quoted\" \\ 'single' 🙂\ttab"),
    ];
    let stored = store.append(batch.clone()).await.expect("appends");
    assert_eq!(stored.iter().map(|stored| new(stored).seq).collect::<Vec<_>>(), [Seq(1), Seq(1), Seq(2)]);
    for (pending, stored) in batch.iter().zip(&stored) {
        let Message { author, client_id, text, at, .. } = new(stored).clone();
        let change =
            RoomChange::Post { client_id, text: text.expect("a text"), reply_to: None, files: Vec::new() };
        assert_eq!((author, change, at), (pending.by.clone(), pending.change.clone(), pending.at));
    }
    new(&stored[0]).clone()
}

async fn repeats_posts(store: &impl Store, general: RoomId, first: &Message) {
    let [alice, _] = authors();
    // A repeated post returns the first result, also twice in one batch and between new posts.
    let again = vec![
        post(general, &alice, 4, "three"),
        post(general, &alice, 1, "one"),
        post(general, &alice, 4, "three"),
        post(general, &alice, 5, "four"),
    ];
    let stored = store.append(again).await.expect("appends");
    assert_eq!(new(&stored[0]).seq, Seq(3));
    assert_eq!(stored[1], WriteOutcome::Repeat(first.clone()));
    assert_eq!(stored[2], WriteOutcome::Repeat(new(&stored[0]).clone()));
    assert_eq!(new(&stored[3]).seq, Seq(4));
}

async fn reuses_client_ids(store: &impl Store, general: RoomId, other: RoomId) {
    let [alice, bob] = authors();
    // A client id is unique per author: another author can use it, the same author cannot reuse it.
    let clash = vec![
        post(general, &bob, 1, "one"),
        post(general, &alice, 1, "not one"),
        post(other, &alice, 1, "one"),
    ];
    let clash = store.append(clash).await.expect("appends");
    let taken = WriteOutcome::Refused(Refusal::client_id_taken());
    assert_eq!(new(&clash[0]).seq, Seq(5));
    assert_eq!(clash[1..], [taken.clone(), taken]);
    assert_eq!(store.append(Vec::new()).await, Ok(Vec::new()));
}

async fn reads_missed_events(store: &impl Store, general: RoomId, first: &Message) {
    // Missed events are read in order, in batches.
    let after = |seq, limit| store.events_after(general, Seq(seq), limit);
    assert_eq!(seqs(&after(0, 3).await.expect("reads")), [1, 2, 3]);
    assert_eq!(seqs(&after(3, 3).await.expect("reads")), [4, 5]);
    assert_eq!(seqs(&after(i64::MAX, 3).await.expect("reads")), [0_i64; 0]);
    assert_eq!(after(0, 1).await.expect("reads"), [Event::Posted(first.clone())]);
}

async fn reads_pages(store: &impl Store, general: RoomId) {
    // Pages of history are read in both directions and around a position.
    for (anchor, limit, positions, older, newer) in [
        (PageAnchor::Newest, 2, vec![4, 5], true, false),
        (PageAnchor::Newest, 5, vec![1, 2, 3, 4, 5], false, false),
        (PageAnchor::Before(Seq(4)), 3, vec![1, 2, 3], false, true),
        (PageAnchor::Before(Seq(1)), 3, vec![], false, true),
        (PageAnchor::Before(Seq(i64::MAX)), 1, vec![5], true, false),
        (PageAnchor::After(Seq(0)), 2, vec![1, 2], false, true),
        (PageAnchor::After(Seq(3)), 2, vec![4, 5], true, false),
        (PageAnchor::After(Seq(i64::MAX)), 2, vec![], true, false),
        (PageAnchor::Around(Seq(3)), 3, vec![2, 3, 4], true, true),
        (PageAnchor::Around(Seq(9)), 4, vec![4, 5], true, false),
    ] {
        let page = store.history(general, anchor, limit).await.expect("reads");
        let found = (seqs(&page.events), page.older, page.newer, page.head);
        assert_eq!(found, (positions, older, newer, Seq(5)), "{anchor:?}");
    }
    assert_eq!(store.find_room(&name("general")).await.expect("finds").expect("is there").head, Seq(5));

    // A room that does not exist is empty, not an error.
    let nowhere = store.history(RoomId(i64::MAX), PageAnchor::Newest, 10).await.expect("reads");
    assert_eq!((nowhere.events, nowhere.older, nowhere.head), (vec![], false, Seq(0)));
}
