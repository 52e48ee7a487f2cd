//! Checks the order of the modules of a crate: a module may import itself and the modules before it, so that no modules
//! import each other in a circle.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::import_paths::import_paths;
use crate::repo::Repo;
use crate::site;

/// The modules of one crate, from the one that imports no other to the one that may import all. A submodule with an
/// entry of its own, such as `web::http`, is a module by itself.
pub(crate) struct ModuleOrder {
    /// The folder of the crate.
    pub(crate) folder: &'static str,
    modules: &'static [&'static str],
}

pub(crate) const ORDERS: [ModuleOrder; 2] = [
    ModuleOrder {
        folder: "app",
        modules: &[
            "display",
            "client_only",
            "hydrated_only",
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
        ],
    },
    ModuleOrder {
        folder: "server",
        modules: &[
            "clock",
            "error_output",
            "log_throttle",
            "net",
            "sqlite",
            "limits",
            "files",
            "file_links",
            "terminal",
            "config",
            "check",
            "log",
            "hub",
            "auth",
            "web::state",
            "web::site",
            "web::http",
            "web::pages",
            "web::api",
            "web::files",
            "web::sockets",
            "web::health",
            "web",
            "serve",
        ],
    },
];

impl ModuleOrder {
    /// Returns imports in the crate that violate the order, each with its file.
    pub(crate) fn faults(&self, repo: &Repo) -> Result<Vec<String>> {
        let source = repo.root.join(self.folder).join("src");
        let exports = exported_names(&read(&source.join("lib.rs"))?);
        let mut faults = Vec::new();
        for file in site::files(&source)? {
            let path = file.strip_prefix(&source)?.with_extension("");
            let module: Vec<String> = path.iter().map(|name| name.to_string_lossy().into_owned()).collect();
            if !matches!(module[0].as_str(), "lib" | "main" | "bin") && is_rust(&file) {
                let short = repo.short(&file).display().to_string();
                let found = self.faults_in(&read(&file)?, &module, &exports);
                faults.extend(found.into_iter().map(|fault| format!("{short}: {fault}")));
            }
        }
        Ok(faults)
    }

    /// Returns imports in the text of a module that violate the order.
    fn faults_in(&self, text: &str, module: &[String], exports: &BTreeMap<String, String>) -> Vec<String> {
        let Some(rank) = self.rank(module) else {
            return vec![format!("the module is not in the order of xtask/src/module_order.rs")];
        };
        let mut faults = Vec::new();
        for path in import_paths(text, module) {
            let exported = path.first().and_then(|name| exports.get(name));
            let imported = exported.map_or(path.clone(), |module| vec![module.clone()]);
            match self.rank(&imported) {
                Some(imported) if imported <= rank => {}
                Some(imported) => faults.push(format!(
                    "{} imports {}, which comes after it",
                    self.modules[rank], self.modules[imported]
                )),
                None => faults.push(format!("crate::{} belongs to no module of the order", path.join("::"))),
            }
        }
        faults
    }

    /// Returns the position of the module that contains this path.
    fn rank(&self, path: &[String]) -> Option<usize> {
        let contains = |module: &str| {
            let names: Vec<&str> = module.split("::").collect();
            (names.len() <= path.len() && names.iter().zip(path).all(|(name, other)| name == other))
                .then_some(names.len())
        };
        let ranks = self.modules.iter().enumerate();
        let found = ranks.filter_map(|(rank, module)| contains(module).map(|length| (length, rank)));
        found.max().map(|(_, rank)| rank)
    }
}

fn is_rust(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "rs")
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

/// Returns the names that `lib.rs` exports, with the module of each.
fn exported_names(lib: &str) -> BTreeMap<String, String> {
    let statements = lib.split("pub use ").skip(1).filter_map(|rest| rest.split(';').next());
    let exports = statements.filter_map(|path| {
        let module = path.split("::").next()?.trim().to_owned();
        let names = path.rsplit("::").next()?;
        let names = names.split(|character: char| !(character.is_alphanumeric() || character == '_'));
        Some(names.filter(|name| !name.is_empty()).map(move |name| (name.to_owned(), module.clone())))
    });
    exports.flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{ModuleOrder, exported_names};

    const ORDER: ModuleOrder =
        ModuleOrder { folder: "", modules: &["store", "web::http", "web::pages", "web"] };

    fn faults(module: &[&str], text: &str) -> Vec<String> {
        let module: Vec<String> = module.iter().map(|name| (*name).to_owned()).collect();
        ORDER.faults_in(text, &module, &BTreeMap::new())
    }

    #[test]
    fn allows_imports_of_earlier_modules() {
        assert_eq!(faults(&["web", "pages", "room"], "use crate::{store::Row, web::http::etag};"), [""; 0]);
        assert_eq!(faults(&["web"], "use crate::web::pages::room;"), [""; 0]);
        assert_eq!(faults(&["web", "pages", "room"], "use super::render;\nuse super::super::http;"), [""; 0]);
    }

    #[test]
    fn reports_imports_of_later_modules() {
        let reported = ["web::http imports web::pages, which comes after it"];
        assert_eq!(faults(&["web", "http", "host"], "use crate::web::pages::render;"), reported);
        assert_eq!(faults(&["web", "http", "host"], "use super::super::pages::render;"), reported);
        assert_eq!(
            faults(&["store"], "fn f() { crate::web::start() }"),
            ["store imports web, which comes after it"]
        );
    }

    #[test]
    fn reports_a_module_without_a_place() {
        assert_eq!(
            faults(&["store"], "use crate::jobs::Job;"),
            ["crate::jobs::Job belongs to no module of the order"]
        );
        assert_eq!(faults(&["jobs"], "").len(), 1);
    }

    #[test]
    fn finds_the_module_of_an_exported_name() {
        let exports =
            exported_names("pub use i18n::{Language, Strings};\n#[cfg(test)]\npub use pages::account::Form;");
        let named: Vec<_> = exports.iter().map(|(name, module)| (name.as_str(), module.as_str())).collect();
        assert_eq!(named, [("Form", "pages"), ("Language", "i18n"), ("Strings", "i18n")]);
    }
}
