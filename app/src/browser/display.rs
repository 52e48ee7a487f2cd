//! The display settings of this browser, in its cookie and in its document.

use leptos::prelude::document;

use super::cookie;
use super::storage::local_storage;
use crate::display::{DISPLAY_COOKIE, DisplaySettings, Theme};

/// How long the browser keeps the settings: 400 days, the longest that browsers allow (RFC 6265bis, section 5.5).
const MAX_AGE_SECONDS: u32 = 400 * 24 * 60 * 60;
/// Where an older version kept that motion is reduced.
const OLD_REDUCED_MOTION: &str = "hubbub.still";

/// The settings as they are.
pub(crate) fn settings() -> DisplaySettings {
    cookie::get(DISPLAY_COOKIE).map(|value| DisplaySettings::from_cookie(&value)).unwrap_or_default()
}

/// Keeps these settings and shows them.
pub(crate) fn set(settings: DisplaySettings) {
    cookie::set(DISPLAY_COOKIE, &settings.to_cookie(), MAX_AGE_SECONDS);
    show(settings);
    colour_frame(settings.theme);
}

/// Gives the browser's own frame the colour of the theme.
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

/// Shows the settings in a document of which it is not known whether the server wrote them into it: that of the service
/// worker is older than they are.
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
