//! `cargo xtask test`: runs every check, the fast ones first, and prints one line at the end.

pub(crate) mod browser;
mod long;
mod size;
mod unit;
mod wires;

use std::ops::AddAssign;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::repo::Repo;
use crate::{boundaries, licences, site, step, tools};

/// The number of passed and failed tests.
#[derive(Clone, Copy, Default)]
pub(crate) struct Count {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl Count {
    /// One test that passed.
    pub(crate) const PASSED: Self = Self { passed: 1, failed: 0 };
    /// One test that failed.
    pub(crate) const FAILED: Self = Self { passed: 0, failed: 1 };
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// A part of the tests. An error counts as one failed test.
struct Part {
    name: &'static str,
    what: &'static str,
    how_long: &'static str,
    run: fn(&Repo, &[String]) -> Result<Count>,
}

const PARTS: [Part; 9] = [
    Part { name: "format", what: "formatting of the source", how_long: "seconds", run: format },
    Part {
        name: "boundaries",
        what: "import rules of crates and modules, type names, and cited tests",
        how_long: "half a minute",
        run: boundaries::check,
    },
    Part {
        name: "deny",
        what: "licences and security advisories of the dependencies",
        how_long: "seconds, minutes the first time if the advisory database is reachable",
        run: licences::check,
    },
    Part {
        name: "clippy",
        what: "no compiler warnings, for the server and for the browser",
        how_long: "4 to 6 minutes the first time",
        run: clippy,
    },
    Part {
        name: "unit",
        what: "unit and integration tests",
        how_long: "5 to 8 minutes the first time",
        run: unit::run,
    },
    Part { name: "trunk", what: "the browser-only build", how_long: "2 minutes the first time", run: trunk },
    Part {
        name: "size",
        what: "download size of the web client",
        how_long: "3 minutes the first time",
        run: size::check,
    },
    Part {
        name: "wires",
        what: "clients of other projects on every wire, with the real program",
        how_long: "5 to 8 minutes the first time",
        run: wires::run,
    },
    Part {
        name: "browser",
        what: "browser tests with several users and the real program",
        how_long: "6 to 9 minutes the first time",
        run: browser::run,
    },
];

/// Parts that take too long for daily use: `cargo xtask test long`.
const LONG_PARTS: [Part; 3] = [
    Part {
        name: "worlds",
        what: "the world test with ten thousand seeds",
        how_long: "20 to 40 minutes",
        run: long::worlds,
    },
    Part {
        name: "soak",
        what: "stable memory with a thousand connections of all wires",
        how_long: "11 minutes",
        run: long::soak,
    },
    Part { name: "fuzz", what: "fuzzing of the wires", how_long: "5 minutes", run: long::fuzz },
];

/// Runs one part or all of them.
pub(crate) fn test(repo: &Repo, mut words: Vec<String>) -> Result<ExitCode> {
    let name = match words.first() {
        Some(word) if !word.starts_with('-') => Some(words.remove(0)),
        _ => None,
    };
    if words.first().is_some_and(|word| word == "--") {
        words.remove(0);
    }
    let chosen: Vec<&Part> = match name.as_deref() {
        Some("long") => LONG_PARTS.iter().collect(),
        name => PARTS.iter().filter(|part| name.is_none_or(|name| name == part.name)).collect(),
    };
    if chosen.is_empty() {
        let names: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
        bail!("there is no part {}. These are: {} long", name.unwrap_or_default(), names.join(" "));
    }
    if chosen.len() > 1 && !words.is_empty() {
        bail!("flags go to one part: cargo xtask test PART -- {}", words.join(" "));
    }
    // Checks the requirements of every part first, so that they are not reported only after ten minutes.
    tools::need_node()?;
    tools::need_c_compiler()?;

    let mut total = Count::default();
    let mut summary = Vec::new();
    for part in chosen {
        step::announce(&format!("TEST {}: {}", part.name, part.what), part.how_long);
        let start = Instant::now();
        let count = (part.run)(repo, &words).unwrap_or_else(|error| {
            println!("\n{}: {error:#}", part.name);
            Count::FAILED
        });
        total += count;
        summary.push(line(part.name, count, start.elapsed()));
    }
    println!("\n{}", summary.join("\n"));
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn line(name: &str, count: Count, time: Duration) -> String {
    let Count { passed, failed } = count;
    format!("{name:8} {passed:5} ok {failed:5} not ok {:5} s", time.as_secs())
}

fn format(repo: &Repo, flags: &[String]) -> Result<Count> {
    step::run(repo.cargo().args(["fmt", "--all", "--check"]).args(flags))?;
    Ok(Count::PASSED)
}

fn clippy(repo: &Repo, flags: &[String]) -> Result<Count> {
    tools::need_wasm_target(repo)?;
    let app =
        ["--package", "hubbub-app", "--lib", "--target", "wasm32-unknown-unknown", "--no-default-features"];
    let runs: [Vec<&str>; 3] = [
        vec!["--workspace", "--all-targets"],
        [&app[..], &["--features", "hydrate"]].concat(),
        [&app[..], &["--bins", "--features", "csr"]].concat(),
    ];
    let mut count = Count::default();
    for run in runs {
        let mut cargo = repo.cargo();
        cargo.arg("clippy").args(run).args(flags).args(["--", "--deny", "warnings"]);
        count += match step::run(&mut cargo) {
            Ok(()) => Count::PASSED,
            Err(error) => {
                println!("{error:#}");
                Count::FAILED
            }
        };
    }
    Ok(count)
}

fn trunk(repo: &Repo, flags: &[String]) -> Result<Count> {
    tools::need_wasm_target(repo)?;
    let wasm_bindgen = tools::wasm_bindgen(repo)?;
    let trunk = tools::trunk(repo)?;
    let built = repo.target.join("trunk");
    let mut build = repo.command(trunk);
    build.args(["build", "--dist"]).arg(&built).args(flags);
    // Trunk reads NO_COLOR as a flag of its own and accepts only `true` and `false`.
    step::run(build.env("PATH", tools::path_to(&[&wasm_bindgen])?).env_remove("NO_COLOR"))?;
    let has = |ending: &str| {
        site::files(&built)
            .is_ok_and(|files| files.iter().any(|file| file.to_string_lossy().ends_with(ending)))
    };
    if !(has("index.html") && has(".wasm") && has(".js")) {
        bail!("trunk built no page in {}", built.display());
    }
    Ok(Count::PASSED)
}
