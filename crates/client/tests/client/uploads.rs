//! Messages with files.

use hubbub_client::{Entry, Intent, MAX_UPLOAD_WAIT_MILLIS};
use hubbub_protocol::{Field, Refusal};

use crate::world::{Network, World, lobby};

/// Returns the texts of the posts that the tab sent, with the number of their files.
fn posts(world: &World) -> Vec<String> {
    let files = |command: &str| command.matches(r#""files":["#).count();
    world
        .commands("post")
        .iter()
        .zip(world.posts_sent())
        .map(|(json, text)| format!("{text}{}", files(json)))
        .collect()
}

#[test]
fn posts_a_message_when_all_its_files_are_uploaded() {
    let mut world = World::in_lobby();
    world.sends_files(&["a.png", "b.png"], "look");
    assert_eq!(world.rows(), ["look[a.png 0][b.png 0]?"]);
    world.uploads("a.png", 40);
    assert_eq!(world.rows(), ["look[a.png 40][b.png 0]?"]);
    world.finishes("b.png");
    assert_eq!(world.rows(), ["look[a.png 40][b.png]?"]);
    assert!(world.posts_sent().is_empty());
    world.finishes("a.png");
    assert_eq!(world.rows(), ["look[a.png][b.png]"]);
    assert_eq!(world.commands("post").len(), 1);
    assert!(world.commands("post")[0].contains(r#""files":[2,1]"#), "in the order of the message");
    assert!(world.storage.is_empty() && world.contents.is_empty());
}

#[test]
fn posts_files_without_a_text() {
    let mut world = World::in_lobby();
    world.sends_files(&["a.png"], "");
    world.finishes("a.png");
    assert_eq!(world.rows(), ["[a.png]"]);
}

#[test]
fn runs_two_uploads_at_a_time() {
    let mut world = World::in_lobby();
    world.sends_files(&["a.png", "b.png", "c.png"], "");
    world.sends_files(&["d.png"], "");
    assert_eq!(world.uploading(), ["a.png", "b.png"]);
    world.finishes("b.png");
    assert_eq!(world.uploading(), ["a.png", "c.png"]);
    world.finishes("a.png");
    assert_eq!(world.uploading(), ["c.png", "d.png"]);
}

#[test]
fn keeps_the_order_of_messages_for_a_short_time() {
    let mut world = World::in_lobby();
    world.sends_files(&["a.png"], "first");
    world.types("second");
    world.pass(MAX_UPLOAD_WAIT_MILLIS - 1);
    assert!(world.posts_sent().is_empty());
    world.finishes("a.png");
    assert_eq!(world.posts_sent(), ["first", "second"]);
    assert_eq!(world.rows(), ["first[a.png]", "second"]);
}

#[test]
fn messages_overtake_a_long_upload() {
    let mut world = World::in_lobby();
    world.sends_files(&["long.mp4"], "first");
    world.types("second");
    world.pass(MAX_UPLOAD_WAIT_MILLIS);
    assert_eq!(world.posts_sent(), ["second"]);
    world.types("third");
    assert_eq!(world.posts_sent(), ["second", "third"], "the others do not wait again");
    world.sends_files(&["b.png"], "fourth");
    world.types("fifth");
    world.finishes("b.png");
    assert_eq!(world.posts_sent(), ["second", "third", "fourth", "fifth"]);
    world.finishes("long.mp4");
    assert_eq!(world.rows(), ["second", "third", "fourth[b.png]", "fifth", "first[long.mp4]"]);
}

#[test]
fn waiting_time_does_not_run_without_a_connection() {
    let mut world = World::in_lobby();
    world.sends_files(&["a.png"], "first");
    world.types("second");
    world.network(Network::Down);
    world.pass(10 * MAX_UPLOAD_WAIT_MILLIS);
    world.network(Network::Up);
    world.wants(Intent::RetryNow);
    assert_eq!(world.uploading(), ["a.png"]);
    world.pass(MAX_UPLOAD_WAIT_MILLIS - 1);
    assert!(world.posts_sent().is_empty());
    world.pass(1);
    assert_eq!(world.posts_sent(), ["second"]);
}

#[test]
fn rooms_do_not_wait_for_each_other() {
    let mut world = World::in_lobby();
    let tea = hubbub_protocol::RoomName::parse("tea").unwrap();
    world.wants(Intent::Open { room: tea.clone() });
    world.sends_files(&["a.png"], "first");
    world.types_in("second", &tea);
    assert_eq!(world.posts_sent(), ["second"]);
}

#[test]
fn lost_connection_pauses_uploads_and_its_return_resumes_them() {
    let mut world = World::in_lobby();
    world.sends_files(&["a.png"], "look");
    world.uploads("a.png", 60);
    world.network(Network::Down);
    assert_eq!((world.rows(), world.uploading()), (vec!["look[a.png -]?".to_owned()], vec![]));
    world.uploads("a.png", 70);
    assert_eq!(world.rows(), ["look[a.png -]?"], "a late report does not count");
    world.network(Network::Up);
    world.pass(5_000);
    assert_eq!(world.uploading(), ["a.png"]);
    world.finishes("a.png");
    assert_eq!(world.rows(), ["look[a.png]"]);
}

#[test]
fn files_written_offline_survive_a_reload() {
    let mut world = World::in_lobby();
    world.network(Network::Down);
    world.sends_files(&["a.png", "b.png"], "look");
    world.types("and");
    world.reloads();
    assert_eq!(world.rows(), ["look[a.png -][b.png -]?", "and?"]);
    world.network(Network::Up);
    world.wants(Intent::RetryNow);
    world.finishes("a.png");
    world.reloads();
    assert_eq!(world.rows(), ["look[a.png][b.png 0]?", "and?"], "the first is not uploaded again");
    assert_eq!(world.uploading(), ["b.png"]);
    world.finishes("b.png");
    assert_eq!(world.rows(), ["look[a.png][b.png]", "and"]);
    assert!(world.storage.is_empty() && world.contents.is_empty());
}

#[test]
fn interrupted_upload_is_repeated_later() {
    let mut world = World::in_lobby();
    world.sends_files(&["a.png", "b.png"], "look");
    world.server_refuses_file("a.png", Refusal::unavailable());
    assert_eq!(world.rows(), ["look[a.png -][b.png 0]?"]);
    world.server_refuses_file("b.png", Refusal::unavailable());
    assert!(world.uploading().is_empty());
    world.pass(1_000);
    assert_eq!(world.uploading(), ["a.png"], "one is tried alone");
    world.uploads("a.png", 10);
    world.uploads("a.png", 20);
    assert_eq!(world.uploading(), ["a.png", "b.png"]);
}

#[test]
fn refused_file_fails_its_message_until_it_is_removed() {
    let mut world = World::in_lobby();
    world.sends_files(&["big.mp4", "a.png"], "look");
    world.types("next");
    world.server_refuses_file("big.mp4", Refusal::too_large(Field::File, 9));
    assert_eq!(world.rows(), ["next", "look[big.mp4 !][a.png -]!"], "it holds nothing back");
    assert!(world.uploading().is_empty());
    world.cancels_file("big.mp4");
    assert_eq!(world.uploading(), ["a.png"]);
    world.finishes("a.png");
    assert_eq!(world.rows(), ["next", "look[a.png]"]);
    assert!(world.contents.is_empty());
}

#[test]
fn refused_files_can_be_retried() {
    let mut world = World::in_lobby();
    let client_id = world.sends_files(&["a.png", "b.png"], "");
    for name in ["a.png", "b.png"] {
        world.server_refuses_file(name, Refusal::too_large(Field::File, 9));
        world.retries_file(name);
        assert_eq!(world.rows(), ["[a.png 0][b.png 0]?"]);
    }
    world.server_refuses_file("a.png", Refusal::too_large(Field::File, 9));
    let fresh = hubbub_protocol::ClientId::from_random_bytes([7; 16]);
    world.wants(Intent::Retry { client_id, fresh });
    assert_eq!(world.rows(), ["[a.png 0][b.png 0]?"]);
    world.finishes("a.png");
    world.finishes("b.png");
    assert_eq!(world.rows(), ["[a.png][b.png]"]);
}

#[test]
fn files_that_the_server_lost_are_uploaded_again() {
    let mut world = World::in_lobby();
    let client_id = world.sends_files(&["a.png"], "look");
    for _ in 0..2 {
        world.server.refuse_posts.push_back(Refusal::not_found(Field::Files));
    }
    world.finishes("a.png");
    assert_eq!((world.rows(), world.uploading()), (vec!["look[a.png 0]?".to_owned()], vec!["a.png"]));
    world.finishes("a.png");
    assert_eq!(world.rows(), ["look[a.png]!"], "it happens by itself once");
    let fresh = hubbub_protocol::ClientId::from_random_bytes([7; 16]);
    world.wants(Intent::Retry { client_id, fresh });
    assert_eq!(world.uploading(), ["a.png"]);
    world.finishes("a.png");
    assert_eq!(world.rows(), ["look[a.png]"]);
}

#[test]
fn a_lost_connection_does_not_let_others_wait_again() {
    let mut world = World::in_lobby();
    world.sends_files(&["long.mp4"], "first");
    world.pass(MAX_UPLOAD_WAIT_MILLIS);
    world.network(Network::Down);
    world.types("second");
    world.network(Network::Up);
    world.wants(Intent::RetryNow);
    assert_eq!(world.posts_sent(), ["second"]);
}

#[test]
fn a_file_that_is_always_refused_does_not_keep_the_others() {
    let mut world = World::in_lobby();
    world.sends_files(&["a.png", "b.png"], "look");
    world.server_refuses_file("a.png", Refusal::unavailable());
    world.finishes("b.png");
    world.sends_files(&["c.png"], "");
    for _ in 0..3 {
        world.pass(60_000);
        if world.uploading() == ["a.png"] {
            world.server_refuses_file("a.png", Refusal::unavailable());
        } else {
            break;
        }
    }
    assert_eq!(world.uploading()[0], "c.png");
}

#[test]
fn cancelled_files_and_messages_leave_nothing() {
    let mut world = World::in_lobby();
    let client_id = world.sends_files(&["a.png", "b.png"], "look");
    world.sends_files(&["c.png"], "");
    world.cancels_file("b.png");
    assert_eq!(world.rows(), ["look[a.png 0]?", "[c.png 0]?"]);
    world.cancels_file("c.png");
    assert_eq!(world.rows(), ["look[a.png 0]?"], "nothing was left of the second message");
    world.wants(Intent::Cancel { client_id });
    assert!(world.rows().is_empty() && world.uploading().is_empty());
    assert!(world.storage.is_empty() && world.contents.is_empty());
}

#[test]
fn message_that_lost_all_its_files_is_posted_as_text() {
    let mut world = World::in_lobby();
    world.sends_files(&["a.png"], "look");
    world.cancels_file("a.png");
    assert_eq!(posts(&world), ["look0"]);
}

#[test]
fn another_tab_takes_the_uploads_over() {
    let mut world = World::in_lobby();
    let client_id = world.sends_files(&["a.png"], "look");
    let taken = world.loses(&[client_id]);
    assert!(world.rows().is_empty() && world.uploading().is_empty());
    assert_eq!(world.contents.len(), 1, "the other tab needs it");
    world.takes_in(taken);
    assert_eq!((world.rows(), world.uploading()), (vec!["look[a.png 0]?".to_owned()], vec!["a.png"]));
}

#[test]
fn reads_entries_of_versions_without_files() {
    let json = r#"{"client_id":"00000000-0000-4000-8000-000000000001","room":"lobby","text":"hi","at":"2026-11-20T10:00:00.000Z","order":7}"#;
    let entry: Entry = serde_json::from_str(json).unwrap();
    assert!(entry.files.is_empty() && entry.is_complete());
    assert_eq!(serde_json::to_string(&entry).unwrap(), json, "and they can read entries without files");
    let file = r#"{"upload_id":"00000000-0000-4000-8000-000000000002","name":"a.png","size":5}"#;
    let with_file = json.replace(r#""order""#, &format!(r#""files":[{file}],"order""#));
    let entry: Entry = serde_json::from_str(&with_file).unwrap();
    assert!(!entry.is_complete() && entry.room == lobby());
}
