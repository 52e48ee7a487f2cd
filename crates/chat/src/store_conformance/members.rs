//! Members of a room, their read positions and their settings.

use hubbub_protocol::{
    Appearance, Event, MAX_ROOMS_PER_CONNECTION, Refusal, RoomId, RoomName, Seq, Status, Topic, User,
};

use super::{append, at, authors, pending, post, say, seqs};
use crate::{
    MemberRecord, PageAnchor, PendingEvent, ReadProgress, ReadUpdate, RoomChange, RoomRecord, Store,
    WriteOutcome,
};

/// Checks memberships, read positions, topics, the list of rooms and the settings of users.
pub(super) async fn check(store: &impl Store) {
    let [alice, bob] = authors();
    let name = RoomName::parse("tea-house").expect("a room name");
    let RoomRecord { id: room, .. } = store.open_room(&name, at(0)).await.expect("opens");
    joins(store, room, &alice, &bob).await;
    counts_unread_messages(store, room, &alice, &bob).await;
    lists_rooms(store, &name, &alice).await;
    changes_the_topic(store, room, &name, &bob).await;
    shows_notices_on_pages(store, room).await;
    leaves(store, room, &alice).await;
    browse(store, &alice, room).await;
    many(store, &alice).await;
    changes_memberships_together(store, &alice, &bob).await;
    stores_settings(store, room, &bob).await;
}

fn member(user: &User, read: i64) -> MemberRecord {
    MemberRecord { user: user.clone(), read: Seq(read), share_reads: true }
}

async fn joins(store: &impl Store, room: RoomId, alice: &User, bob: &User) {
    let join = |user: &User, number| pending(room, user, number, RoomChange::Join { share_reads: true });
    // A join is one event, and earlier messages are read.
    say(store, room, bob, 60, "anybody?").await;
    let joined = append(store, join(alice, 61)).await;
    assert!(
        matches!(&joined, WriteOutcome::New(Event::Joined(moved)) if moved.seq == Seq(2) && moved.user == *alice)
    );
    assert_eq!(append(store, join(alice, 62)).await, WriteOutcome::Unchanged(Seq(0)));
    assert_eq!(store.members(room).await, Ok(vec![member(alice, 2)]));
    let silent = PendingEvent { silent: true, ..join(bob, 62) };
    assert_eq!(append(store, silent).await, WriteOutcome::Silent { at: at(62) });
    assert_eq!(store.members(room).await, Ok(vec![member(alice, 2), member(bob, 2)]));
}

async fn counts_unread_messages(store: &impl Store, room: RoomId, alice: &User, bob: &User) {
    // Unread counts are exact: without the user's own messages and without deleted ones.
    let mark = async |user: &User, mark| store.mark(room, user.id, mark).await.expect("marks");
    let progress = |read, unread, head| Some(ReadProgress { read: Seq(read), unread, head: Seq(head) });
    let gone = say(store, room, bob, 63, "three").await;
    say(store, room, alice, 64, "four").await;
    say(store, room, bob, 65, "five").await;
    assert_eq!(mark(alice, ReadUpdate::UpTo(Seq(2))).await, progress(2, 2, 5));
    append(store, pending(room, bob, 66, RoomChange::Delete { message_id: gone })).await;
    assert_eq!(mark(alice, ReadUpdate::UpTo(Seq(1))).await, progress(2, 1, 6), "reading goes forward only");
    assert_eq!(mark(alice, ReadUpdate::UpTo(Seq(5))).await, progress(5, 0, 6));
    assert_eq!(mark(alice, ReadUpdate::From(Seq(3))).await, progress(2, 1, 6), "unless one says so");
    assert_eq!(
        mark(alice, ReadUpdate::UpTo(Seq(i64::MAX))).await,
        progress(6, 0, 6),
        "nobody reads what is not there"
    );
    assert_eq!(mark(alice, ReadUpdate::From(Seq(1))).await, progress(0, 2, 6));
    assert_eq!(store.members(room).await.expect("reads")[0], member(alice, 0));
}

async fn lists_rooms(store: &impl Store, name: &RoomName, alice: &User) {
    // The user's list of rooms contains the same values.
    let mine = store.my_rooms(alice.id).await.expect("reads");
    let [mine] = &mine[..] else { panic!("{mine:?}") };
    assert_eq!(
        (&mine.room.name, mine.read.unread, mine.read.head, mine.active_at),
        (name, 2, Seq(6), at(65))
    );
}

async fn changes_the_topic(store: &impl Store, room: RoomId, name: &RoomName, bob: &User) {
    // A new topic is an event and is stored.
    let topic = Topic::parse("Oolong").expect("a topic");
    let describe = || pending(room, bob, 67, RoomChange::Describe { topic: topic.clone() });
    assert!(
        matches!(append(store, describe()).await, WriteOutcome::New(Event::Described(said)) if said.topic == topic)
    );
    assert!(matches!(append(store, describe()).await, WriteOutcome::Unchanged(_)));
    assert_eq!(store.find_room(name).await.expect("reads").expect("is there").topic, topic);
}

async fn shows_notices_on_pages(store: &impl Store, room: RoomId) {
    // A page contains notices in order between messages, but no events that change messages.
    let page = store.history(room, PageAnchor::Newest, 10).await.expect("reads");
    assert_eq!(seqs(&page.events), [1, 2, 3, 4, 5, 7]);
    let page = store.history(room, PageAnchor::Before(Seq(4)), 2).await.expect("reads");
    assert_eq!((seqs(&page.events), page.older), (vec![2, 3], true));
}

