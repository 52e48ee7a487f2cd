//! System calls on the database that fail once or for a while.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use reqwest::StatusCode;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;
use tokio::process::Command;
use tokio::time::Instant;

use super::{Poster, name_of};
use crate::support::program::{command, http};
use crate::support::{Program, TEST_TIMEOUT};

/// Calls that fail together. A connection is opened again only after another failure.
const FAULTS: [&str; 6] =
    ["sync", "write", "sync open", "write read", "read open", "sync write truncate open read"];
/// Posts of one fault.
const POSTS: usize = 12;

/// Compiles the library that lets calls fail, and returns its path.
async fn library(folder: &Path) -> std::path::PathBuf {
    let library = folder.join("failing_calls.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/support/failing_calls.c");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).arg("-ldl");
    assert!(compiler.status().await.expect("a C compiler").success());
    library
}

/// A server whose calls can fail.
struct Machine {
    program: Program,
    fault: std::path::PathBuf,
    _folder: TempDir,
}

impl Machine {
    async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let fault = folder.path().join("fault");
        let data = Arc::new(TempDir::new().unwrap());
        let mut server = command(data.path(), "127.0.0.1:0");
        server.args(["--limit-posting", "off"]).env("HUBBUB_TEST_FAULT", &fault);
        server.env("LD_PRELOAD", library(folder.path()).await);
        Self { program: Program::of(server, data).await, fault, _folder: folder }
    }

    fn breaks(&self, calls: &str) {
        // The server may read the file while it is written.
        let draft = self.fault.with_extension("draft");
        fs::write(&draft, calls).unwrap();
        fs::rename(draft, &self.fault).unwrap();
    }

    fn is_repaired(&self) {
        _ = fs::remove_file(&self.fault);
    }

    async fn is_ready(&self) -> bool {
        http().get(self.program.url("/readyz")).send().await.unwrap().status() == StatusCode::OK
    }
}

#[tokio::test]
async fn recovers_from_each_call_that_fails_once_or_for_a_while() {
    let mut machine = Machine::start().await;
    let poster = Poster::new(&machine.program).await;
    let mut acknowledged = Vec::new();
    let mut number = 0;
    for calls in FAULTS {
        for once in ["once ", ""] {
            machine.breaks(&format!("{once}{calls}"));
            let mut refused = 0;
            for _ in 0..POSTS {
                number += 1;
                // Pages of different sizes, so that the write-ahead log is also merged during a fault.
                let text = format!("{number} {}", "x".repeat(number * 97 % 3_900));
                let (status, body) = poster.posts(&name_of(number), &text).await;
                match status {
                    StatusCode::CREATED => acknowledged.push(name_of(number)),
                    StatusCode::SERVICE_UNAVAILABLE => refused += 1,
                    other => panic!("{once}{calls}: {other} {body}"),
                }
            }
            if once.is_empty() && (calls.contains("sync") || calls.contains("write")) {
                assert_eq!(refused, POSTS, "{calls}: nothing is acknowledged that may be lost");
                assert!(!machine.is_ready().await, "{calls}");
            }
            machine.is_repaired();
            number += 1;
            poster.insists(&name_of(number), "after the fault").await;
            acknowledged.push(name_of(number));
            let deadline = Instant::now() + TEST_TIMEOUT;
            while !machine.is_ready().await {
                assert!(Instant::now() < deadline, "{once}{calls}: it is ready again");
            }
        }
    }
    // Stopping while the disk fails ends the process properly and loses nothing.
    machine.breaks("sync write");
    assert_eq!(machine.program.stop("-TERM").await, Some(0));
    machine.is_repaired();
    machine.program.restart().await;
    let poster = Poster::new(&machine.program).await;
    poster.insists(&name_of(999_999_999), "the last one").await;
    machine.program.kill().await;

    let options = SqliteConnectOptions::new().filename(machine.program.data.path().join("chat.db"));
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    let stored: Vec<String> =
        sqlx::query_scalar("SELECT client_id FROM messages").fetch_all(&mut database).await.unwrap();
    for client_id in acknowledged {
        assert_eq!(stored.iter().filter(|stored| **stored == client_id).count(), 1, "{client_id}");
    }
    let check: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut database).await.unwrap();
    assert_eq!(check, "ok");
}
