//! Authentication by the token of the connect packet.

use serde_json::{Value, json};

use super::{Io, SOCKET};
use crate::support::{Peer, Program};

#[tokio::test]
async fn token_authenticates_and_invalid_token_is_refused() {
    let program = Program::start().await;
    let token = crate::wires::typed::token(&program, "ivan").await;
    let (_, connected) = Io::opens_with(&program, json!({"token": token})).await;
    assert_eq!(connected["username"], "ivan");
    let foreign = [("origin", "https://evil.example")];
    assert_eq!(Peer::is_refused(&program, SOCKET, &foreign).await.0, 403);
    for none in [json!({}), Value::Null, json!({"token": null}), json!({"other": 1})] {
        let (_, connected) = Io::opens_with(&program, none).await;
        assert!(connected["username"].as_str().unwrap().starts_with("user_"), "{connected}");
    }
}

#[tokio::test]
async fn invalid_token_is_never_treated_as_missing() {
    let program = Program::start().await;
    let token = crate::wires::typed::token(&program, "ivan").await;
    let wrong = [
        json!({"token": "x.y.z"}),
        json!({"token": ""}),
        json!({"token": 123}),
        json!({"token": true}),
        json!({"token": {"token": token}}),
        json!({"token": [token]}),
        json!("x"),
        json!([]),
        json!(7),
        json!(true),
    ];
    let mut stranger = Io::connects(&program, json!({"token": "x.y.z"})).await;
    stranger.packet().await;
    for auth in wrong {
        stranger.peer.says(&format!("40{auth}")).await;
        let refused = stranger.packet().await;
        let refused = refused.strip_prefix("44").unwrap_or_else(|| panic!("{auth}: {refused}"));
        let refused: Value = serde_json::from_str(refused).unwrap();
        assert!(refused["message"].is_string(), "{refused}");
        assert_eq!(refused["data"]["field"], "token", "{auth}: {refused}");
    }
    // With the right token, the peer is accepted over the same connection.
    stranger.peer.says(&format!("40{}", json!({"token": token}))).await;
    assert!(stranger.packet().await.starts_with("40{"));
    assert_eq!(stranger.hears().await.1["username"], "ivan");
}
