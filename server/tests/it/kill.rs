//! The kill test: `kill -9` at random moments while users post. Acknowledged messages must be stored once, in the order
//! in which they were posted. `HUBBUB_KILLS=1000` makes it a thousand kills.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use hubbub_protocol::ClientId;
use rand::Rng;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Row};

use super::support::driver::Talker;
use super::support::{Program, TEST_TIMEOUT};

const KILLS: usize = 20;
const TALKERS: usize = 4;

#[tokio::test]
async fn acknowledged_messages_survive_kills_once_and_in_order() {
    let kills = std::env::var("HUBBUB_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let mut program = Program::start().await;
    let mut talkers = Vec::new();
    for number in 0..TALKERS {
        let guest = program.guest(&format!("talker{number}")).await;
        talkers.push(Talker::new(guest, "general", u64::try_from(number).unwrap()));
    }

    let mut acknowledged_before_a_kill = 0;
    for kill in 0..kills {
        let moment = Duration::from_millis(rand::rng().random_range(1..250));
        let talking = join_all(talkers.iter_mut().map(|talker| talk(talker, kill)));
        tokio::select! {
            _ = talking => {}
            () = tokio::time::sleep(moment) => {}
        }
        program.kill().await;
        acknowledged_before_a_kill += talkers.iter().filter(|talker| !talker.acknowledged.is_empty()).count();
        // The server is down for a while, and the users continue to post.
        join_all(talkers.iter_mut().map(|talker| talker.lives(Duration::from_millis(5)))).await;
        talkers.iter_mut().for_each(|talker| talker.says(&format!("while it was away, {kill}")));
        program.restart().await;
        talkers.iter_mut().for_each(Talker::retries);
    }
    assert!(acknowledged_before_a_kill > 0, "a test in which nothing is ever sent proves nothing");

    let deadline = tokio::time::Instant::now() + TEST_TIMEOUT;
    while talkers.iter().any(|talker| !talker.outbox_is_empty()) {
        assert!(tokio::time::Instant::now() < deadline, "outboxes do not empty");
        join_all(talkers.iter_mut().map(|talker| talker.lives(Duration::from_millis(100)))).await;
        talkers.iter_mut().for_each(Talker::retries);
    }
    program.kill().await;
    check(&program, &talkers).await;
}

/// Posts several messages, with pauses in which answers arrive.
async fn talk(talker: &mut Talker, kill: usize) {
    for number in 0..40 {
        talker.says(&format!("message {number} before kill {kill}"));
        talker.lives(Duration::from_millis(3)).await;
    }
}

async fn check(program: &Program, talkers: &[Talker]) {
    let options = SqliteConnectOptions::new().filename(program.data.path().join("chat.db"));
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    let rows = sqlx::query("SELECT seq, author, client_id FROM messages ORDER BY room_id, seq")
        .fetch_all(&mut database)
        .await
        .unwrap();
    let seqs: Vec<i64> =
        sqlx::query_scalar("SELECT seq FROM messages UNION ALL SELECT seq FROM events ORDER BY 1")
            .fetch_all(&mut database)
            .await
            .unwrap();
    assert_eq!(seqs, (1..=i64::try_from(seqs.len()).unwrap()).collect::<Vec<_>>(), "no position is missing");

    let mut stored: BTreeMap<String, Vec<ClientId>> = BTreeMap::new();
    for row in &rows {
        stored.entry(row.get("author")).or_default().push(row.get::<String, _>("client_id").parse().unwrap());
    }
    for (number, talker) in talkers.iter().enumerate() {
        assert_eq!(stored[&format!("talker{number}")], talker.said, "each once, in the order it was said");
    }
    let check: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut database).await.unwrap();
    assert_eq!(check, "ok");
}
