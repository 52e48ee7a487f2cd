//! What browsers are told with every answer.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// How long a browser asks by https only, once it has: a year, in seconds.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");
/// What the chat does not need, and what runs in its pages does not get.
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), \
     midi=(), payment=(), usb=()",
);
/// Pages bring their own, with a nonce. Nothing else may run anything.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// Tells browsers to be strict. `https_only` is whether the server is reached by https only, and always will be.
pub(super) async fn strict(State(https_only): State<bool>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert("permissions-policy", PERMISSIONS);
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(POLICY);
    if https_only {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}
