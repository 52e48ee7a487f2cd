//! JSON actions on the root address.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Peer, Program};

/// Joins a room under a name, and returns the peer and the answer.
async fn joined(program: &Program, room: &str, name: &str) -> (Peer, Value) {
    let mut peer = Peer::opens(program, "/").await;
    peer.asks(json!({"action": "join", "room": room, "user": name})).await;
    let joined = peer.hears_json().await;
    assert_eq!(joined["action"], "joined", "{joined}");
    (peer, joined)
}

#[tokio::test]
async fn two_users_join_talk_and_leave() {
    let program = Program::start().await;
    let (mut ivan, joined_as) = joined(&program, "general", "ivan").await;
    assert_eq!(joined_as["room"], "general");
    assert_eq!(joined_as["user"], "ivan");
    assert_eq!(joined_as["users"], json!(["ivan"]));
    assert_eq!(joined_as["history"], json!([]));

    let (mut anna, joined_as) = joined(&program, "general", "anna").await;
    assert_eq!(joined_as["users"], json!(["ivan", "anna"]));
    assert_eq!(ivan.hears_json().await, json!({"action": "user_joined", "room": "general", "user": "anna"}));

    let client_id = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    ivan.asks(json!({"action": "message", "room": "general", "text": "Hi", "client_id": client_id})).await;
    let own = ivan.hears_json().await;
    let seen = anna.hears_json().await;
    for message in [&own, &seen] {
        assert_eq!(message["action"], "message", "{message}");
        assert_eq!(message["room"], "general");
        assert_eq!(message["user"], "ivan");
        assert_eq!(message["text"], "Hi");
        assert!(message["id"].is_i64() && message["seq"].is_i64(), "{message}");
        assert_eq!(message["timestamp"].as_str().map(str::len), Some(24));
    }
    assert_eq!(own["client_id"], client_id);
    assert!(seen.get("client_id").is_none(), "it is the sender's own: {seen}");

    // A message that is sent again is the same message, and only the sender receives it.
    ivan.asks(json!({"action": "message", "room": "general", "text": "Hi", "client_id": client_id})).await;
    assert_eq!(ivan.hears_json().await, own);

    anna.asks(json!({"action": "typing", "room": "general"})).await;
    assert_eq!(ivan.hears_json().await, json!({"action": "typing", "room": "general", "user": "anna"}));
    anna.asks(json!({"action": "users", "room": "general"})).await;
    assert_eq!(
        anna.hears_json().await,
        json!({"action": "users", "room": "general", "users": ["ivan", "anna"]})
    );

    anna.asks(json!({"action": "leave", "room": "general"})).await;
    assert_eq!(anna.hears_json().await, json!({"action": "left", "room": "general"}));
    assert_eq!(ivan.hears_json().await, json!({"action": "user_left", "room": "general", "user": "anna"}));
    anna.asks(json!({"action": "leave", "room": "general"})).await;
    assert_eq!(anna.hears_json().await, json!({"action": "left", "room": "general"}), "it does no harm");
    anna.asks(json!({"action": "message", "room": "general", "text": "Am I here?"})).await;
    assert_eq!(anna.hears_json().await["code"], "not_joined");

    // A transient guest leaves when the connection ends, and the others are notified once.
    let (petr, _) = joined(&program, "general", "petr").await;
    assert_eq!(ivan.hears_json().await["action"], "user_joined");
    petr.leaves().await;
    assert_eq!(ivan.hears_json().await, json!({"action": "user_left", "room": "general", "user": "petr"}));
    ivan.asks(json!({"action": "users", "room": "general"})).await;
    assert_eq!(ivan.hears_json().await, json!({"action": "users", "room": "general", "users": ["ivan"]}));
}

