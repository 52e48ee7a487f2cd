//! Checks dependencies for known vulnerabilities, from the RustSec database.

use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::repo::Repo;
use crate::test::Count;
use crate::{step, tools};

/// The database that `cargo deny` reads.
const DATABASE: &str = "https://github.com/rustsec/advisory-db";

/// Maximum time for the advisory database to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);

/// Checks advisories, bans and sources if possible. If the database cannot be reached, prints a notice and fails
/// nothing.
pub(crate) fn check(repo: &Repo) -> Result<Count> {
    let skip = |why: &str| {
        println!("    advisories, bans and sources: not checked, {why}");
        Ok(Count::default())
    };
    if let Err(why) = reach(DATABASE, ANSWER_TIMEOUT) {
        return skip(&format!("{DATABASE} cannot be reached ({why})"));
    }
    let deny = match tools::cargo_deny(repo) {
        Ok(deny) => deny,
        Err(error) => return skip(&format!("there is no cargo-deny ({error:#})")),
    };
    step::run(repo.command(deny).args(["check", "advisories", "bans", "sources"]))?;
    Ok(Count::PASSED)
}

/// Whether git can read the repository within this time.
fn reach(url: &str, timeout: Duration) -> Result<(), String> {
    let mut git = Command::new("git");
    git.args(["ls-remote", "--exit-code", url, "HEAD"]).env("GIT_TERMINAL_PROMPT", "0");
    git.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = git.spawn().map_err(|error| format!("git does not start: {error}"))?;
    let deadline = Instant::now() + timeout;
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("git ended with {status}")),
            Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_millis(50)),
            Ok(None) | Err(_) => break,
        }
    }
    // Best effort: the process may have ended meanwhile.
    _ = child.kill();
    _ = child.wait();
    Err(format!("no answer within {} s", timeout.as_secs()))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn gives_up_on_a_missing_or_silent_database() {
        assert!(reach("file:///nowhere/at/all", ANSWER_TIMEOUT).is_err_and(|why| why.contains("git ended")));
        // The system accepts connections to this listener, but nothing answers.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", silent.local_addr().unwrap());
        assert!(reach(&url, Duration::from_millis(300)).is_err_and(|why| why.contains("no answer")));
    }
}
