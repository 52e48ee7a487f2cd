//! `cargo xtask bench`: load tests of the real program.

use std::env;
use std::path::Path;

use anyhow::{Context, Result};

use crate::repo::Repo;
use crate::{build, step};

/// Environment variable with the folder of a benchmark for chat servers; the folder contains the program `compare`.
const PEERS: &str = "HUBBUB_BENCH_PEERS";

/// Builds, then runs the server's example `load`; without arguments, all its measurements. `compare` runs a benchmark of
/// several servers instead.
pub(crate) fn bench(repo: &Repo, mut words: Vec<String>) -> Result<()> {
    build::build(repo)?;
    if words.first().is_some_and(|word| word == "compare") {
        return compare(repo, &words[1..]);
    }
    if words.first().is_none_or(|word| word.starts_with('-')) {
        words.insert(0, "all".to_owned());
    }
    step::announce("measure", "a few minutes");
    let mut cargo = repo.cargo();
    cargo.args(["run", "--release", "--package", "hubbub-server", "--example", "load", "--"]);
    step::run(cargo.args(words).arg("--server").arg(repo.hubbub()))
}

/// Compares this server with those that the benchmark knows. The arguments are the names of its servers, `--` and the
/// scenario.
fn compare(repo: &Repo, words: &[String]) -> Result<()> {
    let folder =
        env::var_os(PEERS).with_context(|| format!("{PEERS} must name the folder of the benchmark"))?;
    let data = repo.target.join("tmp/bench");
    std::fs::create_dir_all(&data)?;
    let server = format!(
        "hubbub={} serve --listen 127.0.0.1:{{port}} --data {}/{{port}} --max-connections 20000 \
         --limit-posting off --limit-entering off",
        repo.hubbub().display(),
        data.display()
    );
    step::announce("compare", "a few minutes");
    let compared =
        step::run(repo.command(Path::new(&folder).join("compare")).args(["--server", &server]).args(words));
    std::fs::remove_dir_all(&data)?;
    compared
}
