//! A Python environment of this working copy with the packages of a requirements file, for the tests with other
//! clients.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::repo::Repo;
use crate::step;

/// The oldest Python that the pinned packages support: 3.9.
const OLDEST: (u32, u32) = (3, 9);

/// Returns the interpreter of a virtual environment under `target/tools` with exactly the package versions in
/// `requirements`, a path from the root of the working copy.
pub(crate) fn with_packages(repo: &Repo, requirements: &str) -> Result<PathBuf> {
    let wanted = fs::read(repo.root.join(requirements))?;
    let home = repo.tools().join("python");
    let python = if cfg!(windows) { home.join("Scripts/python.exe") } else { home.join("bin/python") };
    // A copy of the requirements file in the environment shows whether the environment is up to date.
    let installed = home.join("installed-from.txt");
    if fs::read(&installed).is_ok_and(|from| from == wanted) && step::version(&python).is_some() {
        return Ok(python);
    }
    let system = find()?;
    step::announce(&format!("create a virtual environment in {}", repo.short(&home).display()), "seconds");
    fs::create_dir_all(repo.tools())?;
    step::run(repo.command(system).args(["-m", "venv", "--clear"]).arg(&home))?;
    step::announce(&format!("install the Python packages of {requirements}"), "under a minute");
    let mut pip = repo.command(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    step::run(pip.arg(requirements)).context("pip could not install its packages; is the network there?")?;
    fs::write(installed, wanted)?;
    Ok(python)
}

/// Returns a Python on the PATH that is new enough and can create virtual environments.
fn find() -> Result<&'static str> {
    let (major, minor) = OLDEST;
    let mut too_old = None;
    for name in ["python3", "python"] {
        let Some(version) = step::version(name) else { continue };
        if !is_new_enough(&version) {
            too_old = Some(version);
            continue;
        }
        if !starts(name, "import ensurepip, venv") {
            bail!(
                "{version} cannot make virtual environments; install its `venv`, \
                 for example with `apt install python3-venv`"
            );
        }
        return Ok(name);
    }
    let found = too_old.map_or_else(|| "there is none".to_owned(), |version| format!("this is {version}"));
    bail!(
        "Python {major}.{minor} or newer with venv is needed and {found}; install it, for example with \
         `apt install python3 python3-venv`, `dnf install python3`, `brew install python` or from python.org"
    )
}

/// Parses a version such as `Python 3.11.7`.
fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.trim_start_matches("Python ").split('.').map(|number| number.parse().ok());
    let number = |number: Option<Option<u32>>| number.flatten().unwrap_or_default();
    (number(numbers.next()), number(numbers.next())) >= OLDEST
}

fn starts(python: impl AsRef<Path>, code: &str) -> bool {
    let mut command = Command::new(python.as_ref());
    command.args(["-c", code]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::is_new_enough;

    #[test]
    fn detects_an_old_python() {
        assert!(is_new_enough("Python 3.9.18"));
        assert!(is_new_enough("Python 3.14.0rc1"));
        assert!(!is_new_enough("Python 3.8.18"));
        assert!(!is_new_enough("Python 2.7.18"));
        assert!(!is_new_enough("pyenv: python3: command not found"));
    }
}
