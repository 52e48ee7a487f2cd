//! `cargo xtask shots`: what every page looks like.

use anyhow::Result;

use crate::repo::Repo;
use crate::{build, step, test};

/// Builds, then takes a picture of every page and state, wide and narrow, light and dark.
pub(crate) fn shots(repo: &Repo) -> Result<()> {
    build::build(repo)?;
    let mut playwright = test::browser::playwright(repo)?;
    step::say("take screenshots into target/shots", "a minute");
    step::run(
        playwright.args(["--config", "shots.config.ts"]).env("HUBBUB_SHOTS", repo.root.join("target/shots")),
    )
}
