//! The name of the tab and its icon, which say how much is unread.

use leptos::prelude::*;

use crate::chat::Chat;
use crate::signal::{Effect, Memo};
use crate::snapshot::room_title;

const ICON: &str = "/icon.svg";
/// The same with a dot, small enough to be written here.
const ICON_WITH_DOT: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 64 64'%3E\
    %3Crect width='64' height='64' rx='15' fill='%234f46d8'/%3E\
    %3Cpath d='M20.500 20H37A11.500 11.500 0 0 1 48.500 31.500V33A11.500 11.500 0 0 1 37 44.500H26.500L17.200 52.200A1.300 1.300 0 0 1 15 51.200V43.100A11.500 11.500 0 0 1 9 33V31.500A11.500 11.500 0 0 1 20.500 20Z' fill='%23fff'/%3E\
    %3Ccircle cx='48' cy='16' r='14' fill='%23e5484d' stroke='%23fff' stroke-width='4'/%3E%3C/svg%3E";

/// Keeps them right for as long as the page lives.
pub(crate) fn start(chat: Chat) {
    Effect::new(move |_| {
        let title = chat.place.with(|place| room_title(&place.room, chat.unread.get()));
        document().set_title(&title);
    });
    let is_unread = Memo::new(move |_| chat.unread.get() > 0);
    Effect::new(move |before: Option<bool>| {
        let unread = is_unread.get();
        if before.unwrap_or(false) != unread
            && let Ok(Some(icon)) = document().query_selector("link[rel=icon]")
        {
            _ = icon.set_attribute("href", if unread { ICON_WITH_DOT } else { ICON });
        }
        unread
    });
}
