//! Read positions and new messages.

use hubbub_client::{Intent, Seed};
use hubbub_protocol::{MessageId, ReadMark, Refusal, Seq, ServerFrame, Signal, UserEvent, UserId};

use crate::world::{Network, World, lobby};

fn unread(world: &World) -> u32 {
    world.room().unread()
}

fn read(world: &World) -> i64 {
    world.room().read().0
}

/// Returns the unread count of the server.
fn exactly(world: &World) -> u32 {
    world.server.rooms[&lobby()].unread(1)
}

fn with_messages(count: usize) -> World {
    let mut world = World::new();
    for number in 1..=count {
        world.others_say(&number.to_string());
    }
    world.wants(Intent::Open { room: lobby() });
    world.wants(Intent::Start);
    world
}

#[test]
fn counts_messages_of_others_as_unread() {
    let mut world = with_messages(3);
    assert_eq!((unread(&world), read(&world)), (3, 0));
    world.others_say("four");
    world.types("mine");
    world.i_say_elsewhere("mine too");
    world.others_react(MessageId(101), "🙂", true);
    assert_eq!(unread(&world), 4);
    assert_eq!(unread(&world), exactly(&world));
}

#[test]
fn marks_seen_messages_as_read() {
    let mut world = with_messages(3);
    world.others_react(MessageId(101), "🙂", true);
    world.server.delay = 100;
    world.client.take_change_set();
    world.sees(3);
    assert_eq!((unread(&world), read(&world)), (0, 4), "at the end, everything is read");
    assert!(world.client.take_change_set().rooms_list);
    world.pass(100);
    assert_eq!((unread(&world), exactly(&world)), (0, 0));
    world.others_say("four");
    world.pass(100);
    assert_eq!(unread(&world), 1);
    world.sees(2);
    assert_eq!((unread(&world), read(&world)), (1, 4), "it only goes forward");
    assert_eq!(world.commands("read").len(), 1);
}

