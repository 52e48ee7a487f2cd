//! Typed events, for clients with an identity.

use serde_json::{Value, json};

use crate::support::{Guest, Peer, Program};

/// Returns the signed token of a guest.
pub(super) async fn token(program: &Program, name: &str) -> String {
    program.token(&json!({"username": name}).to_string()).await
}

/// Creates a room by joining it, and returns its id and the connection.
pub(super) async fn room(program: &Program, name: &str) -> (i64, crate::support::Socket) {
    let mut socket = crate::support::Socket::open(&program.address, None).await;
    let command = hubbub_protocol::Command::Join { room: name.to_owned(), cursor: None, resume: false };
    let answer = socket.is_answered(command).await.unwrap();
    let hubbub_protocol::Answer::Joined(joined) = answer else { panic!("{answer:?}") };
    (joined.room.id.0, socket)
}

/// Joins a chat, and returns the peer, its user id and the other users.
pub(super) async fn joins(program: &Program, chat: i64, name: &str) -> (Peer, i64, Value) {
    let mut peer = Peer::opens(program, &format!("/ws?token={}", token(program, name).await)).await;
    let connected = peer.hears_json().await;
    assert_eq!(connected["type"], "connected", "{connected}");
    assert!(connected["timestamp"].is_string());
    peer.asks(json!({"type": "join_chat", "chat_id": chat})).await;
    let joined = peer.hears_json().await;
    assert_eq!((&joined["type"], &joined["chat_id"]), (&json!("joined_chat"), &json!(chat)), "{joined}");
    (peer, connected["user_id"].as_i64().unwrap(), joined["users"].clone())
}

#[tokio::test]
async fn two_accounts_exchange_messages_typing_reads_and_presence() {
    let program = Program::start().await;
    let (chat, _keeper) = room(&program, "general").await;
    let (mut ivan, ivan_id, _) = joins(&program, chat, "ivan").await;
    let (mut anna, anna_id, users) = joins(&program, chat, "anna").await;
    let is_ivan = |user: &Value| *user == json!({"user_id": ivan_id, "username": "ivan", "status": "online"});
    assert!(users.as_array().unwrap().iter().any(is_ivan), "{users}");
    let came = ivan.hears_json().await;
    assert_eq!(
        (&came["type"], &came["user_id"], &came["status"]),
        (&json!("user_status"), &json!(anna_id), &json!("online"))
    );

    anna.asks(json!({"type": "typing", "chat_id": chat, "is_typing": true})).await;
    let typing = ivan.hears_json().await;
    assert_eq!((&typing["type"], &typing["is_typing"]), (&json!("typing"), &json!(true)), "{typing}");
    anna.asks(json!({"type": "send_message", "chat_id": chat, "content": "Hi"})).await;
    let typing = ivan.hears_json().await;
    assert_eq!((&typing["type"], &typing["is_typing"]), (&json!("typing"), &json!(false)), "{typing}");
    let (own, seen) = (anna.hears_json().await, ivan.hears_json().await);
    for told in [&own, &seen] {
        assert_eq!(told["type"], "new_message", "{told}");
        let message = &told["message"];
        assert_eq!((&message["content"], &message["sender_id"]), (&json!("Hi"), &json!(anna_id)));
        assert_eq!((&message["sender_name"], &message["message_type"]), (&json!("anna"), &json!("text")));
        assert!(message["id"].is_i64() && message["created_at"].is_string() && told["timestamp"].is_string());
    }

    ivan.asks(json!({"type": "read_messages", "chat_id": chat})).await;
    let read = anna.hears_json().await;
    assert_eq!((&read["type"], &read["user_id"]), (&json!("messages_read"), &json!(ivan_id)), "{read}");
    assert_eq!(read["message_id"], own["message"]["id"]);

    ivan.asks(json!({"type": "status", "status": "busy"})).await;
    let status = anna.hears_json().await;
    assert_eq!((&status["type"], &status["status"]), (&json!("user_status"), &json!("busy")), "{status}");
    ivan.asks(json!({"type": "status", "status": "offline"})).await;
    let status = anna.hears_json().await;
    assert_eq!((&status["type"], &status["user_id"]), (&json!("user_offline"), &json!(ivan_id)), "{status}");
    anna.asks(json!({"type": "ping"})).await;
    assert_eq!(anna.hears_json().await["type"], "pong");
}

