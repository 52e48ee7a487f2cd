//! What pages are made of: data in, intents out.

pub(crate) mod avatar;
pub(crate) mod banner;
pub(crate) mod broken;
pub(crate) mod composer;
pub(crate) mod conversation;
pub(crate) mod copy_link;
pub(crate) mod day_separator;
pub(crate) mod dialogs;
pub(crate) mod ends;
pub(crate) mod field;
pub(crate) mod icon;
pub(crate) mod language;
pub(crate) mod line;
pub(crate) mod me_menu;
pub(crate) mod message;
pub(crate) mod message_tools;
pub(crate) mod over;
pub(crate) mod people;
pub(crate) mod reactions;
pub(crate) mod room_bar;
pub(crate) mod search;
pub(crate) mod sidebar;
pub(crate) mod timeline;
pub(crate) mod toasts;
