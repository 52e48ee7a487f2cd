//! The log and other output when it cannot be written.

use std::fs::File;
use std::process::Stdio;

use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::time::timeout;

use super::support::program::{command, http};
use super::support::raw::Raw;
use super::support::{Peer, Program, TEST_TIMEOUT};

/// Number of requests whose log lines fill an unread pipe several times.
const REQUESTS: usize = 1_500;

/// Returns a pipe whose other end is closed, so that writing fails.
fn closed_pipe() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

/// Returns a device that is always full, so that writing fails.
fn full_device() -> Stdio {
    File::options().write(true).open("/dev/full").unwrap().into()
}

/// Serves many requests, then stops cleanly.
async fn serves_and_stops(mut program: Program, requests: usize) {
    let browser = http();
    for _ in 0..requests {
        assert_eq!(browser.get(program.url("/healthz")).send().await.unwrap().status(), 200);
    }
    assert_eq!(program.stop("-TERM").await, Some(0));
}

#[tokio::test]
async fn serves_while_the_log_is_full() {
    serves_and_stops(Program::start_logging_to(full_device()).await, 20).await;
}

#[tokio::test]
async fn serves_while_the_log_is_closed() {
    serves_and_stops(Program::start_logging_to(closed_pipe()).await, 20).await;
}

#[tokio::test]
async fn serves_while_the_log_is_not_read() {
    let (_unread, writer) = std::io::pipe().unwrap();
    serves_and_stops(Program::start_logging_to(writer).await, REQUESTS).await;
}

#[tokio::test]
async fn serves_while_standard_output_is_not_read() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut child = command(folder.path(), "127.0.0.1:0");
    let mut child = child.env("HUBBUB_LOG", "info").stdout(closed_pipe()).spawn().unwrap();
    let mut errors = child.stderr.take().unwrap();
    let mut log = Vec::new();
    let serving = async {
        while !String::from_utf8_lossy(&log).contains("serving") {
            assert_ne!(errors.read_buf(&mut log).await.unwrap(), 0, "it goes on");
        }
    };
    timeout(TEST_TIMEOUT, serving).await.expect("it serves");
    let id = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
    assert_eq!(timeout(TEST_TIMEOUT, child.wait()).await.expect("it stops").unwrap().code(), Some(0));
}

/// Puts line breaks and terminal commands into every value that a peer can choose, as far as HTTP carries them.
async fn forge_lines(program: &Program) {
    const LINE: &str = "%0A2026-01-01T00:00:00.000000Z%20ERROR%20forged%1B%5B31m%C2%85%E2%80%A8%E2%80%AE";
    for path in ["/rooms/", "/", "/api/v1/rooms/", "/account?", "/pkg/", "/chat/", "/ws/chat/lobby/"] {
        let head = format!("GET {path}{LINE} HTTP/1.1\r\nHost: {}\r\n", program.address);
        let more = "User-Agent: \u{9b}31mforged\r\nX-Request-Id: forged ERROR\r\nReferer: \u{85}forged\r\n\
                    X-Forwarded-For: \u{202e}forged\r\nAccept-Language: \tforged\r\n\r\n";
        Raw::answer(&program.address, &(head + more)).await;
    }
    // Requests for unknown hosts are logged at most once a minute, so only the first of these.
    for host in ["forged\u{85}.example ERROR", "forged.example", "\u{202e}forged"] {
        Raw::answer(&program.address, &format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")).await;
    }
    Peer::is_refused(program, "/ws/chat/lobby/u1?username=%0Aforged", &[]).await;
    let mut peer = Peer::opens(program, "/ws/chat/lobby/u1?username=forged").await;
    peer.says("a\n2026-01-01T00:00:00.000000Z ERROR forged").await;
    peer.hears().await;
    let form = [("username", "a%0AERROR%20forged"), ("password", "%1B%5B31mforged")];
    program.is_sent("/register", &form, None).await;
}

/// Whether a character ends a line, or controls a terminal, or is invisible.
fn is_harmful(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}')
}

#[tokio::test]
async fn peers_cannot_forge_log_lines() {
    for format in ["text", "json"] {
        let program = Program::start_with(&["--log", "debug", "--log-format", format]).await;
        forge_lines(&program).await;
        let log = program.log().await;
        assert!(log.lines().count() > 10, "{log}");
        for line in log.lines() {
            assert!(!line.contains(is_harmful), "{}", line.escape_debug());
            if format == "json" {
                let line: serde_json::Value = serde_json::from_str(line).unwrap();
                assert!(line["timestamp"].is_string() && line["level"].is_string(), "{line}");
            } else {
                let (time, rest) = line.split_once(' ').unwrap();
                assert!(
                    time.len() == 27 && time.ends_with('Z') && !time.starts_with("2026-01-01T00"),
                    "{line}"
                );
                let level = rest.split_whitespace().next().unwrap();
                assert!(["ERROR", "WARN", "INFO", "DEBUG"].contains(&level), "{line}");
            }
        }
    }
}

#[tokio::test]
async fn exit_code_is_unchanged_if_the_error_cannot_be_printed() {
    let folder = tempfile::TempDir::new().unwrap();
    let not_a_folder = folder.path().join("file");
    std::fs::write(&not_a_folder, "in the way").unwrap();
    let not_a_folder = not_a_folder.to_str().unwrap();
    for (arguments, code) in [
        (&["--help"][..], 0),
        (&["serve", "--help"], 0),
        (&["--version"], 0),
        (&["serve", "--no-such-flag"], 2),
        (&["serve", "--listen", "127.0.0.1:0", "--data", not_a_folder], 1),
        (&["chat", "--server", "http://127.0.0.1:1", "--timeout", "1"], 1),
    ] {
        for output in [closed_pipe, full_device] {
            let mut program = Command::new(env!("CARGO_BIN_EXE_hubbub"));
            program.args(arguments).stdin(Stdio::null()).stderr(output());
            // The terminal client exits with 0 when the reader of its output is gone.
            program.stdout(if arguments[0] == "chat" { Stdio::null() } else { output() });
            let ended = timeout(TEST_TIMEOUT, program.status()).await.expect("it ends").unwrap();
            assert_eq!(ended.code(), Some(code), "{arguments:?}");
        }
    }
}
