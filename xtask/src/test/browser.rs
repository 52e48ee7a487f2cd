//! Runs the browser tests with Playwright and counts them.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::Count;
use crate::repo::Repo;
use crate::{build, step, tools};

/// Builds the program and runs the browser tests against it.
pub(super) fn run(repo: &Repo, flags: &[String]) -> Result<Count> {
    build::build(repo)?;
    tools::npm_packages(repo, "end2end")?;
    step::announce("check the types of the browser tests", "seconds");
    let mut types = repo.command("node");
    types.current_dir(repo.root.join("end2end")).arg("node_modules/typescript/bin/tsc");
    let well_typed = step::run(&mut types);

    let mut count = Count::default();
    for (config, what) in [
        ("playwright.config.ts", "run the browser tests"),
        ("measured.config.ts", "run the browser tests that measure time; other load falsifies them"),
    ] {
        step::announce(what, "2 to 6 minutes");
        count += play(repo, config, flags)?;
    }
    if count.passed + count.failed == 0 {
        bail!("no browser test ran");
    }
    count += match well_typed {
        Ok(()) => Count::PASSED,
        Err(error) => {
            println!("{error:#}");
            Count::FAILED
        }
    };
    Ok(count)
}

/// Runs the tests of a configuration. `flags` may select none of them.
fn play(repo: &Repo, config: &str, flags: &[String]) -> Result<Count> {
    let report = repo.root.join("target/browser.json");
    // An old report must not be read as the result of this run.
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let mut playwright = playwright(repo)?;
    playwright.args(["--config", config, "--pass-with-no-tests"]).args(flags).env("HUBBUB_REPORT", &report);
    let ended = step::run(&mut playwright);
    let count = read(&report).with_context(|| match &ended {
        Ok(()) => "Playwright left no report".to_owned(),
        Err(error) => format!("Playwright left no report: {error:#}"),
    })?;
    match ended {
        Err(error) if count.failed == 0 => Err(error),
        _ => Ok(count),
    }
}

/// Returns `playwright test` with its packages, its browser and the built program.
pub(crate) fn playwright(repo: &Repo) -> Result<Command> {
    tools::npm_packages(repo, "end2end")?;
    let mut playwright = repo.command("node");
    playwright.current_dir(repo.root.join("end2end"));
    playwright.args(["node_modules/@playwright/test/cli.js", "test"]);
    playwright.env("HUBBUB_BIN", repo.hubbub());
    if let Some(chromium) = tools::chromium(repo)? {
        playwright.env("HUBBUB_CHROMIUM", chromium);
    }
    Ok(playwright)
}

/// Reads the numbers in Playwright's JSON report. A test that passed only at the second attempt counts as failed.
fn read(report: &std::path::Path) -> Result<Count> {
    let report: Value = serde_json::from_slice(&fs::read(report)?)?;
    let number = |name: &str| {
        report["stats"][name].as_u64().and_then(|number| u32::try_from(number).ok()).unwrap_or_default()
    };
    let broken = report["errors"].as_array().map_or(0, Vec::len);
    Ok(Count {
        passed: number("expected"),
        failed: number("unexpected") + number("flaky") + u32::try_from(broken).unwrap_or(u32::MAX),
    })
}
