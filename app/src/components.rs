//! Components of the pages. They show data and report user actions as intents; they decide no rule.

pub(crate) mod attachments;
pub(crate) mod avatar;
pub(crate) mod banner;
pub(crate) mod completion;
pub(crate) mod composer;
pub(crate) mod conversation;
pub(crate) mod copy_link;
pub(crate) mod crash_notice;
pub(crate) mod day_separator;
pub(crate) mod dialogs;
pub(crate) mod drawer_close;
pub(crate) mod emoji_picker;
pub(crate) mod ends;
pub(crate) mod field;
pub(crate) mod html;
mod html_writer;
pub(crate) mod icon;
#[cfg(any(feature = "ssr", feature = "csr"))]
pub(crate) mod language;
pub(crate) mod local_files;
pub(crate) mod markup;
pub(crate) mod me_menu;
pub(crate) mod message;
pub(crate) mod message_tools;
#[cfg(any(feature = "ssr", feature = "csr"))]
pub(crate) mod name_form;
pub(crate) mod people;
pub(crate) mod popovers;
pub(crate) mod reactions;
pub(crate) mod room_bar;
pub(crate) mod room_menu;
pub(crate) mod search;
pub(crate) mod sidebar;
pub(crate) mod timeline;
pub(crate) mod timeline_item;
pub(crate) mod toasts;
