//! `GET` of the site's files, compressed and cacheable.

use std::borrow::Cow;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::EmbeddedFile;

use super::render;
use crate::web::http::etag::ETag;
use crate::web::http::trailing_slash;
use crate::web::http::weights::Weights;
use crate::web::site;

/// Returns a file of the site, or the page for an unknown address.
pub(super) async fn serve_or_not_found(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/').to_owned();
    let headers = request.headers();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    // Compressed variants are selected by `Accept-Encoding`, not by name.
    let named = !path.ends_with(".br") && !path.ends_with(".gz");
    match site::file(&path).filter(|_| reads && named) {
        Some(file) => respond(&path, file, headers),
        None => match trailing_slash::redirect(request.uri()) {
            Some(redirect) => redirect,
            None => render::not_found(headers, None).await,
        },
    }
}

fn respond(path: &str, plain: EmbeddedFile, headers: &HeaderMap) -> Response {
    let etag = ETag::of_hash(&plain.metadata.sha256_hash());
    let mut response = if etag.is_known(headers) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let (encoding, file) = smallest(path, plain, headers);
        let body = match file.data {
            Cow::Borrowed(data) => axum::body::Bytes::from_static(data).into_response(),
            Cow::Owned(data) => data.into_response(),
        };
        let mut response = body;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
        if let Some(encoding) = encoding {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    let headers = response.headers_mut();
    let caching = if site::is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(etag) = etag.header_value() {
        headers.insert(header::ETAG, etag);
    }
    response
}

/// Returns the smallest accepted variant of a file. The variants were compressed when the program was built.
fn smallest(path: &str, plain: EmbeddedFile, headers: &HeaderMap) -> (Option<&'static str>, EmbeddedFile) {
    let accepted = Weights::of(headers, &header::ACCEPT_ENCODING);
    let accepts =
        |encoding: &str| accepted.find(|name| name == encoding).is_some_and(|(weight, _)| weight > 0);
    for (encoding, extension) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts(encoding)
            && let Some(file) = site::file(&format!("{path}{extension}"))
        {
            return (Some(encoding), file);
        }
    }
    (None, plain)
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        "html" => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    }
}
