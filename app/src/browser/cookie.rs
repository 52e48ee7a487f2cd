//! Cookies that a script may read.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlDocument;

/// The value of a cookie.
pub(super) fn get(name: &str) -> Option<String> {
    let cookies = jar()?.cookie().ok()?;
    cookies
        .split(';')
        .find_map(|cookie| Some(cookie.trim().strip_prefix(name)?.strip_prefix('=')?.to_owned()))
}

/// Sets a cookie for the whole site. With a maximum age of 0 seconds it is removed.
pub(super) fn set(name: &str, value: &str, max_age_seconds: u32) {
    if let Some(jar) = jar() {
        _ = jar.set_cookie(&format!("{name}={value}; Path=/; Max-Age={max_age_seconds}; SameSite=Lax"));
    }
}

fn jar() -> Option<HtmlDocument> {
    document().dyn_into().ok()
}