async fn leaves(store: &impl Store, room: RoomId, alice: &User) {
    // A leave is an event, and the former member has no read position.
    let leave = || pending(room, alice, 68, RoomChange::Leave);
    assert!(
        matches!(append(store, leave()).await, WriteOutcome::New(Event::Left(moved)) if moved.seq == Seq(8))
    );
    assert_eq!(append(store, leave()).await, WriteOutcome::Unchanged(Seq(0)));
    assert_eq!(store.mark(room, alice.id, ReadUpdate::UpTo(Seq(8))).await, Ok(None));
    assert_eq!(store.my_rooms(alice.id).await, Ok(Vec::new()));
}

async fn stores_settings(store: &impl Store, room: RoomId, bob: &User) {
    // The user's status and settings are stored.
    assert_eq!(store.appearance(bob.id).await, Ok(Appearance::default()));
    let busy = Appearance { status: Status::Busy, share_reads: false };
    store.set_appearance(bob.id, busy).await.expect("stores");
    assert_eq!(store.appearance(bob.id).await, Ok(busy));
    assert!(!store.members(room).await.expect("reads")[0].share_reads);
}

async fn browse(store: &impl Store, alice: &User, room: RoomId) {
    let found = async |query: &str, after: Option<&str>, limit| {
        let after = after.map(|name| RoomName::parse(name).expect("a room name"));
        let found = store.browse(alice.id, query, after.as_ref(), limit).await.expect("reads");
        let names: Vec<String> = found.rooms.iter().map(|found| found.room.name.to_string()).collect();
        (names, found.more)
    };
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(found("", None, 2).await, (names(&["General", "changes"]), true));
    assert_eq!(found("", Some("changes"), 50).await, (names(&["elsewhere", "general", "tea-house"]), false));
    assert_eq!(found("GENERAL", None, 50).await, (names(&["General", "general"]), false));
    assert_eq!(found("%", None, 50).await, (names(&[]), false), "a wildcard is a character like others");
    let tea = store.browse(alice.id, "tea", None, 1).await.expect("reads").rooms.remove(0);
    assert_eq!((tea.room.id, tea.room.topic.as_str(), tea.members, tea.joined), (room, "Oolong", 1, false));
}

/// Joins and leaves of one call depend on each other, and share their positions with the posts between them.
async fn changes_memberships_together(store: &impl Store, alice: &User, bob: &User) {
    let open = async |name: &str| {
        let name = RoomName::parse(name).expect("a room name");
        store.open_room(&name, at(0)).await.expect("opens").id
    };
    let [one, two, z0] = [open("one-call").await, open("two-calls").await, open("z0").await];
    let join = |room, user: &User| pending(room, user, 71, RoomChange::Join { share_reads: true });
    let leave = |room, user: &User| pending(room, user, 72, RoomChange::Leave);
    // Alice has reached the limit of rooms: one more is possible only after she has left another.
    let calls = [
        join(one, bob),
        join(one, bob),
        join(one, alice),
        leave(z0, alice),
        join(one, alice),
        join(two, alice),
        post(one, bob, 73, "between"),
        PendingEvent { silent: true, ..leave(one, bob) },
        leave(one, bob),
        join(two, bob),
        leave(one, alice),
        join(two, alice),
    ];
    let stored = store.append(calls.to_vec()).await.expect("appends");
    let outcome = |stored: &WriteOutcome| match stored {
        WriteOutcome::New(event) => event.seq().0,
        WriteOutcome::Silent { .. } => -1,
        WriteOutcome::Unchanged(_) => -2,
        _ => -3,
    };
    let outcomes: Vec<i64> = stored.iter().map(outcome).collect();
    assert_eq!(outcomes, [1, -2, -3, 2, 2, -3, 3, -1, -2, 1, 4, 2]);
    let [members, others] = [store.members(one).await, store.members(two).await];
    assert_eq!((members, others), (Ok(Vec::new()), Ok(vec![member(alice, 2), member(bob, 1)])));
    let events = store.events_after(one, Seq(0), 10).await.expect("reads");
    assert!(
        matches!(&events[..], [Event::Joined(_), Event::Joined(_), Event::Posted(_), Event::Left(left)] if left.user == *alice)
    );
    assert_eq!(seqs(&events), [1, 2, 3, 4]);
    // The limit counts the changes before in the same call.
    let calls = [leave(two, bob), leave(two, bob), leave(two, alice), join(one, alice), join(z0, alice)];
    let stored = store.append(calls.to_vec()).await.expect("appends");
    assert_eq!(stored.iter().map(outcome).collect::<Vec<_>>(), [3, -2, 4, 5, -3]);
}

/// A user can be a member of a limited number of rooms.
async fn many(store: &impl Store, alice: &User) {
    for number in 0..=MAX_ROOMS_PER_CONNECTION {
        let name = RoomName::parse(&format!("z{number}")).expect("a room name");
        let room = store.open_room(&name, at(0)).await.expect("opens").id;
        let stored = append(store, pending(room, alice, 70, RoomChange::Join { share_reads: true })).await;
        if number < MAX_ROOMS_PER_CONNECTION {
            assert!(matches!(stored, WriteOutcome::New(_)));
        } else {
            assert_eq!(stored, WriteOutcome::Refused(Refusal::too_many_rooms(MAX_ROOMS_PER_CONNECTION)));
        }
    }
    assert_eq!(store.my_rooms(alice.id).await.expect("reads").len(), MAX_ROOMS_PER_CONNECTION);
}
