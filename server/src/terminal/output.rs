//! Standard output, written by a thread of its own, so that a reader that is slow or gone blocks nothing else.

use std::io::Write;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

/// Maximum number of pieces in the queue of the thread; further output waits in `waiting`.
const PIECES: usize = 16;
/// Bytes that may wait before no more updates are read from the server.
const CONGESTED_BYTES: usize = 256 * 1024;

/// Output that waits to be written, and the queue to the writing thread.
#[derive(Debug)]
pub(crate) struct Output {
    waiting: String,
    pieces: mpsc::Sender<String>,
    ended: oneshot::Receiver<()>,
    closed: mpsc::Receiver<()>,
    is_closed: bool,
}

impl Output {
    /// Opens standard output. `watch` detects at once that the reader of a pipe has closed it, even if nothing is
    /// written.
    pub(crate) fn open(watch: bool) -> Self {
        let (pieces, mut taken) = mpsc::channel::<String>(PIECES);
        let (end, ended) = oneshot::channel();
        let (close, closed) = mpsc::channel(1);
        let written = close.clone();
        std::thread::spawn(move || {
            let mut output = std::io::stdout().lock();
            while let Some(piece) = taken.blocking_recv() {
                if output.write_all(piece.as_bytes()).and_then(|()| output.flush()).is_err() {
                    _ = written.try_send(());
                    break;
                }
            }
            _ = end.send(());
        });
        if watch {
            std::thread::spawn(move || {
                wait_until_closed();
                _ = close.try_send(());
            });
        }
        Self { waiting: String::new(), pieces, ended, closed, is_closed: false }
    }

    pub(crate) fn write(&mut self, text: &str) {
        if !self.is_closed {
            self.waiting.push_str(text);
        }
    }

    /// Whether so much output waits that no more should be produced.
    pub(crate) fn is_congested(&self) -> bool {
        self.waiting.len() > CONGESTED_BYTES
    }

    /// Waits until a piece was written or the reader is gone; cancel safe.
    pub(crate) async fn progress(&mut self) {
        tokio::select! {
            Ok(place) = self.pieces.reserve(), if !self.waiting.is_empty() => {
                place.send(std::mem::take(&mut self.waiting));
            }
            Some(()) = self.closed.recv(), if !self.is_closed => {
                self.is_closed = true;
                self.waiting.clear();
            }
            else => std::future::pending().await,
        }
    }

    /// Whether the reader of the output is gone.
    pub(crate) const fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Writes the remaining output, within `patience`.
    pub(crate) async fn finish(self, patience: Duration) {
        let Self { waiting, pieces, ended, .. } = self;
        let rest = async {
            if !waiting.is_empty() {
                _ = pieces.send(waiting).await;
            }
            drop(pieces);
            _ = ended.await;
        };
        _ = tokio::time::timeout(patience, rest).await;
    }
}

/// Blocks until the reader of the output is gone.
fn wait_until_closed() {
    use rustix::event::{PollFd, PollFlags, poll};

    let output = std::io::stdout();
    // `poll` reports errors and hang-ups without being asked for them.
    let mut watched = [PollFd::new(&output, PollFlags::empty())];
    while let Err(rustix::io::Errno::INTR) = poll(&mut watched, None) {}
}
