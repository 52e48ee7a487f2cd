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

/// The file that loads the lazy parts of the program, in the same folder.
const LOADER: &str = "__wasm_split.js";

/// Path of the style sheet without a hash in its name.
const PLAIN_STYLE: &str = "pkg/hubbub.css";

/// Returns the files to which the page links. They are looked up, because their names contain a hash of the content in
/// a release build.
pub(super) fn assets() -> Assets {
    let live_reload = live_reload();
    let find = |extension| newest(extension).unwrap_or_else(|| format!("pkg/hubbub{extension}"));
    // The development tools replace the style sheet under its plain name, because its hash changes while the page stays
    // open.
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

/// Returns the version of the program, with the build of its site as build metadata (semver.org, section 10). It
/// distinguishes pages of another build even if the version number is the same.
pub(crate) fn version() -> &'static str {
    static VERSION: LazyLock<String> =
        LazyLock::new(|| format!("{}+{}", env!("CARGO_PKG_VERSION"), contents().0));
    &VERSION
}

/// Returns a hash of all files, and the paths of the files that a browser may cache.
pub(super) fn contents() -> (String, Vec<String>) {
    let Assets { js, wasm, css, .. } = assets();
    let named = [js, wasm, css];
    let is_packed = |path: &str| path.ends_with(".br") || path.ends_with(".gz");
    // The lazy parts of the program are in its folder.
    let program = folder(named[0].trim_start_matches('/'));
    let is_part =
        |path: &str| program.is_some_and(|folder| path.starts_with(folder)) && !named.contains(&rooted(path));
    let is_kept =
        |path: &str| !path.starts_with("pkg/") || path.starts_with("pkg/snippets/") || is_part(path);
    // Pages never request the files that only robots and the browser itself use.
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

/// Whether the development tools watch the files and replace them under the page.
pub(super) fn is_watched() -> bool {
    live_reload().is_some()
}

fn rooted(path: &str) -> String {
    format!("/{path}")
}

/// Returns the folder of a file in `pkg/HASH/`, with its final slash.
fn folder(path: &str) -> Option<&str> {
    let name = path.strip_prefix("pkg/")?.split_once('/')?.0;
    (name.len() >= HASH_LENGTH).then(|| &path[.."pkg/".len() + name.len() + 1])
}

/// Whether the path contains a hash of the content: `pkg/0123456789abcdef/hubbub.js`,
/// `pkg/hubbub.0123456789abcdef.css`.
pub(super) fn is_hashed(path: &str) -> bool {
    let is_named = path.split('.').nth_back(1).is_some_and(|hash| hash.len() >= HASH_LENGTH);
    path.starts_with("pkg/") && (is_named || folder(path).is_some())
}

/// Returns a file of the site.
pub(super) fn file(path: &str) -> Option<EmbeddedFile> {
    let hashed = || newest(".css").filter(|_| cfg!(debug_assertions) && path == PLAIN_STYLE);
    Site::get(path).or_else(|| Site::get(&hashed()?))
}

/// Returns the path of the program's file with this ending: `pkg/HASH/hubbub.js`, or `pkg/hubbub.HASH.js` from the
/// development tools. During development, older files may be beside it.
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

/// `cargo leptos watch` sets environment variables for the announcement of new builds. A release build ignores them.
fn live_reload() -> Option<LeptosOptions> {
    if !cfg!(debug_assertions) {
        return None;
    }
    std::env::var("LEPTOS_WATCH").ok()?;
    let port = std::env::var("LEPTOS_RELOAD_PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(3001);
    Some(LeptosOptions::builder().output_name("hubbub").reload_port(port).build())
}
