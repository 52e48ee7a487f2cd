//! Leaves on this and other devices.

use hubbub_client::{Intent, Phase, RoomState};
use hubbub_protocol::{Refusal, ServerFrame, UserEvent};

use crate::rooms::{garden, in_both, members};
use crate::world::{Network, World, lobby};

#[test]
fn leaves_a_room_permanently() {
    let mut world = in_both();
    world.client.take_change_set();
    world.wants(Intent::Leave { room: garden() });
    assert!(world.client.room(&garden()).is_none());
    let change_set = world.client.take_change_set();
    assert!(change_set.rooms_list && change_set.rooms[&garden()].phase);
    assert!(!world.server.rooms[&garden()].member);
    assert_eq!(world.server.joined, [lobby()]);
    world.network(Network::Down);
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(members(&world), ["lobby"]);
}

#[test]
fn leaves_a_room_after_reconnecting() {
    let mut world = in_both();
    world.network(Network::Down);
    world.types_in("goodbye", &garden());
    world.wants(Intent::Leave { room: garden() });
    assert_eq!(members(&world), ["lobby"], "it shows at once");
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.server.messages(&garden()).len(), 2, "what was said is brought first");
    assert!(!world.server.rooms[&garden()].member);
    assert!(world.client.room(&garden()).is_none());
}

#[test]
fn does_not_repeat_a_leave_whose_reply_was_lost() {
    let mut world = in_both();
    world.server.delay = 1_000;
    world.wants(Intent::Leave { room: garden() });
    world.network(Network::Down);
    world.server.delay = 0;
    world.network(Network::Up);
    world.pass(40_000);
    assert!(world.client.room(&garden()).is_none());
    assert_eq!(world.commands("leave").len(), 1);
    assert_eq!(
        world.server.rooms[&garden()].lines().len(),
        2,
        "one message, one leave, and nobody came back"
    );
}

#[test]
fn leaves_a_room_whose_join_arrived_on_a_lost_connection() {
    for closes_before in [true, false] {
        let mut world = World::in_lobby();
        world.server.delay = 1_000;
        world.wants(Intent::Open { room: garden() });
        world.network(Network::Down);
        assert!(world.server.rooms[&garden()].member, "only the reply was lost");
        if closes_before {
            world.wants(Intent::Close { room: garden() });
        }
        world.wants(Intent::Leave { room: garden() });
        world.server.delay = 0;
        world.network(Network::Up);
        world.pass(40_000);
        assert!(!world.server.rooms[&garden()].member);
        assert!(world.client.room(&garden()).is_none());
        assert_eq!(members(&world), ["lobby"]);
    }
}

#[test]
fn leaves_a_room_before_the_room_list_arrives() {
    let mut world = World::new();
    world.belongs_to(&garden());
    world.server.delay = 100;
    world.wants(Intent::Open { room: garden() });
    world.wants(Intent::Leave { room: garden() });
    world.wants(Intent::Start);
    world.pass(5_000);
    assert!(!world.server.rooms[&garden()].member);
    assert_eq!(members(&world), ["lobby"]);
}

#[test]
fn drops_a_leave_if_the_join_before_it_is_refused() {
    for refusal in [Refusal::unavailable(), Refusal::not_yours()] {
        let mut world = World::in_lobby();
        world.server.delay = 100;
        world.server.refuse_joins.push_back(refusal);
        world.wants(Intent::Open { room: garden() });
        world.wants(Intent::Leave { room: garden() });
        world.pass(40_000);
        assert!(world.client.room(&garden()).is_none());
        assert!(!world.server.rooms.contains_key(&garden()), "no join was repeated");
        assert!(world.commands("leave").is_empty());
    }
}

#[test]
fn drops_a_leave_if_the_unsent_message_before_it_is_cancelled() {
    let mut world = World::in_lobby();
    world.server.delay = 100;
    world.server.refuse_joins.push_back(Refusal::unavailable());
    world.wants(Intent::Open { room: garden() });
    let client_id = world.types_in("never mind", &garden());
    world.wants(Intent::Leave { room: garden() });
    world.pass(150);
    assert!(world.client.room(&garden()).is_some(), "the message is still to be sent");
    world.wants(Intent::Cancel { client_id });
    world.pass(40_000);
    assert!(world.client.room(&garden()).is_none());
    assert!(!world.server.rooms.contains_key(&garden()));
}

