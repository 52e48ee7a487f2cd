//! A failing disk: the program refuses writes with a reason, continues to read, and recovers by itself.
//!
//! The fault is a limit on the size of files of the running process, which interrupts a commit at any byte.
//! `HUBBUB_FAULTS=5000` sets the number of faults, `HUBBUB_SEED=7` another seed.

#[cfg(target_os = "linux")]
mod failing_calls;

use std::collections::BTreeMap;

use futures_util::future::join_all;
use hubbub_protocol::{Answer, Code, Command, Page, Retry, Seq, ServerFrame};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;
use tokio::time::{Instant, timeout};

use super::support::program::{command, http};
use super::support::{Guest, Peer, Program, TEST_TIMEOUT};

const FAULTS: usize = 200;
/// Number of posts of one round, sent at once.
const POSTS: usize = 4;

fn from_environment(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// A user who posts over REST, with a `client_id` per message.
struct Poster {
    browser: Client,
    guest: Guest,
    url: String,
}

impl Poster {
    async fn new(program: &Program) -> Self {
        let guest = program.guest("alice").await;
        let url = program.url("/api/v1/rooms/1/messages");
        let poster = Self { browser: http(), guest, url };
        poster.guest.connects().await.joins("general", None).await;
        poster
    }

    /// Posts a message. The status is 201, 200 if it was stored before, or 503.
    async fn posts(&self, client_id: &str, text: &str) -> (StatusCode, Value) {
        let body = json!({ "text": text, "client_id": client_id }).to_string();
        let request = self.browser.post(&self.url).header("cookie", &self.guest.cookie);
        let response = request.header("content-type", "application/json").body(body).send().await.unwrap();
        let status = response.status();
        (status, serde_json::from_str(&response.text().await.unwrap()).unwrap())
    }

    /// Posts the message until it is stored.
    async fn insists(&self, client_id: &str, text: &str) {
        let deadline = Instant::now() + TEST_TIMEOUT;
        while !self.posts(client_id, text).await.0.is_success() {
            assert!(Instant::now() < deadline, "it takes no writes any more");
        }
    }
}

fn name_of(number: usize) -> String {
    format!("67e55044-10b1-426f-9247-{number:012x}")
}

/// Returns the length of a file in bytes.
fn length(program: &Program, file: &str) -> u64 {
    std::fs::metadata(program.data.path().join(file)).map_or(0, |metadata| metadata.len())
}

#[tokio::test]
async fn recovers_from_a_write_that_fails_at_any_byte() {
    let mut program = Program::start_with(&["--limit-posting", "off"]).await;
    let poster = Poster::new(&program).await;
    let seed = from_environment("HUBBUB_SEED", 1);
    let mut random = SmallRng::seed_from_u64(u64::try_from(seed).unwrap());
    let mut expected = BTreeMap::new();
    let mut refused = 0;
    for round in 0..from_environment("HUBBUB_FAULTS", FAULTS) {
        let written = length(&program, "chat.db-wal");
        let limit = (written + random.random_range(0..30_000)).saturating_sub(random.random_range(0..10_000));
        program.limit_file_size(Some(limit));
        let posts: Vec<(String, String)> = (0..POSTS)
            .map(|post| {
                (
                    name_of(round * POSTS + post),
                    format!("{round}.{post} {}", "x".repeat(random.random_range(0..3_000))),
                )
            })
            .collect();
        let outcomes = join_all(posts.iter().map(|(client_id, text)| poster.posts(client_id, text))).await;
        program.limit_file_size(None);
        for ((client_id, text), (status, body)) in posts.into_iter().zip(outcomes) {
            if status == StatusCode::SERVICE_UNAVAILABLE {
                refused += 1;
                assert!(body["detail"].as_str().unwrap().contains("storage is unavailable"), "{body}");
                // Some are abandoned, most are sent again.
                if random.random_range(0..4) == 0 {
                    continue;
                }
                poster.insists(&client_id, &text).await;
            } else {
                assert_eq!(status, StatusCode::CREATED, "{body}");
            }
            expected.insert(client_id, text);
        }
    }
    assert!(refused > 0, "a test without a fault proves nothing");
    poster.insists(&name_of(999_999_999), "the last one").await;
    assert_eq!(http().get(program.url("/readyz")).send().await.unwrap().status(), StatusCode::OK);
    program.kill().await;

    let options = SqliteConnectOptions::new().filename(program.data.path().join("chat.db"));
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    let stored: Vec<(String, String)> =
        sqlx::query_as("SELECT client_id, text FROM messages").fetch_all(&mut database).await.unwrap();
    let count = stored.len();
    let stored: BTreeMap<String, String> = stored.into_iter().collect();
    assert_eq!(stored.len(), count, "nothing is stored twice");
    for (client_id, text) in expected {
        assert_eq!(stored.get(&client_id), Some(&text), "what was acknowledged is there");
    }
    let seqs: Vec<i64> =
        sqlx::query_scalar("SELECT seq FROM messages UNION ALL SELECT seq FROM events ORDER BY 1")
            .fetch_all(&mut database)
            .await
            .unwrap();
    assert_eq!(seqs, (1..=i64::try_from(seqs.len()).unwrap()).collect::<Vec<_>>(), "no position is missing");
    let check: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut database).await.unwrap();
    assert_eq!(check, "ok");
}

