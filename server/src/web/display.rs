//! The display settings of a browser, stored in a cookie.

use axum::http::HeaderMap;
use hubbub_app::{DISPLAY_COOKIE, DisplaySettings};

/// The display settings of a request.
pub(super) fn settings(headers: &HeaderMap) -> DisplaySettings {
    super::cookie::values(headers, DISPLAY_COOKIE)
        .next()
        .map(DisplaySettings::from_cookie)
        .unwrap_or_default()
}
