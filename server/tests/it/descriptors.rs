//! A server without free file descriptors.

use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::support::program::http;
use super::support::{Peer, Program, TEST_TIMEOUT};

/// Number of descriptors that are left for connections.
const FREE: u64 = 16;
/// Number of peers that connect.
const PEERS: usize = 60;
/// Time for which the server is observed without descriptors.
const WATCHED: Duration = Duration::from_secs(2);

#[tokio::test]
async fn serves_existing_connections_without_free_descriptors() {
    let program = Program::start().await;
    let mut alice = Peer::opens(&program, "/chat/general").await;
    alice.hears().await;
    let own = u64::try_from(program.open_descriptors()).unwrap();
    program.limit_descriptors(own + FREE);
    let mut peers = Vec::new();
    for _ in 0..PEERS {
        // The system accepts these connections; the server cannot.
        peers.push(TcpStream::connect(&program.address).await.unwrap());
    }
    let all_used = async {
        while u64::try_from(program.open_descriptors()).unwrap() < own + FREE {
            tokio::task::yield_now().await;
        }
    };
    timeout(TEST_TIMEOUT, all_used).await.expect("none is left");

    let (start, ticks) = (Instant::now(), program.processor_ticks());
    let mut number = 0;
    while start.elapsed() < WATCHED {
        number += 1;
        alice.says(&format!("message {number}")).await;
        assert!(alice.hears().await.ends_with(&format!(":: message {number}")));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let used = Duration::from_millis(10 * (program.processor_ticks() - ticks));
    assert!(used < start.elapsed() / 2, "it tries again and again: {used:?} of {:?}", start.elapsed());

    drop(peers);
    let health = http().get(program.url("/healthz")).send().await.unwrap();
    assert_eq!(health.status(), 200);
    let log = program.log().await;
    let complaints = log.lines().filter(|line| line.contains("cannot accept connections")).count();
    assert_eq!(complaints, 1, "one line tells it: {log}");
}
