//! Bundles several style sheets into one.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Returns the sheet at `path` with every `@import "./x.css";` replaced by that sheet, and without comments and
/// indentation.
pub(crate) fn bundle(path: &Path) -> Result<String> {
    let mut css = String::new();
    append(path, &mut css)?;
    Ok(shorten(&css))
}

fn append(path: &Path, css: &mut String) -> Result<()> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    for line in text.lines() {
        match imported(line) {
            Some(name) => append(&folder.join(name), css)?,
            None => {
                css.push_str(line);
                css.push('\n');
            }
        }
    }
    Ok(())
}

/// Returns the `x.css` of `@import "./x.css";`; any other import is left for the browser.
fn imported(line: &str) -> Option<&str> {
    let rest = line.trim().strip_prefix("@import")?.trim_start().trim_end_matches(';').trim_end();
    let rest = rest.strip_prefix("url(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(rest);
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let name = rest.strip_prefix(quote)?.strip_suffix(quote)?;
    (!name.contains("//") && !name.contains(quote)).then_some(name)
}

/// Removes comments outside strings, and white space at the ends of lines.
fn shorten(css: &str) -> String {
    let mut bare = String::with_capacity(css.len());
    let mut quote = None;
    let mut rest = css.chars().peekable();
    while let Some(character) = rest.next() {
        match quote {
            Some(_) if character == '\\' => {
                bare.push(character);
                bare.extend(rest.next());
                continue;
            }
            Some(open) if character == open => quote = None,
            Some(_) => {}
            None if character == '/' && rest.peek() == Some(&'*') => {
                rest.next();
                let mut before = ' ';
                for inside in rest.by_ref() {
                    if before == '*' && inside == '/' {
                        break;
                    }
                    before = inside;
                }
                continue;
            }
            None if matches!(character, '"' | '\'') => quote = Some(character),
            None => {}
        }
        bare.push(character);
    }
    let mut short = String::with_capacity(bare.len());
    for line in bare.lines().map(str::trim).filter(|line| !line.is_empty()) {
        short.push_str(line);
        short.push('\n');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::{imported, shorten};

    #[test]
    fn distinguishes_local_imports() {
        assert_eq!(imported(r#"@import "./room.css";"#), Some("./room.css"));
        assert_eq!(imported("  @import url('room.css');"), Some("room.css"));
        assert_eq!(imported(r#"@import "https://example.org/x.css";"#), None);
        assert_eq!(imported(r#"@import "./wide.css" (min-width: 40em);"#), None);
        assert_eq!(imported("body { margin: 0 }"), None);
    }

    #[test]
    fn removes_comments_outside_strings() {
        let css =
            "/* why\n   so */\nbody {\n  margin: 0; /* none */\n}\na::after { content: \"/* \\\" */\" }\n";
        assert_eq!(shorten(css), "body {\nmargin: 0;\n}\na::after { content: \"/* \\\" */\" }\n");
    }
}
