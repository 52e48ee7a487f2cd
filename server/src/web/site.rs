//! The browser's half, compiled into the program. In a debug build it is read from `target/site`.

use std::borrow::Cow;

use hubbub_app::Assets;
use leptos::config::LeptosOptions;
use rust_embed::RustEmbed;

/// The files of the site by their path, each with its compressed twins.
#[derive(RustEmbed)]
#[folder = "../target/site"]
pub(super) struct Site;

/// What the page links to. Names carry a hash of their content in a shipped build, so they are looked up.
pub(super) fn names() -> Assets {
    let find = |extension: &str| {
        // The plain name is of `cargo leptos watch`, which may find older hashed ones in the folder.
        let plain = format!("pkg/hubbub{extension}");
        let mut hashed =
            Site::iter().filter(|path| path.starts_with("pkg/hubbub.") && path.ends_with(extension));
        let path = if Site::get(&plain).is_some() { None } else { hashed.next() };
        format!("/{}", path.unwrap_or(Cow::Owned(plain)))
    };
    Assets { js: find(".js"), wasm: find(".wasm"), css: find(".css"), live_reload: live_reload() }
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
