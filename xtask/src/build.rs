//! `cargo xtask build`: `target/release/hubbub`.

use anyhow::Result;

use crate::repo::Repo;
use crate::{site, step};

/// Builds the program with the site inside it.
pub(crate) fn build(repo: &Repo) -> Result<()> {
    site::build(repo)?;
    step::announce("build the server", "4 to 6 minutes the first time");
    step::run(repo.cargo().args(["build", "--release", "--package", "hubbub-server", "--bin", "hubbub"]))
}
