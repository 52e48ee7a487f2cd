//! Cookies on their way out.

use axum::http::HeaderValue;
use axum_extra::extract::cookie::Cookie;

use super::App;

/// A cookie as a header, `Secure` if the server is reached by https only.
pub(super) fn header_value(app: &App, mut cookie: Cookie<'static>) -> Option<HeaderValue> {
    cookie.set_secure(app.secure_cookies);
    HeaderValue::from_str(&cookie.to_string()).ok()
}
