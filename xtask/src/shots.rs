//! `cargo xtask shots`: takes screenshots of every page.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::repo::Repo;
use crate::{build, step, test};

/// Takes screenshots; or, after the word `pick`, copies the named ones to `docs/images`.
pub(crate) fn shots(repo: &Repo, mut words: Vec<String>) -> Result<()> {
    if words.first().is_some_and(|word| word == "pick") {
        words.remove(0);
        return copy_to_docs(repo, &words);
    }
    take_screenshots(repo, &words)
}

/// Builds, then takes a screenshot of every page and state, wide and narrow, light and dark.
fn take_screenshots(repo: &Repo, flags: &[String]) -> Result<()> {
    build::build(repo)?;
    let mut playwright = test::browser::playwright(repo)?;
    step::announce("take screenshots into target/shots", "five minutes");
    step::run(
        playwright
            .args(["--config", "shots.config.ts"])
            .args(flags)
            .env("HUBBUB_SHOTS", repo.root.join("target/shots")),
    )
}

/// Copies screenshots to the images of the README. A name is, for example, `wide-light/room`.
fn copy_to_docs(repo: &Repo, names: &[String]) -> Result<()> {
    if names.is_empty() {
        bail!("name the screenshots, for example: cargo xtask shots pick wide-light/room narrow-dark/room");
    }
    let images = repo.root.join("docs/images");
    fs::create_dir_all(&images)?;
    for name in names {
        let shot = repo.root.join("target/shots").join(format!("{name}.png"));
        let image = images.join(format!("{}.png", name.replace('/', "-")));
        fs::copy(&shot, &image).with_context(|| {
            format!("there is no {}; cargo xtask shots takes it", repo.short(&shot).display())
        })?;
        println!("    {}", repo.short(&image).display());
    }
    Ok(())
}
