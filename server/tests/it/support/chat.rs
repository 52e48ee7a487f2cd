//! `hubbub chat` as a script uses it: lines in, lines out.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use super::{Program, TEST_TIMEOUT};

/// A running `hubbub chat` between two pipes. Dropping it ends the process.
pub(crate) struct Chat {
    child: Child,
    input: Option<ChildStdin>,
    output: Option<Lines<BufReader<ChildStdout>>>,
}

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    /// Lines that were printed and not read before.
    pub(crate) output: Vec<String>,
    pub(crate) complaint: String,
}

/// Returns the command without the variables of this machine's environment.
pub(crate) fn command(server: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hubbub"));
    command.args(["chat", "--server", server]).args(arguments);
    command.env_remove("HUBBUB_SERVER").env_remove("HUBBUB_TOKEN");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

impl Chat {
    pub(crate) fn start(server: &str, arguments: &[&str]) -> Self {
        Self::of(&mut command(server, arguments))
    }

    pub(crate) fn of(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let input = child.stdin.take();
        let output = child.stdout.take().map(|output| BufReader::new(output).lines());
        Self { child, input, output }
    }

    /// Enters a room and returns the client and its user name.
    pub(crate) async fn enters(program: &Program, room: &str) -> (Self, String) {
        let mut chat = Self::start(&program.url(""), &[room]);
        let line = chat.next().await;
        let name = line.strip_prefix("system :: you are ").unwrap_or_else(|| panic!("{line}"));
        let name = name.strip_suffix(&format!(" in {room}")).unwrap_or_else(|| panic!("{line}"));
        (chat, name.to_owned())
    }

    pub(crate) async fn types(&mut self, text: &str) {
        self.input.as_mut().unwrap().write_all(text.as_bytes()).await.unwrap();
    }

    pub(crate) fn types_no_more(&mut self) {
        self.input = None;
    }

    /// Returns the next printed line.
    pub(crate) async fn next(&mut self) -> String {
        let line =
            timeout(TEST_TIMEOUT, self.output.as_mut().unwrap().next_line()).await.expect("a line comes");
        line.unwrap().expect("it goes on printing")
    }

    /// Reads until this line is printed.
    pub(crate) async fn prints(&mut self, wanted: &str) {
        let mut before = Vec::new();
        loop {
            let line = match timeout(TEST_TIMEOUT, self.output.as_mut().unwrap().next_line()).await {
                Ok(line) => line.unwrap().unwrap_or_else(|| panic!("no {wanted:?}, but {before:#?}")),
                Err(_) => panic!("no {wanted:?} for long, but {before:#?}"),
            };
            if line == wanted {
                return;
            }
            before.push(line);
        }
    }

    pub(crate) async fn is_sent(&self, signal: &str) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().await.unwrap().success());
    }

    /// Closes the reading end of the output.
    pub(crate) fn is_read_no_more(&mut self) {
        self.output = None;
    }

    /// Waits until the process ends. The input stays open unless it was closed before.
    pub(crate) async fn ends(mut self) -> Ended {
        let mut output = Vec::new();
        let mut complaint = String::new();
        let run = async {
            if let Some(lines) = &mut self.output {
                while let Some(line) = lines.next_line().await.unwrap() {
                    output.push(line);
                }
            }
            self.child.stderr.take().unwrap().read_to_string(&mut complaint).await.unwrap();
            // Waiting closes the input, so it must come last.
            self.child.wait().await.unwrap().code()
        };
        let code = timeout(TEST_TIMEOUT, run).await.expect("it ends");
        Ended { code, output, complaint }
    }
}
