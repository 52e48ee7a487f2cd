//! `cargo xtask run`: builds and starts the server from a fresh clone.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::repo::Repo;
use crate::{build, step};

/// Builds, then becomes `hubbub serve` with `flags`.
pub(crate) fn run(repo: &Repo, flags: Vec<String>) -> Result<ExitCode> {
    build::build(repo)?;
    let mut serve = repo.command(repo.hubbub());
    serve.arg("serve");
    if !flags.iter().any(|flag| flag == "--data" || flag.starts_with("--data=")) {
        serve.args(["--data", "./data"]);
    }
    serve.args(flags);
    step::announce("start Hubbub; Ctrl+C stops it", "");
    println!("    {}", step::line(&serve));
    become_it(serve)
}

/// Replaces this process, so that the server receives signals and its exit code is returned.
#[cfg(unix)]
pub(crate) fn become_it(mut command: Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;

    let line = step::line(&command);
    Err(command.exec()).with_context(|| format!("cannot start: {line}"))
}

/// Waits for the command and returns its exit code.
#[cfg(not(unix))]
pub(crate) fn become_it(mut command: Command) -> Result<ExitCode> {
    let line = step::line(&command);
    let status = command.status().with_context(|| format!("cannot start: {line}"))?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}
