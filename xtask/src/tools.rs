//! Finds the tools that a build needs, and installs or reports missing ones.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::repo::Repo;
use crate::step;

const WASM: &str = "wasm32-unknown-unknown";
const NODE_MAJOR_VERSION: u32 = 20;

/// A program that is installed by cargo.
struct CargoTool {
    package: &'static str,
    program: &'static str,
    version: String,
    locked: bool,
    /// The features to enable; `None` for the defaults.
    features: Option<&'static str>,
    how_long: &'static str,
}

/// Checks that Node.js is installed, which only the user can install well.
pub(crate) fn need_node() -> Result<()> {
    let Some(version) = step::version("node") else {
        bail!(
            "Node.js {NODE_MAJOR_VERSION} or newer is needed and there is no `node`; \
             install it with your system's package manager or from nodejs.org"
        );
    };
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
    if major.is_none_or(|major: u32| major < NODE_MAJOR_VERSION) {
        bail!("Node.js {NODE_MAJOR_VERSION} or newer is needed and this one is {version}");
    }
    if step::version(npm()).is_none() {
        bail!("npm is needed and there is no `npm`; it comes with Node.js, or as the package `npm`");
    }
    Ok(())
}

/// Checks that a C compiler is installed: SQLite is written in C, and Rust uses it to link.
pub(crate) fn need_c_compiler() -> Result<()> {
    let named = env::var("CC").ok();
    let candidates = named.as_deref().into_iter().chain(["cc", "gcc", "clang"]);
    // On Windows the linker is part of Visual Studio, which cargo finds by itself.
    if cfg!(windows) || candidates.into_iter().any(|compiler| step::version(compiler).is_some()) {
        return Ok(());
    }
    bail!(
        "a C compiler is needed and there is none; install one, for example \
         `apt install gcc libc6-dev`, `dnf install gcc` or `xcode-select --install`"
    )
}

/// Installs Rust's standard library for the browser if it is missing.
pub(crate) fn need_wasm_target(repo: &Repo) -> Result<()> {
    let folder = step::output(repo.command("rustc").args(["--print", "target-libdir", "--target", WASM]))?;
    if Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    step::announce("install Rust's standard library for WebAssembly", "seconds");
    step::run(repo.command("rustup").args(["target", "add", WASM])).with_context(|| {
        format!("the target {WASM} is needed; without rustup, install it the way you installed Rust")
    })
}

/// Returns `wasm-bindgen` in the version of the library in `Cargo.lock`, because only equal versions work together.
pub(crate) fn wasm_bindgen(repo: &Repo) -> Result<PathBuf> {
    let tool = CargoTool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version: locked_version(repo, "wasm-bindgen")?,
        locked: false,
        features: None,
        how_long: "1 to 2 minutes, once",
    };
    tool.get(repo)
}

/// Returns `wasm-split-cli`, which writes the lazy parts of the program to separate files. It does not report its
/// version, so the name of its folder contains the version. A new version of wasm-bindgen may need a new version of
/// this tool.
pub(crate) fn wasm_split(repo: &Repo) -> Result<PathBuf> {
    let tool = CargoTool {
        package: "wasm_split_cli_support",
        program: "wasm-split-cli",
        version: "0.2.4".to_owned(),
        locked: true,
        features: Some("build-binary"),
        how_long: "1 to 2 minutes, once",
    };
    let root = repo.tools().join(format!("{}-{}", tool.program, tool.version));
    let program = root.join("bin").join(format!("{}{}", tool.program, env::consts::EXE_SUFFIX));
    if !program.is_file() {
        tool.install(repo, Some(&root))?;
    }
    Ok(program)
}

/// Returns `trunk`, which builds the client alone.
pub(crate) fn trunk(repo: &Repo) -> Result<PathBuf> {
    let tool = CargoTool {
        package: "trunk",
        program: "trunk",
        version: "0.21.14".to_owned(),
        locked: true,
        features: None,
        how_long: "2 to 4 minutes, once",
    };
    tool.get(repo)
}

