//! Instructions that single operations cost, counted by callgrind. Unlike times, they hardly depend on the machine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hubbub_protocol::{ClientId, Command};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio_tungstenite::connect_async;

use crate::wire::{Error, Socket, ask, connect};
use crate::{Options, Server, reply};

/// The counts of the last recorded version.
const RECORDED: &str = "server/examples/counts/recorded.txt";
/// Maximum growth of a count, in percent.
const MAX_GROWTH: u64 = 5;
/// Number of operations of a short and of a long run. The difference of the two excludes the start of the server.
const SHORT: u64 = 100;
const LONG: u64 = 400;
/// Connections that receive each message.
const RECEIVERS: u64 = 50;
const ROOM: &str = "counts";

/// The operation that a run measures.
#[derive(Clone, Copy)]
enum Work {
    /// Messages, each acknowledged before the next one is sent.
    Posts,
    /// The same messages, with connections that receive them.
    Deliveries,
    /// Pages of 50 messages.
    Pages,
}

/// Counts the instructions and compares them with the recorded ones, or records them.
///
/// # Errors
/// If a count has grown by more than [`MAX_GROWTH`] percent, or valgrind cannot be run.
pub(crate) async fn compare(options: &Options) -> Result<(), Error> {
    let post = each(options, Work::Posts).await?;
    let with_deliveries = each(options, Work::Deliveries).await?;
    let counts = BTreeMap::from([
        ("acknowledged post", post),
        ("delivery", with_deliveries.saturating_sub(post) / RECEIVERS),
        ("page of 50", each(options, Work::Pages).await?),
    ]);
    if options.record {
        let lines: String = counts.iter().map(|(name, count)| format!("{name}: {count}\n")).collect();
        std::fs::write(RECORDED, lines)?;
    }
    let recorded = std::fs::read_to_string(RECORDED)?;
    let mut grown = Vec::new();
    for (name, count) in counts {
        let line = recorded.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        let before: u64 = line.ok_or_else(|| format!("{RECORDED} does not contain: {name}"))?.parse()?;
        println!("instructions, {name}: {count}; recorded: {before}");
        if count > before + before * MAX_GROWTH / 100 {
            grown.push(name);
        }
    }
    if grown.is_empty() {
        return Ok(());
    }
    Err(format!("grown by more than {MAX_GROWTH} %: {}", grown.join(", ")).into())
}

/// Returns the instructions of one operation.
async fn each(options: &Options, work: Work) -> Result<u64, Error> {
    let (short, long) = (run(options, work, SHORT).await?, run(options, work, LONG).await?);
    Ok(long.saturating_sub(short) / (LONG - SHORT))
}

/// Returns all instructions of a server that does `amount` operations.
async fn run(options: &Options, work: Work, amount: u64) -> Result<u64, Error> {
    let folder = TempDir::new()?;
    let counts = folder.path().join("counts");
    let mut command = tokio::process::Command::new("valgrind");
    command.args(["--quiet", "--tool=callgrind"]).arg(callgrind_out(&counts)).arg(&options.server);
    let mut server = Server::of(command).await?;
    let mut socket = connect(&server.address).await?;
    socket.send(ask(0, Command::Join { room: ROOM.to_owned(), cursor: None, resume: false })).await?;
    reply(&mut socket, 0).await?;
    let receivers = if matches!(work, Work::Deliveries) { RECEIVERS } else { 0 };
    for _ in 0..receivers {
        let (mut receiver, _) = connect_async(format!("ws://{}/chat/{ROOM}", server.address)).await?;
        tokio::spawn(async move { while receiver.next().await.is_some() {} });
    }
    // Presence is reported with a delay.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let stored = if matches!(work, Work::Pages) { SHORT } else { 0 };
    for number in 1..=stored {
        post(&mut socket, number).await?;
    }
    for number in stored + 1..=stored + amount {
        match work {
            Work::Posts | Work::Deliveries => post(&mut socket, number).await?,
            Work::Pages => page(&mut socket, number).await?,
        }
    }
    let id = server.child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?)).ok_or("it has ended")?;
    kill_process(id, Signal::TERM)?;
    server.child.wait().await?;
    let text = std::fs::read_to_string(&counts)?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: ")).ok_or("no totals")?;
    Ok(total.trim().parse()?)
}

fn callgrind_out(path: &Path) -> PathBuf {
    format!("--callgrind-out-file={}", path.display()).into()
}

async fn post(socket: &mut Socket, number: u64) -> Result<(), Error> {
    let client_id = ClientId::from_random_bytes(rand::random());
    let (room, text) = (ROOM.to_owned(), "a message of a usual length, like most in a chat".to_owned());
    socket
        .send(ask(number, Command::Post { room, client_id, text, reply_to: None, files: Vec::new() }))
        .await?;
    reply(socket, number).await
}

async fn page(socket: &mut Socket, number: u64) -> Result<(), Error> {
    let room = ROOM.to_owned();
    let command = Command::History { room, before: None, after: None, around: None, limit: Some(50) };
    socket.send(ask(number, command)).await?;
    reply(socket, number).await
}
