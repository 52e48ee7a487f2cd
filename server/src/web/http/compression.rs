//! Compresses pages and JSON. The files of the site are already compressed.
//!
//! Compressing secrets together with text that an attacker chooses can reveal them by the length of the response
//! (BREACH). No lasting secret is in a response: a page's nonce and the form's `client_id` are new in each one, and
//! session tokens are only in cookies. Other sites also cannot repeat requests in a user's name to measure them:
//! session cookies are `SameSite=Lax`, and responses to `fetch` need an allowed origin.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Response, header};
use axum::middleware::Next;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{And, Predicate, SizeAbove};

/// Bytes below which compression saves no packet.
const MIN_BYTES: u16 = 1_024;
/// Brotli quality: about as fast as gzip and a tenth smaller, with 256 KB of working memory for a page.
const QUALITY: CompressionLevel = CompressionLevel::Precise(4);

/// Selects responses whose content type is text.
#[derive(Clone, Copy, Debug)]
pub(super) struct IsText;

impl Predicate for IsText {
    fn should_compress<B>(&self, response: &Response<B>) -> bool {
        is_text(response.headers())
    }
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let kind = kind.split(|byte| *byte == b';').next().unwrap_or_default();
    // Plain text is excluded: it is used by Socket.IO polling, whose small responses are not worth compressing.
    matches!(
        kind,
        b"text/html" | b"text/css" | b"text/javascript" | b"application/json" | b"application/problem+json"
    )
}

/// Tells caches that a response depends on `Accept-Encoding`, and that a compressed one is only semantically equal (RFC
/// 9110, sections 12.5.5 and 8.8.1).
pub(super) async fn describe(request: Request, next: Next) -> Response<Body> {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if is_text(headers) && !varies_by_encoding(headers) {
        headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if headers.contains_key(header::CONTENT_ENCODING)
        && let Some(tag) = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok())
        && tag.starts_with('"')
        && let Ok(weak) = HeaderValue::from_str(&format!("W/{tag}"))
    {
        headers.insert(header::ETAG, weak);
    }
    response
}

fn varies_by_encoding(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::VARY).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|name| name.trim().eq_ignore_ascii_case("accept-encoding"))
}

pub(super) fn layer() -> CompressionLayer<And<SizeAbove, IsText>> {
    CompressionLayer::new().quality(QUALITY).compress_when(SizeAbove::new(MIN_BYTES).and(IsText))
}
