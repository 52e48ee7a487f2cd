//! Sending of messages.

use hubbub_client::{Client, Effect, Entry, Intent, Kept, MAX_ENTRIES, RowKey, Seed};
use hubbub_protocol::{
    Command, Event, Field, MAX_ROOMS_PER_CONNECTION, MessageId, Page, Refusal, RoomEvent, RoomName, Seq,
    ServerFrame, UserId,
};

use crate::check::check;
use crate::world::{Network, World, lobby, message, name_of, user};

#[test]
fn one_says_something_and_others_answer() {
    let mut world = World::in_lobby();
    world.types("hi");
    world.others_say("hello");
    world.others_say("how are you");
    world.types("fine");
    assert_eq!(world.rows(), ["hi", "hello", "how are you", "fine"]);
    assert!(world.storage.is_empty());
}

#[test]
fn what_is_typed_offline_is_sent_once_when_one_is_back() {
    let mut world = World::in_lobby();
    world.network(Network::Down);
    world.types("one");
    world.pass(60_000);
    world.types("two");
    assert_eq!(world.rows(), ["one?", "two?"]);
    assert_eq!(world.storage.len(), 2);
    assert!(world.client.link().is_offline());
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.rows(), ["one", "two"]);
    assert_eq!(world.server.texts(), ["one", "two"]);
    assert_eq!(world.posts_sent(), ["one", "two"]);
    assert!(world.storage.is_empty());
}

#[test]
fn a_row_goes_from_pending_to_sent_to_saved_without_moving_or_vanishing() {
    let mut world = World::in_lobby();
    world.server.delay = 100;
    world.server.hold_events = true;
    let client_id = world.types("hi");
    let key = vec![RowKey::Mine(client_id)];
    assert_eq!((world.rows(), world.keys()), (vec!["hi?".to_owned()], key.clone()));
    world.pass(100);
    assert_eq!((world.rows(), world.keys()), (vec!["hi+".to_owned()], key.clone()));
    assert!(world.storage.is_empty(), "what is stored need not be kept");
    world.types("more");
    assert_eq!(world.rows(), ["hi+", "more?"]);
    let mine = world.server.messages(&lobby())[0].clone();
    let event = ServerFrame::Event(RoomEvent { room: lobby(), what: Event::Posted(mine) });
    world.server_says(&event.encode());
    assert_eq!(world.rows(), ["hi", "more?"]);
    assert_eq!(world.keys()[0], key[0]);
}

#[test]
fn the_event_may_be_faster_than_the_answer() {
    let mut world = World::in_lobby();
    world.server.delay = 100;
    let client_id = world.types("hi");
    let event = Event::Posted(message(1, 1, "alice", client_id, "hi"));
    world.server_says(&ServerFrame::Event(RoomEvent { room: lobby(), what: event }).encode());
    assert_eq!(world.rows(), ["hi"]);
    assert!(world.storage.is_empty());
    world.pass(100);
    assert_eq!(world.rows(), ["hi"]);
}

#[test]
fn a_message_that_comes_back_over_a_gap_stays_to_be_seen() {
    let mut world = World::in_lobby();
    world.server.delay = 100;
    let client_id = world.types("hi");
    let event = Event::Posted(message(5, 1, "alice", client_id, "hi"));
    world.server_says(&ServerFrame::Event(RoomEvent { room: lobby(), what: event }).encode());
    assert_eq!(world.rows(), ["hi?"]);
    assert_eq!(world.storage.len(), 1);
}

#[test]
fn a_copied_client_id_takes_nobodys_place() {
    let mut world = World::in_lobby();
    world.server.delay = 100;
    let client_id = world.types("mine");
    let event = Event::Posted(message(1, 2, "bob", client_id, "forged"));
    world.server_says(&ServerFrame::Event(RoomEvent { room: lobby(), what: event }).encode());
    assert_eq!(world.rows(), ["forged", "mine?"]);
    assert_eq!(world.storage.len(), 1);
}

#[test]
fn a_reload_in_mid_send_neither_loses_nor_doubles() {
    let mut world = World::in_lobby();
    world.server.delay = 1_000;
    world.pass(1_000);
    world.types("stored, but nobody knows");
    world.pass(500);
    world.reloads();
    assert_eq!(world.rows(), ["stored, but nobody knows?"]);
    world.pass(5_000);
    assert_eq!(world.rows(), ["stored, but nobody knows"]);
    assert_eq!(world.server.texts().len(), 1);
    assert!(world.storage.is_empty());
}

#[test]
fn a_reload_offline_keeps_the_order() {
    let mut world = World::in_lobby();
    world.network(Network::Down);
    for text in ["one", "two", "three"] {
        world.types(text);
    }
    world.reloads();
    world.types("four");
    assert_eq!(world.rows(), ["one?", "two?", "three?", "four?"]);
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.server.texts(), ["one", "two", "three", "four"]);
}

