//! Opening a room at its unread messages.

use hubbub_client::{Intent, Seed};
use hubbub_protocol::{RoomName, Seq};

use crate::world::{Network, World, lobby, user};

fn garden() -> RoomName {
    RoomName::parse("garden").unwrap()
}

/// Alice is in the lobby. She has read 30 messages in the garden, and `unread` more have arrived.
fn behind(unread: usize) -> World {
    let mut world = World::in_lobby();
    world.belongs_to(&garden());
    for number in 1..=30 {
        world.others_say_in(&format!("read {number}"), &garden());
    }
    world.server.rooms.get_mut(&garden()).unwrap().read = Seq(30);
    world.reloads();
    for number in 1..=unread {
        world.others_say_in(&format!("new {number}"), &garden());
    }
    world
}

fn enters(world: &mut World) {
    world.wants(Intent::Close { room: lobby() });
    world.wants(Intent::OpenAtUnread { room: garden() });
}

fn shown(world: &World) -> (String, String) {
    let rows = world.rows_of(&garden());
    (rows.first().unwrap().clone(), rows.last().unwrap().clone())
}

#[test]
fn loads_many_unread_messages_from_the_first() {
    let mut world = behind(120);
    assert_eq!(world.client.room(&garden()).unwrap().unread(), 120);
    enters(&mut world);
    let room = world.client.room(&garden()).unwrap();
    assert_eq!((room.opens_at(), room.divider(), room.unread()), (Some(Seq(30)), Some(Seq(30)), 120));
    assert!(room.timeline.has_newer() && room.timeline.has_older());
    assert_eq!(shown(&world), ("read 6".to_owned(), "new 25".to_owned()));
}

#[test]
fn marks_only_shown_messages_as_read() {
    let mut world = behind(120);
    enters(&mut world);
    world.wants(Intent::Seen { room: garden(), seq: Seq(40) });
    world.pass(1_000);
    assert_eq!(world.client.room(&garden()).unwrap().unread(), 110);
    assert_eq!(world.server.rooms[&garden()].read, Seq(40));
    world.wants(Intent::ToEnd { room: garden() });
    assert_eq!(shown(&world).1, "new 120");
    world.wants(Intent::Seen { room: garden(), seq: Seq(150) });
    assert_eq!(world.client.room(&garden()).unwrap().unread(), 0);
}

#[test]
fn loads_no_other_page_for_few_unread_messages() {
    let mut world = behind(3);
    world.wants(Intent::Open { room: garden() });
    world.wants(Intent::Close { room: garden() });
    let before = world.commands("history").len();
    enters(&mut world);
    assert_eq!(world.client.room(&garden()).unwrap().opens_at(), Some(Seq(30)));
    assert_eq!(world.commands("history").len(), before);
    assert_eq!(shown(&world).1, "new 3");
}

#[test]
fn opens_a_room_without_unread_messages_at_its_end() {
    let mut world = behind(0);
    enters(&mut world);
    let room = world.client.room(&garden()).unwrap();
    assert_eq!((room.opens_at(), room.divider(), room.timeline.has_newer()), (None, None, false));
    assert_eq!(shown(&world).1, "read 30");
}

#[test]
fn waits_for_the_read_position_before_placing_the_divider() {
    let mut world = behind(120);
    world.closes();
    world.client.restore_outbox(Vec::new());
    world.client.handle(Intent::OpenAtUnread { room: garden() }, world.now);
    world.opens_in_the_background();
    world.server.delay = 100;
    world.wants(Intent::Start);
    world.wants(Intent::Seen { room: garden(), seq: Seq(150) });
    world.pass(150);
    world.wants(Intent::Seen { room: garden(), seq: Seq(150) });
    world.server.delay = 0;
    world.pass(5_000);
    let room = world.client.room(&garden()).unwrap();
    assert_eq!((room.opens_at(), room.unread()), (Some(Seq(30)), 120));
    assert_eq!(world.server.rooms[&garden()].read, Seq(30));
    assert_eq!(shown(&world).0, "read 6");
}

#[test]
fn keeps_a_rendered_page_around_the_unread_messages() {
    let mut world = behind(120);
    let page = world.server.page(&garden(), None, None, Some(Seq(31)));
    let mine = world.server.my_room(&garden());
    world.closes();
    world.client.seed_me(user(1, "alice"));
    world.client.seed_rooms(vec![mine]);
    world.client.seed_room(Seed::of_copy(page, Seq(150)));
    world.client.handle(Intent::OpenAtUnread { room: garden() }, world.now);
    assert_eq!(world.client.room(&garden()).unwrap().opens_at(), Some(Seq(30)));
    assert_eq!(shown(&world), ("read 6".to_owned(), "new 25".to_owned()));
    let before = world.commands("history").len();
    world.opens_in_the_background();
    world.wants(Intent::Start);
    world.pass(5_000);
    assert_eq!(world.commands("history").len(), before);
    assert_eq!(shown(&world).1, "new 25");
}

#[test]
fn loads_the_unread_page_after_connecting() {
    let mut world = behind(120);
    world.network(Network::Down);
    enters(&mut world);
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(shown(&world).0, "read 6");
    assert_eq!(world.client.room(&garden()).unwrap().unread(), 120);
}

#[test]
fn marks_nothing_as_read_before_the_read_position_is_known() {
    let mut world = behind(120);
    let page = world.server.page(&garden(), None, None, None);
    world.closes();
    world.client.seed_me(user(1, "alice"));
    world.client.seed_room(Seed::of_copy(page, Seq(150)));
    world.client.handle(Intent::OpenAtUnread { room: garden() }, world.now);
    world.opens_in_the_background();
    // The view rests at the end of the loaded rows and reports it.
    world.wants(Intent::Seen { room: garden(), seq: Seq(150) });
    world.wants(Intent::Start);
    world.pass(5_000);
    assert_eq!(world.server.rooms[&garden()].read, Seq(30));
    assert_eq!(world.client.room(&garden()).unwrap().opens_at(), Some(Seq(30)));
    assert_eq!(shown(&world).0, "read 6");
}
