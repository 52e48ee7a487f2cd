//! The body of a response that holds the connection permit of its request until it is sent.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use http_body::{Frame, SizeHint};

use super::listener::ClientPermit;

/// Returns the permit when it is dropped.
#[derive(Debug)]
pub(crate) struct HeldBody {
    body: Body,
    _permit: ClientPermit,
}

impl HeldBody {
    pub(crate) fn wrap(body: Body, permit: ClientPermit) -> Body {
        Body::new(Self { body, _permit: permit })
    }
}

impl HttpBody for HeldBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