#[tokio::test]
async fn history_is_sent_on_join_and_paged_by_id() {
    let program = Program::start().await;
    let (mut ivan, _) = joined(&program, "general", "ivan").await;
    for number in 1..=7 {
        ivan.asks(json!({"action": "message", "room": "general", "text": number.to_string()})).await;
        assert_eq!(ivan.hears_json().await["text"], number.to_string());
        // Notices are between the messages and do not count as messages.
        let (anna, _) = joined(&program, "general", "anna").await;
        assert_eq!(ivan.hears_json().await["action"], "user_joined");
        anna.leaves().await;
        assert_eq!(ivan.hears_json().await["action"], "user_left");
    }
    let mut anna = Peer::opens(&program, "/").await;
    anna.asks(json!({"action": "join", "room": "general", "history": 3})).await;
    let joined = anna.hears_json().await;
    let texts = |messages: &Value| -> Vec<String> {
        let messages = messages.as_array().unwrap().iter();
        messages.map(|message| message["text"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(texts(&joined["history"]), ["5", "6", "7"]);
    assert!(joined["user"].as_str().unwrap().starts_with("user_"), "the name was not wished for");

    let oldest = &joined["history"][0]["id"];
    anna.asks(json!({"action": "history", "room": "general", "before": oldest, "limit": 2})).await;
    let history = anna.hears_json().await;
    assert_eq!(history["action"], "history");
    assert_eq!(texts(&history["messages"]), ["3", "4"]);
    assert_eq!(history["messages"][0]["room"], "general");
    assert!(history["messages"][0].get("action").is_none());

    anna.asks(json!({"action": "history", "room": "general"})).await;
    assert_eq!(texts(&anna.hears_json().await["messages"]).len(), 7);
    anna.asks(json!({"action": "history", "room": "general", "before": 123_456})).await;
    let refused = anna.hears_json().await;
    assert_eq!((refused["code"].as_str(), refused["field"].as_str()), (Some("not_found"), Some("before")));

    // Joining again repeats the answer, and does not duplicate messages.
    anna.asks(json!({"action": "join", "room": "general", "history": 1})).await;
    let again = anna.hears_json().await;
    assert_eq!(again["action"], "joined");
    assert_eq!(texts(&again["history"]), ["7"]);
    ivan.asks(json!({"action": "message", "room": "general", "text": "8"})).await;
    assert_eq!(anna.hears_json().await["text"], "8");
    assert_eq!(ivan.hears_json().await["action"], "user_joined");
    assert_eq!(ivan.hears_json().await["text"], "8");
}

#[tokio::test]
async fn refusal_names_the_field_and_keeps_the_connection() {
    let program = Program::start().await;
    let (mut ivan, _) = joined(&program, "general", "ivan").await;
    let long = "x".repeat(4_001);
    let cases = [
        ("{", "not_understood", None),
        ("[]", "not_understood", None),
        ("7", "not_understood", None),
        ("{\"action\":7}", "invalid", Some("action")),
        ("{}", "missing", Some("action")),
        ("{\"action\":\"dance\"}", "unknown_command", Some("action")),
        ("{\"action\":\"join\"}", "missing", Some("room")),
        ("{\"action\":\"join\",\"room\":5}", "invalid", Some("room")),
        ("{\"action\":\"join\",\"room\":\"\"}", "empty", Some("room")),
        ("{\"action\":\"join\",\"room\":\"a b\"}", "invalid", Some("room")),
        ("{\"action\":\"join\",\"room\":\"a\",\"user\":\"a :: b\"}", "invalid", Some("user")),
        ("{\"action\":\"join\",\"room\":\"a\",\"user\":\"system\"}", "invalid", Some("user")),
        ("{\"action\":\"join\",\"room\":\"a\",\"history\":201}", "too_long", Some("history")),
        ("{\"action\":\"join\",\"room\":\"a\",\"history\":-1}", "invalid", Some("history")),
        ("{\"action\":\"join\",\"room\":\"a\",\"history\":\"1\"}", "invalid", Some("history")),
        ("{\"action\":\"message\",\"room\":\"general\"}", "missing", Some("text")),
        ("{\"action\":\"message\",\"room\":\"general\",\"text\":\" \"}", "empty", Some("text")),
        ("{\"action\":\"message\",\"room\":\"nowhere\",\"text\":\"x\"}", "not_joined", Some("room")),
        (
            "{\"action\":\"message\",\"room\":\"general\",\"text\":\"x\",\"client_id\":\"x\"}",
            "invalid",
            Some("client_id"),
        ),
        ("{\"action\":\"history\",\"room\":\"general\",\"limit\":0}", "invalid", Some("limit")),
        ("{\"action\":\"typing\",\"room\":\"nowhere\"}", "not_joined", Some("room")),
        ("{\"action\":\"users\",\"room\":\"nowhere\"}", "not_joined", Some("room")),
        (
            &json!({"action": "message", "room": "general", "text": long}).to_string(),
            "too_long",
            Some("text"),
        ),
    ]
    .map(|(frame, code, field)| (frame.to_owned(), code, field));
    for (frame, code, field) in cases {
        ivan.says(&frame).await;
        let refused = ivan.hears_json().await;
        assert_eq!(refused["action"], "error", "{frame}: {refused}");
        assert_eq!(refused["code"], code, "{frame}: {refused}");
        assert_eq!(refused["field"].as_str(), field, "{frame}: {refused}");
        assert!(refused["message"].is_string(), "{frame}: {refused}");
    }
    ivan.sends(Message::binary(vec![1, 2, 3])).await;
    assert_eq!(ivan.hears_json().await["code"], "not_understood");
    ivan.asks(json!({"action": "message", "room": "general", "text": "still here"})).await;
    assert_eq!(ivan.hears_json().await["text"], "still here");
}

#[tokio::test]
async fn numbers_a_name_of_a_present_user() {
    let program = Program::start().await;
    let (_first, _) = joined(&program, "general", "ivan").await;
    let (mut second, joined_as) = joined(&program, "general", "Ivan").await;
    assert_eq!(joined_as["user"], "Ivan2");
    // A guest in a room keeps the name that other members know.
    second.asks(json!({"action": "join", "room": "lobby", "user": "petr"})).await;
    assert_eq!(second.hears_json().await["user"], "Ivan2");
}

#[tokio::test]
async fn only_pages_of_this_origin_open_the_socket() {
    let program = Program::start().await;
    let (status, body) = Peer::is_refused(&program, "/", &[("origin", "http://evil.example")]).await;
    assert_eq!((status, body["code"].as_str()), (403, Some("wrong_origin")));
    let own = format!("http://{}", program.address);
    drop(Peer::try_opens(&program, "/", &[("origin", &own)]).await.unwrap());
    let page = crate::support::program::http().get(program.url("/")).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
}

#[tokio::test]
async fn accepts_all_frames_sent_at_once() {
    let program = Program::start().await;
    let mut ivan = Peer::opens(&program, "/").await;
    ivan.asks(json!({"action": "join", "room": "general"})).await;
    ivan.asks(json!({"action": "message", "room": "general", "text": "Hi"})).await;
    ivan.asks(json!({"action": "leave", "room": "general"})).await;
    assert_eq!(ivan.hears_json().await["action"], "joined");
    assert_eq!(ivan.hears_json().await["action"], "message");
    assert_eq!(ivan.hears_json().await["action"], "left");
}
