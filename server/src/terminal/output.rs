//! Standard output, written by a thread of its own: a reader that is slow or gone stops nothing else.

use std::io::Write;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

/// Pieces that wait for the thread; the rest waits here.
const PIECES: usize = 16;
/// Bytes that may wait here before nothing more is taken from the server.
const CONGESTED_BYTES: usize = 256 * 1024;

/// What waits to be written, and the way to the thread that writes it.
#[derive(Debug)]
pub(crate) struct Output {
    waiting: String,
    pieces: mpsc::Sender<String>,
    ended: oneshot::Receiver<()>,
    closed: mpsc::Receiver<()>,
    is_closed: bool,
}

impl Output {
    /// Opens it. `watch`: notice at once when the reader goes, though nothing is written; that is for pipes.
    pub(crate) fn open(watch: bool) -> Self {
        let (pieces, mut taken) = mpsc::channel::<String>(PIECES);
        let (end, ended) = oneshot::channel();
        let (close, closed) = mpsc::channel(1);
        let written = close.clone();
        std::thread::spawn(move || {
            let mut output = std::io::stdout().lock();
            while let Some(piece) = taken.blocking_recv() {
                if output.write_all(piece.as_bytes()).and_then(|()| output.flush()).is_err() {
                    let _ = written.try_send(());
                    break;
                }
            }
            let _ = end.send(());
        });
        if watch {
            std::thread::spawn(move || {
                wait_until_closed();
                let _ = close.try_send(());
            });
        }
        Self { waiting: String::new(), pieces, ended, closed, is_closed: false }
    }

    pub(crate) fn write(&mut self, text: &str) {
        if !self.is_closed {
            self.waiting.push_str(text);
        }
    }

    /// Whether so much waits that no more should be made.
    pub(crate) fn is_congested(&self) -> bool {
        self.waiting.len() > CONGESTED_BYTES
    }

    /// Comes back when something was handed on, or the reader is gone. May be dropped at any time.
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

    /// Whether nobody reads any more.
    pub(crate) const fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Writes what is left, for at most so long.
    pub(crate) async fn finish(self, patience: Duration) {
        let Self { waiting, pieces, ended, .. } = self;
        let pending_work = async {
            if !waiting.is_empty() {
                drop(pieces.send(waiting).await);
            }
            drop(pieces);
            drop(ended.await);
        };
        drop(tokio::time::timeout(patience, pending_work).await);
    }
}

/// Blocks until nobody can read what is written any more.
fn wait_until_closed() {
    use rustix::event::{PollFd, PollFlags, poll};

    let output = std::io::stdout();
    // Errors and hang-ups are told without being asked for.
    let mut watched = [PollFd::new(&output, PollFlags::empty())];
    while let Err(rustix::io::Errno::INTR) = poll(&mut watched, None) {}
}
