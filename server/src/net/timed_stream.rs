//! A stream that fails if its peer stops reading.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// Maximum time that a write waits for the peer to read at least [`MIN_PROGRESS_BYTES`].
const WRITE_TIMEOUT: Duration = Duration::from_secs(20);
/// Minimum bytes that a peer must read within [`WRITE_TIMEOUT`]; a slower peer counts as one that does not read.
const MIN_PROGRESS_BYTES: usize = 1024;

/// Limits the time that a write waits for its peer. Reading is limited by [`super::timed_body`] and the timeout of
/// request heads.
#[derive(Debug)]
pub(crate) struct TimedStream<S> {
    stream: S,
    /// Runs from the first write that had to wait, until the peer has read enough or everything is written.
    waiting: Option<Pin<Box<Sleep>>>,
    /// Bytes written since `waiting` was started.
    progress: usize,
}

impl<S> TimedStream<S> {
    pub(crate) const fn new(stream: S) -> Self {
        Self { stream, waiting: None, progress: 0 }
    }

    /// Returns the stream without time limits. A WebSocket has its own.
    pub(crate) fn into_inner(self) -> S {
        self.stream
    }

    /// Returns the result of a write after checking its time.
    fn time(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(bytes)) => {
                self.progress += bytes;
                if self.progress >= MIN_PROGRESS_BYTES {
                    self.waiting = None;
                }
                written
            }
            Poll::Ready(Err(_)) => written,
            Poll::Pending => {
                let progress = &mut self.progress;
                let waiting = self.waiting.get_or_insert_with(|| {
                    *progress = 0;
                    Box::pin(sleep(WRITE_TIMEOUT))
                });
                ready!(waiting.as_mut().poll(context));
                Poll::Ready(Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "the peer does not read the response",
                )))
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for TimedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for TimedStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.time(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.time(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// The caller flushes when everything is written, so a later write has its own time.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.waiting = None;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
    use tokio::time::Instant;

    use super::*;

    /// Bytes that the pipe between the two ends holds.
    const BUFFER_BYTES: usize = 2048;

    /// Writes four times the capacity of the pipe while the peer reads `bytes` in each `interval`.
    async fn written(bytes: usize, interval: Duration) -> io::Result<()> {
        let (near, mut far): (DuplexStream, DuplexStream) = tokio::io::duplex(BUFFER_BYTES);
        let mut near = TimedStream::new(near);
        let reading = async {
            let mut buffer = vec![0; bytes];
            loop {
                sleep(interval).await;
                if !buffer.is_empty() {
                    _ = far.read(&mut buffer).await;
                }
            }
        };
        tokio::select! {
            written = async { near.write_all(&[0; 4 * BUFFER_BYTES]).await } => written,
            () = reading => unreachable!("reading goes on"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn cuts_a_peer_that_does_not_read() {
        let start = Instant::now();
        let cut = written(0, Duration::from_secs(1)).await.unwrap_err();
        assert_eq!(cut.kind(), io::ErrorKind::TimedOut);
        assert!(start.elapsed() < WRITE_TIMEOUT * 2);
    }

    #[tokio::test(start_paused = true)]
    async fn cuts_a_peer_that_reads_too_slowly() {
        let start = Instant::now();
        let cut = written(1, Duration::from_secs(1)).await.unwrap_err();
        assert_eq!(cut.kind(), io::ErrorKind::TimedOut);
        assert!(start.elapsed() < WRITE_TIMEOUT * 2);
    }

    #[tokio::test(start_paused = true)]
    async fn waits_for_a_slow_peer_that_keeps_reading() {
        written(MIN_PROGRESS_BYTES, WRITE_TIMEOUT / 2).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn pause_between_two_answers_does_not_count() {
        let (near, mut far) = tokio::io::duplex(BUFFER_BYTES);
        let mut near = TimedStream::new(near);
        let mut buffer = vec![0; BUFFER_BYTES + 10];
        for _ in 0..3 {
            let answer = async {
                near.write_all(&[0; BUFFER_BYTES + 10]).await.unwrap();
                near.flush().await.unwrap();
            };
            let (_, read) = tokio::join!(answer, far.read_exact(&mut buffer));
            read.unwrap();
            sleep(WRITE_TIMEOUT * 2).await;
        }
    }
}
