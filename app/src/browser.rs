//! Everything that touches the browser. On the server the same names do nothing (`silent.rs`), so that
//! nobody else needs to know where they run.

#[cfg(feature = "browser")]
pub(crate) mod address;
#[cfg(feature = "browser")]
pub(crate) mod chat_task;
#[cfg(feature = "browser")]
pub(crate) mod clipboard;
#[cfg(feature = "browser")]
pub(crate) mod clock;
#[cfg(feature = "browser")]
pub(crate) mod draft_keeper;
#[cfg(feature = "browser")]
mod drafts;
#[cfg(feature = "browser")]
pub(crate) mod emoji_keeper;
#[cfg(feature = "browser")]
pub(crate) mod field;
#[cfg(feature = "browser")]
pub(crate) mod focus;
#[cfg(feature = "browser")]
mod json;
#[cfg(feature = "browser")]
mod local_copy;
#[cfg(feature = "browser")]
pub(crate) mod modal;
#[cfg(feature = "browser")]
pub(crate) mod over;
#[cfg(feature = "browser")]
pub(crate) mod random;
#[cfg(feature = "browser")]
pub(crate) mod rove;
#[cfg(feature = "browser")]
pub(crate) mod scroll;
#[cfg(feature = "browser")]
pub(crate) mod shell;
#[cfg(feature = "browser")]
pub(crate) mod shortcuts;
#[cfg(feature = "browser")]
mod sign_out;
#[cfg(feature = "browser")]
mod signs;
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
mod unsent;

#[cfg(not(feature = "browser"))]
mod silent;
#[cfg(not(feature = "browser"))]
pub(crate) use silent::{
    address, chat_task, clipboard, clock, draft_keeper, emoji_keeper, field, focus, modal, over, random,
    rove, scroll, shell, shortcuts, tab, title,
};
