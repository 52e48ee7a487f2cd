//! The access log, with one line per request.

use std::time::Duration;

use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use tower_http::classify::{ServerErrorsAsFailures, SharedClassifier};
use tower_http::trace::{MakeSpan, OnResponse, TraceLayer};
use tracing::{Span, field};

use super::request_id;
use crate::net::client_address::ClientAddress;

/// Characters of a path that are logged.
const MAX_PATH_CHARS: usize = 200;

/// The description of a request in the log. The query is omitted, because it may contain tokens; the path is quoted, so
/// that a client cannot write lines of its own into the log.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestSpan;

pub(super) type AccessLogLayer =
    TraceLayer<SharedClassifier<ServerErrorsAsFailures>, RequestSpan, (), RequestSpan, (), (), ()>;

pub(super) fn layer() -> AccessLogLayer {
    TraceLayer::new_for_http()
        .make_span_with(RequestSpan)
        .on_request(())
        .on_response(RequestSpan)
        .on_body_chunk(())
        .on_eos(())
        .on_failure(())
}

impl<B> MakeSpan<B> for RequestSpan {
    fn make_span(&mut self, request: &Request<B>) -> Span {
        let id = request.headers().get(request_id::NAME).and_then(|id| id.to_str().ok()).unwrap_or_default();
        let address = ClientAddress::of(request.extensions());
        let path: String = request.uri().path().chars().take(MAX_PATH_CHARS).collect();
        let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
        tracing::info_span!(
            "request",
            id,
            %address,
            method = %request.method(),
            path = ?path,
            route,
            user = field::Empty,
        )
    }
}

impl<B> OnResponse<B> for RequestSpan {
    fn on_response(self, response: &Response<B>, latency: Duration, _span: &Span) {
        let status = response.status().as_u16();
        let millis = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(status, millis, "request completed");
    }
}
