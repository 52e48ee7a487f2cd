//! Checks that a type name is defined once in the workspace, so that a name has one meaning for its readers.

use std::collections::BTreeMap;
use std::fs;

use anyhow::Result;

use crate::repo::Repo;
use crate::site;

/// The folders whose sources are checked. Tests and examples are programs of their own and may model a type of the
/// program under its name, such as the server and the client of a simulated world.
const SOURCES: [&str; 8] = [
    "app/src",
    "crates/chat/src",
    "crates/client/src",
    "crates/markup/src",
    "crates/protocol/src",
    "crates/wires/src",
    "server/src",
    "xtask/src",
];

/// The names that may be defined more than once, each with the reason.
const SHARED_NAMES: [(&str, &str); 9] = [
    ("ChatHandle", "the server renders components with a stub of the handle that the browser uses"),
    ("ChatTask", "the driver of the client core, in the browser and in the terminal"),
    ("Outbox", "messages that a client has yet to send, and deliveries that a connection has yet to send"),
    ("PickedFiles", "the server renders components with a stub of the files that the browser uses"),
    ("Problem", "a refusal as JSON of REST, as an HTTP response, and as a frame of the legacy protocols"),
    ("Room", "a room as the protocol describes it, and as the core of the server decides about it"),
    ("Socket", "the connection of the client core to a server, in the browser and in the terminal"),
    ("Subscription", "a subscription to a room, on the side of the server and on the side of the client"),
    (
        "SubscriptionState",
        "the states of a subscription, on the side of the server and on the side of the client",
    ),
];

/// Returns the type names that are defined more than once, and entries of the list that are not needed.
pub(crate) fn faults(repo: &Repo) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for source in SOURCES {
        for file in site::files(&repo.root.join(source))? {
            if file.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&file)?;
                files.push((repo.short(&file).display().to_string(), text));
            }
        }
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(file, text)| (file.as_str(), text.as_str())).collect();
    Ok(duplicates(&files, &SHARED_NAMES))
}

fn duplicates(files: &[(&str, &str)], shared: &[(&str, &str)]) -> Vec<String> {
    let mut definitions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, text) in files {
        for (line, name) in defined_types(text) {
            definitions.entry(name).or_default().push(format!("{file}:{line}"));
        }
    }
    definitions.retain(|_, places| places.len() > 1);
    let is_shared = |name: &str| shared.iter().any(|(shared, _)| *shared == name);
    let unneeded = shared.iter().filter(|(name, _)| !definitions.contains_key(*name));
    let unneeded = unneeded.map(|(name, _)| format!("{name} is defined once and needs no exception"));
    let repeated = definitions.iter().filter(|(name, _)| !is_shared(name));
    repeated
        .map(|(name, places)| format!("{name} is defined at {}", places.join(", ")))
        .chain(unneeded)
        .collect()
}

/// Returns the structs, enums, unions, traits and type aliases that a source file defines, with their lines. Associated
/// types are no definitions.
fn defined_types(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = without_visibility(line.trim_start());
        let is_indented = line.starts_with(' ');
        let Some((keyword, rest)) = code.split_once(' ') else { continue };
        let is_definition = match keyword {
            "struct" | "enum" | "trait" | "union" => true,
            "type" => !is_indented,
            _ => false,
        };
        let name: String = rest.chars().take_while(|character| character.is_alphanumeric()).collect();
        if is_definition && name.starts_with(char::is_uppercase) {
            found.push((number + 1, name));
        }
    }
    found
}

/// Returns the line without `pub`, `pub(...)` and `unsafe`.
fn without_visibility(code: &str) -> &str {
    let Some(rest) = code.strip_prefix("pub") else { return code.trim_start_matches("unsafe ") };
    let rest = match rest.strip_prefix('(') {
        Some(scope) => scope.split_once(')').map_or("", |(_, rest)| rest),
        None => rest,
    };
    rest.trim_start().trim_start_matches("unsafe ")
}

#[cfg(test)]
mod tests {
    use super::duplicates;

    const DRAFT: (&str, &str) = ("a.rs", "/// struct Draft\npub(crate) struct Draft<'a>(&'a str);\n");

    #[test]
    fn finds_a_name_that_is_defined_twice() {
        let other = ("b.rs", "mod inner {\n    pub(in crate::web) enum Draft { New }\n}\n");
        assert_eq!(duplicates(&[DRAFT, other], &[]), ["Draft is defined at a.rs:2, b.rs:2"]);
        for text in ["type Draft = u8;", "pub trait Draft {", "pub unsafe trait Draft {", "union Draft {"] {
            assert_eq!(duplicates(&[DRAFT, ("b.rs", text)], &[]).len(), 1, "{text}");
        }
    }

    #[test]
    fn leaves_out_uses_and_associated_types() {
        let other = "use a::Draft;\nimpl Port for Draft {\n    type Draft = u8;\n}\n// struct Draft;\nstruct Drafts;\n";
        assert_eq!(duplicates(&[DRAFT, ("b.rs", other)], &[]), [""; 0]);
    }

    #[test]
    fn accepts_listed_names_and_reports_unneeded_entries() {
        let other = ("b.rs", "struct Draft;");
        assert_eq!(duplicates(&[DRAFT, other], &[("Draft", "a reason")]), [""; 0]);
        let reported = ["Draft is defined once and needs no exception"];
        assert_eq!(duplicates(&[DRAFT], &[("Draft", "a reason")]), reported);
    }
}