#[test]
fn a_message_to_a_room_that_is_not_open_is_brought_all_the_same() {
    let garden = RoomName::parse("garden").unwrap();
    let mut world = World::in_lobby();
    world.network(Network::Down);
    world.wants(Intent::Open { room: garden.clone() });
    world.types_in("water the roses", &garden);
    world.wants(Intent::Close { room: garden.clone() });
    assert_eq!(world.rows_of(&garden), ["water the roses?"]);
    world.reloads();
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.server.messages(&garden).len(), 1);
    assert!(world.client.room(&garden).unwrap().is_member(), "whoever speaks in a room is a member");
}

#[test]
fn messages_to_more_rooms_than_one_may_be_in_are_brought_or_have_failed() {
    let mut world = World::in_lobby();
    world.network(Network::Down);
    let rooms: Vec<RoomName> = (0..150).map(|n| RoomName::parse(&format!("room{n}")).unwrap()).collect();
    for room in &rooms {
        world.types_in("hi", room);
    }
    world.server.delay = 10;
    world.network(Network::Up);
    world.pass(60_000);
    let brought = rooms.iter().filter(|room| world.server.messages(room).len() == 1).count();
    assert_eq!(brought, MAX_ROOMS_PER_CONNECTION - 1, "one is in the lobby too");
    assert_eq!(world.client.outbox().pending(), 0);
    assert_eq!(world.client.outbox().len(), rooms.len() - brought);
}

#[test]
fn nobody_sees_or_sends_what_another_user_of_the_browser_wrote() {
    let mut world = World::in_lobby();
    world.types("alice's, stored");
    world.network(Network::Down);
    world.types("alice wrote this");
    world.edits(MessageId(101), "alice's, edited");
    world.server.me = 9;
    world.network(Network::Up);
    world.pass(40_000);
    assert_eq!(world.rows(), ["alice's, stored"], "also in a tab that stays open");
    world.reloads();
    assert_eq!(world.rows(), ["alice's, stored"]);
    assert_eq!(world.storage.len(), 2, "it waits for her");
    world.server.me = 1;
    world.reloads();
    world.pass(40_000);
    assert_eq!(world.rows(), ["alice's, edited", "alice wrote this"]);
    assert!(world.storage.is_empty());
}

#[test]
fn a_big_outbox_drains_in_windows_and_in_order() {
    let mut world = World::in_lobby();
    world.network(Network::Down);
    let texts: Vec<String> = (0..MAX_ENTRIES).map(|number| number.to_string()).collect();
    for text in &texts {
        assert!(world.client.can_post());
        world.types(text);
    }
    assert!(!world.client.can_post());
    world.types("one too many");
    assert_eq!(world.client.outbox().len(), MAX_ENTRIES);
    world.server.delay = 10;
    world.network(Network::Up);
    world.pass(60_000);
    assert_eq!(world.server.texts(), texts);
    assert_eq!(world.posts_sent().len(), MAX_ENTRIES);
    assert!(world.client.can_post());
}

#[test]
fn a_slow_server_is_waited_for() {
    let mut world = World::in_lobby();
    world.server.delay = 8_000;
    world.types("hi");
    world.types("there");
    world.pass(8_000);
    assert_eq!(world.rows(), ["hi", "there"]);
    assert_eq!(world.connects.len(), 1);
    assert_eq!(world.posts_sent(), ["hi", "there"]);
}

#[test]
fn an_answer_that_never_comes_is_asked_for_on_a_new_connection() {
    let mut world = World::in_lobby();
    world.types("before");
    // The server is alive but has lost this request.
    world.server.delay = 10_000_000;
    world.types("forgotten");
    world.server.delay = 0;
    for _ in 0..7 {
        world.server_says(
            r#"{"signal":{"room":"elsewhere","what":{"people":{"changed":[],"departed":[],"count":0,"members":0}}}}"#,
        );
        world.pass(8_900);
    }
    assert_eq!(world.connects.len(), 2);
    assert_eq!(world.rows(), ["before", "forgotten"]);
    assert_eq!(world.server.texts(), ["before", "forgotten"]);
}

