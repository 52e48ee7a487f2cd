//! The folders of a working copy.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// A working copy.
pub(crate) struct Repo {
    /// The folder of the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// The target folder of cargo.
    pub(crate) target: PathBuf,
}

impl Repo {
    /// Returns the working copy from which this program was built.
    pub(crate) fn find() -> Result<Self> {
        let here = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = here.parent().context("the folder xtask has no parent")?.to_owned();
        let target =
            env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder));
        Ok(Self { root, target })
    }

    /// Returns the folder of the finished site. The server's build script expects it here, independent of cargo's
    /// target folder.
    pub(crate) fn site(&self) -> PathBuf {
        self.root.join("target/site")
    }

    /// Returns the path of the release build of the server.
    pub(crate) fn hubbub(&self) -> PathBuf {
        self.target.join(format!("release/hubbub{}", env::consts::EXE_SUFFIX))
    }

    /// Returns the folder of tools that only this working copy uses.
    pub(crate) fn tools(&self) -> PathBuf {
        self.root.join("target/tools")
    }

    /// Returns a `cargo` command that runs in the working copy.
    pub(crate) fn cargo(&self) -> Command {
        self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    /// Returns a command that runs in the working copy.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// Returns a path relative to the root of the working copy, for output.
    pub(crate) fn short<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }
}
