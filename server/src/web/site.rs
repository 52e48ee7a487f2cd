//! The files of the client, compiled into the program. A debug build reads them from `target/site`.

use std::borrow::Cow;
use std::sync::LazyLock;

use hubbub_app::Assets;
use leptos::config::LeptosOptions;
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

/// The files of the site by their path, each with its compressed variants.
#[derive(RustEmbed)]
#[folder = "../target/site"]
struct Site;

/// Minimum characters of a hash in a file name.
const HASH_LENGTH: usize = 16;

/// First part of the name of the script that loads the lazy parts of the program.
const LOADER: &str = "__wasm_split";

/// First parts of the names of lazy parts: those of one `lazy_part!` and those that several share.
const PARTS: [&str; 2] = ["split_", "chunk_"];

/// Path of the style sheet without a hash in its name.
const PLAIN_STYLE: &str = "pkg/hubbub.css";

/// Returns the files to which the page links. They are looked up, because their names contain a hash of the content in
/// a release build.
pub(super) fn assets() -> Assets {
    static EMBEDDED: LazyLock<Assets> = LazyLock::new(find_assets);
    if cfg!(debug_assertions) { find_assets() } else { EMBEDDED.clone() }
}

fn find_assets() -> Assets {
    let live_reload = live_reload();
    let find = |extension| newest("hubbub", extension).unwrap_or_else(|| format!("pkg/hubbub{extension}"));
    // The development tools replace the style sheet under its plain name, because its hash changes while the page stays
    // open.
    let css = if live_reload.is_some() { PLAIN_STYLE.to_owned() } else { find(".css") };
    let js = find(".js");
    let loader = newest(LOADER, ".js");
    let is_part = |path: &str| {
        let name = path.strip_prefix(folder(&js)).unwrap_or_default();
        PARTS.iter().any(|prefix| name.starts_with(prefix)) && name.ends_with(".wasm")
    };
    let parts = match &loader {
        Some(_) => Site::iter().filter(|path| is_part(path)).map(|path| rooted(&path)).collect(),
        None => Vec::new(),
    };
    Assets {
        loader: loader.map(|path| rooted(&path)),
        parts,
        js: rooted(&js),
        wasm: rooted(&find(".wasm")),
        css: rooted(&css),
        live_reload,
    }
}

/// Returns the version of the program, with the build of its site as build metadata (semver.org, section 10). It
/// distinguishes pages of another build even if the version number is the same.
pub(crate) fn version() -> &'static str {
    static VERSION: LazyLock<String> =
        LazyLock::new(|| format!("{}+{}", env!("CARGO_PKG_VERSION"), contents().0));
    &VERSION
}

/// Returns a hash of all files, and the paths of the files that a browser may cache.
pub(super) fn contents() -> (String, Vec<String>) {
    let Assets { js, wasm, loader, parts, css, .. } = assets();
    let program: Vec<String> = [js, wasm, css].into_iter().chain(loader).chain(parts).collect();
    let is_packed = |path: &str| path.ends_with(".br") || path.ends_with(".gz");
    let is_kept = |path: &str| !path.starts_with("pkg/") || path.contains("/snippets/");
    // Pages never request the files that only robots and the browser itself use.
    let is_wanted = |path: &str| is_kept(path) && !is_packed(path) && !matches!(path, "robots.txt" | "sw.js");
    let is_built = |path: &str| Site::get(path.trim_start_matches('/')).is_some();
    let mut files: Vec<String> = program.into_iter().filter(|path| is_built(path)).collect();
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

/// Whether the development tools watch the files and replace them under the page.
pub(super) fn is_watched() -> bool {
    live_reload().is_some()
}

fn rooted(path: &str) -> String {
    format!("/{path}")
}

/// Returns the folder of a file, with its final slash: `pkg/HASH/`, or `pkg/` for files of cargo-leptos.
fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |slash| &path[..=slash])
}

/// Whether the path is `pkg/HASH/NAME`: the build names the folder by the content of all its files.
fn is_in_hashed_folder(path: &str) -> bool {
    path.strip_prefix("pkg/")
        .and_then(|path| path.split_once('/'))
        .is_some_and(|(name, _)| name.len() >= HASH_LENGTH)
}

/// Whether the path contains a hash of the content: `pkg/0123456789abcdef/hubbub.js`,
/// `pkg/hubbub.0123456789abcdef.css`.
pub(super) fn is_hashed(path: &str) -> bool {
    let is_named = path.split('.').nth_back(1).is_some_and(|hash| hash.len() >= HASH_LENGTH);
    path.starts_with("pkg/") && (is_named || is_in_hashed_folder(path))
}

/// Returns a file of the site.
pub(super) fn file(path: &str) -> Option<EmbeddedFile> {
    let hashed = || newest("hubbub", ".css").filter(|_| cfg!(debug_assertions) && path == PLAIN_STYLE);
    Site::get(path).or_else(|| Site::get(&hashed()?))
}

/// Returns the path of a file of the program by its name without hash: `pkg/HASH/hubbub.js`, or `pkg/hubbub.HASH.js` from
/// cargo-leptos. During development, older files may be beside it.
fn newest(name: &str, extension: &str) -> Option<String> {
    let is_named = |path: &str| {
        let folder = folder(path);
        let rest = path[folder.len()..].strip_prefix(name);
        (folder == "pkg/" || is_in_hashed_folder(path))
            && rest.is_some_and(|rest| rest.starts_with('.') && rest.ends_with(extension))
    };
    let named = Site::iter().filter(|path| is_named(path));
    named
        .max_by_key(|path| Site::get(path).and_then(|file| file.metadata.last_modified()))
        .map(Cow::into_owned)
}

/// `cargo leptos watch` sets environment variables for the announcement of new builds. A release build ignores them.
fn live_reload() -> Option<LeptosOptions> {
    if !cfg!(debug_assertions) {
        return None;
    }
    std::env::var("LEPTOS_WATCH").ok()?;
    let port = std::env::var("LEPTOS_RELOAD_PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(3001);
    Some(LeptosOptions::builder().output_name("hubbub").reload_port(port).build())
}
