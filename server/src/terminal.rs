//! `hubbub chat`: the terminal client, with the same core as the browser client (`crates/client`).
//!
//! The output for a room (`transcript`), the notices about the connection (`connection_notices`) and their layout
//! (`line`, `screen`) are computed without I/O; `chat_task` owns the socket, the clock, the input and the output.

mod address;
mod answers;
mod chat_task;
mod colour;
pub(crate) mod config;
mod connection_notices;
mod display;
mod editor;
mod input;
mod keys;
mod layout;
mod line;
mod live;
mod output;
mod sanitize;
mod screen;
mod shutdown;
mod socket_task;
mod transcript;
mod user_command;

use std::io::IsTerminal;
use std::process::ExitCode;

use axum::http::HeaderValue;

use self::chat_task::ChatTask;
pub use self::config::ChatConfig;
use self::display::RawMode;
use self::socket_task::ServerEndpoint;
use crate::error_output;

/// Number of earlier messages that a terminal shows when the user enters a room.
const HISTORY: u8 = 20;

/// Chats until the end of input, `/quit`, or a signal. Prints failures to standard error.
#[must_use]
pub fn run(config: &ChatConfig) -> ExitCode {
    let problems = match chat(config) {
        Ok(problems) => problems,
        Err(error) => vec![format!("{error:#}")],
    };
    // Each failure stays on one line, even if it contains text of a server or a script.
    problems.iter().for_each(|problem| error_output::print(&sanitize::line(problem)));
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn chat(config: &ChatConfig) -> anyhow::Result<Vec<String>> {
    let endpoint = ServerEndpoint { address: config.server.clone(), token: token()?, cookie: None };
    let person = std::io::stdin().is_terminal();
    let looks = person && std::io::stdout().is_terminal();
    // A terminal with `TERM=dumb` is treated as one that only prints lines and has its own line editing.
    let at_terminal =
        looks && std::env::var_os("TERM").is_some_and(|term| !term.is_empty() && term != "dumb");
    let options = chat_task::ChatOptions {
        person,
        at_terminal,
        history: usize::from(config.history.unwrap_or(if looks { HISTORY } else { 0 })),
        patience_millis: u64::from(config.timeout) * 1_000,
    };
    // The program has one task and its socket, so further threads would only cost memory.
    let raw_mode = at_terminal.then(RawMode::begin).transpose()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let problems = runtime.block_on(async {
        let task = ChatTask::new(endpoint, config.room.clone(), &options)?;
        Ok(Box::pin(task.run()).await)
    });
    drop(raw_mode);
    problems
}

/// Reads the token only from the environment, because other users of the machine can read command lines.
fn token() -> anyhow::Result<Option<HeaderValue>> {
    let Some(token) = std::env::var("HUBBUB_TOKEN").ok().filter(|token| !token.is_empty()) else {
        return Ok(None);
    };
    let mut value = HeaderValue::from_str(&format!("Bearer {}", token.trim()))
        .map_err(|_| anyhow::anyhow!("HUBBUB_TOKEN contains characters that are not allowed in a token"))?;
    value.set_sensitive(true);
    Ok(Some(value))
}
