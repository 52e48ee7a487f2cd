//! Checks that the tests which some documents name exist.

use std::fs;

use anyhow::{Context, Result};

use crate::repo::Repo;

const DOCUMENTS: [&str; 2] = ["docs/security.md", "docs/limits.md"];

/// A test in the notation of the documents: `file::name`.
#[derive(Debug, PartialEq, Eq)]
struct Citation<'a> {
    file: &'a str,
    name: &'a str,
}

/// Returns citations of tests that do not exist.
pub(crate) fn faults(repo: &Repo) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for document in DOCUMENTS {
        let text = fs::read_to_string(repo.root.join(document));
        let text = text.with_context(|| format!("there is no {document}"))?;
        let citations = citations(&text);
        if citations.is_empty() {
            faults.push(format!("{document} names no test"));
        }
        for citation in citations {
            let source = fs::read_to_string(repo.root.join(citation.file));
            if source.map_or(true, |source| !citation.is_in(&source)) {
                faults.push(format!("{document} names {}::{}", citation.file, citation.name));
            }
        }
    }
    Ok(faults)
}

/// Returns the texts between backticks that name a test in a source file.
fn citations(text: &str) -> Vec<Citation<'_>> {
    let quoted = text.split('`').skip(1).step_by(2);
    let cited =
        quoted.filter_map(|quoted| quoted.split_once("::").map(|(file, name)| Citation { file, name }));
    cited
        .filter(|citation| [".rs", ".py", ".ts"].iter().any(|ending| citation.file.ends_with(ending)))
        .collect()
}

impl Citation<'_> {
    /// Whether the source has a test of this name: in Rust a function with `#[test]`, `#[tokio::test]` or similar, in
    /// Python a function, in TypeScript a call of `test`.
    fn is_in(&self, source: &str) -> bool {
        let name = self.name;
        let mut lines = source.lines().map(str::trim);
        if self.file.ends_with(".py") {
            return lines.any(|line| line.trim_start_matches("async ").starts_with(&format!("def {name}(")));
        }
        if self.file.ends_with(".ts") {
            return lines.any(|line| {
                ["\"", "`"].iter().any(|quote| line.starts_with(&format!("test({quote}{name}")))
            });
        }
        // Other attributes may be between the test attribute and the function.
        let mut is_test = false;
        lines.any(|line| {
            if line.starts_with("#[") {
                is_test |= line.contains("test]") || line.contains("test(");
                return false;
            }
            let function = line.trim_start_matches("async ").strip_prefix("fn ");
            let found = is_test
                && function
                    .is_some_and(|rest| rest.strip_prefix(name).is_some_and(|rest| rest.starts_with('(')));
            is_test = false;
            found
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_citations_of_a_table() {
        let text = "| `</script>` | `a::b` | `x/y.rs::is_so`, `z.ts::a story, told` |\n`w.py::test_it`";
        let found = citations(text);
        let found: Vec<(&str, &str)> = found.iter().map(|citation| (citation.file, citation.name)).collect();
        assert_eq!(found, [("x/y.rs", "is_so"), ("z.ts", "a story, told"), ("w.py", "test_it")]);
    }

    #[test]
    fn finds_only_tests() {
        let has = |file, name, source| Citation { file, name }.is_in(source);
        assert!(has("a.rs", "it_is", "#[test]\nfn it_is() {"));
        assert!(has(
            "a.rs",
            "it_is",
            "    #[tokio::test(flavor = \"x\")]\n    #[cfg(unix)]\n    async fn it_is() {"
        ));
        assert!(!has("a.rs", "it_is", "fn it_is() {"));
        assert!(!has("a.rs", "it_is", "#[test]\nfn it_is_not() {"));
        assert!(!has("a.rs", "it_is", "#[test]\nfn other() {\n}\nfn it_is() {"));
        assert!(has("a.py", "test_it", "def test_it(server):"));
        assert!(!has("a.py", "test_it", "# test_it("));
        assert!(has("a.ts", "one sees", "  test(`one sees: ${how}`, async"));
        assert!(!has("a.ts", "one sees", "// one sees"));
    }
}
