//! The protocol of the web form's script.

use serde_json::{Value, json};

use crate::support::{Peer, Program};

fn notice(text: &str) -> Value {
    json!({"text": text, "is_self": false, "system": true})
}

#[tokio::test]
async fn messages_tell_whether_they_are_own() {
    let program = Program::start().await;
    let mut ivan = Peer::opens(&program, "/ws/chat/lobby/u1?username=ivan").await;
    ivan.says("Hi").await;
    let own = ivan.hears_json().await;
    assert_eq!((own["text"].as_str(), own["username"].as_str()), (Some("Hi"), Some("ivan")));
    assert_eq!(own["is_self"], true);
    assert!(own["id"].is_i64() && own["timestamp"].is_string() && own.get("system").is_none(), "{own}");

    let mut anna = Peer::opens(&program, "/ws/chat/lobby/u2?username=%D0%90%D0%BD%D0%BD%D0%B0").await;
    assert_eq!(ivan.hears_json().await, notice("Анна joined the chat"));
    anna.says("Hello").await;
    assert_eq!(anna.hears_json().await["is_self"], true);
    assert_eq!(ivan.hears_json().await["is_self"], false);

    // A second window with the same user id is the same user.
    let mut window = Peer::opens(&program, "/ws/chat/lobby/u1?username=somebody").await;
    window.says("From the other window").await;
    for peer in [&mut ivan, &mut window] {
        let own = peer.hears_json().await;
        assert_eq!((own["is_self"].as_bool(), own["username"].as_str()), (Some(true), Some("ivan")), "{own}");
    }
    assert_eq!(anna.hears_json().await["is_self"], false);
    window.leaves().await;
    ivan.says("Still here").await;
    assert_eq!(anna.hears_json().await["text"], "Still here", "nobody has left");
    ivan.leaves().await;
    assert_eq!(anna.hears_json().await, notice("ivan left the chat"));

    anna.says("  ").await;
    let refused = anna.hears_json().await;
    assert_eq!(refused["error"]["code"], "empty");
    assert!(refused["error"]["message"].is_string());
    anna.says("I am still here").await;
    assert_eq!(anna.hears_json().await["text"], "I am still here");
}

#[tokio::test]
async fn generates_or_numbers_names() {
    let program = Program::start().await;
    let mut named = Vec::new();
    for path in
        ["/ws/chat/1/a?username=ivan", "/ws/chat/1/b?username=ivan", "/ws/chat/1/c", "/ws/chat/1/d?username="]
    {
        let mut peer = Peer::opens(&program, path).await;
        peer.says("Who am I?").await;
        let name = loop {
            let heard = peer.hears_json().await;
            if heard["is_self"] == true {
                break heard["username"].as_str().unwrap().to_owned();
            }
        };
        named.push((name, peer));
    }
    let names: Vec<&str> = named.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names[..2], ["ivan", "ivan2"]);
    assert!(names[2..].iter().all(|name| name.starts_with("user_")), "{names:?}");
}

#[tokio::test]
async fn invalid_address_is_refused_before_the_upgrade() {
    let program = Program::start().await;
    for (path, field) in [
        ("/ws/chat/a%20b/u1", "room"),
        ("/ws/chat/lobby/u%201", "id"),
        (&*format!("/ws/chat/lobby/{}", "x".repeat(65)), "id"),
        ("/ws/chat/lobby/u1?username=system", "name"),
        ("/ws/chat/lobby/u1?username=a%0Ab", "name"),
    ] {
        let (status, body) = Peer::is_refused(&program, path, &[]).await;
        assert_eq!((status, body["field"].as_str()), (400, Some(field)), "{path}: {body}");
    }
    let foreign = [("origin", "https://evil.example")];
    assert_eq!(Peer::is_refused(&program, "/ws/chat/lobby/u1", &foreign).await.0, 403);
}
