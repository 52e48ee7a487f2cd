//! `hubbub serve`, started as an operator starts it.

use std::process::Stdio;
use std::sync::Arc;

use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::{Socket, TEST_TIMEOUT};

/// A running server with a data folder of its own. Dropping it ends the process.
pub(crate) struct Program {
    child: Child,
    pub(crate) address: String,
    pub(crate) data: Arc<TempDir>,
}

/// A user with a session.
#[derive(Clone, Debug)]
pub(crate) struct Guest {
    pub(crate) cookie: String,
    pub(crate) address: String,
}

pub(crate) fn command(data: &std::path::Path, listen: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hubbub"));
    command.args(["serve", "--listen", listen, "--data"]).arg(data).env("HUBBUB_LOG", "warn");
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

impl Program {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts the server with further flags.
    pub(crate) async fn start_with(flags: &[&str]) -> Self {
        Self::start_on("127.0.0.1:0", Arc::new(TempDir::new().unwrap()), flags).await
    }

    /// Starts the server with this standard error, and logs each request.
    pub(crate) async fn start_logging_to(errors: impl Into<Stdio>) -> Self {
        let data = Arc::new(TempDir::new().unwrap());
        let mut command = command(data.path(), "127.0.0.1:0");
        command.env("HUBBUB_LOG", "info").stderr(errors);
        Self::of(command, data).await
    }

    /// Starts the server on an address and a data folder.
    pub(crate) async fn start_on(listen: &str, data: Arc<TempDir>, flags: &[&str]) -> Self {
        let mut command = command(data.path(), listen);
        command.args(flags);
        Self::of(command, data).await
    }

    /// Starts the server with this command.
    pub(crate) async fn of(mut command: Command, data: Arc<TempDir>) -> Self {
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = timeout(TEST_TIMEOUT, lines.next_line()).await.expect("it says that it listens").unwrap();
        let Some(line) = line else {
            let mut complaint = String::new();
            child.stderr.take().unwrap().read_to_string(&mut complaint).await.unwrap();
            panic!("it did not start: {complaint}");
        };
        let address = line.strip_prefix("listening on http://").expect("the contract's line").to_owned();
        Self { child, address, data }
    }

    /// Limits the size of the server's files in bytes (RLIMIT_FSIZE). A write beyond it fails within the file.
    pub(crate) fn limit_file_size(&self, bytes: Option<u64>) {
        self.limit(Resource::Fsize, bytes);
    }

    /// Limits the number of the server's descriptors (RLIMIT_NOFILE).
    pub(crate) fn limit_descriptors(&self, count: u64) {
        self.limit(Resource::Nofile, Some(count));
    }

    fn limit(&self, resource: Resource, current: Option<u64>) {
        let pid = Pid::from_raw(i32::try_from(self.child.id().unwrap()).unwrap());
        let maximum = getrlimit(resource).maximum;
        prlimit(pid, resource, Rlimit { current, maximum }).unwrap();
    }

    /// Returns the processor time of the server, in ticks of 10 ms.
    #[cfg(target_os = "linux")]
    pub(crate) fn processor_ticks(&self) -> u64 {
        let id = self.child.id().expect("it runs");
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
        // User and system time are the fields 14 and 15; the name, which may contain spaces, is field 2.
        let fields = stat.rsplit_once(')').unwrap().1.split_whitespace();
        fields.skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum()
    }

    /// Ends the server like `kill -9`.
    pub(crate) async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Starts the server again on the same address and data.
    pub(crate) async fn restart(&mut self) {
        self.restart_with(&[]).await;
    }

    /// Starts the server again with other flags.
    pub(crate) async fn restart_with(&mut self, flags: &[&str]) {
        *self = Self::start_on(&self.address.clone(), Arc::clone(&self.data), flags).await;
    }

    /// Sends a signal to the server.
    pub(crate) async fn receives(&self, signal: &str) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().await.unwrap().success());
    }

    /// Sends a signal to the server and returns its exit code.
    pub(crate) async fn stop(&mut self, signal: &str) -> Option<i32> {
        self.receives(signal).await;
        timeout(TEST_TIMEOUT, self.child.wait()).await.expect("it stops").unwrap().code()
    }

    /// Stops the server and returns its log.
    pub(crate) async fn log(mut self) -> String {
        let mut errors = self.child.stderr.take().unwrap();
        assert_eq!(self.stop("-TERM").await, Some(0));
        let mut log = String::new();
        errors.read_to_string(&mut log).await.unwrap();
        log
    }

    /// Returns the memory that the process has allocated, in bytes: its anonymous pages. Pages of the program file are not
    /// counted, because the kernel loads each when its code first runs, and can drop it again.
    #[cfg(target_os = "linux")]
    pub(crate) fn allocated_bytes(&self) -> u64 {
        let id = self.child.id().expect("it runs");
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        line.trim().strip_suffix(" kB").unwrap().trim().parse::<u64>().unwrap() * 1024
    }

    /// Returns the number of open files and sockets of the process.
    #[cfg(target_os = "linux")]
    pub(crate) fn open_descriptors(&self) -> usize {
        let id = self.child.id().expect("it runs");
        std::fs::read_dir(format!("/proc/{id}/fd")).unwrap().count()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Signs in on the landing page.
    pub(crate) async fn guest(&self, name: &str) -> Guest {
        let joined = http()
            .post(self.url("/join_chat"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("username={name}&room_id=general"))
            .send()
            .await
            .unwrap();
        assert_eq!(joined.status(), StatusCode::SEE_OTHER);
        let cookie = joined.headers()["set-cookie"].to_str().unwrap();
        Guest { cookie: cookie.split(';').next().unwrap().to_owned(), address: self.address.clone() }
    }
}

impl Guest {
    pub(crate) async fn connects(&self) -> Socket {
        Socket::open(&self.address, Some(&self.cookie)).await
    }
}

/// Returns a browser that stores no cookies and follows no redirects.
pub(crate) fn http() -> Client {
    Client::builder().redirect(Policy::none()).timeout(TEST_TIMEOUT).build().unwrap()
}
