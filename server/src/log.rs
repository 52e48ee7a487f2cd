//! The log: lines on standard error, written by a thread of its own.
//!
//! A standard error that is full, closed or not read must not stop or block the server. Lines wait in a bounded queue;
//! lines that do not fit, or cannot be written, are counted and dropped.

use std::collections::VecDeque;
use std::io::{self, IsTerminal, Write};
use std::panic::PanicHookInfo;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::{LogFormat, LogLevel, ServeConfig};

/// Maximum bytes of log lines that wait for standard error.
const MAX_WAITING_BYTES: usize = 1024 * 1024;
/// Maximum time that the end of the program waits for the remaining lines.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// The running log. Dropping it waits a short time until all lines are written.
#[derive(Debug)]
pub(crate) struct Log {
    queue: Arc<LogQueue>,
}

/// The queue between the threads that log and the thread that writes.
#[derive(Debug, Default)]
struct LogQueue {
    // The lock is held for a look-up or a change, never while a line is written.
    state: Mutex<QueueState>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct QueueState {
    lines: VecDeque<Vec<u8>>,
    bytes: usize,
    /// Number of lines that were lost since the last notice about it.
    dropped: u64,
    /// Set when no further lines will come.
    is_closing: bool,
    /// Set when the thread has ended.
    is_written: bool,
}

/// The writer for [`tracing_subscriber`], which passes a whole line with each call.
#[derive(Clone, Debug)]
struct LineSink(Arc<LogQueue>);

impl Log {
    /// Starts the log of this process.
    ///
    /// # Errors
    /// If the system cannot create the thread.
    pub(crate) fn start(config: &ServeConfig) -> anyhow::Result<Self> {
        let queue = Arc::new(LogQueue::default());
        let lines = Arc::clone(&queue);
        std::thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || lines.write_all_to(&mut io::stderr()))
            .context("cannot start the thread that writes the log")?;
        let sink = LineSink(Arc::clone(&queue));
        // By default, a line that cannot be formatted is reported by a print that panics if it fails.
        let subscriber = tracing_subscriber::fmt().log_internal_errors(false);
        let subscriber = subscriber.with_max_level(level(config.log)).with_writer(sink);
        // `try_init` fails only if a subscriber is already set, which is then used instead.
        _ = match config.log_format {
            LogFormat::Text => subscriber.with_ansi(io::stderr().is_terminal()).try_init(),
            LogFormat::Json => subscriber.json().try_init(),
        };
        // The standard hook writes to standard error from the thread that panics, and would block it there.
        std::panic::set_hook(Box::new(log_panic));
        Ok(Self { queue })
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let mut state = self.queue.state();
        state.is_closing = true;
        self.queue.changed.notify_all();
        let written = self.queue.changed.wait_timeout_while(state, FLUSH_TIMEOUT, |state| !state.is_written);
        // If standard error is not read, the writing thread blocks; it ends with the process.
        drop(written);
    }
}

impl LogQueue {
    fn state(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, line: &[u8]) {
        let mut state = self.state();
        if state.bytes + line.len() > MAX_WAITING_BYTES {
            state.dropped += 1;
            return;
        }
        state.bytes += line.len();
        state.lines.push_back(line.to_vec());
        self.changed.notify_all();
    }

    /// Returns the next line, or `None` when the log has ended and everything is written.
    fn pop(&self) -> Option<Vec<u8>> {
        let waits = |state: &mut QueueState| state.lines.is_empty() && !state.is_closing;
        let mut state = self.changed.wait_while(self.state(), waits).unwrap_or_else(PoisonError::into_inner);
        let line = state.lines.pop_front();
        state.bytes -= line.as_ref().map_or(0, Vec::len);
        line
    }

    fn write_all_to(&self, output: &mut impl Write) {
        while let Some(line) = self.pop() {
            if output.write_all(&line).is_err() {
                self.state().dropped += 1;
            } else if let Some(dropped) = self.take_dropped() {
                tracing::warn!(dropped, "log lines were lost while standard error could not be written to");
            }
        }
        self.state().is_written = true;
        self.changed.notify_all();
    }

    /// Returns the number of lost lines, as soon as a notice about it fits in the queue.
    fn take_dropped(&self) -> Option<u64> {
        let mut state = self.state();
        let dropped = std::mem::take(if state.lines.is_empty() { &mut state.dropped } else { return None });
        (dropped > 0).then_some(dropped)
    }
}

impl Write for LineSink {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'writer> MakeWriter<'writer> for LineSink {
    type Writer = Self;

    fn make_writer(&'writer self) -> Self {
        self.clone()
    }
}

fn level(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    }
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let message = panic.payload_as_str().unwrap_or("without a message");
    let location = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(location, message = format!("panicked: {message}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An output that fails a number of times and then stores what is written.
    #[derive(Default)]
    struct Failing {
        failures: usize,
        written: Vec<u8>,
    }

    impl Write for Failing {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.failures > 0 {
                self.failures -= 1;
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.written.extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn closing() -> LogQueue {
        let queue = LogQueue::default();
        queue.state().is_closing = true;
        queue
    }

    #[test]
    fn writes_lines_in_their_order() {
        let (queue, mut output) = (closing(), Failing::default());
        queue.push(b"one\n");
        queue.push(b"two\n");
        queue.write_all_to(&mut output);
        assert_eq!(output.written, b"one\ntwo\n");
        assert!(queue.state().is_written);
    }

    #[test]
    fn counts_lines_that_cannot_be_written_and_goes_on() {
        let (queue, mut output) = (closing(), Failing { failures: 2, written: Vec::new() });
        for line in ["one\n", "two\n", "three\n", "four\n"] {
            queue.push(line.as_bytes());
        }
        let lost = queue.pop().and_then(|line| output.write_all(&line).err());
        assert!(lost.is_some());
        queue.write_all_to(&mut output);
        assert_eq!(output.written, b"three\nfour\n");
        assert_eq!(queue.take_dropped(), None, "taken for the notice");
    }

    #[test]
    fn bounds_the_lines_that_wait() {
        let queue = closing();
        let line = [b'x'; 1_000];
        for _ in 0..2_000 {
            queue.push(&line);
        }
        let (bytes, waiting, dropped) = {
            let state = queue.state();
            (state.bytes, state.lines.len() as u64, state.dropped)
        };
        assert!(bytes <= MAX_WAITING_BYTES);
        assert_eq!(dropped, 2_000 - waiting);
        assert_eq!(queue.take_dropped(), None, "there is no room for a notice yet");
    }
}