#[tokio::test]
async fn serves_reads_and_refuses_writes_while_the_disk_fails() {
    let program = Program::start().await;
    let poster = Poster::new(&program).await;
    poster.insists(&name_of(1), "before").await;
    let mut socket = poster.guest.connects().await;
    socket.joins("general", None).await;
    let mut plain = Peer::opens(&program, "/chat/general").await;
    assert!(plain.hears().await.starts_with("system :: you are "));

    program.limit_file_size(Some(0));
    let post = Command::Post {
        room: "general".to_owned(),
        client_id: name_of(2).parse().unwrap(),
        text: "meanwhile".to_owned(),
        reply_to: None,
        files: Vec::new(),
    };
    let refusal = socket.is_answered(post.clone()).await.unwrap_err();
    assert_eq!((refusal.code, refusal.retry), (Code::Unavailable, Retry::Later));
    assert!(refusal.message.contains("storage is unavailable"), "{refusal}");
    plain.says("meanwhile").await;
    while !plain.hears().await.contains("storage is unavailable") {}
    let ready = http().get(program.url("/readyz")).send().await.unwrap();
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    let why = ready.text().await.unwrap();
    assert!(why.starts_with("storage is unavailable: the disk cannot be read or written"), "{why}");
    let history =
        Command::History { room: "general".to_owned(), before: None, after: None, around: None, limit: None };
    let Ok(Answer::History(Page { events, .. })) = socket.is_answered(history).await else {
        panic!("it reads meanwhile")
    };
    assert!(!events.is_empty());
    let mut other = poster.guest.connects().await;
    assert!(
        matches!(other.joins("general", None).await, ServerFrame::StartOver(_)),
        "members come in meanwhile"
    );

    program.limit_file_size(None);
    let deadline = Instant::now() + TEST_TIMEOUT;
    while socket.is_answered(post.clone()).await.is_err() {
        assert!(Instant::now() < deadline, "it takes no writes any more");
    }
    assert_eq!(http().get(program.url("/readyz")).send().await.unwrap().status(), StatusCode::OK);
    assert!(socket.is_answered(Command::Read { room: "general".to_owned(), seq: Seq(1) }).await.is_ok());
}

/// Starts the server on a data folder under a limit for the size of files, in blocks of 512 bytes.
async fn starts_under_a_limit(data: &std::path::Path, blocks: u32) -> String {
    let serve = command(data, "127.0.0.1:0");
    let mut limited = tokio::process::Command::new("sh");
    limited
        .args(["-c", &format!("ulimit -f {blocks}; exec \"$0\" \"$@\"")])
        .arg(serve.as_std().get_program());
    limited.args(serve.as_std().get_args()).env("HUBBUB_LOG", "warn");
    limited.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).kill_on_drop(true);
    let output = timeout(TEST_TIMEOUT, limited.spawn().unwrap().wait_with_output())
        .await
        .expect("it gives up")
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn start_on_a_full_disk_does_not_report_damage() {
    let said = starts_under_a_limit(&TempDir::new().unwrap().path().join("new"), 0).await;
    assert!(said.contains("the disk cannot be read or written"), "{said}");
    assert!(!said.contains("healthy") && said.lines().count() == 1, "{said}");
}

/// A reader that is always busy must not keep the write-ahead log from being merged into the database.
#[tokio::test]
async fn write_ahead_log_stays_small() {
    const MAX_BYTES: u64 = 16 * 1024 * 1024;
    const MESSAGES: usize = 1_500;
    let program = Program::start().await;
    let mut alice = program.guest("alice").await.connects().await;
    alice.joins("general", None).await;
    let reader = program.bot("bob").await;
    let text = "\u{1f44d}".repeat(4_000);
    let writing = async {
        for _ in 0..MESSAGES {
            let asked = alice.posts("general", &text).await;
            alice.is_told_where(asked).await;
        }
    };
    let reading = async {
        loop {
            reader.get("/rooms/1/messages?limit=200").await.is(200);
        }
    };
    tokio::select! {
        () = writing => {}
        () = reading => unreachable!("reading goes on"),
    }
    let bytes = |file: &str| std::fs::metadata(program.data.path().join(file)).unwrap().len();
    assert!(bytes("chat.db") + bytes("chat.db-wal") > MAX_BYTES, "more was written than may wait");
    assert!(bytes("chat.db-wal") < MAX_BYTES, "{} bytes wait", bytes("chat.db-wal"));
}
