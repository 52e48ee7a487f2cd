//! The interface to browser APIs. On the server, `ssr_stubs.rs` defines the same functions without effect, so
//! that other modules do not depend on where they run. Types that both sides use are in files of their own,
//! without `cfg`.

#[cfg(feature = "browser")]
mod activity;
#[cfg(feature = "browser")]
pub(crate) mod address;
#[cfg(feature = "browser")]
mod chat_input;
#[cfg(feature = "browser")]
pub(crate) mod chat_task;
#[cfg(feature = "browser")]
pub(crate) mod clipboard;
#[cfg(feature = "browser")]
pub(crate) mod clock;
#[cfg(feature = "browser")]
mod cookie;
#[cfg(feature = "browser")]
pub(crate) mod display;
#[cfg(feature = "browser")]
pub(crate) mod draft_storage;
#[cfg(feature = "browser")]
mod drafts;
#[cfg(feature = "browser")]
pub(crate) mod field;
#[cfg(feature = "browser")]
pub(crate) mod file_picking;
#[cfg(feature = "browser")]
pub(crate) mod focus;
#[cfg(feature = "browser")]
pub(crate) mod frames;
#[cfg(feature = "browser")]
pub(crate) mod json;
#[cfg(feature = "browser")]
pub(crate) mod keyboard;
pub(crate) mod keys;
#[cfg(feature = "browser")]
pub(crate) mod local_copy;
#[cfg(feature = "browser")]
mod local_copy_task;
#[cfg(feature = "browser")]
pub(crate) mod modal;
#[cfg(feature = "browser")]
pub(crate) mod offline_shell;
#[cfg(feature = "browser")]
mod overlay_history;
#[cfg(feature = "browser")]
pub(crate) mod picked_files;
#[cfg(feature = "browser")]
pub(crate) mod popover;
#[cfg(feature = "browser")]
pub(crate) mod random;
#[cfg(feature = "browser")]
pub(crate) mod recent_emoji;
#[cfg(feature = "browser")]
pub(crate) mod roving_focus;
#[cfg(feature = "browser")]
pub(crate) mod scroll;
pub(crate) mod scroll_event;
#[cfg(feature = "browser")]
pub(crate) mod shortcuts;
#[cfg(feature = "browser")]
pub(crate) mod sidebar_list;
#[cfg(feature = "browser")]
mod sign_out;
#[cfg(feature = "browser")]
mod socket_task;
#[cfg(feature = "browser")]
mod storage;
#[cfg(feature = "browser")]
pub(crate) mod tab;
#[cfg(feature = "browser")]
mod tabs;
#[cfg(feature = "browser")]
pub(crate) mod title;
#[cfg(feature = "browser")]
pub(crate) mod toast;
#[cfg(feature = "browser")]
mod unsent;
#[cfg(feature = "browser")]
pub(crate) mod unsent_store;
#[cfg(feature = "browser")]
mod unsent_task;
#[cfg(feature = "browser")]
pub(crate) mod uploads;

#[cfg(not(feature = "browser"))]
mod ssr_stubs;
#[cfg(not(feature = "browser"))]
pub(crate) use ssr_stubs::{
    address, chat_task, clipboard, clock, display, draft_storage, field, file_picking, focus, keyboard,
    modal, offline_shell, picked_files, popover, random, recent_emoji, roving_focus, scroll, shortcuts,
    sidebar_list, tab, title, toast, uploads,
};
