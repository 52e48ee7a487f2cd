//! Posting, editing and deleting messages, and the events that clients receive.

use futures_util::future::join_all;
use hubbub_protocol::Event;
use serde_json::{Value, json};

use crate::support::Program;

const CLIENT_ID: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";

#[tokio::test]
async fn clients_in_the_room_see_rest_changes_at_once() {
    let program = Program::start().await;
    let mut alice = program.guest("alice").await.connects().await;
    alice.joins("general", None).await;

    let bot = program.bot("robot").await;
    let room = bot.joins("general").await;
    let is_robot =
        |event| matches!(event, Event::Joined(moved) if moved.user.name.as_str() == "robot").then_some(());
    alice.hears_event(is_robot).await;

    let said = bot.posts(room, "frist").await;
    let seen = alice.sees().await;
    assert_eq!((Some(seen.id.0), Some(seen.seq.0)), (said["id"].as_i64(), said["seq"].as_i64()));
    assert_eq!((seen.author.name.as_str(), seen.text.unwrap().as_str()), ("robot", "frist"));

    let message = format!("/messages/{}", said["id"]);
    let edited = bot.patch(&message, json!({"text": "first"})).await.is(200);
    assert_eq!((&edited["text"], &edited["deleted"]), (&json!("first"), &json!(false)));
    assert!(edited["edited_at"].is_string());
    let heard =
        alice.hears_event(|event| if let Event::Edited(edited) = event { edited.text } else { None }).await;
    assert_eq!(heard.as_str(), "first");

    let thumb = format!("{message}/reactions/%F0%9F%91%8D");
    for _ in 0..2 {
        assert!(bot.puts(&thumb).await.is(204).is_null(), "asking again changes nothing");
    }
    let heard = alice
        .hears_event(|event| if let Event::Reacted(reacted) = event { Some(reacted) } else { None })
        .await;
    assert_eq!((heard.emoji.as_str(), heard.on), ("👍", true));
    let now = bot.get(&message).await.is(200);
    assert_eq!(now["reactions"][0]["users"][0]["name"], "robot");
    assert_eq!(now["changed"], heard.seq.0);
    bot.deletes(&thumb).await.is(204);
    let heard = alice
        .hears_event(|event| if let Event::Reacted(reacted) = event { Some(reacted) } else { None })
        .await;
    assert!(!heard.on);

    let versions = bot.get(&format!("{message}/edits")).await.is(200);
    assert_eq!(versions["versions"][0]["text"], "frist");
    for _ in 0..2 {
        bot.deletes(&message).await.is(204);
    }
    alice.hears_event(|event| matches!(event, Event::Deleted(_)).then_some(())).await;
    let gone = bot.get(&message).await.is(200);
    assert_eq!((&gone["text"], &gone["deleted"]), (&Value::Null, &json!(true)));
    bot.patch(&message, json!({"text": "back"})).await.refuses(404, "not_found", "message_id");
}

#[tokio::test]
async fn posting_is_idempotent_by_client_id() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("general").await;
    let path = format!("/rooms/{room}/messages");
    let say = |text: &str| json!({"text": text, "client_id": CLIENT_ID});

    let first = bot.post(&path, say("once")).await;
    assert_eq!(first.header("location"), format!("/api/v1/messages/{}", first.body["id"]));
    let first = first.is(201);
    assert_eq!(first["client_id"], CLIENT_ID);
    assert_eq!(bot.post(&path, say("once")).await.is(200), first);
    bot.post(&path, say("twice")).await.refuses(409, "client_id_taken", "client_id");
    let elsewhere = bot.joins("elsewhere").await;
    let there = format!("/rooms/{elsewhere}/messages");
    bot.post(&there, say("once")).await.refuses(409, "client_id_taken", "client_id");
    // A `client_id` belongs to its author.
    let other = program.bot("other").await;
    other.joins("general").await;
    other.post(&path, say("once")).await.is(201);
    // Without a `client_id`, each post is a new message.
    assert_ne!(bot.posts(room, "again").await["id"], bot.posts(room, "again").await["id"]);
}

#[tokio::test]
async fn stores_one_of_concurrent_posts_with_one_client_id() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("general").await;
    let path = format!("/rooms/{room}/messages");
    let say = json!({"text": "once", "client_id": CLIENT_ID});
    let replies = join_all((0..20).map(|_| bot.post(&path, say.clone()))).await;
    let ids: std::collections::BTreeSet<_> = replies.iter().map(|reply| reply.body["id"].as_i64()).collect();
    assert_eq!(ids.len(), 1, "{replies:?}");
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
    let page = bot.get(&path).await.is(200);
    assert_eq!(page["messages"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn reply_has_a_quote_and_refusal_names_the_text() {
    let program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("general").await;
    let path = format!("/rooms/{room}/messages");
    let question = bot.posts(room, "Tea?").await;
    let answer = bot.post(&path, json!({"text": "Yes", "reply_to": question["id"]})).await.is(201);
    assert_eq!(answer["reply_to"]["text"], "Tea?");
    bot.post(&path, json!({"text": "Yes", "reply_to": 999})).await.refuses(404, "not_found", "reply_to");

    bot.post(&path, json!({"text": " "})).await.refuses(422, "empty", "text");
    let long = bot.post(&path, json!({"text": "x".repeat(4_001)})).await.refuses(422, "too_long", "text");
    assert_eq!(long["limit"], 4_000);
    let emoji = format!("/messages/{}/reactions/word", question["id"]);
    bot.puts(&emoji).await.refuses(422, "invalid", "emoji");
}