#[tokio::test]
async fn typing_ends_by_time() {
    let program = Program::start().await;
    let (chat, _keeper) = room(&program, "general").await;
    let (mut ivan, _, _) = joins(&program, chat, "ivan").await;
    let (mut anna, anna_id, _) = joins(&program, chat, "anna").await;
    assert_eq!(ivan.hears_json().await["type"], "user_status");
    anna.asks(json!({"type": "typing", "chat_id": chat, "is_typing": true})).await;
    assert_eq!(ivan.hears_json().await["is_typing"], true);
    let began = std::time::Instant::now();
    let ended = ivan.hears_json().await;
    assert_eq!((&ended["is_typing"], &ended["user_id"]), (&json!(false), &json!(anna_id)));
    assert!(began.elapsed() > std::time::Duration::from_millis(2_500), "{:?}", began.elapsed());
    // The connection was lost without a leave, so others are notified only after the grace period for a reload.
    anna.leaves().await;
    let gone = ivan.hears_json().await;
    assert_eq!((&gone["type"], &gone["user_id"]), (&json!("user_offline"), &json!(anna_id)), "{gone}");
}

#[tokio::test]
async fn requires_a_valid_token() {
    let program = Program::start().await;
    for path in ["/ws", "/ws?token=", "/ws?token=x.y.z"] {
        let (status, body) = Peer::is_refused(&program, path, &[]).await;
        assert_eq!(status, 401, "{path}: {body}");
    }
    // The header of this token is `{"alg":"none"}`, and its subject exists.
    let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiIxIiwic2lkIjoxLCJleHAiOjQxMDI0NDQ4MDB9.";
    assert_eq!(Peer::is_refused(&program, &format!("/ws?token={unsigned}"), &[]).await.0, 401);
    // A session cookie is also an identity.
    let Guest { cookie, .. } = program.guest("ivan").await;
    let mut peer = Peer::try_opens(&program, "/ws", &[("cookie", &cookie)]).await.unwrap();
    assert_eq!(peer.hears_json().await["type"], "connected");
}

#[tokio::test]
async fn refusal_names_the_field_and_keeps_the_connection() {
    let program = Program::start().await;
    let (chat, _keeper) = room(&program, "general").await;
    let (mut ivan, _, _) = joins(&program, chat, "ivan").await;
    let cases = [
        (json!("text"), "not_understood", None),
        (json!({}), "missing", Some("type")),
        (json!({"type": "dance"}), "unknown_command", Some("type")),
        (json!({"type": "join_chat"}), "missing", Some("chat_id")),
        (json!({"type": "join_chat", "chat_id": "general"}), "invalid", Some("chat_id")),
        (json!({"type": "join_chat", "chat_id": 4_711}), "not_found", Some("chat_id")),
        (json!({"type": "join_chat", "chat_id": -1}), "not_found", Some("chat_id")),
        (json!({"type": "send_message", "chat_id": 4_711, "content": "x"}), "not_joined", Some("chat_id")),
        (json!({"type": "send_message", "chat_id": chat}), "missing", Some("content")),
        (json!({"type": "send_message", "chat_id": chat, "content": ""}), "empty", Some("content")),
        (json!({"type": "typing", "chat_id": chat}), "missing", Some("is_typing")),
        (json!({"type": "typing", "chat_id": chat, "is_typing": "yes"}), "invalid", Some("is_typing")),
        (json!({"type": "status", "status": "asleep"}), "invalid", Some("status")),
        (
            json!({"type": "read_messages", "chat_id": chat, "message_id": 99}),
            "not_found",
            Some("message_id"),
        ),
    ];
    for (frame, code, field) in cases {
        ivan.asks(frame.clone()).await;
        let refused = ivan.hears_json().await;
        assert_eq!(
            (&refused["type"], refused["code"].as_str()),
            (&json!("error"), Some(code)),
            "{frame}: {refused}"
        );
        assert_eq!(refused["field"].as_str(), field, "{frame}: {refused}");
        assert!(refused["message"].is_string() && refused["timestamp"].is_string());
    }
    ivan.asks(json!({"type": "leave_chat", "chat_id": 4_711})).await;
    ivan.asks(json!({"type": "ping"})).await;
    assert_eq!(ivan.hears_json().await["type"], "pong", "leaving a chat one is not in does no harm");
}
