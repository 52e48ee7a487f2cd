//! `cargo xtask dev`: rebuilds and reloads the page on every change.

use std::process::ExitCode;

use anyhow::Result;

use crate::repo::Repo;
use crate::{run, step, tools};

/// Installs cargo-leptos if needed, then becomes `cargo leptos watch` with `flags`.
pub(crate) fn dev(repo: &Repo, flags: Vec<String>) -> Result<ExitCode> {
    tools::need_c_compiler()?;
    tools::need_wasm_target(repo)?;
    let wasm_bindgen = tools::wasm_bindgen(repo)?;
    let cargo_leptos = tools::cargo_leptos(repo)?;

    step::announce(
        "watch; http://localhost:3000 follows every change",
        "the first build takes 3 to 6 minutes",
    );
    let mut watch = repo.command(cargo_leptos);
    watch.args(["leptos", "watch"]).args(flags);
    // cargo-leptos uses any wasm-bindgen on the PATH, so ours must come first.
    watch.env("PATH", tools::path_to(&[&wasm_bindgen])?);
    println!("    {}", step::line(&watch));
    run::become_it(watch)
}
