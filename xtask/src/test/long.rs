//! Long tests: many seeds of the world test, a long soak, fuzzing.

use anyhow::Result;

use super::Count;
use super::unit::cargo_test;
use crate::repo::Repo;
use crate::{site, step};

/// Number of seeds for each fault profile of the world test.
const WORLD_SEEDS: u32 = 10_000;
/// Duration of the soak with a thousand connections, in seconds. The unit tests run it for a minute.
const SOAK_SECONDS: u32 = 600;
/// Duration of fuzzing, in seconds.
const FUZZ_SECONDS: u32 = 300;

/// Runs the world test with ten thousand seeds.
pub(super) fn worlds(repo: &Repo, flags: &[String]) -> Result<Count> {
    let mut cargo = repo.cargo();
    cargo.args(["test", "--release", "--package", "hubbub-chat", "--test", "world"]).args(flags);
    cargo.env("HUBBUB_WORLD_SEEDS", WORLD_SEEDS.to_string());
    cargo_test(cargo)
}

/// Runs the soak test ten times as long as the unit tests do.
pub(super) fn soak(repo: &Repo, flags: &[String]) -> Result<Count> {
    site::build(repo)?;
    let mut cargo = repo.cargo();
    cargo.args(["test", "--package", "hubbub-server", "--test", "soak"]).args(flags);
    cargo.env("HUBBUB_SOAK_SECONDS", SOAK_SECONDS.to_string());
    cargo_test(cargo)
}

/// Fuzzes the legacy protocols, if a nightly compiler and cargo-fuzz are installed.
pub(super) fn fuzz(repo: &Repo, flags: &[String]) -> Result<Count> {
    let mut version = repo.command("cargo");
    if step::output(version.args(["+nightly", "fuzz", "--version"])).is_err() {
        println!("    left out: it needs a nightly compiler and cargo-fuzz (crates/wires/fuzz/README.md)");
        return Ok(Count::default());
    }
    let mut cargo = repo.command("cargo");
    cargo.current_dir(repo.root.join("crates/wires"));
    cargo.args(["+nightly", "fuzz", "run", "decode"]).args(flags);
    step::run(cargo.args(["--", &format!("-max_total_time={FUZZ_SECONDS}")]))?;
    Ok(Count::PASSED)
}
