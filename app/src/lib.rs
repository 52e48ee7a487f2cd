//! The view of Hubbub. The server renders a [`Snapshot`] into a whole document with `document`; in the
//! browser the same components take it over and `browser/chat_task.rs` brings them to life.
//!
//! The view knows no rule of the chat: what is true comes from `hubbub-client`, what is wished goes to it.
//! Components get data and give intents; everything that touches the browser is in `browser/`, which has a
//! silent twin for the server.

// A page is one type, as deep as its markup.
#![recursion_limit = "256"]
#![expect(unreachable_pub, reason = "the component macro of leptos makes the functions it writes public")]

mod app;
mod browser;
mod components;
mod conversation;
mod display;
#[cfg(feature = "ssr")]
mod document;
mod i18n;
mod lazy;
mod lazy_part;
mod pages;
mod route;
#[cfg(any(feature = "ssr", feature = "hydrate"))]
mod shared_snapshot;
mod snapshot;
mod state;

#[cfg(feature = "csr")]
pub use app::mount;
pub use display::{DISPLAY_COOKIE, DisplaySettings, UTC_OFFSET_COOKIE, parse_utc_offset};
#[cfg(feature = "ssr")]
pub use document::{Assets, document};
pub use i18n::{Language, Strings};
pub use route::{message_path, room_path};
#[cfg(feature = "ssr")]
pub use snapshot::{AccountAction, AccountPage, AccountSettings, Landing, SessionRow, SignInForm};
pub use snapshot::{PageSnapshot, RoomPage, Snapshot};

/// Takes over the document that the server rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn hydrate() {
    app::hydrate();
}
