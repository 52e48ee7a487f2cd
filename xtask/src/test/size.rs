//! The browser's half of the first page: how many bytes come over the network.

use std::fs;

use anyhow::{Result, bail};

use super::Count;
use crate::repo::Repo;
use crate::site;

/// What the browser may load before the chat is alive, packed with brotli: wasm, JavaScript and style.
const LIMIT_BYTES: u64 = 250 * 1024;
const KINDS: [&str; 3] = ["wasm", "js", "css"];

/// Builds the site and weighs it.
pub(super) fn check(repo: &Repo, _: &[String]) -> Result<Count> {
    site::build(repo)?;
    let files = site::files(&repo.site().join("pkg"))?;
    let mut total = 0;
    println!("\n      bytes   brotli");
    for kind in KINDS {
        let (mut plain, mut packed) = (0, 0);
        for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == kind)) {
            let bytes = fs::metadata(file)?.len();
            plain += bytes;
            packed += fs::metadata(format!("{}.br", file.display())).map_or(bytes, |packed| packed.len());
        }
        println!("{kind:4} {plain:8} {packed:8}");
        total += packed;
    }
    let share = total * 100 / LIMIT_BYTES;
    println!("together      {total:8}, {share} % of the limit of {LIMIT_BYTES}");
    if total > LIMIT_BYTES {
        bail!("the browser's half has {total} bytes in brotli; the limit is {LIMIT_BYTES}");
    }
    Ok(Count::PASSED)
}
