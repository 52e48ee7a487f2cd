//! Builds the client: wasm, JavaScript, style and public files, named by their content and compressed, in
//! `target/site`. The server embeds that folder, so the site is always built first.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::repo::Repo;
use crate::{css, step, tools};

/// All inputs of the site.
const INPUTS: [&str; 15] = [
    "Cargo.lock",
    "Cargo.toml",
    "app",
    "crates/client",
    "crates/markup",
    "crates/protocol",
    "public",
    "rust-toolchain.toml",
    "style",
    "xtask/compress.mjs",
    "xtask/order-functions.mjs",
    "xtask/package-lock.json",
    "xtask/shrink-glue.mjs",
    "xtask/src",
    "xtask/wasm-sections.mjs",
];

/// Endings of text files and of wasm, which are worth compressing; pictures are compressed already.
const PACKABLE: [&str; 11] =
    ["css", "html", "ico", "js", "json", "map", "svg", "txt", "wasm", "webmanifest", "xml"];

/// WebAssembly features that rustc may use. `wasm-opt` rejects features that are not listed.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Limits in nodes of the program for functions that are inlined. A function inlined in ten places costs ten times, and a
/// function similar to the one before it costs almost nothing, so that only small functions with a single caller
/// are inlined. Browsers compile each function when it is called first.
const INLINING: [&str; 3] = [
    "--always-inline-max-function-size=0",
    "--flexible-inline-max-function-size=0",
    "--one-caller-inline-max-function-size=40",
];
/// Options for a small size after compression, which differ from those for a small size before it.
const PASSES_BEFORE_ORDERING: [&str; 5] = [
    // Streams of `server_fn`, which nothing calls.
    "--remove-exports=*intounderlying*",
    "--flatten",
    "--rereloop",
    "-Oz",
    "--low-memory-unused",
];
/// The passes after the functions are ordered: the same options, and removal of what only the build needs.
const PASSES_AFTER_ORDERING: [&str; 6] = [
    "-Oz",
    "--low-memory-unused",
    "--reorder-functions-by-name",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

/// Builds `target/site` unless it is up to date.
pub(crate) fn build(repo: &Repo) -> Result<()> {
    tools::need_node()?;
    tools::need_c_compiler()?;
    tools::need_wasm_target(repo)?;
    let wasm_split = tools::wasm_split(repo)?;
    let wasm_bindgen = tools::wasm_bindgen(repo)?;
    tools::npm_packages(repo, "xtask")?;

    let mark = repo.root.join("target/site.fingerprint");
    let inputs = fingerprint(&repo.root, &INPUTS)?;
    if fs::read_to_string(&mark).is_ok_and(|mark| mark == whole(repo, &inputs)) {
        step::announce("the site is up to date", "");
        return Ok(());
    }

    step::announce("build the site for the browser", "2 to 4 minutes the first time");
    let mut cargo = repo.cargo();
    cargo.args(["rustc", "--package", "hubbub-app", "--lib", "--crate-type", "cdylib"]);
    cargo.args(["--target", "wasm32-unknown-unknown", "--profile", "wasm-release"]);
    cargo.args(["--no-default-features", "--features", "hydrate,split"]);
    // The splitter moves functions between files and needs the relocations that refer to them.
    step::run(cargo.args(["--", "-Clink-args=--emit-relocs"]))?;

    step::announce("generate its JavaScript, optimize, hash and compress its files", "half a minute");
    let scratch = repo.root.join("target/site.scratch");
    let fresh = scratch.join("site");
    empty(&scratch)?;
    fs::create_dir_all(fresh.join("pkg"))?;
    let program = scratch.join("program");
    split(repo, (&wasm_split, &wasm_bindgen), &scratch, &program)?;
    // Files of two builds do not work together, even if some parts look the same, so one name covers all of them.
    copy(&program, &fresh.join("pkg").join(short(&fingerprint(&program, &["."])?)))?;
    let style = css::bundle(&repo.root.join("style/main.css"))?;
    let name = format!("hubbub.{}.css", short(&hex(&Sha256::digest(&style))));
    fs::write(fresh.join("pkg").join(name), style)?;
    if repo.root.join("public").is_dir() {
        copy(&repo.root.join("public"), &fresh)?;
    }
    compress(repo, &fresh)?;

    empty(&repo.site())?;
    fs::remove_dir(repo.site())?;
    fs::rename(&fresh, repo.site())?;
    fs::remove_dir_all(&scratch)?;
    // The fingerprint is written last, so that an interrupted build leaves no fingerprint and is repeated.
    fs::write(mark, whole(repo, &inputs))?;
    Ok(())
}

/// Writes the program that cargo built to the folder `program`: `hubbub.wasm` and `hubbub.js`, a file for each lazy
/// part, and `__wasm_split.js`, which loads them.
fn split(
    repo: &Repo,
    (wasm_split, wasm_bindgen): (&Path, &Path),
    scratch: &Path,
    program: &Path,
) -> Result<()> {
    let built = repo.target.join("wasm32-unknown-unknown/wasm-release/hubbub_app.wasm");
    let parts = scratch.join("parts");
    fs::create_dir_all(&parts)?;
    let main = parts.join("hubbub.wasm");
    let mut splitter = repo.command(wasm_split);
    step::run(splitter.arg(&built).arg(&parts).args(["--target", "web", "--out-name", "hubbub"]))?;

    let bound = scratch.join("bound");
    let mut bindgen = repo.command(wasm_bindgen);
    // The parts call functions of the main file by the names that the linker has given them.
    bindgen.args(["--target", "web", "--no-typescript", "--keep-lld-exports"]);
    bindgen.args(["--out-name", "hubbub", "--out-dir"]);
    step::run(bindgen.arg(&bound).arg(&main))?;

    fs::create_dir_all(program)?;
    optimise(repo, &bound.join("hubbub_bg.wasm"), &program.join("hubbub.wasm"))?;
    for part in files(&parts)?.iter().filter(|part| **part != main) {
        let name = part.strip_prefix(&parts)?;
        match part.extension() {
            Some(ending) if ending == "wasm" => optimise(repo, part, &program.join(name))?,
            _ => drop(fs::copy(part, program.join(name))?),
        }
    }
    fs::copy(bound.join("hubbub.js"), program.join("hubbub.js"))?;
    if bound.join("snippets").is_dir() {
        copy(&bound.join("snippets"), &program.join("snippets"))?;
    }
    let mut shrink = repo.command("node");
    shrink.arg("xtask/shrink-glue.mjs");
    step::run(shrink.args(["hubbub.wasm", "hubbub.js", "__wasm_split.js"].map(|name| program.join(name))))
}

/// Optimises a file of the program for size.
fn optimise(repo: &Repo, from: &Path, to: &Path) -> Result<()> {
    let ordered = from.with_extension("ordered");
    let wasm_opt = |from: &Path, passes: &[&str], to: &Path| {
        let mut optimise = repo.command("node");
        optimise
            .arg("xtask/node_modules/binaryen/bin/wasm-opt")
            .args(WASM_FEATURES)
            .args(INLINING)
            .args(passes);
        step::run(optimise.arg(from).arg("--output").arg(to))
    };
    wasm_opt(from, &PASSES_BEFORE_ORDERING, &ordered)?;
    step::run(repo.command("node").arg("xtask/order-functions.mjs").arg(&ordered))?;
    wasm_opt(&ordered, &PASSES_AFTER_ORDERING, to)?;
    Ok(fs::remove_file(ordered)?)
}

/// Returns the part of a hash that is used in names.
fn short(hash: &str) -> &str {
    hash.get(..16).unwrap_or(hash)
}

/// Writes a `.br` and a `.gz` beside each file that compression makes smaller.
fn compress(repo: &Repo, site: &Path) -> Result<()> {
    let mut node = repo.command("node");
    node.arg("xtask/compress.mjs");
    node.args(files(site)?.into_iter().filter(|file| {
        file.extension().is_some_and(|ending| PACKABLE.iter().any(|packable| ending == *packable))
    }));
    step::run(&mut node)
}

/// Returns a fingerprint of the inputs and the result: if either changes, the site is built again.
fn whole(repo: &Repo, inputs: &str) -> String {
    let site = fingerprint(&repo.root, &["target/site"]).unwrap_or_default();
    format!("{inputs}\n{site}\n")
}

/// Returns a hash of the names and contents of all files under `places`.
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

/// Returns the files under `place` in the order of their names; the file itself if `place` is one; nothing if it does
/// not exist.
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

/// Creates `folder`, or removes its content.
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
