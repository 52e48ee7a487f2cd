//! Requests that concern no single room: public rooms, former texts and the user's status.

use hubbub_client::{Effect, Intent};
use hubbub_protocol::{RoomName, Status};

use crate::world::{Network, World, lobby};

#[test]
fn lists_public_rooms_page_by_page() {
    let mut world = World::in_lobby();
    for name in ["a1", "a2", "a3", "a4", "b1"] {
        world.server.rooms.entry(RoomName::parse(name).unwrap()).or_default();
    }
    let names = |world: &World| -> Vec<String> {
        let found = world.client.browsed().unwrap();
        found
            .rooms
            .iter()
            .map(|room| format!("{}{}", room.room.name, if room.joined { "!" } else { "" }))
            .collect()
    };
    world.wants(Intent::Browse { query: "a".to_owned(), after: None });
    assert_eq!(names(&world), ["a1", "a2", "a3"]);
    let after = Some(RoomName::parse("a3").unwrap());
    world.wants(Intent::Browse { query: "a".to_owned(), after });
    assert_eq!(names(&world), ["a1", "a2", "a3", "a4"]);
    assert!(!world.client.browsed().unwrap().more);
    // Only the last request counts, also without a network.
    world.server.delay = 100;
    world.wants(Intent::Browse { query: "b".to_owned(), after: None });
    world.wants(Intent::Browse { query: "lob".to_owned(), after: None });
    world.pass(50);
    world.network(Network::Down);
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(names(&world), ["lobby!"]);
    world.wants(Intent::Browse { query: "b".to_owned(), after: None });
    world.pass(100);
    world.wants(Intent::Open { room: RoomName::parse("b1").unwrap() });
    world.pass(200);
    assert_eq!(names(&world), ["b1!", "lobby!"]);
}

#[test]
fn follows_appearance_changes_of_this_and_other_devices() {
    let mut world = World::in_lobby();
    world.server.delay = 100;
    world.wants(Intent::Appear { status: Some(Status::Busy), share_reads: None });
    world.wants(Intent::Appear { status: None, share_reads: Some(false) });
    world.wants(Intent::Appear { status: Some(Status::Away), share_reads: None });
    let look = world.client.appearance();
    assert_eq!((look.status, look.share_reads), (Status::Away, false));
    world.pass(100);
    let look = world.client.appearance();
    assert_eq!((look.status, look.share_reads), (Status::Away, false), "no flicker");
    world.pass(100);
    assert_eq!(world.commands("appear").len(), 2);
    assert_eq!(world.server.appearance, world.client.appearance());
    world.server_says(r#"{"mine":{"appearance":{"status":"invisible","share_reads":true}}}"#);
    assert_eq!(world.client.appearance().status, Status::Invisible);
    world.network(Network::Down);
    world.wants(Intent::Appear { status: Some(Status::Online), share_reads: None });
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(
        (world.server.appearance.status, world.client.appearance().status),
        (Status::Online, Status::Online)
    );
}

#[test]
fn loads_former_texts_on_request() {
    let mut world = World::in_lobby();
    world.types("hi");
    let message_id = world.server.messages(&lobby())[0].id;
    world.wants(Intent::Edits { room: lobby(), message_id });
    assert_eq!(world.client.edits().unwrap().versions.len(), 1);
    world.server.delay = 100;
    world.wants(Intent::Edits { room: lobby(), message_id });
    assert!(world.client.edits().is_none());
    world.network(Network::Down);
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.client.edits().unwrap().message_id, message_id);
    assert!(!world.client.take_effects().iter().any(|effect| matches!(effect, Effect::Refused { .. })));
}
