//! The title and the icon of the tab, which show the number of unread messages.

use leptos::prelude::*;

use crate::effect::effect;
use crate::snapshot::room_title;
use crate::state::ChatSignals;

const ICON: &str = "/icon.svg";
/// Maximum number in the icon; two digits would not be legible.
const MAX_COUNT_SHOWN: u32 = 9;

/// Updates the title and the icon for the lifetime of the page.
pub(crate) fn start(chat: ChatSignals) {
    effect(move || {
        let title = chat.route.with(|route| room_title(&route.room, chat.unread.get()));
        document().set_title(&title);
    });
    let count = Memo::new(move |_| chat.unread.get().min(MAX_COUNT_SHOWN + 1));
    Effect::new(move |before: Option<u32>| {
        let count = count.get();
        if before.unwrap_or_default() != count
            && let Ok(Some(icon)) = document().query_selector("link[rel=icon]")
        {
            _ = icon.set_attribute("href", &icon_with(count));
        }
        count
    });
}

/// Returns the icon with a number as a data URL. The icon has a grid of 64 units for 16 pixels.
fn icon_with(count: u32) -> String {
    let (number, left, size) = match count {
        0 => return ICON.to_owned(),
        1..=MAX_COUNT_SHOWN => (count.to_string(), 18, 46),
        _ => (format!("{MAX_COUNT_SHOWN}+"), 0, 42),
    };
    let (wide, middle) = (64 - left, 32 + left / 2);
    format!(
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 64 64'%3E\
         %3Crect width='64' height='64' rx='15' fill='%234f46d8'/%3E\
         %3Crect x='{left}' width='{wide}' height='46' rx='20' fill='%23d6292f'/%3E\
         %3Ctext x='{middle}' y='39' text-anchor='middle' font-family='Arial,sans-serif' font-weight='700' \
         font-size='{size}' fill='%23fff'%3E{number}%3C/text%3E%3C/svg%3E"
    )
}
