//! A room with a long past: says so many messages in a room of a server that runs.
//!
//! `fill [ROOM] [--server http://localhost:3000] [--messages N] [--connections N]`. Each connection is a guest
//! of its own, and has a bounded number of posts under way. Start the server with `--limit-posting off`.

#![expect(clippy::print_stdout, reason = "a command line")]

mod wire;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::Parser;
use tokio::task::JoinSet;

use crate::wire::{Error, connect, talk};

/// Message texts of different lengths, as in a real room.
const WORDS: [&str; 6] = [
    "ok",
    "Has anybody seen the keys of the shed?",
    "On the table, beside the bread. Unless the cat took them again; then look *under* the sofa first.",
    "see https://example.org/a/page/that/explains/it",
    "I have tried it with `cargo xtask run`, and it worked at once.\nThen I tried it again, and it worked again.",
    "👍",
];

#[derive(Debug, Parser)]
struct Options {
    /// The room to fill; created if it does not exist
    #[arg(default_value = "long-past")]
    room: String,
    /// Address of the server
    #[arg(long, default_value = "http://localhost:3000")]
    server: String,
    /// How many messages to say
    #[arg(long, default_value_t = 100_000)]
    messages: u64,
    /// How many guests say them
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=64))]
    connections: u64,
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let options = Options::parse();
    let address = options.server.strip_prefix("http://").ok_or("the server's address begins with http://")?;
    let address = address.trim_end_matches('/');
    let begun = Instant::now();
    let next = Arc::new(AtomicU64::new(1));
    let stored = Arc::new(AtomicU64::new(0));
    let mut guests = JoinSet::new();
    for _ in 0..options.connections {
        let socket = connect(address).await?;
        let (room, next, stored) = (options.room.clone(), Arc::clone(&next), Arc::clone(&stored));
        let messages = options.messages;
        let texts = std::iter::from_fn(move || {
            let number = next.fetch_add(1, Ordering::Relaxed);
            (number <= messages).then(|| text(number))
        });
        guests.spawn(async move { talk(socket, room, texts, &stored).await });
    }
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            ended = guests.join_next() => match ended {
                Some(ended) => ended??,
                None => break,
            },
            _ = tick.tick() => report(&options, &stored, begun),
        }
    }
    report(&options, &stored, begun);
    Ok(())
}

/// `message 7: ...`: the number tells where in the past one is.
fn text(number: u64) -> String {
    let words = usize::try_from(number).unwrap_or_default() % WORDS.len();
    format!("message {number}: {}", WORDS.get(words).unwrap_or(&""))
}

fn report(options: &Options, stored: &AtomicU64, begun: Instant) {
    let stored = stored.load(Ordering::Relaxed);
    let rate = u128::from(stored) * 1_000 / begun.elapsed().as_millis().max(1);
    println!("{stored} of {} messages in {}, {rate}/s", options.messages, options.room);
}
