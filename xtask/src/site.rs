//! The browser's half: wasm, JavaScript, style and public files, named by their content and packed, in
//! `target/site`. The server embeds that folder, so it always comes first.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::repo::Repo;
use crate::{css, step, tools};

/// Everything that the site is made of.
const INPUTS: [&str; 13] = [
    "Cargo.lock",
    "Cargo.toml",
    "app",
    "crates/client",
    "crates/markup",
    "crates/protocol",
    "crates/view-macro",
    "public",
    "rust-toolchain.toml",
    "style",
    "xtask/compress.mjs",
    "xtask/package-lock.json",
    "xtask/src",
];

/// Files that a browser asks for as text, and wasm; pictures are packed already.
const PACKABLE: [&str; 11] =
    ["css", "html", "ico", "js", "json", "map", "svg", "txt", "wasm", "webmanifest", "xml"];

/// What rustc may use of WebAssembly beyond its first version. `wasm-opt` refuses what it is not told of.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// What makes it small once it is packed, which is another thing than small: a function inlined in ten places
/// costs ten times, a function much like the one before it costs next to nothing.
const SMALL: [&str; 8] = [
    "--no-inline=*",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--reorder-functions-by-name",
    "--strip-producers",
    "--strip-target-features",
];

/// Makes `target/site`, unless it is there and up to date.
pub(crate) fn build(repo: &Repo) -> Result<()> {
    tools::need_node()?;
    tools::need_c_compiler()?;
    tools::need_wasm_target(repo)?;
    let wasm_bindgen = tools::wasm_bindgen(repo)?;
    tools::npm_packages(repo, "xtask")?;

    let mark = repo.root.join("target/site.fingerprint");
    let inputs = fingerprint(&repo.root, &INPUTS)?;
    if fs::read_to_string(&mark).is_ok_and(|mark| mark == whole(repo, &inputs)) {
        step::say("the browser's half is up to date", "");
        return Ok(());
    }

    step::say("build the browser's half", "2 to 4 minutes the first time");
    let mut cargo = repo.cargo();
    cargo.args(["build", "--package", "hubbub-app", "--lib", "--target", "wasm32-unknown-unknown"]);
    cargo.args(["--profile", "wasm-release", "--no-default-features", "--features", "hydrate"]);
    step::run(&mut cargo)?;

    step::say("write its JavaScript, make it small, name it by its content, pack it", "half a minute");
    let scratch = repo.root.join("target/site.scratch");
    let fresh = scratch.join("site");
    empty(&scratch)?;
    fs::create_dir_all(fresh.join("pkg"))?;
    bind(repo, &wasm_bindgen, &scratch)?;

    let bound = scratch.join("bound");
    place(&fresh, "js", &fs::read(bound.join("hubbub.js"))?)?;
    place(&fresh, "wasm", &fs::read(scratch.join("hubbub.wasm"))?)?;
    place(&fresh, "css", css::bundle(&repo.root.join("style/main.css"))?.as_bytes())?;
    if bound.join("snippets").is_dir() {
        copy(&bound.join("snippets"), &fresh.join("pkg/snippets"))?;
    }
    if repo.root.join("public").is_dir() {
        copy(&repo.root.join("public"), &fresh)?;
    }
    compress(repo, &fresh)?;

    empty(&repo.site())?;
    fs::remove_dir(repo.site())?;
    fs::rename(&fresh, repo.site())?;
    fs::remove_dir_all(&scratch)?;
    // Last: a build that was broken off leaves no mark, and is done again.
    fs::write(mark, whole(repo, &inputs))?;
    Ok(())
}

/// Splits what cargo built into a small `scratch/hubbub.wasm` and `scratch/bound/hubbub.js`.
fn bind(repo: &Repo, wasm_bindgen: &Path, scratch: &Path) -> Result<()> {
    let built = repo.target.join("wasm32-unknown-unknown/wasm-release/hubbub_app.wasm");
    let bound = scratch.join("bound");
    let mut bindgen = repo.command(wasm_bindgen);
    bindgen.args(["--target", "web", "--no-typescript", "--out-name", "hubbub", "--out-dir"]);
    step::run(bindgen.arg(&bound).arg(built))?;

    let mut optimise = repo.command("node");
    optimise.arg("xtask/node_modules/binaryen/bin/wasm-opt").args(WASM_FEATURES).args(SMALL);
    optimise.arg(bound.join("hubbub_bg.wasm")).arg("--output").arg(scratch.join("hubbub.wasm"));
    step::run(&mut optimise)
}

/// Writes `pkg/hubbub.HASH.ENDING`; the name changes with the content, so browsers may keep it for ever.
fn place(site: &Path, ending: &str, content: &[u8]) -> Result<()> {
    let hash = hex(&Sha256::digest(content));
    let name = format!("hubbub.{}.{ending}", hash.get(..16).unwrap_or(&hash));
    Ok(fs::write(site.join("pkg").join(name), content)?)
}

/// Puts a `.br` and a `.gz` beside each file that gains by it.
fn compress(repo: &Repo, site: &Path) -> Result<()> {
    let mut node = repo.command("node");
    node.arg("xtask/compress.mjs");
    node.args(files(site)?.into_iter().filter(|file| {
        file.extension().is_some_and(|ending| PACKABLE.iter().any(|packable| ending == *packable))
    }));
    step::run(&mut node)
}

/// What the site was made of, and what came of it: if either changed, it is made again.
fn whole(repo: &Repo, inputs: &str) -> String {
    let site = fingerprint(&repo.root, &["target/site"]).unwrap_or_default();
    format!("{inputs}\n{site}\n")
}

/// A hash of the names and contents of all files under `places`.
fn fingerprint(root: &Path, places: &[&str]) -> Result<String> {
    let mut hash = Sha256::new();
    for place in places {
        for file in files(&root.join(place))? {
            let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let name = file.strip_prefix(root).unwrap_or(&file).to_string_lossy();
            hash.update(format!("{}:{name}:{}:", name.len(), content.len()));
            hash.update(content);
        }
    }
    Ok(hex(&hash.finalize()))
}

/// The files under `place` in the order of their names; the file itself, if it is one; none, if it is not there.
pub(crate) fn files(place: &Path) -> Result<Vec<PathBuf>> {
    if place.is_file() {
        return Ok(vec![place.to_owned()]);
    }
    let mut found = Vec::new();
    let entries = match fs::read_dir(place) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", place.display())),
    };
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        found.extend(files(&path)?);
    }
    Ok(found)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for file in files(from)? {
        let copy = to.join(file.strip_prefix(from)?);
        fs::create_dir_all(copy.parent().unwrap_or(to))?;
        fs::copy(&file, copy)?;
    }
    Ok(())
}

/// Makes `folder` an empty folder.
fn empty(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    Ok(fs::create_dir_all(folder)?)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
