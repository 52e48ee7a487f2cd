//! The start and the end of the program.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use tempfile::TempDir;
use tokio::process::Command;
use tokio::time::timeout;

use super::support::program::{command, http};
use super::support::raw::{Raw, handshake};
use super::support::{Program, Socket, TEST_TIMEOUT};

/// Starts the server where it must fail, and returns the one line of its error.
async fn complaint(data: &Path, listen: &str) -> String {
    let child = command(data, listen).spawn().unwrap();
    let output = timeout(TEST_TIMEOUT, child.wait_with_output()).await.expect("it gives up").unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty(), "it never said that it listens");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said.lines().count(), 1, "one line: {said}");
    said
}

#[tokio::test]
async fn stops_cleanly_on_each_signal() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        if signal == "-HUP" && ignores_hangups() {
            // The program inherits the ignored signal, as under `nohup`, which has a test of its own.
            continue;
        }
        let mut program = Program::start().await;
        assert_eq!(program.stop(signal).await, Some(0), "{signal}");
    }
}

/// Whether this process ignores SIGHUP, the first bit of the mask (proc_pid_status(5)).
fn ignores_hangups() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

#[tokio::test]
async fn nohup_ignores_a_closed_terminal() {
    let folder = TempDir::new().unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' HUP; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_hubbub")]);
    shell.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path());
    shell.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    let mut program = Program::of(shell, std::sync::Arc::new(folder)).await;
    program.receives("-HUP").await;
    assert_eq!(http().get(program.url("/healthz")).send().await.unwrap().status(), 200);
    assert_eq!(program.stop("-TERM").await, Some(0));
}

#[tokio::test]
async fn accepts_all_spellings_of_a_switch() {
    for (value, is_on) in [
        ("1", true),
        ("true", true),
        ("Yes", true),
        ("ON", true),
        ("0", false),
        ("False", false),
        ("no", false),
        ("off", false),
        ("", false),
    ] {
        let folder = std::sync::Arc::new(TempDir::new().unwrap());
        let mut command = command(folder.path(), "127.0.0.1:0");
        command.env("HUBBUB_SECURE_COOKIES", value);
        let opposite = if is_on { "1" } else { "0" };
        if !value.is_empty() {
            command.env("HUBBUB_GUESTS", opposite).env("HUBBUB_REGISTRATION", value);
        }
        let program = Program::of(command, folder).await;
        let page = http().get(program.url("/sign-in")).send().await.unwrap();
        assert_eq!(page.headers().contains_key("strict-transport-security"), is_on, "{value}");
    }
    for (name, value) in
        [("HUBBUB_SECURE_COOKIES", "maybe"), ("HUBBUB_GUESTS", "2"), ("HUBBUB_REGISTRATION", "x")]
    {
        let folder = TempDir::new().unwrap();
        let child = command(folder.path(), "127.0.0.1:0").env(name, value).spawn().unwrap();
        let output = timeout(TEST_TIMEOUT, child.wait_with_output()).await.expect("it ends").unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}={value}");
    }
}

#[tokio::test]
async fn health_endpoints_report_the_state() {
    let program = Program::start().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(http().get(program.url(path)).send().await.unwrap().status(), 200, "{path}");
    }
}

#[tokio::test]
async fn port_in_use_is_reported_in_one_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = complaint(TempDir::new().unwrap().path(), &address).await;
    assert!(said.contains(&address) && said.contains("--listen"), "{said}");
}

#[tokio::test]
async fn unusable_data_folder_is_reported_in_one_line() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "in the way").unwrap();
    let said = complaint(&file, "127.0.0.1:0").await;
    assert!(said.contains("--data"), "{said}");

    // Permissions do not apply to the superuser, who may run this test.
    let read_only = folder.path().join("read-only");
    std::fs::create_dir(&read_only).unwrap();
    std::fs::set_permissions(&read_only, std::fs::Permissions::from_mode(0o555)).unwrap();
    if std::fs::write(read_only.join("probe"), "").is_err() {
        let said = complaint(&read_only.join("data"), "127.0.0.1:0").await;
        assert!(said.contains("--data"), "{said}");
    }
}

