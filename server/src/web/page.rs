//! Renders a snapshot as an HTML page with a nonce of its own. The browser hydrates the pages of rooms.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use hubbub_app::{PageSnapshot, Snapshot, document};
use hubbub_protocol::Refusal;
use hydration_context::{SharedContext, SsrSharedContext};
use leptos::nonce::{provide_nonce, use_nonce};
use leptos::prelude::{Owner, RenderHtml, provide_context};

use super::{csp, display, language, site};

/// Renders the page in the language of the request.
pub(super) async fn render(status: StatusCode, headers: &HeaderMap, page: PageSnapshot) -> Response {
    let version = Some(site::version().to_owned());
    let (has_program, has_scripts) = (page.has_program(), page.has_scripts());
    let fetches_program = page.fetches_program();
    let snapshot = Snapshot { language: language::of(headers), version, page };
    let assets = site::names();
    let reload = assets.live_reload.as_ref().map(|options| options.reload_port);

    let shared = Arc::new(SsrSharedContext::new());
    let owner = Owner::new_root(Some(Arc::clone(&shared) as Arc<dyn SharedContext + Send + Sync>));
    let (mut html, nonce) = owner.with(|| {
        provide_nonce();
        provide_context(display::settings(headers));
        let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
        (document(snapshot, assets).to_html(), nonce)
    });
    // Data that Leptos sends to its client part: the snapshot, and lists without which hydration does not start.
    if let Some(chunks) = shared.pending_data().filter(|_| has_program) {
        let chunks: Vec<String> = chunks.collect().await;
        for chunk in chunks {
            html.push_str(&format!("<script nonce=\"{nonce}\">{chunk}</script>"));
        }
    }
    owner.cleanup();

    let policy = if fetches_program || reload.is_some() {
        csp::of_page(&nonce, reload)
    } else if has_scripts {
        csp::without_program(&nonce)
    } else {
        csp::without_scripts()
    };
    let mut response = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
    let headers = response.headers_mut();
    // The page shows the user, and has a nonce that must not be used twice.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Renders the page for an unknown address; `problem` is set if the address contains an invalid name.
pub(super) async fn not_found(headers: &HeaderMap, problem: Option<Refusal>) -> Response {
    render(StatusCode::NOT_FOUND, headers, PageSnapshot::NotFound { problem }).await
}

/// Renders the page for storage that does not work at the moment.
pub(super) async fn broken(headers: &HeaderMap) -> Response {
    let mut response = render(StatusCode::SERVICE_UNAVAILABLE, headers, PageSnapshot::Unavailable {}).await;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response
}
