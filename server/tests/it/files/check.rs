//! `hubbub check`.

use std::fs;
use std::path::Path;

use tokio::process::Command;

use crate::support::Program;

/// Runs the check. Returns its exit code and its output.
async fn check(data: &Path) -> (Option<i32>, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_hubbub")).arg("check").arg(data).env_clear().output().await.unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code(), text)
}

#[tokio::test]
async fn finds_files_without_objects_and_objects_without_files() {
    let mut program = Program::start().await;
    let bot = program.bot("robot").await;
    let room = bot.joins("tea").await;
    for (name, content) in [("a.txt", &b"hello"[..]), ("b.txt", b"second"), ("c.txt", b"the third")] {
        bot.uploads(room, name, content).await;
    }
    bot.upload_of(room, "incomplete.txt", 100).await;
    let data = program.data.path().to_owned();
    let healthy = (Some(0), "0 faults; 3 files with 20 bytes were checked\n".to_owned());
    assert_eq!(check(&data).await, healthy, "while the server runs");
    assert_eq!(program.stop("-TERM").await, Some(0));
    assert_eq!(check(&data).await, healthy);

    let files = data.join("files");
    let of_size = |size: u64| {
        let mut entries = fs::read_dir(&files).unwrap().map(|entry| entry.unwrap());
        entries.find(|entry| entry.metadata().unwrap().len() == size).unwrap().path()
    };
    let (first, second) = (of_size(5), of_size(6));
    fs::write(files.join("0123456789abcdef0123456789abcdef"), "unknown").unwrap();
    fs::write(files.join("notes.txt"), "of the operator").unwrap();
    fs::remove_file(&first).unwrap();
    fs::write(&second, "sec").unwrap();
    let (code, text) = check(&data).await;
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((code, lines.len()), (Some(1), 4), "{text}");
    assert!(lines[0].starts_with("file 1 \"a.txt\" has no object "), "{text}");
    assert!(lines[1].starts_with("file 2 \"b.txt\" has 6 bytes, but its object "), "{text}");
    assert_eq!(lines[2], "object 0123456789abcdef0123456789abcdef belongs to no file");
    assert_eq!(lines[3], "3 faults; 3 files with 20 bytes were checked");
}

#[tokio::test]
async fn changes_nothing_and_says_why_it_cannot_check() {
    let folder = tempfile::TempDir::new().unwrap();
    let (code, text) = check(folder.path()).await;
    assert_eq!(code, Some(2));
    assert!(text.starts_with("hubbub: cannot read ") && text.lines().count() == 1, "{text}");
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
    fs::write(folder.path().join("chat.db"), "this is no database, whatever its name is").unwrap();
    assert_eq!(check(folder.path()).await.0, Some(2));
}