#[test]
fn joins_a_left_room_by_opening_it() {
    let mut world = in_both();
    world.server.delay = 100;
    world.wants(Intent::Leave { room: garden() });
    world.wants(Intent::Open { room: garden() });
    world.pass(5_000);
    assert!(world.server.rooms[&garden()].member);
    assert_eq!(world.client.room(&garden()).unwrap().phase(), Phase::Live);
    assert_eq!(members(&world), ["garden", "lobby"]);
}

#[test]
fn joins_a_left_room_opened_during_a_reconnect() {
    for looks_before_it_breaks in [true, false] {
        let mut world = in_both();
        world.server.delay = 12_000;
        world.wants(Intent::Leave { room: garden() });
        if looks_before_it_breaks {
            world.wants(Intent::Open { room: garden() });
        }
        // No answer arrives in time, so the connection is given up; the `hello` of the next one is late too.
        world.wants(Intent::RetryNow);
        world.pass(6_000);
        assert_eq!(world.connects.len(), 2);
        world.wants(Intent::Open { room: garden() });
        world.pass(20_000);
        assert!(world.connects.len() > 2);
        world.server.delay = 0;
        world.pass(40_000);
        assert_eq!(world.client.room(&garden()).unwrap().phase(), Phase::Live);
        assert_eq!(members(&world), ["garden", "lobby"]);
    }
}

#[test]
fn cancels_an_unsent_leave_by_opening_the_room() {
    for network in [Network::Up, Network::Down] {
        let mut world = in_both();
        world.server.delay = 100;
        world.network(network);
        world.types_in("goodbye", &garden());
        world.wants(Intent::Leave { room: garden() });
        assert_eq!(members(&world), ["lobby"]);
        world.wants(Intent::Open { room: garden() });
        assert_eq!(members(&world), ["garden", "lobby"]);
        world.network(Network::Up);
        world.pass(40_000);
        assert!(world.commands("leave").is_empty());
        assert_eq!(members(&world), ["garden", "lobby"]);
    }
}

#[test]
fn reports_a_permanently_refused_leave() {
    let mut world = in_both();
    world.server.refused_changes.push_back(Refusal::unavailable());
    world.wants(Intent::Leave { room: garden() });
    assert_eq!(members(&world), ["lobby"]);
    world.pass(1_000);
    assert!(world.client.room(&garden()).is_none());

    let mut world = in_both();
    world.server.refused_changes.push_back(Refusal::not_yours());
    world.wants(Intent::Leave { room: garden() });
    assert_eq!(world.refused, [Refusal::not_yours()]);
    assert_eq!(members(&world), ["garden", "lobby"]);
}

#[test]
fn follows_joins_and_leaves_of_another_device() {
    let mut world = World::in_lobby();
    world.belongs_to(&garden());
    world.others_say_in("hi", &garden());
    let joined = UserEvent::Joined(world.server.my_room(&garden()));
    world.server_tells(ServerFrame::UserEvent(joined));
    assert_eq!(members(&world), ["garden", "lobby"]);
    assert!(world.server.joined.contains(&garden()));
    assert_eq!(world.client.room(&garden()).unwrap().unread(), 1);

    world.server.rooms.get_mut(&garden()).unwrap().member = false;
    world.server.joined.retain(|name| *name != garden());
    world.server_tells(ServerFrame::UserEvent(UserEvent::Left { room: garden() }));
    assert!(world.client.room(&garden()).is_none());
    assert!(!world.server.joined.contains(&garden()), "nobody goes back in by themselves");
}

