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

/// Where the style would be if its name had no hash.
const PLAIN_STYLE: &str = "pkg/hubbub.css";

/// What the page links to. Names carry a hash of their content in a shipped build, so they are looked up.
pub(super) fn names() -> Assets {
    let live_reload = live_reload();
    let find = |extension| newest(extension).unwrap_or_else(|| format!("pkg/hubbub{extension}"));
    // The development tools exchange a style by its plain name; its hash changes while the page stays.
    let css = if live_reload.is_some() { PLAIN_STYLE.to_owned() } else { find(".css") };
    Assets { js: rooted(&find(".js")), wasm: rooted(&find(".wasm")), css: rooted(&css), live_reload }
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
    let is_packed = |path: &str| path.ends_with(".br") || path.ends_with(".gz");
    let is_kept = |path: &str| !path.starts_with("pkg/") || path.starts_with("pkg/snippets/");
    // What only robots and the browser itself ask for is never wanted by a page.
    let is_wanted = |path: &str| is_kept(path) && !is_packed(path) && !matches!(path, "robots.txt" | "sw.js");
    let is_built = |path: &String| Site::get(path.trim_start_matches('/')).is_some();
    let mut files: Vec<String> = [js, wasm, css].into_iter().filter(is_built).collect();
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

/// A file of the site.
pub(super) fn file(path: &str) -> Option<EmbeddedFile> {
    let hashed = || newest(".css").filter(|_| cfg!(debug_assertions) && path == PLAIN_STYLE);
    Site::get(path).or_else(|| Site::get(&hashed()?))
}

/// The path of the program's file with this ending. While one develops, older ones may lie beside it.
fn newest(extension: &str) -> Option<String> {
    let named = Site::iter().filter(|path| path.starts_with("pkg/hubbub.") && path.ends_with(extension));
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
