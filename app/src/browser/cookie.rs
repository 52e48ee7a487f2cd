//! Cookies that scripts can read.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlDocument;

pub(super) fn get(name: &str) -> Option<String> {
    let cookies = html_document()?.cookie().ok()?;
    cookies
        .split(';')
        .find_map(|cookie| Some(cookie.trim().strip_prefix(name)?.strip_prefix('=')?.to_owned()))
}

/// Sets a cookie for the whole site. A maximum age of 0 seconds removes it.
pub(super) fn set(name: &str, value: &str, max_age_seconds: u32) {
    if let Some(document) = html_document() {
        _ = document.set_cookie(&format!("{name}={value}; Path=/; Max-Age={max_age_seconds}; SameSite=Lax"));
    }
}

fn html_document() -> Option<HtmlDocument> {
    document().dyn_into().ok()
}
