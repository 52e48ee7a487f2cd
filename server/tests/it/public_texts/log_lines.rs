//! The messages of log lines, collected from the sources, because many are written only in case of a fault.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::assert_golden;

/// The macros that write a log line, from the most severe level down.
const LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

#[test]
fn log_lines_are_those_of_the_golden_file() {
    let mut lines = String::new();
    for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let source = fs::read_to_string(&path).unwrap();
        let file = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display();
        for (level, message) in messages(&source) {
            writeln!(lines, "{file}: {level}: {message}").unwrap();
        }
    }
    assert_golden("log_lines", &lines);
}

#[test]
fn finds_the_message_of_a_log_line() {
    let source = r#"
        tracing::warn!(path = %path("a)"), "cannot \"open\"; {LOG}");
        tracing::info!(status, "done");
        info!("not a log line of this form");
    "#;
    assert_eq!(messages(source), [("warn", r#"cannot \"open\"; {LOG}"#), ("info", "done")]);
}

/// Returns all source files of a folder, sorted.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let files = entries.into_iter().flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    files.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// Returns the level and the message of each log line: the last text among the arguments of the macro.
fn messages(source: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for call in source.split("tracing::").skip(1) {
        let Some(level) = LEVELS.into_iter().find(|level| call.starts_with(&format!("{level}!("))) else {
            continue;
        };
        let message = last_text(&call[level.len() + "!(".len()..]);
        found.push((
            level,
            message.unwrap_or_else(|| panic!("a log line without a message: {level}!({call}")),
        ));
    }
    found
}

/// Returns the last text before the parenthesis that closes the arguments.
fn last_text(arguments: &str) -> Option<&str> {
    let (mut depth, mut start, mut last, mut is_escaped) = (0_u32, None, None, false);
    for (index, character) in arguments.char_indices() {
        match (start, character) {
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some(_), '\\') => is_escaped = true,
            (Some(from), '"') => {
                last = arguments.get(from..index);
                start = None;
            }
            (Some(_), _) => {}
            (None, '"') => start = Some(index + 1),
            (None, '(') => depth += 1,
            (None, ')') if depth == 0 => return last,
            (None, ')') => depth -= 1,
            (None, _) => {}
        }
    }
    None
}
