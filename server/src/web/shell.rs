//! `GET /shell` and `GET /sw.js`: what a browser keeps so that the chat opens without a network.

use std::sync::LazyLock;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hubbub_app::PageSnapshot;

use super::{page, site};

/// A worker obeys the policy of its own script, and this one only asks its own server.
const WORKER_POLICY: &str = "default-src 'none'; connect-src 'self'";

/// The worker's script under the line that says what it keeps. Its first byte that changes is a new version.
static WORKER: LazyLock<Option<String>> = LazyLock::new(|| {
    let script = String::from_utf8(site::file("sw.js")?.data.into_owned()).ok()?;
    Some(format!("const site = {};\n{script}", site_json()))
});

/// A page with nobody's data on it.
pub(super) async fn show(headers: HeaderMap) -> Response {
    page::render(StatusCode::OK, &headers, PageSnapshot::OfflineShell {}).await
}

/// The service worker. While one develops there is none: it would keep what is about to change.
pub(super) async fn worker(headers: HeaderMap) -> Response {
    let Some(script) = WORKER.as_deref().filter(|_| !site::is_watched()) else {
        return page::not_found(&headers, None).await;
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(WORKER_POLICY)),
    ];
    (headers, script).into_response()
}

fn site_json() -> String {
    let (build, files) = site::contents();
    serde_json::json!({ "build": build, "files": files }).to_string()
}
