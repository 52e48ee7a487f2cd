//! `GET /shell` and `GET /sw.js`: the offline shell and the service worker, with which the chat opens without a
//! network.

use std::sync::LazyLock;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hubbub_app::PageSnapshot;

use super::render;
use crate::web::site;

/// The content security policy of the service worker, which the browser takes from the response with its script. The
/// worker only sends requests to its own server.
const WORKER_POLICY: &str = "default-src 'none'; connect-src 'self'";

/// The script of the worker, after a line with the list of files that it caches. Browsers install a new version when
/// any byte changes.
static WORKER: LazyLock<Option<String>> = LazyLock::new(|| {
    let script = String::from_utf8(site::file("sw.js")?.data.into_owned()).ok()?;
    Some(format!("const site = {};\n{script}", site_json()))
});

/// Shows a page without data of any user.
pub(super) async fn show(headers: HeaderMap) -> Response {
    render::page(StatusCode::OK, &headers, PageSnapshot::OfflineShell {}).await
}

/// Returns the service worker. During development there is none, because it would cache files that change.
pub(super) async fn worker(headers: HeaderMap) -> Response {
    let Some(script) = WORKER.as_deref().filter(|_| !site::is_watched()) else {
        return render::not_found(&headers, None).await;
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
