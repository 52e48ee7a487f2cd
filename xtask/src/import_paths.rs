//! Finds the paths in a Rust source file that lead to other modules of its crate.

/// Returns the paths from the root of the crate that begin with `crate::` or with `super::`, without comments,
/// visibilities and inline test modules. `module` is the path of the file's module.
pub(crate) fn import_paths(text: &str, module: &[String]) -> Vec<Vec<String>> {
    let code = code(text);
    let mut found = Vec::new();
    let mut rest = code.as_str();
    while let Some((start, keyword)) = next_keyword(rest) {
        let is_visibility = rest[..start].ends_with("pub(in ");
        let is_word = rest[..start].ends_with(|last: char| is_of_identifier(last) || last == ':');
        rest = &rest[start..];
        let mut base = Vec::new();
        if keyword == "super::" {
            let levels = rest.split("super::").take_while(|part| part.is_empty()).count();
            base = module[..module.len().saturating_sub(levels)].to_vec();
            rest = &rest[levels * keyword.len()..];
        } else {
            rest = &rest[keyword.len()..];
        }
        if !is_visibility && !is_word {
            expand(rest, &base, &mut found);
        }
    }
    found.retain(|path| !path.is_empty() && path != module);
    found
}

fn next_keyword(text: &str) -> Option<(usize, &'static str)> {
    let find = |keyword: &'static str| text.find(keyword).map(|start| (start, keyword));
    [find("crate::"), find("super::")].into_iter().flatten().min()
}

/// Adds the paths of `a::b::{c, d::e}` to `found`, and returns the text that follows.
fn expand<'text>(text: &'text str, base: &[String], found: &mut Vec<Vec<String>>) -> &'text str {
    let mut path = base.to_vec();
    let mut rest = text;
    loop {
        if let Some(group) = rest.strip_prefix('{') {
            rest = group.trim_start();
            while !rest.is_empty() && !rest.starts_with('}') {
                rest = expand(rest, &path, found).trim_start();
                // Skips a rename, and the comma before the next path.
                let end = rest.find([',', '}']).unwrap_or(rest.len());
                rest = rest[end..].trim_start_matches(',').trim_start();
            }
            return rest.strip_prefix('}').unwrap_or(rest);
        }
        let end = rest.find(|character| !is_of_identifier(character)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if !name.is_empty() && name != "self" {
            path.push(name.to_owned());
        }
        rest = after;
        match after.strip_prefix("::") {
            Some(next) if !name.is_empty() => rest = next,
            _ => break,
        }
    }
    found.push(path);
    rest
}

fn is_of_identifier(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Returns the text without its comments and without the inline test module, whose `super` is the file itself.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::import_paths;

    fn paths(text: &str, module: &str) -> Vec<String> {
        let module: Vec<String> = module.split("::").map(str::to_owned).collect();
        import_paths(text, &module).into_iter().map(|path| path.join("::")).collect()
    }

    #[test]
    fn finds_paths_from_the_root() {
        let text = "use crate::state::{ChatSignals, RoomSignals};\n// use crate::pages::Room;\n\
                    use crate::{\n    Language as Tongue, route::{self, Route},\n};\nfn f() { crate::browser::tab::reload() }";
        let found = [
            "state::ChatSignals",
            "state::RoomSignals",
            "Language",
            "route",
            "route::Route",
            "browser::tab::reload",
        ];
        assert_eq!(paths(text, "pages"), found);
    }

    #[test]
    fn finds_paths_that_lead_up_by_super() {
        assert_eq!(paths("use super::components::icon;", "pages"), ["components::icon"]);
        assert_eq!(
            paths("use super::render;\nuse super::super::http;", "web::pages::room"),
            ["web::pages::render", "web::http"]
        );
        assert_eq!(paths("pub(super) fn f() {}\nuse super::*;", "pages"), [""; 0]);
    }

    #[test]
    fn leaves_out_visibilities_and_inline_tests() {
        let text = "pub(in crate::web) fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::serve;\n}";
        assert_eq!(paths(text, "web::http::host"), [""; 0]);
    }
}
