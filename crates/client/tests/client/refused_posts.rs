//! Refusals of messages.

use hubbub_client::Intent;
use hubbub_protocol::{Field, MessageId, Refusal};

use crate::world::{Network, World, lobby, name_of};

#[test]
fn retries_temporarily_refused_messages_in_order_with_back_off() {
    let mut world = World::in_lobby();
    world.pass(60_000);
    world.network(Network::Down);
    for text in ["one", "two", "three"] {
        world.types(text);
    }
    // Three posts are sent together, then the first alone twice.
    world.server.refuse_posts.extend(vec![Refusal::unavailable(); 5]);
    world.network(Network::Up);
    world.wants(Intent::RetryNow);
    assert_eq!(world.posts_sent(), ["one", "two", "three"]);
    assert_eq!(world.rows(), ["one?", "two?", "three?"]);
    world.pass(999);
    assert_eq!(world.posts_sent().len(), 3);
    world.pass(1);
    assert_eq!(world.posts_sent().len(), 4);
    world.pass(1_999);
    assert_eq!(world.posts_sent().len(), 4);
    world.pass(1);
    assert_eq!(world.posts_sent().len(), 5);
    assert!(world.server.texts().is_empty());
    world.pass(4_000);
    assert_eq!(world.server.texts(), ["one", "two", "three"]);
    assert_eq!(world.posts_sent(), ["one", "two", "three", "one", "one", "one", "two", "three"]);
}

#[test]
fn shows_a_permanently_refused_message_until_retry_or_cancel() {
    let mut world = World::in_lobby();
    world.server.refuse_posts.push_back(Refusal::client_id_taken());
    world.server.refuse_posts.push_back(Refusal::empty(Field::Text));
    let first = world.types("taken");
    let second = world.types("odd");
    world.types("fine");
    assert_eq!(world.rows(), ["fine", "taken!", "odd!"]);
    world.reloads();
    assert_eq!(world.rows(), ["fine", "taken!", "odd!"]);
    world.wants(Intent::Cancel { client_id: second });
    assert_eq!(world.rows(), ["fine", "taken!"]);
    world.wants(Intent::Retry { client_id: first, fresh: name_of(99) });
    assert_eq!(world.rows(), ["fine", "taken"]);
    assert_eq!(world.server.messages(&lobby())[1].client_id, name_of(99));
    assert!(world.storage.is_empty());
}

#[test]
fn fails_messages_to_a_room_that_refuses_the_join() {
    let mut world = World::new();
    world.server.refuse_joins.push_back(Refusal::too_many_rooms(100));
    world.wants(Intent::Open { room: lobby() });
    world.types("hi");
    world.wants(Intent::Start);
    assert_eq!(world.rows(), ["hi!"]);
    world.pass(100_000);
    assert!(world.server.joined.is_empty(), "and one does not insist");
    world.wants(Intent::Open { room: lobby() });
    assert_eq!(world.server.joined, [lobby()]);
}

#[test]
fn joins_again_after_a_not_joined_refusal() {
    let mut world = World::in_lobby();
    world.server.joined.clear();
    world.types("hi");
    assert_eq!(world.rows(), ["hi?"]);
    world.pass(1_000);
    assert_eq!(world.rows(), ["hi"]);
}

#[test]
fn reports_when_a_rate_limited_message_is_sent() {
    let mut world = World::in_lobby();
    world.pass(10_000);
    assert_eq!(world.client.held_back_until(&lobby()), None);
    world.server.refuse_posts.push_back(Refusal::too_fast(2_500));
    world.types("quick");
    assert_eq!(world.client.held_back_until(&lobby()), Some(world.now.plus(2_500)));
    world.pass(2_500);
    assert_eq!(world.rows(), ["quick"]);
    assert_eq!(world.client.held_back_until(&lobby()), None);
    // Unavailable storage is not a rate limit.
    world.server.refuse_posts.push_back(Refusal::unavailable());
    world.types("slow");
    assert_eq!(world.client.held_back_until(&lobby()), None);
}

#[test]
fn reports_when_a_rate_limited_change_is_sent() {
    let mut world = World::in_lobby();
    world.types("hi");
    world.pass(10_000);
    world.server.refused_changes.push_back(Refusal::too_fast(4_000));
    world.reacts(MessageId(101), "🙂", true);
    assert_eq!(world.client.held_back_until(&lobby()), Some(world.now.plus(4_000)));
    world.network(Network::Down);
    assert_eq!(world.client.held_back_until(&lobby()), None, "then it waits for the connection");
}
