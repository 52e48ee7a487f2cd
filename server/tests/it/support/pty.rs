//! `hubbub chat` as a person uses it, in a simulated terminal.

use pty_process::{Command, Pty, Size};
use rustix::termios::{LocalModes, tcgetattr};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Child;
use tokio::time::timeout;

use super::{Program, TEST_TIMEOUT};

const ROWS: u16 = 40;
const COLUMNS: u16 = 80;

/// A terminal with `hubbub chat` in it. Dropping it ends the process.
pub(crate) struct Terminal {
    pty: Pty,
    child: Child,
    screen: vt100::Parser,
    /// All text that was printed.
    pub(crate) printed: String,
}

impl Terminal {
    pub(crate) fn start(server: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let (pty, inner) = pty_process::open().unwrap();
        pty.resize(Size::new(ROWS, COLUMNS)).unwrap();
        let command = Command::new(env!("CARGO_BIN_EXE_hubbub"))
            .args(["chat", "--server", server])
            .args(arguments)
            .env_remove("HUBBUB_SERVER")
            .env_remove("HUBBUB_TOKEN")
            .env_remove("NO_COLOR")
            .env("TERM", "xterm-256color")
            .envs(environment.iter().copied())
            .kill_on_drop(true);
        let child = command.spawn(inner).unwrap();
        Self { pty, child, screen: vt100::Parser::new(ROWS, COLUMNS, 0), printed: String::new() }
    }

    /// Enters a room and returns the terminal and the user name.
    pub(crate) async fn enters(program: &Program, room: &str) -> (Self, String) {
        let mut terminal = Self::start(&program.url(""), &[room], &[]);
        let name = terminal.is_greeted(room).await;
        (terminal, name)
    }

    /// Waits for the greeting and returns the user name.
    pub(crate) async fn is_greeted(&mut self, room: &str) -> String {
        let end = format!(" in {room}");
        let name =
            |row: &String| Some(row.strip_prefix("system :: you are ")?.strip_suffix(&end)?.to_owned());
        self.until("the greeting", |rows| rows.iter().any(|row| name(row).is_some())).await;
        self.rows().iter().find_map(name).unwrap()
    }

    pub(crate) async fn types(&mut self, keys: &str) {
        self.pty.write_all(keys.as_bytes()).await.unwrap();
    }

    /// Returns the rows of the screen, without empty rows at its end.
    pub(crate) fn rows(&self) -> Vec<String> {
        let (_, columns) = self.screen.screen().size();
        let mut rows: Vec<String> = self.screen.screen().rows(0, columns).collect();
        while rows.last().is_some_and(String::is_empty) {
            rows.pop();
        }
        rows
    }

    pub(crate) fn resizes(&mut self, rows: u16, columns: u16) {
        self.screen.screen_mut().set_size(rows, columns);
        self.pty.resize(Size::new(rows, columns)).unwrap();
    }

    /// Waits until the screen satisfies a condition.
    pub(crate) async fn until(&mut self, what: &str, like: impl Fn(&[String]) -> bool) {
        while !like(&self.rows()) {
            assert!(self.reads_output(what).await, "it ended without {what}: {:#?}", self.rows());
        }
    }

    /// Waits until the last rows of the screen are these.
    pub(crate) async fn ends_with(&mut self, wanted: &[&str]) {
        self.until(&format!("{wanted:?}"), |rows| {
            let rows: Vec<&str> = rows.iter().map(|row| row.trim_end()).collect();
            rows.ends_with(wanted)
        })
        .await;
    }

    /// Waits until the screen has this row.
    pub(crate) async fn shows(&mut self, wanted: &str) {
        self.until(wanted, |rows| rows.iter().any(|row| row.trim_end() == wanted)).await;
    }

    /// Whether the terminal echoes input and edits lines itself, as a shell expects.
    pub(crate) fn is_as_it_was(&self) -> bool {
        let modes = tcgetattr(&self.pty).unwrap().local_modes;
        modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
    }

    pub(crate) async fn is_sent(&self, signal: &str) {
        let id = self.child.id().unwrap().to_string();
        let kill = tokio::process::Command::new("kill").args([signal, &id]).status().await.unwrap();
        assert!(kill.success());
    }

    /// Waits until the process ends.
    pub(crate) async fn ends(&mut self) -> Option<i32> {
        while self.reads_output("its end").await {}
        timeout(TEST_TIMEOUT, self.child.wait()).await.expect("it ends").unwrap().code()
    }

    /// Reads output, and returns whether there was any.
    async fn reads_output(&mut self, what: &str) -> bool {
        let mut bytes = [0; 4096];
        let read = timeout(TEST_TIMEOUT, self.pty.read(&mut bytes)).await;
        let read = read.unwrap_or_else(|_| panic!("nothing for long, and not {what}: {:#?}", self.rows()));
        // Reading fails when the program has ended and closed the other end of the terminal.
        let read = read.unwrap_or(0);
        self.screen.process(&bytes[..read]);
        self.printed.push_str(&String::from_utf8_lossy(&bytes[..read]));
        read > 0
    }
}
