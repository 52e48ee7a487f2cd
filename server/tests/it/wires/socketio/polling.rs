//! Polling sessions, and their upgrade to a WebSocket.

use std::time::{Duration, Instant};

use reqwest::{Client, StatusCode};
use serde_json::Value;

use crate::support::program::http;
use crate::support::{Peer, Program};

pub(super) const POLLING: &str = "/socket.io/?EIO=4&transport=polling";

/// A polling session.
pub(super) struct Poller {
    client: Client,
    sid: String,
    address: String,
}

impl Poller {
    pub(super) async fn opens(program: &Program) -> Self {
        let (client, address) = (http(), program.url(POLLING));
        let opened = client.get(&address).send().await.unwrap().text().await.unwrap();
        let opened: Value = serde_json::from_str(opened.strip_prefix('0').unwrap()).unwrap();
        let sid = opened["sid"].as_str().unwrap().to_owned();
        let address = format!("{address}&sid={sid}");
        Self { client, sid, address }
    }

    /// Opens a session and enters the namespace.
    pub(super) async fn connects(program: &Program) -> Self {
        let poller = Self::opens(program).await;
        poller.says("40").await;
        poller.waits_for("42[\"connected\"").await;
        poller
    }

    pub(super) async fn posts(&self, packets: &str) -> StatusCode {
        self.client.post(&self.address).body(packets.to_owned()).send().await.unwrap().status()
    }

    pub(super) async fn says(&self, packets: &str) {
        assert_eq!(self.posts(packets).await, StatusCode::OK, "{packets}");
    }

    /// Returns the payload of one poll, or the status that refuses it.
    pub(super) async fn polls(&self) -> Result<String, StatusCode> {
        let polled = self.client.get(&self.address).send().await.unwrap();
        if polled.status() == StatusCode::OK {
            Ok(polled.text().await.unwrap())
        } else {
            Err(polled.status())
        }
    }

    /// Polls until a payload contains `wanted`, and returns all payloads.
    pub(super) async fn waits_for(&self, wanted: &str) -> String {
        let mut heard = String::new();
        while !heard.contains(wanted) {
            heard += &self.polls().await.unwrap_or_else(|status| panic!("{status} after {heard}"));
        }
        heard
    }
}

#[tokio::test]
async fn polling_supports_all_events() {
    let program = Program::start().await;
    let ivan = Poller::connects(&program).await;
    ivan.says(r#"42["join_room",{"room":"general","username":"ivan"}]"#).await;
    let heard = ivan.waits_for("42[\"joined_room\"").await;
    assert!(heard.contains(r#""username":"ivan""#), "{heard}");
    // Several packets in one post, and several answers in one poll.
    ivan.says("42[\"get_room_users\",{\"room\":\"general\"}]\u{1e}42[\"leave_room\",{\"room\":\"general\"}]")
        .await;
    let heard = ivan.waits_for("42[\"left_room\"").await;
    assert!(heard.contains("42[\"room_users\""), "{heard}");
    // The peer closes the session.
    ivan.says("1").await;
    while ivan.polls().await.is_ok() {}
    assert_eq!(ivan.posts("3").await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn upgrade_from_polling_to_websocket_loses_nothing() {
    let program = Program::start().await;
    let ivan = Poller::connects(&program).await;
    ivan.says(r#"42["join_room",{"room":"general","username":"ivan"}]"#).await;
    let socket = format!("/socket.io/?EIO=4&transport=websocket&sid={}", ivan.sid);
    let mut upgraded = Peer::opens(&program, &socket).await;
    upgraded.says("2probe").await;
    assert_eq!(upgraded.hears().await, "3probe");
    // A second upgrade of the same session is refused, both during the first one and after it.
    assert_eq!(Peer::is_refused(&program, &socket, &[]).await.0, 400);
    upgraded.says("5").await;
    assert!(upgraded.hears().await.starts_with("42[\"joined_room\""), "what waited for a poll comes first");
    assert_eq!(Peer::is_refused(&program, &socket, &[]).await.0, 400);
    assert_eq!(ivan.polls().await, Err(StatusCode::BAD_REQUEST), "it does not poll any more");
    upgraded.says(r#"42["leave_room",{"room":"general"}]"#).await;
    assert!(upgraded.hears().await.starts_with("42[\"left_room\""));
}

#[tokio::test]
async fn failed_upgrade_keeps_the_session() {
    let program = Program::start().await;
    let ivan = Poller::connects(&program).await;
    let socket = format!("/socket.io/?EIO=4&transport=websocket&sid={}", ivan.sid);
    for first in ["hello", "5", "40"] {
        let mut failed = Peer::opens(&program, &socket).await;
        failed.says(first).await;
        failed.is_closed().await;
    }
    let mut left = Peer::opens(&program, &socket).await;
    left.says("2probe").await;
    left.hears().await;
    left.leaves().await;
    ivan.says(r#"42["join_room",{"room":"general"}]"#).await;
    // Polls end empty as long as the upgrade seems to be in progress.
    ivan.waits_for("42[\"joined_room\"").await;
}

#[tokio::test]
async fn concurrent_polls_end_the_session() {
    let program = Program::start().await;
    let ivan = Poller::connects(&program).await;
    let (one, other) = tokio::join!(ivan.polls(), ivan.polls());
    // The first poll receives a close packet, the second is refused.
    let mut answers = [one, other];
    answers.sort_by_key(Result::is_ok);
    assert_eq!(answers, [Err(StatusCode::BAD_REQUEST), Ok("1".to_owned())]);
    assert_eq!(ivan.polls().await, Err(StatusCode::BAD_REQUEST));
}

#[tokio::test]
async fn invalid_requests_are_refused_with_engine_io_codes() {
    let program = Program::start().await;
    let unknown = "&sid=0123456789abcdef0123456789abcdef";
    let cases = [
        ("GET", "/socket.io/".to_owned(), r#"{"code":5,"message":"Unsupported protocol version"}"#),
        ("GET", POLLING.replace("EIO=4", "EIO=3"), r#"{"code":5,"message":"Unsupported protocol version"}"#),
        ("GET", POLLING.replace("polling", "pigeon"), r#"{"code":0,"message":"Transport unknown"}"#),
        ("GET", format!("{POLLING}{unknown}"), r#"{"code":1,"message":"Session ID unknown"}"#),
        ("POST", format!("{POLLING}{unknown}"), r#"{"code":1,"message":"Session ID unknown"}"#),
        ("POST", POLLING.to_owned(), r#"{"code":2,"message":"Bad handshake method"}"#),
    ];
    for (method, path, body) in cases {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let refused = http().request(method, program.url(&path)).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(refused.text().await.unwrap(), body, "{path}");
    }
    let ivan = Poller::connects(&program).await;
    assert_eq!(ivan.posts(&"x".repeat(1_500_000)).await, StatusCode::PAYLOAD_TOO_LARGE);
    let latin = ivan.client.post(&ivan.address).body(&b"4\xff"[..]).send().await.unwrap();
    assert_eq!(latin.status(), StatusCode::BAD_REQUEST);
    ivan.says("3").await;
}

#[tokio::test]
async fn open_polls_do_not_delay_stopping() {
    let mut program = Program::start().await;
    let waiting = Poller::opens(&program).await;
    let connected = Poller::connects(&program).await;
    let polls = tokio::spawn(async move { tokio::join!(waiting.polls(), connected.polls()) });
    let began = Instant::now();
    assert_eq!(program.stop("-TERM").await, Some(0));
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    _ = polls.await;
}
