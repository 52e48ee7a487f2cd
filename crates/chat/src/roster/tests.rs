use super::*;
use hubbub_protocol::UserName;

fn user(id: i64) -> User {
    User { id: UserId(id), name: UserName::generated(u64::try_from(id).unwrap_or(0)) }
}

fn person(id: i64, presence: Presence) -> Person {
    Person { user: user(id), presence }
}

fn record(id: i64) -> MemberRecord {
    MemberRecord { user: user(id), read: Seq(0), share_reads: true }
}

fn room_of(members: std::ops::RangeInclusive<i64>) -> Roster {
    Roster::new(members.map(record).collect())
}

fn enter(people: &mut Roster, connection: u64, id: i64) {
    people.enter(ConnectionId(connection), UserId(id), Presence::Online);
}

#[test]
fn two_connections_of_one_user_count_once() {
    let mut people = room_of(7..=7);
    enter(&mut people, 1, 7);
    enter(&mut people, 2, 7);
    enter(&mut people, 2, 7);
    assert_eq!((people.count(), people.connections()), (1, 2));
    people.leave(ConnectionId(1), Millis(0));
    people.leave(ConnectionId(1), Millis(0));
    assert_eq!(people.signal(Millis(60_000)).map(|_| people.count()), Some(1), "the second is still there");
    people.leave(ConnectionId(2), Millis(60_000));
    assert!(people.is_empty());
}

#[test]
fn user_goes_offline_after_five_seconds_and_not_by_a_reload() {
    let mut people = room_of(1..=1);
    enter(&mut people, 1, 1);
    people.signal(Millis(0));
    people.leave(ConnectionId(1), Millis(1_000));
    assert_eq!(people.signal_due(), Some(Millis(6_000)));
    assert_eq!(people.signal(Millis(5_999)), None);
    enter(&mut people, 2, 1);
    assert_eq!(people.signal(Millis(6_000)), None, "nobody saw a gap");
    people.leave(ConnectionId(2), Millis(7_000));
    let gone = Signal::People {
        changed: vec![person(1, Presence::Offline)],
        departed: vec![],
        count: 0,
        members: 1,
    };
    assert_eq!(people.signal(Millis(12_000)), Some(gone));
    assert_eq!(people.signal_due(), None);
}

#[test]
fn second_disconnect_restarts_the_grace_period() {
    let mut people = room_of(1..=1);
    enter(&mut people, 1, 1);
    people.leave(ConnectionId(1), Millis(1_000));
    enter(&mut people, 2, 1);
    people.leave(ConnectionId(2), Millis(4_000));
    people.signal(Millis(6_000));
    assert_eq!(people.count(), 1);
    people.signal(Millis(9_000));
    assert_eq!(people.count(), 0);
}

#[test]
fn sends_the_first_change_at_once_and_combines_later_ones() {
    let mut people = room_of(1..=3);
    enter(&mut people, 1, 1);
    let online = |id| person(id, Presence::Online);
    let first = people.signal(Millis(1_000));
    let told = |changed, departed, count, members| Some(Signal::People { changed, departed, count, members });
    assert_eq!(first, told(vec![online(1)], vec![], 1, 3));
    enter(&mut people, 2, 2);
    enter(&mut people, 3, 3);
    people.remove_member(UserId(1));
    assert_eq!(people.signal(Millis(1_050)), None, "not so soon");
    let second = people.signal(people.signal_due().unwrap());
    assert_eq!(second, told(vec![online(2), online(3)], vec![UserId(1)], 2, 2));
    assert_eq!(people.signal_due(), None);
}

#[test]
fn reports_a_member_who_left_between_two_signals() {
    let mut people = room_of(1..=1);
    enter(&mut people, 1, 1);
    people.signal(Millis(0));
    people.add_member(record(2));
    enter(&mut people, 2, 2);
    // A client that enters at this point has user 2 in its list.
    people.remove_member(UserId(2));
    let told = Signal::People { changed: vec![], departed: vec![UserId(2)], count: 1, members: 1 };
    assert_eq!(people.signal(Millis(5_000)), Some(told));
}

#[test]
fn presence_is_that_of_the_most_active_connection() {
    let mut people = room_of(1..=1);
    people.enter(ConnectionId(1), UserId(1), Presence::Away);
    people.enter(ConnectionId(2), UserId(1), Presence::Online);
    assert_eq!(people.list(), [person(1, Presence::Online)]);
    people.show(ConnectionId(2), Presence::Away);
    assert_eq!(people.list(), [person(1, Presence::Away)]);
    people.show(ConnectionId(1), Presence::Offline);
    people.show(ConnectionId(2), Presence::Offline);
    assert_eq!((people.list(), people.count()), (vec![person(1, Presence::Offline)], 0), "invisible");
}

#[test]
fn lists_present_members_first() {
    let mut people = room_of(1..=3);
    enter(&mut people, 1, 3);
    let listed: Vec<i64> = people.list().iter().map(|person| person.user.id.0).collect();
    assert_eq!(listed, [3, 1, 2]);
}

#[test]
fn large_rooms_are_counted_and_not_listed() {
    let many = i64::try_from(MAX_PEOPLE_LISTED).unwrap();
    let mut people = room_of(0..=many);
    for id in 0..=many {
        enter(&mut people, u64::try_from(id).unwrap(), id);
    }
    assert_eq!(people.list().len(), MAX_PEOPLE_LISTED);
    let Some(Signal::People { changed, count, .. }) = people.signal(Millis(0)) else { panic!("no signal") };
    assert_eq!((changed.len(), count), (0, 201));
    assert!(people.is_crowd());
}

#[test]
fn read_positions_are_shared_in_small_rooms_by_consent() {
    let mut people = room_of(1..=50);
    let mark = |id, seq| ReadMark { user: UserId(id), seq: Seq(seq) };
    assert_eq!(people.set_read(UserId(1), Seq(4)), Some(mark(1, 4)));
    assert_eq!(people.set_read(UserId(1), Seq(4)), None, "nothing new");
    assert_eq!(people.set_share_reads(UserId(1), false), Some(mark(1, 0)));
    assert_eq!(people.set_read(UserId(1), Seq(5)), None);
    assert_eq!(people.marks(), []);
    assert_eq!(people.set_share_reads(UserId(1), true), Some(mark(1, 5)));
    assert_eq!(people.marks(), [mark(1, 5)]);
    people.add_member(record(51));
    assert_eq!(people.set_read(UserId(1), Seq(6)), None, "too large a room");
    assert_eq!(people.marks(), []);
}
