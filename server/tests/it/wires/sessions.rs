//! The end of a session with open sockets on all wires.

use std::time::{Duration, Instant};

use hubbub_protocol::{Event, ServerFrame};
use reqwest::StatusCode;
use serde_json::json;

use super::typed;
use crate::support::{Peer, Program, Socket};

/// A connection of a user in the room `general`.
struct Device {
    path: String,
    peer: Peer,
}

/// Opens a connection on each of the six wires with this token. Each receives what the keeper of the room posts. The typed
/// wire joins rooms by their id.
async fn devices(program: &Program, token: &str, room_id: i64, keeper: &mut Socket) -> Vec<Device> {
    let client_id = "00000000-0000-4000-8000-000000000001";
    let io = |event: &str, payload| format!("42{}", json!([event, payload]));
    let wires = [
        (
            "/api/v1/socket?",
            vec![
                json!({"id": 1, "do": {"join": {"room": "general"}}}).to_string(),
                json!({"id": 2, "do": {"post": {"room": "general", "client_id": client_id, "text": "here 0"}}})
                    .to_string(),
            ],
        ),
        (
            "/?",
            vec![
                r#"{"action":"join","room":"general"}"#.to_owned(),
                json!({"action": "message", "room": "general", "text": "here 1"}).to_string(),
            ],
        ),
        ("/chat/general?", vec!["here 2".to_owned()]),
        ("/ws/chat/general/u1?", vec!["here 3".to_owned()]),
        (
            "/ws?",
            vec![
                json!({"type": "join_chat", "chat_id": room_id}).to_string(),
                json!({"type": "send_message", "chat_id": room_id, "content": "here 4"}).to_string(),
            ],
        ),
        (
            "/socket.io/?EIO=4&transport=websocket&",
            vec![
                format!("40{}", json!({ "token": token })),
                io("join_room", json!({"room": "general"})),
                io("send_message", json!({"room": "general", "text": "here 5"})),
            ],
        ),
    ];
    let mut devices = Vec::new();
    for (number, (path, frames)) in wires.into_iter().enumerate() {
        let mut peer = Peer::opens(program, &format!("{path}token={token}")).await;
        for frame in frames {
            peer.says(&frame).await;
            // The native wire executes requests at the same time, so the join must be answered before the post.
            if path.contains("/api/") && frame.contains("join") {
                while !peer.hears().await.contains("start_over") {}
            }
        }
        let text = format!("here {number}");
        keeper
            .waits_for(|frame| match frame {
                ServerFrame::Event { what: Event::Posted(message), .. } => {
                    message.text.filter(|posted| posted.as_str() == text)
                }
                _ => None,
            })
            .await;
        let answer = format!("welcome {number}");
        keeper.posts("general", &answer).await;
        while !peer.hears().await.contains(&answer) {}
        devices.push(Device { path: path.to_owned(), peer });
    }
    devices
}

#[tokio::test]
async fn ending_a_session_closes_its_sockets_on_all_wires() {
    let program = Program::start().await;
    let (room_id, mut keeper) = typed::room(&program, "general").await;
    let token = typed::token(&program, "ivan").await;
    let devices = devices(&program, &token, room_id, &mut keeper).await;
    let start = Instant::now();
    assert_eq!(program.revokes(&token).await, StatusCode::NO_CONTENT);
    for mut device in devices {
        assert_eq!(device.peer.is_closed().await, Some(4003), "{}", device.path);
    }
    // Nothing waits for a time limit: the close handshake alone would allow 2 s for each connection.
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    for path in ["/api/v1/socket", "/", "/chat/general", "/ws/chat/general/u1", "/ws"] {
        let (status, _) = Peer::is_refused(&program, &format!("{path}?token={token}"), &[]).await;
        assert_eq!(status, 401, "{path}");
    }
}

/// A connection needs a moment to close. An event that is posted after the answer to the sign-out must not reach it.
#[tokio::test]
async fn ended_sessions_receive_no_further_event() {
    let program = Program::start().await;
    let (room_id, mut keeper) = typed::room(&program, "general").await;
    let token = typed::token(&program, "ivan").await;
    let devices = devices(&program, &token, room_id, &mut keeper).await;
    assert_eq!(program.revokes(&token).await, StatusCode::NO_CONTENT);
    for number in 0..20 {
        keeper.posts("general", &format!("after {number}")).await;
    }
    for mut device in devices {
        let frames = device.peer.last_frames().await;
        assert!(frames.iter().all(|frame| !frame.contains("after")), "{}: {frames:?}", device.path);
    }
}
