//! Checks the download size of the program: the first load until a room is interactive, and the lazy parts.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use super::Count;
use crate::repo::Repo;
use crate::site;

/// Maximum bytes of the first load, compressed with brotli: wasm, JavaScript and style. The goal is
/// 290,000, by fewer kinds of views and signals and more lazy parts.
const FIRST_LOAD_LIMIT_BYTES: u64 = 320_000;
/// Maximum bytes of all lazy parts together, compressed with brotli.
const LAZY_LIMIT_BYTES: u64 = 160_000;
/// Maximum bytes of the first load of a page of text and forms, compressed with brotli.
const TEXT_PAGE_LIMIT_BYTES: u64 = 20_000;
/// The pages without the program. They load the style alone, which the web tests of the server check
/// (`pages_of_text_and_forms_load_a_style_alone`); the program that the landing page prefetches while the browser is idle
/// is not part of a first load.
const TEXT_PAGES: [&str; 3] = ["landing", "account", "not found"];

/// Builds the site and measures it.
pub(super) fn check(repo: &Repo, _: &[String]) -> Result<Count> {
    site::build(repo)?;
    let pkg = repo.site().join("pkg");
    let (mut first, mut lazy, mut style) = (0, 0, 0);
    println!("\n    brotli     bytes");
    for file in site::files(&pkg)?.iter().filter(|file| is_weighed(file)) {
        let bytes = fs::metadata(file)?.len();
        let packed = fs::metadata(format!("{}.br", file.display())).map_or(bytes, |packed| packed.len());
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let when = if is_lazy(&name) { "later" } else { "first" };
        *if is_lazy(&name) { &mut lazy } else { &mut first } += packed;
        if name.ends_with(".css") {
            style += packed;
        }
        println!("  {packed:8}  {bytes:8}  {when}  {name}");
    }
    let text_pages =
        TEXT_PAGES.map(|page| (format!("first load of the {page} page"), style, TEXT_PAGE_LIMIT_BYTES));
    let others = [
        ("first load of a room".to_owned(), first, FIRST_LOAD_LIMIT_BYTES),
        ("lazy parts".to_owned(), lazy, LAZY_LIMIT_BYTES),
    ];
    let mut over = Vec::new();
    for (what, bytes, limit) in others.into_iter().chain(text_pages) {
        println!("  {bytes:8}  {what}, {} % of the limit of {limit}", bytes * 100 / limit);
        if bytes > limit {
            over.push(format!("{what}: {bytes} bytes in brotli, at most {limit}"));
        }
    }
    if !over.is_empty() {
        bail!("too large: {}", over.join("; "));
    }
    Ok(Count::PASSED)
}

fn is_weighed(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ["wasm", "js", "css"].iter().any(|weighed| ending == *weighed))
}

/// Whether the splitter wrote the file: code of one lazy part, or shared by several.
fn is_lazy(name: &str) -> bool {
    name.starts_with("split_") || name.starts_with("chunk_")
}
