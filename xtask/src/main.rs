//! The development commands. `cargo xtask` without arguments lists them.

mod advisories;
mod bench;
mod boundaries;
mod build;
mod cited_tests;
mod css;
mod dev;
mod import_paths;
mod licences;
mod module_order;
mod python;
mod repo;
mod run;
mod shots;
mod site;
mod step;
mod test;
mod tools;
mod type_names;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::repo::Repo;

const HELP: &str = "\
cargo xtask run [-- FLAGS]          build and serve http://localhost:3000, with data in ./data
cargo xtask build                   build target/release/hubbub, one file that contains the site
cargo xtask dev [-- FLAGS]          cargo leptos watch: rebuild and reload on every change
cargo xtask test [PART] [-- FLAGS]  run all checks, or one part: format boundaries deny clippy unit trunk size wires browser;
                                    long: world test with 10,000 seeds, soak test, fuzzing
cargo xtask bench [NAME]            load tests: the figures of docs/measurements.md
cargo xtask bench compare ...       the same load on other servers: see docs/development.md
cargo xtask shots [-- FLAGS]        take screenshots of all pages and states, into target/shots
cargo xtask shots pick NAME...      copy some of them to docs/images

Rust, Node.js 20, a C compiler and, for the wires, Python 3.9 must be installed; all else is installed automatically.
FLAGS are passed to the underlying program: hubbub serve, cargo leptos watch, cargo test, playwright test.";

fn main() -> ExitCode {
    match command(std::env::args().skip(1).collect()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command(mut words: Vec<String>) -> Result<ExitCode> {
    let repo = Repo::find()?;
    if words.is_empty() {
        println!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    }
    let name = words.remove(0);
    match name.as_str() {
        "help" | "--help" | "-h" => println!("{HELP}"),
        "run" => return run::run(&repo, flags(words)),
        "build" => build::build(&repo)?,
        "dev" => return dev::dev(&repo, flags(words)),
        "test" => return test::test(&repo, words),
        "bench" => bench::bench(&repo, words)?,
        "shots" => shots::shots(&repo, flags(words))?,
        unknown => bail!("there is no command {unknown}. These are:\n\n{HELP}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the arguments for the started program; the `--` before them is optional.
fn flags(mut words: Vec<String>) -> Vec<String> {
    if words.first().is_some_and(|word| word == "--") {
        words.remove(0);
    }
    words
}
