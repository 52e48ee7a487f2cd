//! Renders a snapshot as an HTML page with a nonce of its own. The browser hydrates the pages of rooms.

use std::sync::{Arc, LazyLock};

use any_spawner::Executor;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hubbub_app::{BadRequestReason, PageSnapshot, Snapshot, document};
use hubbub_protocol::Refusal;
use leptos::nonce::use_nonce;
use leptos::prelude::{expect_context, provide_context};
use leptos_axum::{ResponseOptions, render_app_async_with_context};

use super::{csp, display, language};
use crate::web::site;

/// Leptos spawns its tasks on the runtime of the server. Set once, before the first page is rendered.
static EXECUTOR: LazyLock<()> = LazyLock::new(|| {
    // `init_tokio` fails only if an executor is set already.
    _ = Executor::init_tokio();
});

/// Renders the page in the language of the request. Components find the display settings, the nonce and
/// [`ResponseOptions`] in their context.
pub(super) async fn page(status: StatusCode, headers: &HeaderMap, page: PageSnapshot) -> Response {
    LazyLock::force(&EXECUTOR);
    let has_program = page.has_program();
    let (has_scripts, fetches_program) = (page.has_scripts(), page.fetches_program());
    let version = Some(site::version().to_owned());
    let snapshot = Arc::new(Snapshot { language: language::of(headers), version, page });
    let assets = site::assets();
    let reload = assets.live_reload.as_ref().map(|options| options.reload_port);
    let settings = display::settings(headers);
    let context = move || {
        provide_context(settings);
        let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
        let policy = if fetches_program || reload.is_some() {
            csp::of_page(&nonce, reload)
        } else if has_scripts {
            csp::without_program(&nonce)
        } else {
            csp::without_scripts()
        };
        let options = expect_context::<ResponseOptions>();
        options.set_status(status);
        // The page shows the user, and has a nonce that must not be used twice.
        options.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        options.insert_header(header::VARY, HeaderValue::from_static("accept-language, cookie"));
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    };
    let view = move || document(Snapshot::clone(&snapshot), assets.clone());
    // The new request has no address, because the snapshot determines the page, and leptos_axum panics on an address
    // without a path (`CONNECT`).
    let mut request = Request::new(Body::empty());
    headers.clone_into(request.headers_mut());
    let response = render_app_async_with_context(context, view)(request).await;
    with_length(response, has_program).await
}

/// Returns the response with a body of known length, which the answer to `HEAD` states. Removes the scripts that
/// Leptos appends for hydration from pages that do not hydrate.
async fn with_length(response: Response, has_program: bool) -> Response {
    const END: &[u8] = b"</html>";
    let (parts, body) = response.into_parts();
    // The body is in memory already.
    let Ok(mut html) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if !has_program && let Some(end) = html.windows(END.len()).rposition(|window| window == END) {
        html.truncate(end + END.len());
    }
    (parts, html).into_response()
}

/// Renders the page for an unknown address; `problem` is set if the address contains an invalid name.
pub(super) async fn not_found(headers: &HeaderMap, problem: Option<Refusal>) -> Response {
    page(StatusCode::NOT_FOUND, headers, PageSnapshot::NotFound { problem }).await
}

/// Renders the page for an address or a form that cannot be read.
pub(super) async fn bad_request(status: StatusCode, headers: &HeaderMap) -> Response {
    page(status, headers, PageSnapshot::BadRequest { reason: BadRequestReason::Unreadable }).await
}

/// Replaces a response whose request was refused before it reached its handler by a page with the reason.
pub(super) async fn refused(response: Response, reason: BadRequestReason, headers: &HeaderMap) -> Response {
    let (parts, _) = response.into_parts();
    let mut page = page(parts.status, headers, PageSnapshot::BadRequest { reason }).await;
    if let Some(connection) = parts.headers.get(header::CONNECTION) {
        page.headers_mut().insert(header::CONNECTION, connection.clone());
    }
    page
}

/// Renders the page for storage that does not work at the moment.
pub(super) async fn unavailable(headers: &HeaderMap) -> Response {
    let mut response = page(StatusCode::SERVICE_UNAVAILABLE, headers, PageSnapshot::Unavailable {}).await;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response
}
