//! `cargo xtask bench`: load tests of the real program.

use anyhow::Result;

use crate::repo::Repo;
use crate::{build, step};

/// Builds, then runs the server's example `load`; without arguments, all its measurements.
pub(crate) fn bench(repo: &Repo, mut words: Vec<String>) -> Result<()> {
    build::build(repo)?;
    if words.first().is_none_or(|word| word.starts_with('-')) {
        words.insert(0, "all".to_owned());
    }
    step::announce("measure", "a few minutes");
    let mut cargo = repo.cargo();
    cargo.args(["run", "--release", "--package", "hubbub-server", "--example", "load", "--"]);
    step::run(cargo.args(words).arg("--server").arg(repo.hubbub()))
}