/// Returns `websocat`, a WebSocket client for the shell. Built without TLS, which would need OpenSSL.
pub(crate) fn websocat(repo: &Repo) -> Result<PathBuf> {
    let tool = CargoTool {
        package: "websocat",
        program: "websocat",
        version: "1.14.1".to_owned(),
        locked: true,
        features: Some("unix_stdio,signal_handler"),
        how_long: "1 to 3 minutes, once",
    };
    tool.get(repo)
}

/// Returns `cargo-leptos`, which rebuilds and reloads on every change.
pub(crate) fn cargo_leptos(repo: &Repo) -> Result<PathBuf> {
    let tool = CargoTool {
        package: "cargo-leptos",
        program: "cargo-leptos",
        version: "0.3.10".to_owned(),
        locked: true,
        features: None,
        how_long: "8 to 15 minutes, once",
    };
    tool.get(repo)
}

/// Returns `cargo-deny`, which checks the RustSec database.
pub(crate) fn cargo_deny(repo: &Repo) -> Result<PathBuf> {
    let tool = CargoTool {
        package: "cargo-deny",
        program: "cargo-deny",
        version: "0.20.2".to_owned(),
        locked: true,
        features: None,
        how_long: "5 to 10 minutes, once",
    };
    tool.get(repo)
}

impl CargoTool {
    /// Returns the path of the tool, after installing it if needed.
    fn get(&self, repo: &Repo) -> Result<PathBuf> {
        if let Some(found) = self.find(repo) {
            return Ok(found);
        }
        // The user may need another version among cargo's programs for other work, so that version is kept.
        let taken = self.places(repo).iter().any(|place| step::version(place).is_some());
        self.install(repo, taken.then(|| repo.tools()).as_deref())?;
        self.find(repo).with_context(|| format!("{} was installed and does not start", self.program))
    }

    /// Returns the path of the tool in the right version.
    fn find(&self, repo: &Repo) -> Option<PathBuf> {
        let is_it = |place: &PathBuf| step::version(place).is_some_and(|version| self.is_it(&version));
        self.places(repo).into_iter().find(is_it)
    }

    /// Returns the possible paths: on the PATH, among cargo's programs, or among the tools of this working copy.
    fn places(&self, repo: &Repo) -> Vec<PathBuf> {
        let file = format!("{}{}", self.program, env::consts::EXE_SUFFIX);
        let home = env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
        let cargo = env::var_os("CARGO_HOME").map(PathBuf::from).or(home);
        let mut places = vec![PathBuf::from(self.program)];
        places.extend(cargo.map(|cargo| cargo.join("bin").join(&file)));
        places.push(repo.tools().join("bin").join(file));
        places
    }

    fn is_it(&self, version: &str) -> bool {
        version.split_whitespace().any(|word| word == self.version)
    }

    /// Installs the tool under `root`, or among cargo's own programs.
    fn install(&self, repo: &Repo, root: Option<&Path>) -> Result<()> {
        let Self { package, version, how_long, .. } = self;
        if step::version("cargo-binstall").is_some() {
            step::announce(&format!("download {package} {version}"), "seconds");
            let mut command = repo.cargo();
            command.args(["binstall", "--no-confirm", "--version", version, package]);
            if let Some(root) = root {
                command.arg("--root").arg(root);
            }
            if step::run(&mut command).is_ok() {
                return Ok(());
            }
            println!("    no download for this system; compiling it instead");
        }
        step::announce(&format!("install {package} {version}"), how_long);
        // An unoptimised build takes half the time, and the tool is fast enough for its use here.
        let scratch = repo.tools().join("scratch");
        let mut command = repo.cargo();
        command.args(["install", package, "--version", version, "--debug", "--target-dir"]).arg(&scratch);
        if self.locked {
            command.arg("--locked");
        }
        if let Some(features) = self.features {
            command.args(["--no-default-features", "--features", features]);
        }
        if let Some(root) = root {
            command.arg("--root").arg(root);
        }
        let done = step::run(command.env("CARGO_PROFILE_DEV_DEBUG", "0").env_remove("CARGO_TARGET_DIR"));
        // Best effort: remaining files only take space.
        _ = fs::remove_dir_all(&scratch);
        done.with_context(|| format!("{package} {version} could not be installed; is the network there?"))
    }
}

