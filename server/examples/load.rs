//! Load on the real program: the numbers of `docs/measurements.md`.
//!
//! `load all|start|idle|fanout|posts|pages|guests|counts --server target/release/hubbub [--connections N] [--seconds N]`.
//! Everything stays on the loopback interface, and is bounded in count and time.

#![expect(clippy::print_stdout, reason = "a command line")]

mod counts;
mod fan_out;
mod wire;

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};
use futures_util::{SinkExt, StreamExt};
use hubbub_protocol::{Command, Seq};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::Child;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_tungstenite::client_async_with_config;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::wire::{Error, Socket, ask, connect, talk};

#[derive(Debug, Parser)]
struct Options {
    /// Measurement to run
    #[arg(value_enum, default_value = "all")]
    what: What,
    /// The program
    #[arg(long, default_value = "target/release/hubbub")]
    server: PathBuf,
    /// Idle connections to open; at most what the open-files limit allows
    #[arg(long, default_value_t = 10_000)]
    connections: usize,
    /// Messages of the room whose pages are read
    #[arg(long, default_value_t = 1_000_000)]
    messages: u64,
    /// Records the counts of instructions instead of comparing them
    #[arg(long)]
    record: bool,
    /// How long to post
    #[arg(long, default_value_t = 5)]
    seconds: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    All,
    Start,
    Idle,
    Fanout,
    Posts,
    Pages,
    Guests,
    /// Instructions of single operations, compared with the recorded ones; needs valgrind
    Counts,
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let options = Options::parse();
    if options.what == What::Counts {
        return counts::compare(&options).await;
    }
    let wants = |what| options.what == What::All || options.what == what;
    if wants(What::Start) {
        start(&options).await?;
    }
    if wants(What::Idle) {
        idle(&options).await?;
    }
    if wants(What::Fanout) {
        fanout(&options).await?;
    }
    if wants(What::Posts) {
        posts(&options, 100).await?;
        posts(&options, 1).await?;
    }
    if wants(What::Pages) {
        pages(&options).await?;
    }
    if wants(What::Guests) {
        guests(&options).await?;
    }
    Ok(())
}

/// A server with a folder of its own; it ends with this value.
struct Server {
    child: Child,
    address: String,
    _data: TempDir,
}

impl Server {
    async fn start(options: &Options) -> Result<Self, Error> {
        Self::of(tokio::process::Command::new(&options.server)).await
    }

    /// Starts the program with this command, to which the arguments are added.
    async fn of(mut command: tokio::process::Command) -> Result<Self, Error> {
        let data = TempDir::new()?;
        let mut child = command
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--log",
                "error",
                "--max-connections",
                "20000",
                "--limit-posting",
                "off",
                "--data",
            ])
            .arg(data.path())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let output = child.stdout.take().ok_or("no standard output")?;
        let line = BufReader::new(output).lines().next_line().await?.ok_or("it did not start")?;
        let address = line.strip_prefix("listening on http://").ok_or("an unknown greeting")?.to_owned();
        Ok(Self { child, address, _data: data })
    }

    /// Resident memory in bytes, without pages of the program's file that others could share.
    fn memory(&self) -> Result<u64, Error> {
        let id = self.child.id().ok_or("it has ended")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let kilobytes = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name));
            line.and_then(|line| line.split_whitespace().nth(1)).and_then(|number| number.parse::<u64>().ok())
        };
        Ok(kilobytes("RssAnon:").ok_or("no RssAnon in /proc")? * 1024)
    }

    /// Processor time of the server since its start, in user and system mode (proc(5), `/proc/pid/stat`).
    fn processor_time(&self) -> Result<Duration, Error> {
        let id = self.child.id().ok_or("it has ended")?;
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
        // The second field is a name in parentheses, which may contain spaces.
        let fields = stat.rsplit_once(')').ok_or("an unknown format")?.1.split_whitespace();
        let ticks = fields.skip(11).take(2).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
        Ok(Duration::from_millis(ticks * 10))
    }

    async fn get(&self, path: &str) -> Result<Vec<u8>, Error> {
        let mut stream = TcpStream::connect(&self.address).await?;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok(answer)
    }
}

