//! The body of a request, which fails if the peer sends it too slowly.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

/// Maximum pause of a peer, and maximum time until the first bytes.
const STALL_TIMEOUT: Duration = Duration::from_secs(10);
/// Minimum average rate in bytes per second, after the time for the first bytes.
const MIN_BYTES_PER_SECOND: u64 = 512;
/// Maximum time for any body, except that of a file.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// Limits the time for a body: for each pause, and in proportion to its length.
#[derive(Debug)]
pub(crate) struct TimedBody {
    body: Body,
    /// Maximum time for the whole body.
    total: Duration,
    timing: Option<Timing>,
    is_late: Late,
}

/// The timing of a body, from the moment when it is first read.
#[derive(Debug)]
struct Timing {
    started: Instant,
    /// When the last bytes arrived.
    progress: Instant,
    received: u64,
    timer: Pin<Box<Sleep>>,
}

/// Whether a body has exceeded its time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Late(Arc<AtomicBool>);

/// The body did not arrive in time.
#[derive(Debug, thiserror::Error)]
#[error("the request body did not arrive in time")]
struct TimedOut;

impl Late {
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl TimedBody {
    pub(crate) const fn new(body: Body, is_late: Late) -> Self {
        Self { body, total: TOTAL_TIMEOUT, timing: None, is_late }
    }

    /// Limits the time of a body that contains a file: only by its pauses and its rate, because a large file takes hours on
    /// a slow network.
    pub(crate) const fn of_file(body: Body, is_late: Late) -> Self {
        Self { body, total: Duration::MAX, timing: None, is_late }
    }
}

impl Timing {
    fn start() -> Self {
        let now = Instant::now();
        Self { started: now, progress: now, received: 0, timer: Box::pin(sleep_until(now)) }
    }

    fn receive(&mut self, bytes: usize) {
        self.progress = Instant::now();
        self.received = self.received.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    fn deadline(&self, total: Duration) -> Instant {
        let for_length = Duration::from_secs(self.received / MIN_BYTES_PER_SECOND);
        let in_total = (STALL_TIMEOUT + for_length).min(total);
        (self.started + in_total).min(self.progress + STALL_TIMEOUT)
    }

    fn poll_late(&mut self, total: Duration, context: &mut Context<'_>) -> Poll<()> {
        let deadline = self.deadline(total);
        if self.timer.deadline() != deadline {
            self.timer.as_mut().reset(deadline);
        }
        self.timer.as_mut().poll(context)
    }
}

impl HttpBody for TimedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        let frame = Pin::new(&mut this.body).poll_frame(context);
        match frame {
            Poll::Ready(frame) => {
                let data = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref());
                if let Some(data) = data {
                    this.timing.get_or_insert_with(Timing::start).receive(data.len());
                }
                Poll::Ready(frame)
            }
            Poll::Pending => {
                ready!(this.timing.get_or_insert_with(Timing::start).poll_late(this.total, context));
                this.is_late.0.store(true, Ordering::Relaxed);
                Poll::Ready(Some(Err(axum::Error::new(TimedOut))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use futures_util::stream;
    use tokio::time::sleep;

    use super::*;

    /// Reads a body of `pieces` pieces, one per `interval`. Returns how many bytes arrived, and whether the body was
    /// late.
    async fn read(pieces: usize, bytes: usize, interval: Duration) -> (Option<usize>, bool) {
        read_as(TimedBody::new, pieces, bytes, interval).await
    }

    async fn read_as(
        limit: fn(Body, Late) -> TimedBody,
        pieces: usize,
        bytes: usize,
        interval: Duration,
    ) -> (Option<usize>, bool) {
        let piece = move |sent| async move {
            if sent == pieces {
                return None;
            }
            sleep(interval).await;
            Some((Ok::<_, std::convert::Infallible>(Bytes::from(vec![0; bytes])), sent + 1))
        };
        let late = Late::default();
        let body = limit(Body::from_stream(stream::unfold(0, piece)), late.clone());
        let read = to_bytes(Body::new(body), usize::MAX).await;
        (read.ok().map(|bytes| bytes.len()), late.is_set())
    }

    #[tokio::test(start_paused = true)]
    async fn refuses_a_body_that_stops() {
        assert_eq!(read(1, 100, STALL_TIMEOUT * 2).await, (None, true));
    }

    #[tokio::test(start_paused = true)]
    async fn refuses_a_body_that_trickles() {
        let start = Instant::now();
        assert_eq!(read(1_000, 1, STALL_TIMEOUT / 5).await, (None, true));
        assert!(start.elapsed() <= STALL_TIMEOUT * 2);
    }

    #[tokio::test(start_paused = true)]
    async fn refuses_an_endless_body() {
        let start = Instant::now();
        assert_eq!(read(100_000, 2_000, Duration::from_secs(1)).await, (None, true));
        assert!(start.elapsed() <= TOTAL_TIMEOUT + STALL_TIMEOUT);
    }

    #[tokio::test(start_paused = true)]
    async fn accepts_a_slow_body_that_progresses() {
        assert_eq!(read(60, 1_024, Duration::from_secs(2)).await, (Some(60 * 1_024), false));
    }

    #[tokio::test(start_paused = true)]
    async fn accepts_a_file_that_takes_an_hour() {
        let (pieces, second) = (60 * 60, Duration::from_secs(1));
        assert_eq!(read_as(TimedBody::of_file, pieces, 2_000, second).await, (Some(pieces * 2_000), false));
        assert_eq!(read_as(TimedBody::of_file, 2, 2_000, STALL_TIMEOUT * 2).await, (None, true));
        assert_eq!(read_as(TimedBody::of_file, 1_000, 1, second).await, (None, true), "it trickles");
    }
}