/// Returns the PATH with the folders of `programs` first, for tools that look for other tools there.
pub(crate) fn path_to(programs: &[&Path]) -> Result<OsString> {
    let mut folders: Vec<PathBuf> = programs
        .iter()
        .filter_map(|program| program.parent())
        .filter(|folder| folder.is_absolute())
        .map(Path::to_owned)
        .collect();
    folders.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
    env::join_paths(folders).context("the PATH cannot be extended")
}

/// Installs the packages of the `package-lock.json` in `folder`.
pub(crate) fn npm_packages(repo: &Repo, folder: &str) -> Result<()> {
    let folder = repo.root.join(folder);
    let lock = fs::read(folder.join("package-lock.json"))?;
    // A copy of the lock file beside the packages shows whether they are up to date.
    let installed = folder.join("node_modules/.installed-from");
    if fs::read(&installed).is_ok_and(|from| from == lock) {
        return Ok(());
    }
    step::announce(
        &format!("install the npm packages of {}", repo.short(&folder).display()),
        "under a minute",
    );
    let mut command = Command::new(npm());
    command.current_dir(&folder).args(["ci", "--no-audit", "--no-fund"]);
    command.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    step::run(&mut command).context("npm could not install its packages; is the network there?")?;
    fs::write(&installed, lock)?;
    Ok(())
}

/// Returns a Chromium for the browser tests; `None` for the one that Playwright installs.
pub(crate) fn chromium(repo: &Repo) -> Result<Option<PathBuf>> {
    if let Some(named) = env::var_os("HUBBUB_CHROMIUM").map(PathBuf::from) {
        if step::version(&named).is_none() {
            bail!("HUBBUB_CHROMIUM names {}, which does not start", named.display());
        }
        return Ok(Some(named));
    }
    if let Some(found) = find_chromium() {
        return Ok(Some(found));
    }
    if is_debian_root() {
        step::announce("install Chromium", "1 to 2 minutes, once");
        let apt = |words: &[&str]| {
            let mut command = repo.command("apt-get");
            step::run(command.args(words).env("DEBIAN_FRONTEND", "noninteractive"))
        };
        let installed = apt(&["update", "--quiet"])
            .and_then(|()| apt(&["install", "--yes", "--quiet", "--no-install-recommends", "chromium"]));
        if installed.is_ok()
            && let Some(found) = find_chromium()
        {
            return Ok(Some(found));
        }
        println!("    not available from Debian; trying the one of Playwright");
    }
    step::announce("download Chromium through Playwright, unless it is there", "1 to 2 minutes, once");
    let mut command = repo.command("node");
    command.current_dir(repo.root.join("end2end"));
    command.args(["node_modules/@playwright/test/cli.js", "install", "chromium"]);
    step::run(&mut command).context(
        "there is no Chromium for the browser tests and none could be fetched; \
         install chromium or google-chrome, or name one in HUBBUB_CHROMIUM",
    )?;
    Ok(None)
}

/// Debian's package is a real Chromium (Ubuntu's is not), and only root can install it.
fn is_debian_root() -> bool {
    let debian = fs::read_to_string("/etc/os-release")
        .is_ok_and(|release| release.lines().any(|line| line == "ID=debian"));
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    debian && root
}

fn find_chromium() -> Option<PathBuf> {
    let names = ["chromium", "google-chrome", "chromium-browser"];
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|program| program.is_file() && step::version(program).is_some())
}

/// Returns the version of `package` in `Cargo.lock`.
fn locked_version(repo: &Repo, package: &str) -> Result<String> {
    let lock = fs::read_to_string(repo.root.join("Cargo.lock"))?;
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines
        .nth(1)
        .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .with_context(|| format!("Cargo.lock does not name {package}"))
}

fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}
