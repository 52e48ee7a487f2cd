//! Checks that `deny.toml` allows the licence of every dependency.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::repo::Repo;
use crate::test::Count;
use crate::{advisories, boundaries};

/// Checks every package that is part of a program or used to build one.
pub(crate) fn check(repo: &Repo, _: &[String]) -> Result<Count> {
    let deny = fs::read_to_string(repo.root.join("deny.toml"))?;
    let allowed = allowed(&deny).context("deny.toml allows no licence")?;
    let metadata = boundaries::metadata(repo)?;
    let packages = metadata["packages"].as_array().context("cargo metadata is not what it was")?;
    let mut faults = Vec::new();
    let mut licences = Vec::new();
    for package in packages {
        // A package without a source belongs to the workspace.
        if package["source"].is_null() {
            continue;
        }
        let licence = package["license"].as_str().unwrap_or_default();
        licences.push(licence);
        if !passes(licence, &allowed) {
            faults.push(format!("{} {}: {licence:?}", package["name"], package["version"]));
        }
    }
    let unneeded = unneeded(&licences, &allowed);
    println!("    {} packages, {} licences allowed", packages.len(), allowed.len());
    if !faults.is_empty() {
        bail!("not allowed by deny.toml:\n    {}", faults.join("\n    "));
    }
    if !unneeded.is_empty() {
        bail!("deny.toml allows licences that no dependency needs: {}", unneeded.join(", "));
    }
    let mut count = Count::PASSED;
    count += advisories::check(repo)?;
    Ok(count)
}

/// Returns allowed licences that can be removed together, so that all dependencies are still allowed. Each is removed
/// before the next is tested, because either of two licences may be enough for a dependency that offers both.
fn unneeded<'a>(licences: &[&str], allowed: &[&'a str]) -> Vec<&'a str> {
    let mut needed = allowed.to_vec();
    for licence in allowed {
        let others: Vec<&str> = needed.iter().copied().filter(|other| other != licence).collect();
        if licences.iter().all(|expression| passes(expression, &others) || !passes(expression, allowed)) {
            needed = others;
        }
    }
    allowed.iter().copied().filter(|licence| !needed.contains(licence)).collect()
}

/// Returns the strings of the list `allow` under `[licenses]`.
fn allowed(deny: &str) -> Option<Vec<&str>> {
    let (_, section) = deny.split_once("[licenses]")?;
    let (_, list) = section.split_once("allow = [")?;
    let (list, _) = list.split_once(']')?;
    let allowed: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
    (!allowed.is_empty()).then_some(allowed)
}

/// Whether allowed licences alone satisfy an SPDX expression.
fn passes(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    let passes = either(&mut words, allowed);
    passes && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn either(words: &mut Words<'_>, allowed: &[&str]) -> bool {
    let mut passes = both(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        passes |= both(words, allowed);
    }
    passes
}

fn both(words: &mut Words<'_>, allowed: &[&str]) -> bool {
    let mut passes = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        passes &= one(words, allowed);
    }
    passes
}

fn one(words: &mut Words<'_>, allowed: &[&str]) -> bool {
    match words.next() {
        Some("(") => {
            let passes = either(words, allowed);
            words.next() == Some(")") && passes
        }
        Some(licence) if words.next_if_eq(&"WITH").is_some() => {
            let exception = words.next().unwrap_or_default();
            allowed.contains(&format!("{licence} WITH {exception}").as_str())
        }
        Some(licence) => allowed.contains(&licence),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{allowed, passes, unneeded};

    #[test]
    fn finds_licences_that_no_dependency_needs() {
        let licences = ["MIT OR Unlicense", "MIT AND ISC", "GPL-3.0"];
        assert_eq!(unneeded(&licences, &["ISC", "MIT", "Unlicense", "Zlib"]), ["Unlicense", "Zlib"]);
        assert_eq!(unneeded(&["BSD OR Zlib"], &["BSD", "Zlib"]), ["BSD"], "one of the two is needed");
    }

    #[test]
    fn reads_the_list_of_deny_toml() {
        let deny = "[licenses]\nallow = [\n    \"MIT\",\n    \"Apache-2.0\",\n]\n[bans]\nallow = [\"x\"]\n";
        assert_eq!(allowed(deny), Some(vec!["MIT", "Apache-2.0"]));
        assert_eq!(allowed("[bans]\n"), None);
    }

    #[test]
    fn evaluates_a_licence_expression() {
        let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "Unicode-3.0"];
        for yes in [
            "MIT",
            "GPL-3.0 OR MIT",
            "MIT/Apache-2.0",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-3.0",
        ] {
            assert!(passes(yes, &allowed), "{yes}");
        }
        for no in ["", "GPL-3.0", "MIT AND GPL-3.0", "MIT WITH exception", "(MIT", "MIT Apache-2.0"] {
            assert!(!passes(no, &allowed), "{no}");
        }
    }
}
