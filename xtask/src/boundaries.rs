//! Checks the import rules between crates that `ARCHITECTURE.md` describes.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::repo::Repo;
use crate::test::Count;
use crate::{cited_tests, module_order, site, step, tools, type_names};

const WASM: &str = "wasm32-unknown-unknown";

/// A crate of the workspace and its import rules.
struct CrateRules {
    name: &'static str,
    folder: &'static str,
    /// The workspace crates that it may import. Its tests may import any.
    ours: &'static [&'static str],
    /// The external crates that it may import, if they are restricted.
    foreign: Option<&'static [&'static str]>,
    /// Whether the crate is pure: without I/O, clock, randomness and runtime, and the same on a server and in a
    /// browser.
    pure: bool,
    /// Crates that must not be among its dependencies, at any depth.
    never: &'static [&'static str],
}

const CRATES: [CrateRules; 8] = [
    CrateRules {
        name: "hubbub-protocol",
        folder: "crates/protocol",
        ours: &[],
        foreign: Some(&["serde", "serde_json", "serde_path_to_error", "utoipa", "uuid"]),
        pure: true,
        never: &[],
    },
    CrateRules {
        name: "hubbub-markup",
        folder: "crates/markup",
        ours: &[],
        foreign: Some(&[]),
        pure: true,
        never: &[],
    },
    CrateRules {
        name: "hubbub-wires",
        folder: "crates/wires",
        ours: &["hubbub-protocol"],
        foreign: Some(&["litemap", "serde", "serde_json"]),
        pure: true,
        never: &[],
    },
    CrateRules {
        name: "hubbub-chat",
        folder: "crates/chat",
        ours: &["hubbub-protocol"],
        foreign: None,
        pure: true,
        never: &[],
    },
    CrateRules {
        name: "hubbub-client",
        folder: "crates/client",
        ours: &["hubbub-protocol"],
        foreign: None,
        pure: true,
        never: &[],
    },
    CrateRules {
        name: "hubbub-app",
        folder: "app",
        ours: &["hubbub-client", "hubbub-markup", "hubbub-protocol"],
        foreign: None,
        pure: false,
        // The last three are Unicode tables, which only the server needs.
        never: &["axum", "hyper", "sqlx", "emojis", "icu_casemap", "unicode-security"],
    },
    CrateRules {
        name: "hubbub-server",
        folder: "server",
        ours: &[
            "hubbub-app",
            "hubbub-chat",
            "hubbub-client",
            "hubbub-markup",
            "hubbub-protocol",
            "hubbub-wires",
        ],
        foreign: None,
        pure: false,
        never: &["openssl-sys", "rusqlite"],
    },
    CrateRules { name: "xtask", folder: "xtask", ours: &[], foreign: None, pure: false, never: &["tokio"] },
];

/// Runtimes, sockets, storage, browsers, frameworks and sources of randomness, which a pure crate must not depend on.
const IMPURE: [&str; 23] = [
    "async-std",
    "axum",
    "fastrand",
    "futures-timer",
    "getrandom",
    "gloo-net",
    "gloo-timers",
    "hyper",
    "js-sys",
    "leptos",
    "mio",
    "reqwest",
    "smol",
    "socket2",
    "sqlx",
    "tokio",
    "tokio-tungstenite",
    "tower",
    "tracing-subscriber",
    "tungstenite",
    "wasm-bindgen",
    "wasm-bindgen-futures",
    "web-sys",
];

/// Texts that must not occur in pure source: time and randomness are arguments, and I/O belongs to the drivers.
const UNSAID: [&str; 9] = [
    "Instant::now",
    "SystemTime",
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "thread_rng",
    "rand::rng(",
];

