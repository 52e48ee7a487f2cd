//! Sending of messages.

use hubbub_client::{Client, Effect, Entry, Intent, Kept, MAX_ENTRIES, RowKey, Seed};
use hubbub_protocol::{
    Command, Event, MAX_ROOMS_PER_CONNECTION, MessageId, Page, Refusal, RoomName, Seq, ServerFrame, UserId,
};

use crate::check::check;
use crate::world::{Network, World, lobby, message, name_of, user};

#[test]
fn posts_a_message_and_shows_the_messages_of_others() {
    let mut world = World::in_lobby();
    world.types("hi");
    world.others_say("hello");
    world.others_say("how are you");
    world.types("fine");
    assert_eq!(world.rows(), ["hi", "hello", "how are you", "fine"]);
    assert!(world.storage.is_empty());
}

#[test]
fn sends_messages_typed_offline_once_after_reconnecting() {
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
fn keeps_the_row_from_pending_to_sent_to_saved() {
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
    let event = ServerFrame::Event { room: lobby(), what: Event::Posted(mine) };
    world.server_says(&event.encode());
    assert_eq!(world.rows(), ["hi", "more?"]);
    assert_eq!(world.keys()[0], key[0]);
}

#[test]
fn accepts_the_event_before_the_reply() {
    let mut world = World::in_lobby();
    world.server.delay = 100;
    let client_id = world.types("hi");
    let event = Event::Posted(message(1, 1, "alice", client_id, "hi"));
    world.server_says(&ServerFrame::Event { room: lobby(), what: event }.encode());
    assert_eq!(world.rows(), ["hi"]);
    assert!(world.storage.is_empty());
    world.pass(100);
    assert_eq!(world.rows(), ["hi"]);
}

#[test]
fn keeps_the_row_of_a_message_that_arrives_after_a_gap() {
    let mut world = World::in_lobby();
    world.server.delay = 100;
    let client_id = world.types("hi");
    let event = Event::Posted(message(5, 1, "alice", client_id, "hi"));
    world.server_says(&ServerFrame::Event { room: lobby(), what: event }.encode());
    assert_eq!(world.rows(), ["hi?"]);
    assert_eq!(world.storage.len(), 1);
}

#[test]
fn ignores_a_client_id_that_another_user_copied() {
    let mut world = World::in_lobby();
    world.server.delay = 100;
    let client_id = world.types("mine");
    let event = Event::Posted(message(1, 2, "bob", client_id, "forged"));
    world.server_says(&ServerFrame::Event { room: lobby(), what: event }.encode());
    assert_eq!(world.rows(), ["forged", "mine?"]);
    assert_eq!(world.storage.len(), 1);
}

#[test]
fn sends_each_message_once_across_a_reload() {
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
fn keeps_the_order_across_an_offline_reload() {
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
fn sends_a_message_to_a_room_that_is_not_open() {
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
fn sends_or_fails_messages_to_rooms_over_the_limit() {
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
fn neither_shows_nor_sends_messages_of_another_user() {
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
fn sends_a_large_outbox_in_order_within_the_request_limit() {
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
fn waits_for_a_slow_server() {
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
fn reconnects_after_a_reply_times_out() {
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
fn cancels_waiting_messages_only() {
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
fn removes_a_message_that_is_on_the_rendered_page() {
    let mut client = Client::new(1);
    let mine = message(1, 1, "alice", name_of(1), "hi");
    let entry = Entry {
        client_id: name_of(1),
        author: None,
        room: lobby(),
        text: mine.text.clone().unwrap(),
        files: Vec::new(),
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
fn ignores_a_client_id_in_use() {
    let mut world = World::in_lobby();
    let client_id = world.types("hi");
    let text = hubbub_protocol::MessageText::parse("again").unwrap();
    let at = hubbub_protocol::Timestamp::from_millis(0);
    world.wants(Intent::Post { room: lobby(), client_id, text, at, reply_to: None, files: Vec::new() });
    assert_eq!(world.rows(), ["hi"]);
    assert!(world.sent.iter().filter(|frame| matches!(frame.command, Command::Post { .. })).count() == 1);
}

fn written(number: u32, author: Option<i64>, order: u64) -> Entry {
    Entry {
        client_id: name_of(number),
        author: author.map(UserId),
        room: lobby(),
        text: hubbub_protocol::MessageText::parse("from another tab").unwrap(),
        files: Vec::new(),
        reply_to: None,
        at: hubbub_protocol::Timestamp::from_millis(0),
        order,
        failed: None,
    }
}

#[test]
fn sends_messages_that_a_closed_tab_left() {
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
fn sends_in_order_after_waiting_for_older_records() {
    let mut world = World::in_lobby();
    let at = world.clock();
    world.client.hold_outbox(at);
    world.types("newer");
    world.pass(10_000);
    assert_eq!(world.rows(), ["newer?"]);
    assert_eq!(world.posts_sent(), [""; 0]);
    let failed = Entry { failed: Some(Refusal::unavailable()), ..written(202, Some(1), 4) };
    world.reads([written(200, Some(1), 3), failed].map(Kept::Message).to_vec());
    assert_eq!(world.posts_sent(), ["from another tab", "newer"]);
    assert_eq!(world.rows(), ["from another tab", "newer", "from another tab!"]);
}

#[test]
fn does_not_take_in_removed_records_or_those_of_other_users() {
    let mut world = World::in_lobby();
    let sent = world.types("sent");
    world.network(Network::Down);
    let cancelled = world.types("cancelled");
    world.wants(Intent::Cancel { client_id: cancelled });
    let waiting = world.types("waiting");
    let again = |client_id| Entry { client_id, ..written(0, Some(1), 9) };
    let others = written(203, Some(2), 9);
    let now = world.now;
    let kept = [again(sent), again(cancelled), again(waiting), others];
    world.client.take_in(kept.map(Kept::Message).to_vec(), now);
    assert_eq!(world.rows(), ["sent", "waiting?"]);
    assert_eq!(world.client.outbox().len(), 1);
}

#[test]
fn takes_in_failed_messages_and_sends_them_only_on_request() {
    let mut world = World::in_lobby();
    let failed = Entry { failed: Some(Refusal::unavailable()), ..written(202, Some(1), 9) };
    world.takes_in(vec![Kept::Message(failed)]);
    world.pass(10_000);
    assert_eq!(world.rows(), ["from another tab!"]);
    assert_eq!(world.posts_sent(), [""; 0]);
}

#[test]
fn hides_and_keeps_messages_that_another_tab_took_over() {
    let mut world = World::in_lobby();
    world.network(Network::Down);
    let taken = world.types("taken over");
    world.types("mine");
    let taken = world.loses(&[taken]);
    assert_eq!(world.rows(), ["mine?"]);
    world.network(Network::Up);
    world.pass(10_000);
    assert_eq!(world.posts_sent(), ["mine"]);
    // The other tab is closed before it has sent the message.
    world.takes_in(taken);
    world.pass(10_000);
    assert_eq!(world.posts_sent(), ["mine", "taken over"]);
    assert!(world.storage.is_empty());
}
