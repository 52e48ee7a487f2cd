//! `hubbub check`: finds damage of a database, and files without an object or objects without a file.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use futures_util::TryStreamExt;

use crate::config::{CheckConfig, StorageLocation};
use crate::error_output;
use crate::files::Storage;
use crate::sqlite::{InspectedFile, Inspection, StorageKey, inspect};

/// Exit code if there are faults.
const FAULTY: u8 = 1;
/// Exit code if the check was not possible.
const FAILED: u8 = 2;

/// Checks a data folder and prints one line for each fault, then a summary. Nothing is changed. The exit code is 0 without
/// faults, 1 with faults, and 2 if the check was not possible.
#[must_use]
pub fn run(config: &CheckConfig) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let checked =
        runtime.context("cannot start the runtime").and_then(|runtime| runtime.block_on(check(config)));
    match checked {
        Ok(report) => {
            // An output that is closed must not change the exit code.
            _ = write!(std::io::stdout().lock(), "{}", report.text());
            if report.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FAULTY) }
        }
        Err(error) => {
            error_output::print(&format!("{error:#}"));
            ExitCode::from(FAILED)
        }
    }
}

/// The result of a check.
struct Report {
    /// Descriptions of the faults, one line each.
    faults: Vec<String>,
    files: usize,
    bytes: u64,
}

impl Report {
    fn text(&self) -> String {
        let faults: String = self.faults.iter().map(|fault| format!("{fault}\n")).collect();
        let (count, files, bytes) = (self.faults.len(), self.files, self.bytes);
        format!("{faults}{count} faults; {files} files with {bytes} bytes were checked\n")
    }
}

async fn check(config: &CheckConfig) -> anyhow::Result<Report> {
    let location = config.files.clone().unwrap_or_default();
    if let StorageLocation::S3 { .. } = location {
        // An error means that another part of the program has chosen a provider already.
        _ = rustls::crypto::ring::default_provider().install_default();
    }
    // A file is in the database before its object exists. So the objects are listed first: each must be known afterwards.
    let objects: HashMap<StorageKey, u64> = match Storage::existing(&location, &config.data)? {
        Some(storage) => storage.objects().try_collect().await.context("cannot list the files")?,
        None => HashMap::new(),
    };
    let Inspection { damage, files, unfinished } = inspect(&config.data).await.map_err(anyhow::Error::msg)?;
    let mut faults: Vec<String> =
        damage.iter().map(|damage| format!("the database is damaged: {damage}")).collect();
    faults.extend(files.iter().filter_map(|file| fault_of(file, objects.get(&file.key).copied())));
    let known: HashSet<&StorageKey> = files.iter().map(|file| &file.key).chain(&unfinished).collect();
    let mut unknown: Vec<&StorageKey> = objects.keys().filter(|key| !known.contains(key)).collect();
    unknown.sort();
    faults.extend(unknown.iter().map(|key| format!("object {key} belongs to no file")));
    Ok(Report { faults, files: files.len(), bytes: files.iter().map(|file| file.size).sum() })
}

/// Compares a file with its object, which has this length.
fn fault_of(file: &InspectedFile, length: Option<u64>) -> Option<String> {
    let InspectedFile { id, name, key, size } = file;
    match length {
        None => Some(format!("file {id} {name:?} has no object {key}")),
        Some(length) if length != *size => {
            Some(format!("file {id} {name:?} has {size} bytes, but its object {key} has {length}"))
        }
        Some(_) => None,
    }
}
