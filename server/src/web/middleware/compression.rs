//! Pages and JSON are compressed on their way out; the files of the site are already.
//!
//! Compressing secrets beside text that an attacker chooses can give them away by the length of the response (BREACH).
//! Here nothing lasting is there to be found: a page's nonce and the form's `client_id` are new in each response, and
//! session tokens stand in cookies only. Other sites cannot repeat requests in a user's name to measure them, either:
//! session cookies are `SameSite=Lax`, and responses to `fetch` need an allowed origin.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Response, header};
use axum::middleware::Next;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{And, Predicate, SizeAbove};

/// Bytes below which compressing saves no packet.
const MIN_BYTES: u16 = 1_024;
/// Of brotli, about as fast as gzip and a tenth smaller; 256 KB of working memory for a page.
const QUALITY: CompressionLevel = CompressionLevel::Precise(4);

/// What is text.
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
    // Not plain text: it is what Socket.IO polls, many small pieces of which none is worth it.
    matches!(
        kind,
        b"text/html" | b"text/css" | b"text/javascript" | b"application/json" | b"application/problem+json"
    )
}

/// Tells caches on what a response depends, compressed or not, and that a compressed one is only the same in meaning
/// (RFC 9110, sections 12.5.5 and 8.8.1).
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