/// Checks every crate of the workspace.
pub(crate) fn check(repo: &Repo, _: &[String]) -> Result<Count> {
    let metadata = metadata(repo)?;
    let mut count = Count::default();
    let mut tell = |what: String, faults: Vec<String>| {
        println!("    {} {what}", if faults.is_empty() { "ok    " } else { "NOT OK" });
        faults.iter().for_each(|fault| println!("           {fault}"));
        count += if faults.is_empty() { Count::PASSED } else { Count::FAILED };
    };

    let here = members(&metadata)?;
    let unknown = here.iter().filter(|name| CRATES.iter().all(|rules| rules.name != name.as_str()));
    tell("every crate is listed".to_owned(), unknown.map(|name| format!("{name} is not listed")).collect());

    let crates = || CRATES.iter().filter(|rules| here.contains(rules.name));
    for rules in crates() {
        tell(format!("{} imports only allowed crates", rules.name), direct(rules, &metadata)?);
        tell(format!("{} has no forbidden dependency", rules.name), deep(rules, repo)?);
        if rules.pure {
            tell(format!("{} uses no clock, randomness, file or socket", rules.name), unsaid(rules, repo)?);
        }
    }

    for order in module_order::ORDERS {
        tell(format!("no module of {} imports one that comes after it", order.folder), order.faults(repo)?);
    }
    tell("every type name is defined once".to_owned(), type_names::faults(repo)?);
    tell("docs/security.md and docs/limits.md cite existing tests".to_owned(), cited_tests::faults(repo)?);

    tools::need_wasm_target(repo)?;
    let mut cargo = repo.cargo();
    cargo.args(["check", "--target", WASM]);
    for rules in crates().filter(|rules| rules.pure) {
        cargo.args(["--package", rules.name]);
    }
    let built = step::run(&mut cargo);
    tell(
        "the pure crates compile for the browser too".to_owned(),
        built.err().map(|error| format!("{error:#}")).into_iter().collect(),
    );
    Ok(count)
}

/// Returns the output of `cargo metadata` for this machine and the browser.
pub(crate) fn metadata(repo: &Repo) -> Result<Value> {
    let version = step::output(repo.command("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let mut cargo = repo.cargo();
    cargo.args(["metadata", "--format-version", "1", "--filter-platform", host]);
    cargo.args(["--filter-platform", WASM]);
    Ok(serde_json::from_str(&step::output(&mut cargo)?)?)
}

/// Returns the names of the workspace's crates.
fn members(metadata: &Value) -> Result<BTreeSet<String>> {
    let ids: BTreeSet<&str> =
        list(&metadata["workspace_members"])?.iter().filter_map(Value::as_str).collect();
    let ours = list(&metadata["packages"])?.iter().filter(|package| ids.contains(text(&package["id"])));
    Ok(ours.map(|package| text(&package["name"]).to_owned()).collect())
}

/// Returns violations in the dependencies that the crate names in its own `Cargo.toml`.
fn direct(rules: &CrateRules, metadata: &Value) -> Result<Vec<String>> {
    let package = list(&metadata["packages"])?
        .iter()
        .find(|package| text(&package["name"]) == rules.name)
        .with_context(|| format!("cargo does not know {}", rules.name))?;
    let mut faults = Vec::new();
    for dependency in list(&package["dependencies"])? {
        let name = text(&dependency["name"]);
        if text(&dependency["kind"]) == "dev" {
            continue;
        }
        let is_ours = CRATES.iter().any(|rules| rules.name == name);
        let may = if is_ours {
            rules.ours.contains(&name)
        } else {
            rules.foreign.is_none_or(|foreign| foreign.contains(&name))
        };
        if !may {
            faults.push(format!("{} may not import {name}", rules.name));
        }
    }
    Ok(faults)
}

/// Returns violations in the dependencies at any depth, with the path that leads to each.
fn deep(rules: &CrateRules, repo: &Repo) -> Result<Vec<String>> {
    let mut faults = BTreeSet::new();
    for target in [&[][..], &["--target", WASM][..]] {
        let mut cargo = repo.cargo();
        // Resolves features for this crate alone: in the workspace, other crates enable features of its dependencies.
        cargo.args(["tree", "--package", rules.name, "--all-features", "--edges", "normal"]);
        cargo.args(["--prefix", "depth", "--format", " {p}"]).args(target);
        let mut way: Vec<String> = Vec::new();
        for line in step::output(&mut cargo)?.lines() {
            let mut words = line.split_whitespace();
            let Some(depth) = words.next().and_then(|depth| depth.parse().ok()) else { continue };
            let name = words.next().unwrap_or_default();
            way.truncate(depth);
            way.push(name.to_owned());
            if rules.never.contains(&name) || (rules.pure && IMPURE.contains(&name)) {
                faults.insert(way.join(" > "));
            }
        }
    }
    Ok(faults.into_iter().collect())
}

/// Returns lines of the crate's source that are forbidden in a pure crate.
fn unsaid(rules: &CrateRules, repo: &Repo) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let sources = site::files(&repo.root.join(rules.folder).join("src"))?;
    if sources.is_empty() {
        bail!("{} has no source in {}/src", rules.name, rules.folder);
    }
    for file in sources {
        for (number, line) in fs::read_to_string(&file)?.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if let Some(word) = UNSAID.iter().find(|word| code.contains(**word)) {
                faults.push(format!("{}:{}: {word}", repo.short(&file).display(), number + 1));
            }
        }
    }
    Ok(faults)
}

fn list(value: &Value) -> Result<&Vec<Value>> {
    value.as_array().context("cargo metadata is not what it was")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
