//! Limits on what one peer can make grow.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::json;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use super::Io;
use super::polling::{POLLING, Poller};
use crate::support::program::http;
use crate::support::{Peer, Program, TEST_TIMEOUT};

/// Returns the number of users in the database.
async fn users(program: &Program) -> i64 {
    let options = SqliteConnectOptions::new().filename(program.data.path().join("chat.db")).read_only(true);
    let mut database: SqliteConnection = options.connect().await.unwrap();
    let users = sqlx::query_scalar("SELECT count(*) FROM users").fetch_one(&mut database).await.unwrap();
    database.close().await.unwrap();
    users
}

#[tokio::test]
async fn fast_sender_is_read_more_slowly_and_stays_connected() {
    const MESSAGES: usize = 3_000;
    let program = Program::start_with(&["--limit-posting", "100000/100000"]).await;
    let (mut ivan, _) = Io::opens(&program).await;
    ivan.joins("general", "ivan").await;
    let sends = async {
        for number in 0..MESSAGES {
            ivan.emits("send_message", json!({"room": "general", "text": number.to_string()})).await;
        }
    };
    tokio::time::timeout(TEST_TIMEOUT, sends).await.expect("the system holds what is not read yet");
    let mut heard = Vec::new();
    while heard.len() < MESSAGES {
        let (event, payload) = ivan.hears().await;
        if event == "new_message" {
            heard.push(payload["text"].as_str().unwrap().parse::<usize>().unwrap());
        } else {
            assert_eq!(event, "message_sent", "{payload}");
        }
    }
    assert_eq!(heard, (0..MESSAGES).collect::<Vec<_>>());
}

#[tokio::test]
async fn polling_peer_may_send_much_at_once() {
    let program = Program::start().await;
    let ivan = Poller::connects(&program).await;
    ivan.says(r#"42["join_room",{"room":"general","username":"ivan"}]"#).await;
    ivan.waits_for("joined_room").await;
    let many = vec![r#"42["send_message",{"room":"general","text":"x"}]"#; 200].join("\u{1e}");
    let posts = async {
        for _ in 0..4 {
            ivan.says(&many).await;
        }
    };
    let polls = async {
        let mut heard = 0;
        while heard < 800 {
            let payload = ivan.polls().await.unwrap();
            assert!(payload.split('\u{1e}').count() <= 16, "clients take no more packets at once");
            heard += payload.matches("42[\"message_sent\"").count();
        }
    };
    tokio::join!(posts, polls);
}

#[tokio::test]
async fn peer_that_never_polls_is_closed() {
    let program = Program::start().await;
    let mut talker = Peer::opens(&program, "/chat/big").await;
    talker.hears().await;
    for _ in 0..50 {
        talker.says(&"x".repeat(4_000)).await;
        talker.hears().await;
    }
    let ivan = Poller::connects(&program).await;
    // Each answer contains a page of 200 KB, and 256 KiB may wait for a poll.
    let mut posted = 0;
    while ivan.posts(r#"42["join_room",{"room":"big"}]"#).await == StatusCode::OK {
        posted += 1;
        assert!(posted < 10, "it is not read on");
    }
    assert_eq!(ivan.polls().await, Err(StatusCode::BAD_REQUEST), "the session has ended");
}

#[tokio::test]
async fn polling_sessions_count_as_connections() {
    let program = Program::start_with(&["--max-connections", "40"]).await;
    let client = http();
    let mut statuses = Vec::new();
    for _ in 0..60 {
        statuses.push(client.get(program.url(POLLING)).send().await.unwrap().status());
    }
    // All sessions use one connection, which is one of the forty.
    assert_eq!(statuses[..39], [StatusCode::OK; 39]);
    assert_eq!(statuses[39..], [StatusCode::SERVICE_UNAVAILABLE; 21]);
    // Sessions that never enter the namespace end and free their permits.
    let end = std::time::Instant::now() + TEST_TIMEOUT * 2;
    while client.get(program.url(POLLING)).send().await.unwrap().status() != StatusCode::OK {
        assert!(std::time::Instant::now() < end, "sessions without a namespace end");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

#[tokio::test]
async fn polling_sessions_count_for_their_address() {
    let flags = ["--max-connections-per-address", "5", "--trusted-proxy", "127.0.0.1"];
    let program = Program::start_with(&flags).await;
    let opens = async |from: &str| {
        let opened = http().get(program.url(POLLING)).header("x-forwarded-for", from).send().await;
        opened.unwrap().status()
    };
    let mut opened = 0;
    while opens("203.0.113.7").await == StatusCode::OK {
        opened += 1;
    }
    // The request that opens a session is counted while it is answered.
    assert!((4..=5).contains(&opened), "{opened}");
    assert_eq!(opens("203.0.113.8").await, StatusCode::OK);
}

#[tokio::test]
async fn guest_is_created_by_the_first_request() {
    let program = Program::start_with(&["--limit-entering", "2/1", "--trusted-proxy", "127.0.0.1"]).await;
    let from = [("x-forwarded-for", "203.0.113.7")];
    let mut silent = Vec::new();
    for number in 0..20 {
        let path = if number % 2 == 0 { "/" } else { super::SOCKET };
        let mut peer = Peer::try_opens(&program, path, &from).await.unwrap();
        if number % 2 == 1 {
            peer.hears().await;
            peer.says("40").await;
            peer.hears().await;
            assert!(peer.hears().await.starts_with("42[\"connected\""));
            peer.says("42[\"dance\",{}]").await;
        } else {
            peer.says("nonsense").await;
        }
        assert!(peer.hears().await.contains("error"));
        silent.push(peer);
    }
    assert_eq!(users(&program).await, 0);
    // The limit on new guests accepts some of them; the others are told when to retry, and stay connected.
    for peer in silent.iter_mut().step_by(2) {
        peer.says(r#"{"action":"join","room":"general"}"#).await;
    }
    let mut answers = Vec::new();
    for peer in silent.iter_mut().step_by(2) {
        loop {
            let answer = peer.hears_json().await;
            if answer["action"] != "user_joined" {
                answers.push(answer);
                break;
            }
        }
    }
    let refused: Vec<_> = answers.iter().filter(|answer| answer["code"] == "too_fast").collect();
    assert_eq!((answers.len(), refused.len()), (10, 8), "{answers:?}");
    assert!(refused.iter().all(|answer| answer["retry_after_ms"].is_u64()), "{refused:?}");
    assert_eq!(users(&program).await, 2);
}

#[tokio::test]
async fn guest_keeps_the_name_announced_on_connecting() {
    let program = Program::start().await;
    let (mut ivan, connected) = Io::opens(&program).await;
    ivan.emits("join_room", json!({"room": "general"})).await;
    assert_eq!(ivan.hears().await.1["username"], connected["username"]);
}
