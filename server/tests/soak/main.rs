//! Soak test: a thousand connections on all wires, one in twenty of them hostile, connect and leave repeatedly for a
//! minute. At the end the server must use no more memory than after the first tenth of the time.

#![cfg(target_os = "linux")]

mod connection;
mod hostile;
#[expect(dead_code, unused_imports, reason = "the soak needs a part of the helpers")]
#[path = "../it/support/mod.rs"]
mod support;
mod visit;

use std::sync::Arc;
use std::time::{Duration, Instant};

use hubbub_protocol::{Answer, Command};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::support::program::http;
use crate::support::{Program, Socket};
use crate::visit::{Visit, Visitor};

/// Number of connections that are open at once.
const CONNECTIONS: usize = 1_000;
/// Number of these connections that belong to hostile peers: 5 %.
const HOSTILE: usize = CONNECTIONS / 20;
/// Rooms that the visitors share: five visitors each, on different wires.
const ROOMS: usize = 190;
/// Number of rooms that one connection joins; the limit is a hundred.
const ROOMS_AT_ONCE: usize = 95;
/// Number of visitors that connect, or leave, at once. More would only wait for each other on a small machine.
const AT_ONCE: usize = 64;
/// Duration of the test in seconds. `HUBBUB_SOAK_SECONDS` sets another number.
const SECONDS: u64 = 60;
/// Bytes by which the memory at the end may exceed the memory after the first tenth, which is one round in a short run.
/// Some growth is no leak: the page caches of five connections to SQLite fill, 2 MiB each, and the allocator keeps the
/// maximum of each of its arenas; together 15 MiB in ten minutes. A leak of 10 KiB per visit exceeds this in a minute on an idle machine, one of 2 KiB
/// in ten.
const MAX_GROWTH_BYTES: u64 = 24 * MIB;
const MIB: u64 = 1024 * 1024;

/// Measurements at the end of a round, when all visitors have left and the hostile peers are still connected.
#[derive(Debug)]
struct Round {
    took: Duration,
    /// Time since the start of the soak.
    end: Duration,
    allocated_bytes: u64,
}

fn length() -> Duration {
    let seconds = std::env::var("HUBBUB_SOAK_SECONDS").ok().map(|seconds| seconds.parse().unwrap());
    Duration::from_secs(seconds.unwrap_or(SECONDS))
}

/// Runs a function for every visitor, several at a time, and waits for all.
async fn each<T: Send + 'static, R: Send + 'static, F>(all: Vec<T>, run: impl Fn(T) -> F) -> Vec<R>
where
    F: Future<Output = R> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for one in all {
        let place = Arc::clone(&places).acquire_owned().await.unwrap();
        let run = run(one);
        running.spawn(async move {
            let _place = place;
            run.await
        });
    }
    running.join_all().await
}

/// Returns the ids of the rooms, which typed events use.
async fn rooms(program: &Program) -> Vec<i64> {
    let mut numbers = Vec::new();
    for first in (0..ROOMS).step_by(ROOMS_AT_ONCE) {
        let mut socket = Socket::open(&program.address, None).await;
        for room in first..ROOMS.min(first + ROOMS_AT_ONCE) {
            let join = Command::Join { room: format!("room{room}"), cursor: None, resume: false };
            match socket.is_answered(join).await {
                Ok(Answer::Joined(joined)) => numbers.push(joined.room.id.0),
                other => panic!("{other:?}"),
            }
        }
        socket.leaves().await;
    }
    numbers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_is_stable_with_a_thousand_connections() {
    let program = Program::start().await;
    let numbers = rooms(&program).await;
    let mut visitors = Vec::new();
    for number in 0..CONNECTIONS - HOSTILE {
        visitors.push(Arc::new(Visitor::new(&program, number, &numbers).await));
    }
    let mut attackers = JoinSet::new();
    for number in 0..HOSTILE {
        attackers.spawn(hostile::attacks(program.address.clone(), number));
    }

    let (start, length) = (Instant::now(), length());
    let mut rounds: Vec<Round> = Vec::new();
    // Runs as many rounds as fit in the time: on a busy machine there are fewer, and each does the same work.
    while rounds.len() < 2 || start.elapsed() + rounds[rounds.len() - 1].took < length {
        let begin = Instant::now();
        let number = rounds.len();
        let visits = each(visitors.clone(), |visitor| visitor.comes_and_posts(number)).await;
        assert!(program.open_descriptors() > CONNECTIONS - HOSTILE, "all are connected at once");
        each(visits, Visit::reads_and_leaves).await;
        let (took, allocated_bytes) = (begin.elapsed(), program.allocated_bytes());
        rounds.push(Round { took, end: start.elapsed(), allocated_bytes });
    }
    let first = rounds.iter().find(|round| round.end >= length / 10).unwrap_or(&rounds[0]);
    let last = &rounds[rounds.len() - 1];
    assert!(
        last.allocated_bytes <= first.allocated_bytes + MAX_GROWTH_BYTES,
        "{} MiB after the first tenth, {} MiB at the end: {rounds:?}",
        first.allocated_bytes / MIB,
        last.allocated_bytes / MIB,
    );

    assert!(attackers.try_join_next().is_none(), "hostile peers attack to the end");
    let health = http().get(program.url("/healthz")).send().await.unwrap();
    assert_eq!(health.status(), 200);
}