#[tokio::test]
async fn two_servers_cannot_share_a_folder() {
    let program = Program::start().await;
    let said = complaint(program.data.path(), "127.0.0.1:0").await;
    assert!(said.contains("in use by another hubbub"), "{said}");

    // Removing the lock file gives no way in.
    let lock = program.data.path().join("hubbub.lock");
    std::fs::remove_file(&lock).unwrap();
    let said = complaint(program.data.path(), "127.0.0.1:0").await;
    assert!(said.contains("in use by another hubbub"), "{said}");
    assert!(!lock.exists(), "nothing was created");
    let mut alice = program.guest("alice").await.connects().await;
    alice.joins("general", None).await;
    assert!(lock.exists(), "the running server creates its lock again");
}

#[tokio::test]
async fn file_that_is_not_a_database_is_not_changed() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("chat.db");
    let text = "these are somebody's notes, not a database\n".repeat(200);
    std::fs::write(&file, &text).unwrap();
    let said = complaint(folder.path(), "127.0.0.1:0").await;
    assert!(said.contains("not a healthy database"), "{said}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[tokio::test]
async fn damaged_database_is_not_changed() {
    let mut program = Program::start().await;
    let mut alice = program.guest("alice").await.connects().await;
    alice.joins("general", None).await;
    for _ in 0..20 {
        let asked = alice.posts("general", &"x".repeat(4_000)).await;
        alice.is_told_where(asked).await;
    }
    assert_eq!(program.stop("-TERM").await, Some(0));
    let file = program.data.path().join("chat.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8_192].fill(0xaa);
    std::fs::write(&file, &bytes).unwrap();
    let said = complaint(program.data.path(), "127.0.0.1:0").await;
    assert!(said.contains("not a healthy database"), "{said}");
    assert!(std::fs::read(&file).unwrap() == bytes, "nothing was overwritten");
}

#[tokio::test]
async fn database_of_a_newer_version_is_not_changed() {
    use sqlx::Connection;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

    let mut program = Program::start().await;
    assert_eq!(program.stop("-TERM").await, Some(0));
    let file = program.data.path().join("chat.db");
    let mut database =
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&file)).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'from the future', 1, x'00', 0)",
    )
    .execute(&mut database)
    .await
    .unwrap();
    database.close().await.unwrap();
    let before = std::fs::read(&file).unwrap();
    let said = complaint(program.data.path(), "127.0.0.1:0").await;
    assert!(said.contains("newer version of hubbub"), "{said}");
    assert!(std::fs::read(&file).unwrap() == before, "nothing was overwritten");
}

#[tokio::test]
async fn full_server_refuses_new_connections_only() {
    let program = Program::start_with(&["--max-connections", "2"]).await;
    let mut alice = Socket::open(&program.address, None).await;
    let bob = Socket::open(&program.address, None).await;
    for _ in 0..20 {
        let mut raw = Raw::connect(&program.address).await;
        raw.sends(handshake(&program.address, "").as_bytes()).await;
        let head = raw.head().await;
        assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
        for line in [
            "retry-after: 5",
            "connection: close",
            "content-type: text/plain",
            "x-content-type-options: nosniff",
            "content-length: 38",
        ] {
            assert!(head.lines().any(|found| found == line), "{line}: {head}");
        }
        assert!(raw.ends().await);
    }
    alice.joins("general", None).await;
    bob.leaves().await;
    // The permit is returned when the socket has closed.
    let deadline = tokio::time::Instant::now() + TEST_TIMEOUT;
    while http().get(program.url("/healthz")).send().await.is_ok_and(|answer| answer.status() != 200) {
        assert!(tokio::time::Instant::now() < deadline, "the place is never free again");
    }
}
