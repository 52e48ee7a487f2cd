//! Security headers of all responses.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Seconds for which a browser uses only https for this server: one year.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");
/// Disables browser features that the chat does not need.
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), \
     midi=(), payment=(), usb=()",
);
/// The policy of responses other than pages, which must not run anything. Pages have their own policy with a nonce.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// Adds the security headers. `https_only` is whether the server is and will be reached by https only.
pub(super) async fn add(State(https_only): State<bool>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    // Signed addresses of files are for pages of other origins.
    headers.entry("cross-origin-resource-policy").or_insert(HeaderValue::from_static("same-origin"));
    headers.insert("permissions-policy", PERMISSIONS);
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(POLICY);
    if https_only {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}
