//! Runs `cargo test` and counts its tests.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::Count;
use crate::repo::Repo;
use crate::{site, step};

/// Runs every test of the workspace. A debug build of the server reads the site from the disk, so the site is built
/// first.
pub(super) fn run(repo: &Repo, flags: &[String]) -> Result<Count> {
    site::build(repo)?;
    let mut cargo = repo.cargo();
    cargo.args(["test", "--workspace", "--no-fail-fast"]).args(flags);
    cargo_test(cargo)
}

/// Runs a `cargo test` command and counts its tests.
pub(super) fn cargo_test(mut cargo: Command) -> Result<Count> {
    println!("    {}", step::line(&cargo));
    let mut child = cargo.stdout(Stdio::piped()).spawn().context("cannot start cargo")?;
    let output = child.stdout.take().context("cargo has no output")?;
    let mut count = Count::default();
    for line in BufReader::new(output).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        println!("{line}");
        if let Some(of_this_file) = counted(&line) {
            count += of_this_file;
        }
    }
    let status = child.wait()?;
    if !status.success() && count.failed == 0 {
        // Compilation failed, or a test ended its whole process.
        println!("cargo test ended with {status}");
        count.failed = 1;
    }
    if count.passed + count.failed == 0 {
        bail!("no test ran");
    }
    Ok(count)
}

/// Parses `test result: ok. 3 passed; 0 failed; 0 ignored; ...`.
fn counted(line: &str) -> Option<Count> {
    let result = line.strip_prefix("test result: ")?;
    let number = |label: &str| {
        let (before, _) = result.split_once(label)?;
        before.split_whitespace().next_back()?.parse().ok()
    };
    Some(Count { passed: number(" passed")?, failed: number(" failed")? })
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn parses_the_output_of_libtest() {
        let line = "test result: FAILED. 31 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        let count = counted(line).expect("a result");
        assert_eq!((count.passed, count.failed), (31, 2));
        assert!(counted("test room::tests::a_test ... ok").is_none());
    }
}