/// From the start of the process to the end of the first page, a fresh database included.
async fn start(options: &Options) -> Result<(), Error> {
    let mut times = Vec::new();
    for _ in 0..15 {
        let begun = Instant::now();
        let server = Server::start(options).await?;
        let page = server.get("/").await?;
        times.push(begun.elapsed());
        if !page.starts_with(b"HTTP/1.1 200") {
            return Err("the first page is not there".into());
        }
    }
    times.sort();
    println!("start to first page, median of {}: {} ms", times.len(), times[times.len() / 2].as_millis());
    Ok(())
}

/// Memory of an idle server, and of each idle connection in a room.
async fn idle(options: &Options) -> Result<(), Error> {
    let server = Server::start(options).await?;
    server.get("/").await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = server.memory()?;
    println!("memory of an idle server: {:.1} MB", megabytes(before));
    let mut sockets = Vec::new();
    for number in 0..options.connections {
        let mut socket = connect(&server.address).await?;
        // Rooms of fifty.
        let room = format!("room{}", number / 50);
        socket.send(ask(1, Command::Join { room, cursor: None, resume: false })).await?;
        sockets.push(socket);
    }
    for socket in &mut sockets {
        // The hello, the answer and the page.
        for _ in 0..3 {
            socket.next().await.ok_or("closed")??;
        }
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let each = (server.memory()? - before) / u64::try_from(sockets.len())?;
    println!("memory of each of {} idle connections: {:.1} KB", sockets.len(), kilobytes(each));
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "for people to read")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

#[expect(clippy::cast_precision_loss, reason = "for people to read")]
fn kilobytes(bytes: u64) -> f64 {
    bytes as f64 / 1e3
}

/// Processor time of a message to a thousand connections, and that of a program that only writes.
async fn fanout(options: &Options) -> Result<(), Error> {
    for burst in [1, 8] {
        let server = Server::start(options).await?;
        let ours = fan_out::of_server(&server.address, burst, || server.processor_time()).await?;
        let bare = fan_out::of_bare_writer(burst).await?;
        println!(
            "delivery to one of 1,000 connections, bursts of {burst}: {:.1} us of processor time, {:.2} of a bare writer's rate",
            ours.as_secs_f64() * 1e6,
            bare.as_secs_f64() / ours.as_secs_f64()
        );
    }
    Ok(())
}

/// Acknowledged posts a second from a hundred connections in this many rooms.
async fn posts(options: &Options, rooms: usize) -> Result<(), Error> {
    let server = Server::start(options).await?;
    let mut sockets = Vec::new();
    for _ in 0..100 {
        sockets.push(connect(&server.address).await?);
    }
    let begun = Instant::now();
    let worked = server.processor_time()?;
    let end = begun + Duration::from_secs(options.seconds);
    let acknowledged = Arc::new(AtomicU64::new(0));
    let mut posters = JoinSet::new();
    for (number, socket) in sockets.into_iter().enumerate() {
        let acknowledged = Arc::clone(&acknowledged);
        let room = format!("room{}", number % rooms);
        let text = "a message of a usual length, like most in a chat";
        let texts = std::iter::repeat_with(|| text.to_owned()).take_while(move |_| Instant::now() < end);
        posters.spawn(async move { talk(socket, room, texts, &acknowledged).await });
    }
    while let Some(ended) = posters.join_next().await {
        ended??;
    }
    let total = acknowledged.load(Ordering::Relaxed);
    let rate = u128::from(total) * 1_000 / begun.elapsed().as_millis().max(1);
    let each = (server.processor_time()? - worked).as_nanos() / u128::from(total.max(1));
    println!(
        "acknowledged posts from 100 connections in {rooms} rooms: {rate}/s, {}.{} us of processor time each",
        each / 1_000,
        each % 1_000 / 100
    );
    Ok(())
}

/// Processor time of the visit of a guest, who connects on the plain wire, enters a room of ten, and leaves by closing the
/// connection; and the time until all guests are back after all connections were lost at once.
async fn guests(options: &Options) -> Result<(), Error> {
    const GUESTS: usize = 2_000;
    const CONNECTING: usize = 64;
    let server = Server::start(options).await?;
    let gate = Arc::new(Semaphore::new(CONNECTING));
    let first = arrive(&server, GUESTS, &gate).await?;
    // The leaves are part of the second visit, whose guests arrive while rooms store them.
    let worked = server.processor_time()?;
    drop(first);
    let begun = Instant::now();
    let back = arrive(&server, GUESTS, &Arc::new(Semaphore::new(GUESTS))).await?;
    let joined = begun.elapsed();
    let each = (server.processor_time()? - worked) / u32::try_from(GUESTS)?;
    println!("{} guests lost and back in their rooms: {} ms", back.len(), joined.as_millis());
    println!("a guest leaves, connects and joins: {} us of processor time", each.as_micros());
    Ok(())
}

/// Connects guests on the plain wire to rooms of ten, and waits until each has received the notice of its own join.
async fn arrive(server: &Server, guests: usize, gate: &Arc<Semaphore>) -> Result<Vec<Socket>, Error> {
    let mut arriving = JoinSet::new();
    for number in 0..guests {
        let (gate, address) = (Arc::clone(gate), server.address.clone());
        arriving.spawn(async move {
            let _turn = gate.acquire().await?;
            let mut socket = enter(&address, &format!("room{}", number / 10)).await?;
            socket.next().await.ok_or("closed")??;
            Ok::<_, Error>(socket)
        });
    }
    let mut sockets = Vec::with_capacity(guests);
    while let Some(arrived) = arriving.join_next().await {
        sockets.push(arrived??);
    }
    Ok(sockets)
}

/// Connects to the server as a guest on the plain wire, in this room.
async fn enter(address: &str, room: &str) -> Result<Socket, Error> {
    let request = format!("ws://{address}/chat/{room}").into_client_request()?;
    let config = WebSocketConfig::default().read_buffer_size(4096);
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(client_async_with_config(request, stream, Some(config)).await?.0)
}

/// Waits for the reply to a request; other frames are skipped.
async fn reply(socket: &mut Socket, id: u64) -> Result<(), Error> {
    let begin = format!("{{\"reply\":{{\"id\":{id},");
    loop {
        let frame = socket.next().await.ok_or("closed")??;
        let json = frame.to_text()?;
        if json.starts_with("{\"refusal\"") {
            return Err(json.into());
        }
        if json.starts_with(&begin) {
            return Ok(());
        }
    }
}

/// Processor time of a page of 50 messages in a long room, at its end and in its middle.
async fn pages(options: &Options) -> Result<(), Error> {
    const REQUESTS: u64 = 2_000;
    let server = Server::start(options).await?;
    let next = AtomicU64::new(0);
    let texts = std::iter::from_fn(|| {
        let number = next.fetch_add(1, Ordering::Relaxed);
        (number < options.messages)
            .then(|| format!("message {number} of a usual length, like most in a chat"))
    });
    let stored = AtomicU64::new(0);
    talk(connect(&server.address).await?, "long".to_owned(), texts, &stored).await?;
    let middle = i64::try_from(options.messages / 2)?;
    for (place, before) in [("newest", None), ("in the middle", Some(Seq(middle)))] {
        let mut socket = connect(&server.address).await?;
        socket.send(ask(0, Command::Join { room: "long".to_owned(), cursor: None, resume: false })).await?;
        reply(&mut socket, 0).await?;
        let begun = server.processor_time()?;
        for number in 1..=REQUESTS {
            let (room, limit) = ("long".to_owned(), Some(50));
            socket
                .send(ask(number, Command::History { room, before, after: None, around: None, limit }))
                .await?;
            reply(&mut socket, number).await?;
        }
        let each = (server.processor_time()? - begun) / u32::try_from(REQUESTS)?;
        println!(
            "page of 50 of {} messages, {place}: {} us of processor time",
            options.messages,
            each.as_micros()
        );
    }
    Ok(())
}
