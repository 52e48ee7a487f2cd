//! Files in frames: by Socket.IO over both transports, and by JSON actions, to all others.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::Io;
use super::polling::Poller;
use crate::support::files::content;
use crate::support::program::http;
use crate::support::{Peer, Program};

const CLIENT_ID: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";
/// Bytes of a file that no frame of 64 KiB contains.
const LARGE: usize = 300_000;

/// Loads a file by the address that a client has received.
async fn load(file: &Value) -> Vec<u8> {
    let response = http().get(file["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{file}");
    response.bytes().await.unwrap().to_vec()
}

/// Joins a room on JSON actions.
async fn joins(program: &Program, name: &str) -> Peer {
    let mut peer = Peer::opens(program, "/").await;
    peer.asks(json!({"action": "join", "room": "general", "user": name})).await;
    assert_eq!(peer.hears_json().await["action"], "joined");
    peer
}

async fn hears_action(peer: &mut Peer, action: &str) -> Value {
    loop {
        let heard = peer.hears_json().await;
        if heard["action"] == action {
            return heard;
        }
    }
}

#[tokio::test]
async fn a_binary_attachment_reaches_every_protocol() {
    let program = Program::start().await;
    let mut anna = joins(&program, "anna").await;
    let mut petr = Peer::opens(&program, "/chat/general").await;
    petr.hears().await;
    let (mut ivan, _) = Io::opens(&program).await;
    ivan.joins("general", "ivan").await;

    let bytes = content(LARGE);
    let event = json!(["send_file", {"room": "general", "filename": "Фото.bin", "text": "Look",
        "data": {"_placeholder": true, "num": 0}}]);
    ivan.peer.says(&format!("451-7{event}")).await;
    ivan.peer.sends(Message::binary(bytes.clone())).await;

    let (event, sent) = ivan.hears().await;
    assert_eq!((event.as_str(), &sent["room"]), ("file_sent", &json!("general")));
    assert_eq!((&sent["file"]["name"], &sent["file"]["size"]), (&json!("Фото.bin"), &json!(LARGE)));
    let acknowledged = ivan.packet().await;
    let acknowledged: Value = serde_json::from_str(acknowledged.strip_prefix("437").unwrap()).unwrap();
    assert_eq!(acknowledged, json!([sent]));
    let (event, said) = ivan.hears().await;
    assert_eq!((event.as_str(), &said["text"], &said["id"]), ("new_message", &json!("Look"), &sent["id"]));
    let (event, file) = ivan.hears().await;
    assert_eq!((event.as_str(), &file["file"]["id"]), ("new_file", &sent["file"]["id"]));
    assert!(load(&file["file"]).await == bytes);

    let message = hears_action(&mut anna, "message").await;
    assert_eq!((&message["text"], &message["files"]), (&json!("Look"), &json!([file["file"]])));
    let line = loop {
        let line = petr.hears().await;
        if line.starts_with("ivan :: ") {
            break line;
        }
    };
    let url = file["file"]["url"].as_str().unwrap();
    assert_eq!(line, format!("ivan :: Look\nФото.bin (293 KB) {url}"));
}

#[tokio::test]
async fn base64_by_polling_and_by_json_actions() {
    let program = Program::start().await;
    let mut anna = joins(&program, "anna").await;
    let ivan = Poller::connects(&program).await;
    ivan.says(r#"42["join_room",{"room":"general"}]"#).await;
    ivan.waits_for("joined_room").await;
    let bytes = content(LARGE);
    let event =
        json!(["send_file", {"room": "general", "filename": "a.bin", "data": STANDARD.encode(&bytes)}]);
    ivan.says(&format!("42{event}")).await;
    ivan.waits_for("file_sent").await;
    let received = hears_action(&mut anna, "message").await;
    assert_eq!(received["text"], "");
    assert!(load(&received["files"][0]).await == bytes);

    // A binary packet of a polling client is in base64 too.
    let event = json!(["send_file", {"room": "general", "filename": "b.txt",
        "data": {"_placeholder": true, "num": 0}}]);
    ivan.says(&format!("451-{event}\u{1e}b{}", STANDARD.encode("hello"))).await;
    let received = hears_action(&mut anna, "message").await;
    assert_eq!(load(&received["files"][0]).await, b"hello");

    let send = json!({"action": "send_file", "room": "general", "filename": "c.bin", "client_id": CLIENT_ID,
        "data": STANDARD.encode(&bytes)});
    anna.asks(send.clone()).await;
    let sent = hears_action(&mut anna, "file_sent").await;
    assert_eq!(sent["client_id"], CLIENT_ID);
    assert!(load(&sent["file"]).await == bytes);
    let message = hears_action(&mut anna, "message").await;
    assert_eq!((&message["id"], &message["files"]), (&sent["id"], &json!([sent["file"]])));
    anna.asks(send).await;
    assert_eq!(hears_action(&mut anna, "file_sent").await, sent, "a repeated file is the first one");
    for (name, bytes) in [("d.bin", &bytes[..]), ("c.bin", b"hello")] {
        anna.asks(json!({"action": "send_file", "room": "general", "filename": name, "client_id": CLIENT_ID,
            "data": STANDARD.encode(bytes)}))
            .await;
        assert_eq!(hears_action(&mut anna, "error").await["code"], "client_id_taken", "{name}");
    }
}

#[tokio::test]
async fn refusals_keep_the_connection_and_store_nothing() {
    let program = Program::start_with(&["--max-wire-file", "100000", "--max-storage", "150000"]).await;
    let mut anna = joins(&program, "anna").await;
    let send = |bytes: usize| {
        json!({"action": "send_file", "room": "general", "filename": "a.bin",
            "data": STANDARD.encode(content(bytes))})
    };
    anna.asks(send(100_001)).await;
    let refused = hears_action(&mut anna, "error").await;
    assert_eq!((&refused["code"], &refused["field"]), (&json!("too_large"), &json!("data")));
    assert_eq!(refused["limit"], 100_000);
    let uploads = program.url("/api/v1/uploads");
    assert!(refused["message"].as_str().unwrap().ends_with(&uploads), "{refused}");

    anna.asks(send(100_000)).await;
    hears_action(&mut anna, "file_sent").await;
    anna.asks(send(100_000)).await;
    let refused = hears_action(&mut anna, "error").await;
    assert_eq!((&refused["code"], &refused["limit"]), (&json!("storage_full"), &json!(150_000)));
    assert_eq!(program.files_in("files").len(), 1);
    assert!(program.files_in("uploads").is_empty());
    anna.asks(json!({"action": "message", "room": "general", "text": "still here"})).await;
    while hears_action(&mut anna, "message").await["text"] != "still here" {}

    // An event that is too long to wait for its attachment.
    let (mut ivan, _) = Io::opens(&program).await;
    ivan.joins("general", "ivan").await;
    let event = json!(["send_file", {"room": "general", "filename": "a.bin", "text": "x".repeat(70_000),
        "data": {"_placeholder": true, "num": 0}}]);
    ivan.peer.says(&format!("451-{event}")).await;
    let (event, refused) = ivan.hears().await;
    assert_eq!((event.as_str(), &refused["field"]), ("error", &json!("data")));

    // A frame over the limit of all frames ends the connection, as it does without files.
    anna.sends(Message::text("x".repeat(300_000))).await;
    assert_eq!(anna.is_closed().await, Some(1009));
}
