//! The display settings of a browser, stored in a cookie.

use axum::http::HeaderMap;
use hubbub_app::{DISPLAY_COOKIE, DisplaySettings};

/// Returns the display settings in the cookie of a request, or the defaults.
pub(super) fn settings(headers: &HeaderMap) -> DisplaySettings {
    super::cookie::values(headers, DISPLAY_COOKIE)
        .next()
        .map(DisplaySettings::from_cookie)
        .unwrap_or_default()
}
