//! The display settings of this browser: in the cookie and as attributes of the document.

use leptos::prelude::document;

use super::cookie;
use super::storage::local_storage;
use crate::display::{DISPLAY_COOKIE, DisplaySettings, Theme};

/// Lifetime of the cookie: 400 days, the maximum that browsers allow (RFC 6265bis, section 5.5).
const MAX_AGE_SECONDS: u32 = 400 * 24 * 60 * 60;
/// Key under which earlier versions stored reduced motion in `localStorage`.
const OLD_REDUCED_MOTION: &str = "hubbub.still";

pub(crate) fn settings() -> DisplaySettings {
    cookie::get(DISPLAY_COOKIE).map(|value| DisplaySettings::from_cookie(&value)).unwrap_or_default()
}

/// Stores the settings and applies them to the document.
pub(crate) fn set(settings: DisplaySettings) {
    cookie::set(DISPLAY_COOKIE, &settings.to_cookie(), MAX_AGE_SECONDS);
    show(settings);
    colour_frame(settings.theme);
}

/// Sets the colour of the browser's own interface to that of the theme.
fn colour_frame(theme: Theme) {
    let document = document();
    let before = document.query_selector("meta[name=theme-color]:not([media])").ok().flatten();
    match (theme.frame_colour(), before) {
        (Some(colour), Some(frame)) => _ = frame.set_attribute("content", colour),
        (None, Some(frame)) => frame.remove(),
        (Some(colour), None) => {
            let Some(head) = document.head() else { return };
            let Ok(frame) = document.create_element("meta") else { return };
            _ = frame.set_attribute("name", "theme-color");
            _ = frame.set_attribute("content", colour);
            _ = head.prepend_with_node_1(&frame);
        }
        (None, None) => {}
    }
}

/// Applies the settings to a document that the server may not have rendered with them, such as the offline
/// shell of the service worker.
pub(crate) fn restore() {
    if let Some(store) = local_storage()
        && let Ok(Some(_)) = store.get_item(OLD_REDUCED_MOTION)
    {
        _ = store.remove_item(OLD_REDUCED_MOTION);
        let settings = DisplaySettings { is_motion_reduced: true, ..settings() };
        cookie::set(DISPLAY_COOKIE, &settings.to_cookie(), MAX_AGE_SECONDS);
    }
    show(settings());
}

fn show(settings: DisplaySettings) {
    let Some(root) = document().document_element() else { return };
    for (name, value) in [
        ("data-theme", settings.theme.name()),
        ("data-text-size", settings.text_size.name()),
        ("data-density", settings.density()),
        ("data-reduced-motion", settings.reduced_motion()),
    ] {
        _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}
