//! Checks the order of the modules of `app`: a module may import itself and the modules before it.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, iter};

use anyhow::{Context, Result};

use crate::repo::Repo;
use crate::site;

/// The top-level modules, from the one that imports no other to the one that may import all.
const ORDER: [&str; 16] = [
    "display",
    "client_only",
    "effect",
    "lazy_part",
    "i18n",
    "route",
    "snapshot",
    "state",
    "browser",
    "shared_snapshot",
    "lazy",
    "conversation",
    "components",
    "pages",
    "app",
    "document",
];

/// Returns imports in `app/src` that violate the order, each with its file.
pub(crate) fn faults(repo: &Repo) -> Result<Vec<String>> {
    let source = repo.root.join("app/src");
    let exports = exports(&read(&source.join("lib.rs"))?);
    let mut faults = Vec::new();
    for file in site::files(&source)? {
        let path = file.strip_prefix(&source)?.with_extension("");
        let module = path.iter().next().unwrap_or_default().to_string_lossy().into_owned();
        if matches!(module.as_str(), "lib" | "bin") {
            continue;
        }
        let short = repo.short(&file).display().to_string();
        let Some(rank) = rank(&module) else {
            faults.push(format!(
                "{short}: the module {module} is not in the order of xtask/src/module_order.rs"
            ));
            continue;
        };
        for import in imports(&read(&file)?, path.iter().count()) {
            let target = exports.get(&import).map_or(import.as_str(), String::as_str);
            match self::rank(target) {
                Some(imported) if imported <= rank => {}
                Some(_) => faults.push(format!("{short}: {module} imports {target}, which comes after it")),
                None => faults.push(format!("{short}: crate::{import} belongs to no module of the order")),
            }
        }
    }
    Ok(faults)
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

fn rank(module: &str) -> Option<usize> {
    ORDER.iter().position(|ordered| *ordered == module)
}

/// Returns the names that `lib.rs` exports, with the module of each.
fn exports(lib: &str) -> BTreeMap<String, String> {
    let code = code(lib);
    let statements = code.split("pub use ").skip(1).filter_map(|rest| rest.split(';').next());
    let exports = statements.filter_map(|path| {
        let module = path.split("::").next()?.trim().to_owned();
        let names = path.rsplit("::").next()?;
        let names = names.split(|character: char| !is_of_identifier(character));
        Some(names.filter(|name| !name.is_empty()).map(move |name| (name.to_owned(), module.clone())))
    });
    exports.flatten().collect()
}

/// Returns the first name of each path from the root of the crate. `depth` is the number of names in the module's path:
/// as many `super` lead to the root.
fn imports(text: &str, depth: usize) -> Vec<String> {
    let code = code(text);
    let to_root = iter::repeat_n("super::", depth).collect::<String>();
    let mut found = Vec::new();
    for (root, is_sure) in [("crate::", true), (to_root.as_str(), false)] {
        for rest in code.split(root).skip(1) {
            let names = match rest.strip_prefix('{') {
                Some(group) => group_names(group),
                None => vec![first_name(rest)],
            };
            // In a test module of a file, one more `super` leads to the root.
            found.extend(names.into_iter().filter(|name| is_sure || rank(name).is_some()));
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

/// Returns the first names of the paths in `{a::b, C, d::{e, f}}`, given without the first brace.
fn group_names(group: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let mut names = vec![String::new()];
    for character in group.chars() {
        match character {
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            '{' => depth += 1,
            ',' if depth == 0 => names.push(String::new()),
            _ => {}
        }
        if let Some(name) = names.last_mut() {
            name.push(character);
        }
    }
    names.iter().map(|name| first_name(name.trim_start_matches([',', ' ', '\n']))).collect()
}

fn first_name(path: &str) -> String {
    path.chars().take_while(|character| is_of_identifier(*character)).collect()
}

fn is_of_identifier(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Returns the text without its comments.
fn code(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{exports, imports};

    #[test]
    fn finds_the_first_name_of_each_path_from_the_root() {
        let text = "use crate::state::{ChatSignals, RoomSignals};\n// use crate::pages::Room;\n\
                    use crate::{\n    Language, route::{self, Route},\n};\nfn f() { crate::browser::tab::reload() }";
        assert_eq!(imports(text, 1), ["state", "Language", "route", "browser"]);
    }

    #[test]
    fn finds_paths_that_lead_to_the_root_by_super() {
        assert_eq!(imports("use super::components::icon;\nuse super::*;", 1), ["components"]);
        assert_eq!(imports("use super::components::icon;", 2), Vec::<String>::new());
        assert_eq!(imports("use super::super::pages::Room;", 2), ["pages"]);
    }

    #[test]
    fn finds_the_module_of_an_exported_name() {
        let exports =
            exports("pub use i18n::{Language, Strings};\n#[cfg(test)]\npub use pages::account::Form;");
        let named: Vec<_> = exports.iter().map(|(name, module)| (name.as_str(), module.as_str())).collect();
        assert_eq!(named, [("Form", "pages"), ("Language", "i18n"), ("Strings", "i18n")]);
    }
}