#[test]
fn refused_for_now_goes_out_again_in_order_and_more_and_more_patiently() {
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
fn refused_for_good_stays_visible_until_one_decides() {
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
fn what_is_on_its_way_cannot_be_cancelled_and_what_waits_can() {
    let mut world = World::in_lobby();
    world.server.delay = 100;
    let client_id = world.types("gone");
    world.wants(Intent::Cancel { client_id });
    assert_eq!(world.rows(), ["gone?"]);
    world.pass(100);
    world.network(Network::Down);
    let client_id = world.types("waits");
    assert!(world.client.outbox().can_cancel(client_id));
    world.wants(Intent::Cancel { client_id });
    assert_eq!(world.rows(), ["gone"]);
    assert!(world.storage.is_empty());
}

#[test]
fn a_room_that_lets_nobody_in_says_so_and_fails_what_was_meant_for_it() {
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
fn a_server_that_forgot_that_one_joined_is_told_again() {
    let mut world = World::in_lobby();
    world.server.joined.clear();
    world.types("hi");
    assert_eq!(world.rows(), ["hi?"]);
    world.pass(1_000);
    assert_eq!(world.rows(), ["hi"]);
}

#[test]
fn an_entry_that_is_on_the_rendered_page_is_done() {
    let mut client = Client::new(1);
    let mine = message(1, 1, "alice", name_of(1), "hi");
    let entry = Entry {
        client_id: name_of(1),
        author: None,
        room: lobby(),
        text: mine.text.clone().unwrap(),
        reply_to: None,
        at: mine.at,
        order: 3,
        failed: None,
    };
    client.restore_outbox(vec![Kept::Message(entry)]);
    let events = vec![Event::Posted(mine)];
    let page = Page { room: lobby(), events, older: false, newer: false };
    client.seed_room(Seed::of_copy(page, Seq(1)));
    client.seed_me(user(1, "alice"));
    assert!(client.outbox().is_empty());
    assert_eq!(client.take_effects(), [Effect::Forget(name_of(1))]);
    check(&client);
}

#[test]
fn a_name_is_given_once() {
    let mut world = World::in_lobby();
    let client_id = world.types("hi");
    let text = hubbub_protocol::MessageText::parse("again").unwrap();
    let at = hubbub_protocol::Timestamp::from_millis(0);
    world.wants(Intent::Post { room: lobby(), client_id, text, at, reply_to: None });
    assert_eq!(world.rows(), ["hi"]);
    assert!(world.sent.iter().filter(|frame| matches!(frame.command, Command::Post { .. })).count() == 1);
}

fn written(number: u32, author: Option<i64>, order: u64) -> Entry {
    Entry {
        client_id: name_of(number),
        author: author.map(UserId),
        room: lobby(),
        text: hubbub_protocol::MessageText::parse("from another tab").unwrap(),
        reply_to: None,
        at: hubbub_protocol::Timestamp::from_millis(0),
        order,
        failed: None,
    }
}

#[test]
fn what_a_closed_tab_has_left_is_sent_by_the_one_that_is_open() {
    let mut world = World::in_lobby();
    world.network(Network::Down);
    world.types("mine");
    let left = [written(200, None, 5), written(201, Some(1), 4)];
    world.left_elsewhere = left.map(Kept::Message).to_vec();
    world.network(Network::Up);
    world.pass(10_000);
    let mine = world.server.messages(&lobby()).into_iter().filter(|message| message.author.id == UserId(1));
    assert_eq!(
        mine.map(|message| message.client_id).take(2).collect::<Vec<_>>(),
        [name_of(201), name_of(200)]
    );
    assert_eq!(world.rows(), ["from another tab", "from another tab", "mine"], "they were written before");
    assert!(world.storage.is_empty());
}

#[test]
fn what_this_tab_has_sent_or_cancelled_and_what_is_not_its_own_it_does_not_take_in() {
    let mut world = World::in_lobby();
    let sent = world.types("sent");
    world.network(Network::Down);
    let cancelled = world.types("cancelled");
    world.wants(Intent::Cancel { client_id: cancelled });
    let waiting = world.types("waiting");
    let again = |client_id| Entry { client_id, ..written(0, Some(1), 9) };
    let failed = Entry { failed: Some(Refusal::unavailable()), ..written(202, Some(1), 9) };
    let others = written(203, Some(2), 9);
    let now = world.now;
    let kept = [again(sent), again(cancelled), again(waiting), failed, others];
    world.client.take_in(kept.map(Kept::Message).to_vec(), now);
    assert_eq!(world.rows(), ["sent", "waiting?"]);
    assert_eq!(world.client.outbox().len(), 1);
}

#[test]
fn a_message_that_was_too_fast_says_that_it_waits_and_until_when() {
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
fn a_change_that_was_too_fast_says_so_as_long_as_it_waits() {
    let mut world = World::in_lobby();
    world.types("hi");
    world.pass(10_000);
    world.server.refuse_deeds.push_back(Refusal::too_fast(4_000));
    world.reacts(MessageId(101), "🙂", true);
    assert_eq!(world.client.held_back_until(&lobby()), Some(world.now.plus(4_000)));
    world.network(Network::Down);
    assert_eq!(world.client.held_back_until(&lobby()), None, "then it waits for the connection");
}
