//! The bytes of a form with files, read only as fast as its parts are taken from it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::Stream;

/// Bytes that the parser of the form may hold. The longest beginning of a part is a small part of it.
const MAX_UNPARSED_BYTES: usize = 256 * 1024;

/// Counts the bytes that the parser holds.
#[derive(Clone, Debug, Default)]
pub(super) struct UnparsedBytes(Arc<AtomicUsize>);

impl UnparsedBytes {
    /// Records that the parser has returned what it had.
    pub(super) fn taken(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// The body of a request. Its parser collects everything that is ready until it finds the next boundary, so a body
/// without one would fill the memory.
pub(super) struct FormBody {
    body: BodyDataStream,
    unparsed: UnparsedBytes,
    /// Whether the last poll was delayed, so that the parser uses the bytes that it holds.
    is_paused: bool,
}

impl FormBody {
    /// Returns a body for the parser, and the counter to reset for each piece that the parser returns.
    pub(super) fn limited(body: Body) -> (Body, UnparsedBytes) {
        let unparsed = UnparsedBytes::default();
        let limited = Self { body: body.into_data_stream(), unparsed: unparsed.clone(), is_paused: false };
        (Body::from_stream(limited), unparsed)
    }
}

impl Stream for FormBody {
    type Item = Result<Bytes, io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.unparsed.0.load(Ordering::Relaxed) >= MAX_UNPARSED_BYTES {
            if self.is_paused {
                return Poll::Ready(Some(Err(io::Error::other("the form has no boundary"))));
            }
            // The parser uses what it has, and asks again.
            self.is_paused = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.is_paused = false;
        let next = Pin::new(&mut self.body).poll_next(context);
        if let Poll::Ready(Some(Ok(bytes))) = &next {
            self.unparsed.0.fetch_add(bytes.len(), Ordering::Relaxed);
        }
        next.map_err(io::Error::other)
    }
}
