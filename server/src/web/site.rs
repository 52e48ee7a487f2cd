//! The browser's half, compiled into the program. In a debug build it is read from `target/site`.

use std::borrow::Cow;
use std::sync::LazyLock;

use hubbub_app::Assets;
use leptos::config::LeptosOptions;
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

/// The files of the site by their path, each with its compressed twins.
#[derive(RustEmbed)]
#[folder = "../target/site"]
struct Site;

/// Characters of a hash in a name, at least.
const HASH_LENGTH: usize = 16;

/// What loads the lazy parts of the program, beside it.
const LOADER: &str = "__wasm_split.js";

/// Where the style would be if its name had no hash.
const PLAIN_STYLE: &str = "pkg/hubbub.css";

/// What the page links to. Names carry a hash of their content in a shipped build, so they are looked up.
pub(super) fn names() -> Assets {
    let live_reload = live_reload();
    let find = |extension| newest(extension).unwrap_or_else(|| format!("pkg/hubbub{extension}"));
    // The development tools exchange a style by its plain name; its hash changes while the page stays.
    let css = if live_reload.is_some() { PLAIN_STYLE.to_owned() } else { find(".css") };
    let js = find(".js");
    let loader =
        folder(&js).map(|folder| format!("{folder}{LOADER}")).filter(|path| Site::get(path).is_some());
    Assets {
        loader: loader.map(|path| rooted(&path)),
        js: rooted(&js),
        wasm: rooted(&find(".wasm")),
        css: rooted(&css),
        live_reload,
    }
}

/// The version of the program with this site in it: the build of the site is SemVer's build metadata (semver.org §10).
/// A page from elsewhere, or from before, is then told apart, though nobody has raised the number.
pub(crate) fn version() -> &'static str {
    static VERSION: LazyLock<String> =
        LazyLock::new(|| format!("{}+{}", env!("CARGO_PKG_VERSION"), contents().0));
    &VERSION
}

/// A name for all of the files together, and their paths from the root, as far as a browser may keep them.
pub(super) fn contents() -> (String, Vec<String>) {
    let Assets { js, wasm, css, .. } = names();
    let named = [js, wasm, css];
    let is_packed = |path: &str| path.ends_with(".br") || path.ends_with(".gz");
    // The lazy parts of the program are in its folder.
    let program = folder(named[0].trim_start_matches('/'));
    let is_part =
        |path: &str| program.is_some_and(|folder| path.starts_with(folder)) && !named.contains(&rooted(path));
    let is_kept =
        |path: &str| !path.starts_with("pkg/") || path.starts_with("pkg/snippets/") || is_part(path);
    // What only robots and the browser itself ask for is never wanted by a page.
    let is_wanted = |path: &str| is_kept(path) && !is_packed(path) && !matches!(path, "robots.txt" | "sw.js");
    let is_built = |path: &str| Site::get(path.trim_start_matches('/')).is_some();
    let mut files: Vec<String> = named.iter().filter(|path| is_built(path)).cloned().collect();
    files.extend(Site::iter().filter(|path| is_wanted(path)).map(|path| rooted(&path)));
    let mut hash = Sha256::new();
    for path in Site::iter() {
        let content = Site::get(&path).map(|file| file.metadata.sha256_hash());
        hash.update(path.as_bytes());
        hash.update(content.unwrap_or_default());
    }
    let build = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    (build, files)
}

/// Whether the development tools watch, and exchange files under the page.
pub(super) fn is_watched() -> bool {
    live_reload().is_some()
}

fn rooted(path: &str) -> String {
    format!("/{path}")
}

/// The folder of a file in `pkg/HASH/`, with its last slash.
fn folder(path: &str) -> Option<&str> {
    let name = path.strip_prefix("pkg/")?.split_once('/')?.0;
    (name.len() >= HASH_LENGTH).then(|| &path[.."pkg/".len() + name.len() + 1])
}

/// Whether another content has another name: `pkg/0123456789abcdef/hubbub.js`, `pkg/hubbub.0123456789abcdef.css`.
pub(super) fn is_hashed(path: &str) -> bool {
    let is_named = path.split('.').nth_back(1).is_some_and(|hash| hash.len() >= HASH_LENGTH);
    path.starts_with("pkg/") && (is_named || folder(path).is_some())
}

/// A file of the site.
pub(super) fn file(path: &str) -> Option<EmbeddedFile> {
    let hashed = || newest(".css").filter(|_| cfg!(debug_assertions) && path == PLAIN_STYLE);
    Site::get(path).or_else(|| Site::get(&hashed()?))
}

/// The path of the program's file with this ending: `pkg/HASH/hubbub.js`, or `pkg/hubbub.HASH.js` from the development
/// tools. While one develops, older ones may lie beside it.
fn newest(extension: &str) -> Option<String> {
    let is_named = |path: &str| {
        path.starts_with("pkg/hubbub.")
            || folder(path).is_some_and(|folder| path[folder.len()..].starts_with("hubbub."))
    };
    let named = Site::iter().filter(|path| is_named(path) && path.ends_with(extension));
    named
        .max_by_key(|path| Site::get(path).and_then(|file| file.metadata.last_modified()))
        .map(Cow::into_owned)
}

/// `cargo leptos watch` says by environment where it announces a new build. A shipped build does not ask.
fn live_reload() -> Option<LeptosOptions> {
    if !cfg!(debug_assertions) {
        return None;
    }
    std::env::var("LEPTOS_WATCH").ok()?;
    let port = std::env::var("LEPTOS_RELOAD_PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(3001);
    Some(LeptosOptions::builder().output_name("hubbub").reload_port(port).build())
}