#[test]
fn shows_an_open_room_as_left_by_another_device() {
    let mut world = in_both();
    world.wants(Intent::Open { room: garden() });
    world.server.rooms.get_mut(&garden()).unwrap().member = false;
    world.server.joined.retain(|name| *name != garden());
    world.server.delay = 100;
    let client_id = world.types_in("who is there", &garden());
    world.server_says(r#"{"mine":{"left":{"room":"garden"}}}"#);
    assert_eq!(world.client.room(&garden()).unwrap().phase(), Phase::Left);
    assert_eq!(world.rows_of(&garden()), ["the roses are thirsty", "who is there!"]);
    world.pass(30_000);
    world.network(Network::Down);
    world.network(Network::Up);
    world.pass(30_000);
    assert!(!world.server.rooms[&garden()].member);
    assert_eq!(world.client.room(&garden()).unwrap().phase(), Phase::Left);
    world.wants(Intent::Retry { client_id, fresh: client_id });
    world.pass(1_000);
    assert_eq!(world.client.room(&garden()).unwrap().phase(), Phase::Live);
    assert!(world.server.rooms[&garden()].member);
}

#[test]
fn does_not_join_a_room_left_on_another_device_while_offline() {
    for open in [true, false] {
        let mut world = in_both();
        if open {
            world.wants(Intent::Open { room: garden() });
        }
        world.network(Network::Down);
        world.server.rooms.get_mut(&garden()).unwrap().member = false;
        world.types_in("still there?", &garden());
        world.server.delay = 100;
        world.network(Network::Up);
        world.pass(40_000);
        assert!(!world.server.rooms[&garden()].member);
        assert_eq!(world.client.room(&garden()).is_some(), open);
        assert_eq!(world.client.outbox().pending(), 0, "one is asked whether to go there again");
        world.wants(Intent::Open { room: garden() });
        world.pass(1_000);
        assert_eq!(world.client.room(&garden()).unwrap().phase(), Phase::Live);
    }
}

#[test]
fn does_not_join_a_closed_room_left_on_another_device() {
    let mut world = in_both();
    world.network(Network::Down);
    world.wants(Intent::Open { room: garden() });
    world.wants(Intent::Close { room: garden() });
    world.wants(Intent::Open { room: lobby() });
    world.server.rooms.get_mut(&garden()).unwrap().member = false;
    world.server.delay = 100;
    world.network(Network::Up);
    world.pass(40_000);
    assert!(!world.server.rooms[&garden()].member);
    assert_eq!(members(&world), ["lobby"]);
}

#[test]
fn does_not_join_a_room_left_on_another_device_after_the_list() {
    for (open, has_failure) in [(true, false), (false, false), (true, true), (false, true)] {
        let mut world = in_both();
        if open {
            world.wants(Intent::Open { room: garden() });
        }
        world.network(Network::Down);
        world.server.left_after_list = Some(garden());
        if has_failure {
            world.server.refuse_joins.extend([Refusal::unavailable(), Refusal::unavailable()]);
        }
        world.network(Network::Up);
        world.pass(60_000);
        assert!(!world.server.rooms[&garden()].member);
        assert_eq!(world.client.room(&garden()).map(RoomState::phase), open.then_some(Phase::Left));
        assert_eq!(members(&world), ["lobby"]);
        world.wants(Intent::Open { room: garden() });
        world.pass(1_000);
        assert_eq!(world.client.room(&garden()).unwrap().phase(), Phase::Live);
        assert!(world.server.rooms[&garden()].member, "the user opened it");
    }
}

#[test]
fn opening_a_room_during_its_join_makes_the_user_a_member() {
    let mut world = in_both();
    world.network(Network::Down);
    world.server.left_after_list = Some(garden());
    world.server.delay = 100;
    world.network(Network::Up);
    let joins = world.commands("join").len();
    // Two joins follow the list: of the lobby and of the garden.
    for _ in 0..2_000 {
        if world.commands("join").len() < joins + 2 {
            world.pass(10);
        }
    }
    assert_eq!(
        world.commands("join").last().unwrap(),
        r#"{"join":{"room":"garden","cursor":1,"resume":true}}"#
    );
    world.wants(Intent::Open { room: garden() });
    world.pass(2_000);
    assert_eq!(world.client.room(&garden()).unwrap().phase(), Phase::Live);
    assert!(world.server.rooms[&garden()].member);
}

#[test]
fn ignores_a_room_list_older_than_a_leave() {
    let mut world = World::new();
    world.belongs_to(&garden());
    world.server.delay = 100;
    world.wants(Intent::Start);
    world.pass(150);
    // The list is in flight.
    world.server_says(r#"{"mine":{"left":{"room":"garden"}}}"#);
    world.pass(1_000);
    assert_eq!(members(&world), ["lobby"]);
    assert_eq!(world.server.joined, [lobby()]);
}

#[test]
fn corrects_an_outdated_leave_notice_by_the_room_list() {
    let mut world = in_both();
    world.wants(Intent::Open { room: garden() });
    world.server_says(r#"{"mine":{"left":{"room":"garden"}}}"#);
    world.pass(2_000);
    assert_eq!(world.client.room(&garden()).unwrap().phase(), Phase::Live);
    assert_eq!(members(&world), ["garden", "lobby"]);
}