#[test]
fn sends_one_read_position_at_a_time() {
    let mut world = with_messages(9);
    world.server.delay = 100;
    for seq in 1..=8 {
        world.sees(seq);
        world.pass(10);
    }
    world.pass(1_000);
    assert_eq!(
        world.commands("read"),
        [r#"{"read":{"room":"lobby","seq":1}}"#, r#"{"read":{"room":"lobby","seq":8}}"#]
    );
    assert_eq!((unread(&world), exactly(&world)), (1, 1));
}

#[test]
fn reports_read_positions_twice_a_second() {
    let mut world = with_messages(0);
    for seq in 1..=99 {
        world.others_say(&seq.to_string());
        world.sees(seq);
        world.pass(20);
    }
    assert_eq!(world.commands("read").len(), 4, "in less than two seconds: {:?}", world.commands("read"));
    assert_eq!((unread(&world), read(&world)), (0, 99), "here it shows at once");
    world.pass(500);
    assert_eq!(world.commands("read").last().unwrap(), r#"{"read":{"room":"lobby","seq":99}}"#);
    assert_eq!((unread(&world), exactly(&world)), (0, 0));
    world.pass(60_000);
    assert_eq!(world.commands("read").len(), 5);
    world.others_say("after a while");
    world.sees(100);
    assert_eq!(exactly(&world), 0, "and at once when it is the first for some time");
}

#[test]
fn reports_the_read_position_at_once_when_the_view_changes() {
    for gone in [Intent::Away { room: lobby() }, Intent::Close { room: lobby() }] {
        let mut world = with_messages(2);
        world.sees(1);
        world.sees(2);
        assert_eq!(exactly(&world), 1);
        world.wants(gone);
        assert_eq!(exactly(&world), 0);
    }
}

#[test]
fn sends_mark_as_unread_at_once() {
    let mut world = with_messages(2);
    world.sees(2);
    world.wants(Intent::MarkUnread { room: lobby(), seq: Seq(1) });
    assert_eq!(exactly(&world), 2);
}

#[test]
fn resends_a_read_position_after_reconnecting() {
    let mut world = with_messages(3);
    world.server.delay = 100;
    world.sees(3);
    world.pass(10);
    world.network(Network::Down);
    world.server.rooms.get_mut(&lobby()).unwrap().read = Seq(0);
    world.others_say("four");
    assert_eq!(unread(&world), 0);
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!((unread(&world), read(&world)), (1, 3));
    assert_eq!(unread(&world), exactly(&world));
}

#[test]
fn retries_or_drops_a_refused_read_position() {
    let mut world = with_messages(3);
    world.server.refused_changes.push_back(Refusal::unavailable());
    world.sees(3);
    assert_eq!(unread(&world), 0);
    world.pass(2_000);
    assert_eq!(exactly(&world), 0);
    world.others_say("four");
    world.server.refused_changes.push_back(Refusal::not_yours());
    world.sees(4);
    assert_eq!((unread(&world), read(&world)), (1, 3), "the truth");
    world.pass(60_000);
    assert_eq!(world.commands("read").len(), 3);
}

#[test]
fn follows_read_positions_of_another_device() {
    let mut world = with_messages(3);
    world.server.hold_events = true;
    world.others_say("four");
    world.server.hold_events = false;
    world.server.rooms.get_mut(&lobby()).unwrap().read = Seq(2);
    let state = world.server.read_state(&lobby());
    world.server_tells(ServerFrame::UserEvent(UserEvent::Read(state.clone())));
    assert_eq!((unread(&world), read(&world)), (2, 2), "it was counted with what is on its way");
    world.others_say("five");
    world.pass(2_000);
    assert_eq!((unread(&world), exactly(&world)), (3, 3));
    world.server_tells(ServerFrame::UserEvent(UserEvent::Read(state)));
    assert_eq!(unread(&world), 3, "an old count with what came since");
}

#[test]
fn does_not_count_deleted_messages_as_unread() {
    let mut world = with_messages(3);
    world.others_say("four");
    world.types("mine");
    world.others_delete(MessageId(102));
    assert_eq!((unread(&world), exactly(&world)), (3, 3), "one that the server had counted");
    world.others_delete(MessageId(104));
    assert_eq!((unread(&world), exactly(&world)), (2, 2), "one that was counted here");
    let mine = MessageId(105);
    world.deletes(mine);
    assert_eq!((unread(&world), exactly(&world)), (2, 2), "mine was never counted");
    world.sees(3);
    world.others_delete(MessageId(101));
    assert_eq!((unread(&world), exactly(&world)), (0, 0), "nor what was read");
}

#[test]
fn does_not_count_messages_deleted_while_offline() {
    let mut world = with_messages(3);
    world.network(Network::Down);
    world.others_say("four");
    world.others_say("five");
    world.others_delete(MessageId(104));
    world.others_delete(MessageId(101));
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!((unread(&world), exactly(&world)), (3, 3));
    assert_eq!(world.rows(), ["-", "2", "3", "-", "five"]);
}

#[test]
fn takes_the_count_of_the_server_after_starting_over() {
    let mut world = with_messages(3);
    world.server.most_missed = 2;
    world.network(Network::Down);
    for _ in 0..70 {
        world.others_say("more");
    }
    // More messages arrive while the list is in flight.
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!((unread(&world), exactly(&world)), (73, 73));
}

#[test]
fn requests_a_new_count_after_a_wide_gap() {
    let mut world = with_messages(3);
    assert_eq!(world.commands("rooms").len(), 1);
    world.server.most_missed = 2;
    world.server.hold_events = true;
    for _ in 0..70 {
        world.others_say("held");
    }
    world.server.hold_events = false;
    world.others_say("over a gap");
    world.pass(5_000);
    assert_eq!((unread(&world), exactly(&world)), (74, 74));
    assert_eq!(world.commands("rooms").len(), 2);
}

#[test]
fn keeps_messages_unread_until_the_room_is_opened_again() {
    let mut world = with_messages(5);
    world.sees(5);
    world.types("mine");
    world.server.delay = 100;
    world.wants(Intent::MarkUnread { room: lobby(), seq: Seq(4) });
    assert_eq!((unread(&world), read(&world)), (2, 3), "at once");
    assert_eq!(world.room().divider(), Some(Seq(3)));
    world.others_say("seven");
    world.sees(7);
    world.pass(200);
    world.sees(7);
    world.pass(200);
    assert_eq!((unread(&world), exactly(&world)), (3, 3), "though it is seen");
    assert_eq!(read(&world), 3);
    world.wants(Intent::Close { room: lobby() });
    world.wants(Intent::Open { room: lobby() });
    world.sees(7);
    world.pass(200);
    assert_eq!((unread(&world), exactly(&world)), (0, 0));
}

#[test]
fn sends_mark_as_unread_after_reconnecting() {
    let mut world = with_messages(5);
    world.sees(5);
    world.network(Network::Down);
    world.wants(Intent::MarkUnread { room: lobby(), seq: Seq(2) });
    assert_eq!(unread(&world), 4);
    world.others_say("six");
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!((unread(&world), exactly(&world)), (5, 5));
    assert_eq!(read(&world), 1);
}

#[test]
fn keeps_the_divider_before_the_first_unread_message() {
    let mut world = with_messages(3);
    assert_eq!(world.room().divider(), Some(Seq(0)));
    world.sees(3);
    assert_eq!(world.room().divider(), Some(Seq(0)), "one is still reading");
    world.others_say("four");
    world.sees(4);
    world.wants(Intent::Close { room: lobby() });
    assert_eq!(world.room().divider(), None);
    world.wants(Intent::Open { room: lobby() });
    assert_eq!(world.room().divider(), None, "nothing is new");
    world.others_say("five");
    assert_eq!(world.room().divider(), None, "one saw it come");
    world.wants(Intent::Close { room: lobby() });
    world.wants(Intent::Open { room: lobby() });
    assert_eq!(world.room().divider(), Some(Seq(4)));
}

#[test]
fn places_the_divider_before_messages_to_a_hidden_tab() {
    let mut world = with_messages(3);
    world.sees(3);
    world.client.take_change_set();
    world.wants(Intent::Away { room: lobby() });
    assert_eq!(world.room().divider(), None);
    assert!(world.client.take_change_set().rooms[&lobby()].timeline);
    world.others_say("four");
    world.others_say("five");
    assert_eq!(world.room().divider(), Some(Seq(3)));
    world.sees(5);
    world.others_say("six");
    world.sees(6);
    assert_eq!(world.room().divider(), Some(Seq(3)));
    world.wants(Intent::Away { room: lobby() });
    assert_eq!(world.room().divider(), None);
    world.sees(6);
    world.others_say("seven");
    assert_eq!(world.room().divider(), None, "one is back");
}

#[test]
fn places_the_divider_in_a_seeded_room() {
    let mut world = World::new();
    for text in ["one", "two"] {
        world.others_say(text);
    }
    world.server.rooms.get_mut(&lobby()).unwrap().read = Seq(1);
    let page = world.server.page(&lobby(), None, None, None);
    let mine = world.server.my_room(&lobby());
    world.client.seed_rooms(vec![mine]);
    world.client.seed_room(Seed::of_copy(page, Seq(2)));
    world.wants(Intent::Open { room: lobby() });
    assert_eq!((world.room().divider(), unread(&world)), (Some(Seq(1)), 1));
}

#[test]
fn counts_authors_as_readers_of_earlier_messages() {
    let mut world = World::in_lobby();
    world.types("hi");
    world.server_signals(Signal::Read(ReadMark { user: UserId(2), seq: Seq(1) }));
    world.server_signals(Signal::Read(ReadMark { user: UserId(3), seq: Seq(1) }));
    world.others_say("hello");
    let shown = |user, seq| ReadMark { user: UserId(user), seq: Seq(seq) };
    assert_eq!(world.room().readers(), [shown(2, 2), shown(3, 1)], "above what they wrote no mark remains");
    world.others_say("how are you?");
    assert_eq!(world.room().readers(), [shown(2, 3), shown(3, 1)]);
    world.server_signals(Signal::Read(shown(2, 0)));
    assert_eq!(world.room().readers(), [shown(3, 1)], "who does not share it is not shown");
}
