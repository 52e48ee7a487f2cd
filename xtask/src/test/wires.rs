//! Tests the wires with existing client libraries: runs pytest and counts its tests.

use std::fs;

use anyhow::{Context, Result, bail};

use super::Count;
use crate::repo::Repo;
use crate::{build, python, step, tools};

/// The folder of these tests.
const FOLDER: &str = "end2end/wires";

/// Builds the program and runs the tests of existing client libraries against it.
pub(super) fn run(repo: &Repo, flags: &[String]) -> Result<Count> {
    // Requirements are checked first, because the build takes long.
    let python = python::with_packages(repo, &format!("{FOLDER}/requirements.txt"))?;
    tools::npm_packages(repo, FOLDER)?;
    let websocat = tools::websocat(repo)?;
    build::build(repo)?;

    step::announce("test every wire with independent clients, alone and together", "1 to 2 minutes");
    let report = repo.root.join("target/wires.xml");
    // An old report must not be read as the result of this run.
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let mut pytest = repo.command(python);
    pytest.current_dir(repo.root.join(FOLDER)).args(["-m", "pytest"]).args(flags);
    pytest.arg("--junit-xml").arg(&report).env("HUBBUB_BIN", repo.hubbub()).env("WEBSOCAT", websocat);
    // The tests configure the program themselves, so settings in the environment are removed.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name == "SECRET_KEY" || (name.starts_with("HUBBUB_") && name != "HUBBUB_BIN") {
            pytest.env_remove(&*name);
        }
    }
    let ended = step::run(&mut pytest);
    let count = fs::read_to_string(&report)
        .ok()
        .and_then(|report| counted(&report))
        .with_context(|| format!("pytest left no report: {ended:?}"))?;
    if count.passed + count.failed == 0 {
        bail!("no test of a wire ran");
    }
    match ended {
        Err(error) if count.failed == 0 => Err(error),
        _ => Ok(count),
    }
}

/// Parses `<testsuite name="pytest" errors="0" failures="1" skipped="0" tests="9" ...>`. A skipped test counts as
/// failed.
fn counted(report: &str) -> Option<Count> {
    let (_, suite) = report.split_once("<testsuite ")?;
    let (suite, _) = suite.split_once('>')?;
    let number = |name: &str| -> Option<u32> {
        let (_, value) = suite.split_once(&format!("{name}=\""))?;
        value.split_once('"')?.0.parse().ok()
    };
    let failed = number("errors")? + number("failures")? + number("skipped")?;
    Some(Count { passed: number("tests")?.saturating_sub(failed), failed })
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn parses_the_output_of_pytest() {
        let report = r#"<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="46" time="1.5"><testcase/></testsuite>"#;
        let count = counted(report).expect("a result");
        assert_eq!((count.passed, count.failed), (40, 6));
        assert!(counted("<testsuites/>").is_none());
    }
}
