//! The display settings of a browser and its offset from UTC, stored in cookies.

use axum::http::HeaderMap;
use hubbub_app::{DISPLAY_COOKIE, DisplaySettings, UTC_OFFSET_COOKIE, parse_utc_offset};

use crate::net::cookie;

/// Returns the display settings in the cookie of a request, or the defaults.
pub(super) fn settings(headers: &HeaderMap) -> DisplaySettings {
    cookie::values(headers, DISPLAY_COOKIE).next().map(DisplaySettings::from_cookie).unwrap_or_default()
}

/// Returns the minutes that the browser of a request is ahead of UTC, if its cookie states them.
pub(super) fn utc_offset(headers: &HeaderMap) -> Option<i16> {
    cookie::values(headers, UTC_OFFSET_COOKIE).find_map(parse_utc_offset)
}
